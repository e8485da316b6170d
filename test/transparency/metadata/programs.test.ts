/** Real clients that read the catalogs print through the gateway what they print directly. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPostgres } from '../../harness/postgres-server.ts';
import { isOnPath, outputOf } from '../../harness/program.ts';
import { type MetadataDatabase, startMetadataDatabase } from './database.ts';

const PROGRAMS = join(import.meta.dirname, 'programs');
const JDBC_JAR = '/usr/share/java/postgresql.jar';
/** The system's: packages of the distribution are not seen by another Python that comes first on the PATH. */
const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
const LIMIT_MS = 180_000;

type Program = {
  readonly name: string;
  readonly isInstalled: () => boolean;
  readonly command: string;
  readonly args: readonly string[];
  /** Leaves out what is masked. */
  readonly plainly: (output: string) => string;
};

const succeeds = (command: string, args: readonly string[]) =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const asItIs = (output: string) => output;

const CLIENTS: readonly Program[] = [
  {
    name: 'inspectdb and the introspection of Django',
    isInstalled: () => succeeds(PYTHON, ['-c', 'import django, psycopg2']),
    command: PYTHON,
    args: ['django_introspection.py'],
    plainly: asItIs,
  },
  {
    name: 'reflection of SQLAlchemy',
    isInstalled: () => succeeds(PYTHON, ['-c', 'import sqlalchemy, psycopg2']),
    command: PYTHON,
    args: ['sqlalchemy_reflection.py'],
    plainly: asItIs,
  },
  {
    name: 'DatabaseMetaData of pgjdbc',
    isInstalled: () => isOnPath('javac') && isOnPath('java') && existsSync(JDBC_JAR),
    command: 'java',
    args: ['-Dstdout.encoding=UTF-8', '-cp', JDBC_JAR, 'JdbcMetadata.java'],
    // getIndexInfo tells rows and pages of an index, which are masked: the two columns before the filter condition.
    plainly: (output) =>
      output.replaceAll(/^(null\|crm\|.*\|(?:A|D|null)\|)(?:\d+|null)\|(?:\d+|null)\|(.*\|)$/gm, '$1$2'),
  },
];

describe.runIf(await hasPostgres(15))('clients that read the catalogs', () => {
  let database: MetadataDatabase;
  beforeAll(async () => {
    database = await startMetadataDatabase();
  });
  afterAll(() => database[Symbol.asyncDispose]());

  for (const { name, isInstalled, command, args, plainly } of CLIENTS)
    it.runIf(isInstalled())(`${name} print the same`, async () => {
      const print = async (env: Readonly<Record<string, string>>) =>
        plainly(
          await outputOf(command, args, { env: { ...env, LC_ALL: 'C.UTF-8' }, cwd: PROGRAMS, limitMs: LIMIT_MS }),
        );
      const expected = await print(database.direct);
      expect(expected.length).toBeGreaterThan(1_000);
      expect(await print(database.through)).toBe(expected);
    });
});
