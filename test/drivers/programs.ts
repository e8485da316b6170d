/** The client programs of other languages, and how to run each one here. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOnPath, outputOf } from '../harness/program.ts';
import type { Report } from './data.ts';

const PROGRAMS = join(import.meta.dirname, 'programs');
const JDBC_JAR = '/usr/share/java/postgresql.jar';
/** The system's: packages of the distribution are not seen by another Python that comes first on the PATH. */
const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

export type DriverProgram = {
  readonly name: string;
  /** Whether its language and driver are installed here. */
  readonly isInstalled: () => boolean;
  /** Runs it against the server that the PG* variables of `env` name. */
  readonly report: (env: Readonly<Record<string, string>>) => Promise<Report>;
};

export const DRIVER_PROGRAMS: readonly DriverProgram[] = [
  {
    name: 'psycopg2',
    isInstalled: () => succeeds(PYTHON, ['-c', 'import psycopg2']),
    report: (env) => run(PYTHON, ['psycopg2_client.py'], env),
  },
  {
    name: 'psycopg 3',
    isInstalled: () => succeeds(PYTHON, ['-c', 'import psycopg']),
    report: (env) => run(PYTHON, ['psycopg3_client.py'], env),
  },
  {
    name: 'DBD::Pg',
    isInstalled: () => succeeds('perl', ['-MDBD::Pg', '-MJSON::PP', '-e', '1']),
    report: (env) => run('perl', ['dbd_pg_client.pl'], env),
  },
  {
    name: 'pgjdbc',
    isInstalled: () => isOnPath('java') && existsSync(JDBC_JAR) && (isOnPath('javac') || isOnPath('ecj')),
    report: async (env) => JSON.parse(await runJava('PgJdbcClient', [], env)) as Report,
  },
];

async function run(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Report> {
  return JSON.parse(await outputOf(command, args, { env, cwd: PROGRAMS })) as Report;
}

/** What a Python program beside this file prints. */
export async function runPython(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  return await outputOf(PYTHON, [program, ...args], { env, cwd: PROGRAMS });
}

/**
 * What a Java program beside this file prints. A headless JRE starts no Java source by itself: compiled by Eclipse's
 * compiler, which also poses as javac on Debian when it is alone, else by a JDK's.
 */
export async function runJava(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const classes = mkdtempSync(join(tmpdir(), 'sluice-java-'));
  try {
    const [command, options] = isOnPath('ecj') ? ['ecj', ['-17', '-proc:none']] : ['javac', []];
    await outputOf(command, [
      ...options,
      '-encoding',
      'UTF-8',
      '-cp',
      JDBC_JAR,
      '-d',
      classes,
      join(PROGRAMS, `${name}.java`),
    ]);
    const java = ['-Dfile.encoding=UTF-8', '-Dstdout.encoding=UTF-8', '-cp', `${classes}:${JDBC_JAR}`, name, ...args];
    return await outputOf('java', java, { env });
  } finally {
    rmSync(classes, { recursive: true });
  }
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
