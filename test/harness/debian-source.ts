/**
 * Sources of Debian packages, fetched with apt from where the machine gets its packages. The machine's own lists and
 * packages stay as they are.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';

const SOURCES = '/etc/apt/sources.list.d';
/** Releases that are looked at when the machine's own holds no source of a package. */
const LATER_RELEASES = 'stable unstable';

export type DebianSource = {
  /** The version of the Debian package. */
  readonly version: string;
  /** The unpacked upstream source. */
  readonly directory: string;
};

/**
 * The upstream source of a package, kept below `home`: of the version in the machine's own release, or of the next one
 * that the archive still holds. Throws when it holds none.
 */
export function fetchDebianSource(name: string, home: string, say: (line: string) => void): DebianSource {
  const kept = join(home, name);
  const versionFile = join(kept, 'version');
  const directory = join(kept, 'source');
  if (!existsSync(versionFile)) {
    say(`fetching the source of ${name}`);
    const work = join(kept, `work-${process.pid}`);
    mkdirSync(work, { recursive: true });
    try {
      const [version, archive] = downloadUpstream(name, work);
      const unpacked = join(work, 'unpacked');
      mkdirSync(unpacked);
      run('tar', ['--extract', '--file', archive, '--strip-components=1', '--directory', unpacked], work);
      rmSync(directory, { recursive: true, force: true });
      renameSync(unpacked, directory);
      writeFileSync(versionFile, version);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  return { version: readFileSync(versionFile, 'utf8'), directory };
}

/** The version and the name of the upstream archive in `work`. */
function downloadUpstream(name: string, work: string): readonly [version: string, archive: string] {
  for (const release of ['own', 'later'] as const) {
    const apt = aptBeside(work, release);
    run('apt-get', [...apt, 'update'], work);
    const listed = run('apt-cache', [...apt, 'showsrc', '--only-source', name], work);
    for (const [, version = ''] of listed.matchAll(/^Version: (.*)$/gm)) {
      // The archive may have dropped the packaging of a version and still hold the upstream source, which apt has
      // checked against its index when it is there.
      const args = [...apt, 'source', '--download-only', '--only-source', `${name}=${version}`];
      spawnSync('apt-get', args, { cwd: work, stdio: 'ignore' });
      const archive = readdirSync(work).find((file) => /\.orig\.tar\.(gz|xz|bz2)$/.test(file));
      if (archive !== undefined) return [version, archive];
    }
  }
  throw new Error(`the archive holds no source of ${name}`);
}

/** Unpacks a package of a later release into `directory`, without installing it. */
export function unpackLaterPackage(name: string, directory: string): void {
  const work = join(directory, `work-${process.pid}`);
  mkdirSync(work, { recursive: true });
  try {
    const apt = aptBeside(work, 'later');
    run('apt-get', [...apt, 'update'], work);
    run('apt-get', [...apt, '--target-release=stable', 'download', name], work);
    const archive = readdirSync(work).find((file) => file.endsWith('.deb')) ?? '';
    run('dpkg-deb', ['--extract', archive, directory], work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Options of apt for lists of sources of its own in `work`: the machine's addresses with source packages, for its own
 * release or for later ones.
 */
export function aptBeside(work: string, release: 'own' | 'later' = 'own'): readonly string[] {
  const parts = join(work, 'sources');
  rmSync(parts, { recursive: true, force: true });
  for (const folder of [parts, join(work, 'lists/partial'), join(work, 'cache/archives/partial')])
    mkdirSync(folder, { recursive: true });
  // The unprivileged user of apt writes here.
  for (const folder of [work, join(work, 'lists/partial'), join(work, 'cache/archives/partial')])
    chmodSync(folder, 0o777);
  const lists = ['/etc/apt/sources.list', ...readdirSync(SOURCES).map((name) => join(SOURCES, name))];
  for (const list of lists.filter((path) => existsSync(path))) {
    const text = readFileSync(list, 'utf8');
    if (!/^Types:.*\bdeb\b|^deb /m.test(text) || !/debian/i.test(text)) continue;
    const withSources = text
      .replaceAll(/^Types:.*$/gm, 'Types: deb deb-src')
      .replaceAll(/^deb (.*)$/gm, 'deb $1\ndeb-src $1');
    writeFileSync(join(parts, basename(list)), release === 'own' ? withSources : ofLaterReleases(withSources));
  }
  return [
    ...['-o', 'Dir::Etc::SourceList=/dev/null', '-o', `Dir::Etc::SourceParts=${parts}`],
    ...['-o', `Dir::State::Lists=${join(work, 'lists')}`, '-o', `Dir::Cache=${join(work, 'cache')}`],
    ...['-o', 'APT::Get::List-Cleanup=0', '--quiet=2'],
  ];
}

/** Stanzas of a list of sources, for later releases; those of security updates and one-line lists are left out. */
function ofLaterReleases(list: string): string {
  return list
    .split(/\n\s*\n/)
    .filter((stanza) => /^Suites:(?!.*security)/m.test(stanza))
    .map((stanza) => stanza.replace(/^Suites:.*$/m, `Suites: ${LATER_RELEASES}`))
    .join('\n\n');
}

/** Runs a program and returns what it printed; throws with its output when it fails. */
export function run(command: string, args: readonly string[], cwd: string): string {
  const done = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (done.status !== 0) throw new Error(`${command} ${args.at(-1) ?? ''} failed:\n${done.stdout}\n${done.stderr}`);
  return done.stdout;
}
