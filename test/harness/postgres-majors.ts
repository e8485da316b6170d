/**
 * Which versions of PostgreSQL the tests run against. The ordinary check takes what `npm ci` and the machine have (15
 * and 18); `npm run nightly` runs the same tests once for each of 14 to 18, with servers from `test/matrix/servers`.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findPostgres, type PostgresBinaries } from '../../gateway/src/demo/postgres-binaries.ts';

/** Where `npm run nightly` installs the servers of `test/matrix/servers`. */
export const SERVERS_FOLDER = join(import.meta.dirname, '../../.cache/postgres');

/** Set by the nightly run: one major version, for every test that does not ask for another. */
export const MAJOR_VARIABLE = 'SLUICE_TEST_POSTGRES_MAJOR';

/** Versions of the ordinary check. */
const ORDINARY: readonly number[] = [15, 18];

/** The one of the nightly run; undefined leaves the choice to what the machine has. */
export function defaultMajor(): number | undefined {
  const value = process.env[MAJOR_VARIABLE];
  return value === undefined || value === '' ? undefined : Number(value);
}

/** False for statements that the version of the nightly run does not know: MERGE came with 15. */
export function isKnownStatement(statement: unknown): boolean {
  const major = defaultMajor();
  return major === undefined || major >= 15 || !/^MERGE\b/.test(String(statement));
}

/** Versions that a test of every version is for, those present. */
export async function majorsUnderTest(): Promise<readonly number[]> {
  const only = defaultMajor();
  const wanted = only === undefined ? ORDINARY : [only];
  const found = await Promise.all(wanted.map(findServer));
  return found.flatMap((server) => server?.major ?? []);
}

/** Programs of a version: of the machine, of the installed packages, or of the nightly run. Null for none. */
export async function findServer(major: number): Promise<PostgresBinaries | null> {
  try {
    return await findPostgres(major);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'CONFIG_INVALID')) throw error;
    const binDir = join(SERVERS_FOLDER, `node_modules/postgres-${major}/native/bin`);
    return existsSync(binDir) ? { major, binDir, origin: 'embedded' } : null;
  }
}
