/**
 * Transcripts: client programs that do much of what their driver can do, a line for each step. Run directly and through
 * the gateway, they must print the same, except for what {@link TranscriptProgram.differences} lists.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOnPath, outputOf } from '../harness/program.ts';

export const TRANSCRIPTS = join(import.meta.dirname, 'transcripts');
const JDBC_JAR = '/usr/share/java/postgresql.jar';
const GO_SOURCES = '/usr/share/gocode';
/** The system's: packages of the distribution are not seen by another Python that comes first on the PATH. */
const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

export type Environment = Readonly<Record<string, string>>;

export type TranscriptProgram = {
  readonly name: string;
  /** Whether its language and driver are installed here. */
  readonly isInstalled: () => boolean;
  /** Compiles what has to be compiled, into `folder`; returns how to run it. */
  readonly prepare: (folder: string) => Promise<readonly string[]>;
  /** Steps that differ through the gateway: what is printed there, and why. */
  readonly differences: Readonly<Record<string, { readonly line: RegExp; readonly reason: string }>>;
  /** Not in the ordinary check: it takes long to compile. */
  readonly isSlow?: boolean;
};

const LARGE_OBJECTS = 'large objects have no labels: refused';

const script =
  (command: string, file: string): TranscriptProgram['prepare'] =>
  async () => [command, join(TRANSCRIPTS, file)];
const refused = (step: string) => ({ [step]: { line: /refused|42501|failed/, reason: LARGE_OBJECTS } });

export const TRANSCRIPT_PROGRAMS: readonly TranscriptProgram[] = [
  {
    name: 'node-postgres',
    isInstalled: () => true,
    prepare: script(process.execPath, 'node_transcript.ts'),
    differences: {},
  },
  {
    name: 'psycopg 3',
    isInstalled: () => succeeds(PYTHON, ['-c', 'import psycopg']),
    prepare: script(PYTHON, 'psycopg3_transcript.py'),
    differences: {},
  },
  {
    name: 'psycopg2',
    isInstalled: () => succeeds(PYTHON, ['-c', 'import psycopg2']),
    prepare: script(PYTHON, 'psycopg2_transcript.py'),
    differences: {
      ...refused('a large object'),
      'two-phase': { line: /42501/, reason: 'a prepared transaction would outlive its session, and so its decisions' },
    },
  },
  {
    name: 'asyncpg',
    isInstalled: () => succeeds(PYTHON, ['-c', 'import asyncpg']),
    prepare: script(PYTHON, 'asyncpg_transcript.py'),
    differences: {},
  },
  {
    name: 'DBD::Pg',
    isInstalled: () => succeeds('perl', ['-MDBD::Pg', '-MJSON::PP', '-e', '1']),
    prepare: script('perl', 'dbd_pg_transcript.pl'),
    differences: refused('large objects'),
  },
  {
    name: 'PHP (ext/pgsql, PDO)',
    isInstalled: () => succeeds('php', ['-r', "exit(function_exists('pg_connect') && class_exists('PDO') ? 0 : 1);"]),
    prepare: script('php', 'php_transcript.php'),
    differences: refused('large objects'),
  },
  {
    name: 'Ruby (pg)',
    isInstalled: () => succeeds('ruby', ['-e', 'require "pg"']),
    prepare: script('ruby', 'ruby_transcript.rb'),
    differences: refused('large objects'),
  },
  {
    name: 'libpq (asynchronous, pipelines)',
    isInstalled: () => isOnPath('gcc') && existsSync('/usr/include/postgresql/libpq-fe.h'),
    prepare: async (folder) => {
      const program = join(folder, 'libpq_transcript');
      const source = join(TRANSCRIPTS, 'libpq_transcript.c');
      await outputOf('gcc', ['-I/usr/include/postgresql', source, '-o', program, '-lpq', '-ldl']);
      return [program];
    },
    differences: refused('PQfn of a large object'),
  },
  {
    name: 'pgjdbc',
    isInstalled: () => isOnPath('java') && existsSync(JDBC_JAR) && (isOnPath('javac') || isOnPath('ecj')),
    prepare: async (folder) => {
      const [command, options] = isOnPath('ecj') ? ['ecj', ['-17', '-proc:none']] : ['javac', []];
      const source = join(TRANSCRIPTS, 'PgJdbcTranscript.java');
      await outputOf(command, [...options, '-encoding', 'UTF-8', '-cp', JDBC_JAR, '-d', folder, source]);
      const utf8 = ['-Dfile.encoding=UTF-8', '-Dstdout.encoding=UTF-8'];
      return ['java', ...utf8, '-cp', `${folder}:${JDBC_JAR}`, 'PgJdbcTranscript'];
    },
    differences: {
      ...refused('large objects'),
      getCatalogs: { line: /drivers-db/, reason: 'the database goes by the name of the resource' },
    },
  },
  {
    name: 'Go (lib/pq, pgx)',
    isInstalled: () => isOnPath('go') && existsSync(join(GO_SOURCES, 'src/github.com/jackc/pgx/v4')),
    prepare: async (folder) => {
      const program = join(folder, 'go_transcript');
      const env = {
        GO111MODULE: 'off',
        GOPATH: GO_SOURCES,
        GOCACHE: join(folder, 'cache'),
        GOFLAGS: '-buildvcs=false',
      };
      await outputOf('go', ['build', '-o', program, join(TRANSCRIPTS, 'go_transcript.go')], { env, limitMs: 300_000 });
      return [program];
    },
    differences: {},
    isSlow: true,
  },
];

/** What a program printed: its steps by name, the lines of a step that prints several behind each other. */
export async function transcriptOf(command: readonly string[], env: Environment): Promise<ReadonlyMap<string, string>> {
  const [program = '', ...args] = command;
  const steps = new Map<string, string>();
  for (const line of (await outputOf(program, args, { env })).split('\n')) {
    const [step = '', printed] = line.split('\t', 2);
    if (printed !== undefined) steps.set(step, `${steps.get(step) ?? ''}${printed}\n`);
  }
  return steps;
}

/** Steps whose name starts with this read the labelled column. */
export const isMasked = (step: string): boolean => step.startsWith('MASKED');

export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'sluice-transcript-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
