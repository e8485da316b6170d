/**
 * PostgreSQL's regression suite, from the source package of the server that is installed: fetched with apt from where
 * the machine gets its packages, unpacked below the system's temporary folder, and kept there between runs.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aptBeside, run } from '../../harness/debian-source.ts';

const SERVER_PACKAGE = 'postgresql-15';
const HEADERS_PACKAGE = 'postgresql-server-dev-15';
/** Where that package puts the headers. */
const HEADERS = 'usr/include/postgresql/15/server';

export type Suite = {
  /** The version of the Debian package. */
  readonly version: string;
  /** `src/test/regress` of the source. */
  readonly directory: string;
  /** Holds `regress.so` and the modules of contrib that the suite loads; null when it could not be built. */
  readonly libraryDirectory: string | null;
};

/**
 * Fetches what is not there yet: the source of the installed server, or of the nearest earlier minor version when the
 * archive does not hold that one. Throws when apt finds none.
 */
export function fetchSuite(say: (line: string) => void): Suite {
  const installed = installedVersion();
  const home = join(tmpdir(), `sluice-postgresql-source-${installed.replaceAll(/[^\w.+-]/g, '_')}`);
  const directory = join(home, 'regress');
  if (!existsSync(directory)) {
    say(`fetching the source of ${SERVER_PACKAGE} ${installed}`);
    writeFileSync(join(home, 'version'), unpackSource(home, installed));
  }
  const version = readFileSync(join(home, 'version'), 'utf8');
  if (version !== installed) say(`the archive has no source of ${installed}; this is the suite of ${version}`);
  return { version, directory, libraryDirectory: buildLibrary(home, directory, say) };
}

function installedVersion(): string {
  const query = spawnSync('dpkg-query', ['--show', '--showformat=${Version}', SERVER_PACKAGE], { encoding: 'utf8' });
  if (query.status !== 0) throw new Error(`${SERVER_PACKAGE} is not installed, so there is no suite to fetch for it`);
  return query.stdout;
}

/** Returns the version that it found. */
function unpackSource(home: string, installed: string): string {
  const work = join(home, `work-${process.pid}`);
  mkdirSync(work, { recursive: true });
  try {
    const apt = aptBeside(work);
    run('apt-get', [...apt, 'update'], work);
    const version = downloadNearest(apt, installed, work);
    const archive = readdirSync(work).find((name) => name.includes('.orig.tar.'));
    if (archive === undefined) throw new Error('the source package holds no .orig archive');
    run('tar', ['--extract', '--file', archive, '--wildcards', '*/src/test/regress/*'], work);
    const [tree] = readdirSync(work).filter((name) => /^postgresql-[\d.]+$/.test(name));
    renameSync(join(work, tree ?? '', 'src/test/regress'), join(home, 'regress'));
    return version;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function downloadNearest(apt: readonly string[], installed: string, work: string): string {
  const listed = run('apt-cache', [...apt, 'showsrc', '--only-source', SERVER_PACKAGE], work);
  const versions = [...listed.matchAll(/^Version: (.*)$/gm)].map(([, version = '']) => version);
  let problem: unknown = null;
  for (const version of new Set([installed, ...versions])) {
    try {
      run('apt-get', [...apt, 'source', '--download-only', '--only-source', `${SERVER_PACKAGE}=${version}`], work);
      return version;
    } catch (error) {
      // Archives drop versions that newer ones have replaced: the next one may still be there.
      problem = error;
    }
  }
  throw new Error(`no source of ${SERVER_PACKAGE} could be fetched`, { cause: problem });
}

/**
 * regress.so needs a C compiler and the server's headers. Those of the machine come first, which are of its server's
 * minor version: what later ones declare need not be in the server. Others are fetched and unpacked here, not installed.
 */
function buildLibrary(home: string, directory: string, say: (line: string) => void): string | null {
  const folder = join(home, 'lib');
  if (existsSync(join(folder, 'regress.so'))) return folder;
  if (spawnSync('gcc', ['--version'], { stdio: 'ignore' }).status !== 0) {
    say('there is no gcc, so the C functions of the suite are not exercised');
    return null;
  }
  const work = join(home, `build-${process.pid}`);
  mkdirSync(work, { recursive: true });
  chmodSync(work, 0o777);
  try {
    const include = headersIn(work);
    const library = join(work, 'regress.so');
    run('gcc', ['-shared', '-fPIC', '-O1', '-w', `-I${include}`, '-o', library, join(directory, 'regress.c')], work);
    mkdirSync(folder, { recursive: true });
    // Triggers of contrib/spi, which the suite looks for beside regress.so.
    for (const name of ['autoinc.so', 'refint.so']) {
      const module = join('/usr/lib/postgresql/15/lib', name);
      if (existsSync(module)) cpSync(module, join(folder, name));
    }
    renameSync(library, join(folder, 'regress.so'));
    return folder;
  } catch (error) {
    say(`regress.so could not be built: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function headersIn(work: string): string {
  const installed = join('/', HEADERS);
  if (existsSync(installed)) return installed;
  run('apt-get', ['--quiet=2', 'download', HEADERS_PACKAGE], work);
  const [archive] = readdirSync(work).filter((name) => name.endsWith('.deb'));
  run('dpkg-deb', ['--extract', archive ?? '', 'headers'], work);
  return join(work, 'headers', HEADERS);
}
