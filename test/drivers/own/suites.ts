/** The drivers whose own tests are run, and how: where the tests come from, what has to be built, what is started. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DebianSource, fetchDebianSource, run, unpackLaterPackage } from '../../harness/debian-source.ts';
import { runProgram } from '../../harness/program.ts';
import { adjustDbdPg } from './adjustments.ts';
import { NODE_POSTGRES } from './node-postgres.ts';
import { type Ended, type Outcomes, readGoEvents, readOutcomeLines, readTap } from './outcomes.ts';
import type { OwnSuite, Place } from './own-suite.ts';
import { DATABASE, type Side } from './sides.ts';

const PROGRAMS = join(import.meta.dirname, 'programs');
const GO_SOURCES = '/usr/share/gocode';
const SERVER_HEADERS = '/usr/include/postgresql/15/server';
/** Of the distribution, whose packages another Python does not see. */
const PYTHON = '/usr/bin/python3';

export const OWN_SUITES: readonly OwnSuite[] = [
  {
    name: 'psycopg2',
    sourcePackage: 'psycopg2',
    needs: [PYTHON, '/usr/lib/python3/dist-packages/psycopg2', '/usr/lib/python3/dist-packages/pytest'],
    // Away from the source of the driver, which would be found before the one that is installed.
    prepare: ({ source, folder }) => cpSync(testsOf(source), join(folder, 'tests'), { recursive: true }),
    run: async (place, side) =>
      await pytest(place, side, place.folder, ['tests'], { PSYCOPG2_TESTDB: DATABASE, PSYCOPG2_TEST_FAST: '1' }),
  },
  {
    name: 'asyncpg',
    sourcePackage: 'asyncpg',
    needs: [PYTHON, '/usr/lib/python3/dist-packages/asyncpg', '/usr/lib/python3/dist-packages/pytest'],
    prepare: ({ source, folder }) => cpSync(testsOf(source), join(folder, 'tests'), { recursive: true }),
    run: async (place, side) => await pytest(place, side, place.folder, ['tests'], {}),
  },
  {
    name: 'sqlalchemy',
    sourcePackage: 'sqlalchemy',
    needs: [PYTHON, '/usr/lib/python3/dist-packages/psycopg2', '/usr/lib/python3/dist-packages/pytest'],
    prepare: laterTypingExtensions,
    run: async (place, side) => await sqlalchemy(place, side, 'psycopg2'),
  },
  {
    name: 'sqlalchemy-psycopg',
    sourcePackage: 'sqlalchemy',
    needs: [PYTHON, '/usr/lib/python3/dist-packages/psycopg', '/usr/lib/python3/dist-packages/pytest'],
    prepare: laterTypingExtensions,
    run: async (place, side) => await sqlalchemy(place, side, 'psycopg'),
  },
  {
    name: 'django',
    sourcePackage: 'python-django',
    needs: [PYTHON, '/usr/lib/python3/dist-packages/django', '/usr/lib/python3/dist-packages/psycopg2'],
    run: django,
  },
  NODE_POSTGRES,
  {
    name: 'dbd-pg',
    sourcePackage: 'libdbd-pg-perl',
    needs: ['/usr/bin/perl', '/usr/bin/gcc', '/usr/bin/make', '/usr/include/postgresql/libpq-fe.h'],
    prepare: ({ source }) => {
      const directory = source?.directory ?? '';
      adjustDbdPg(directory);
      if (existsSync(join(directory, 'blib/arch/auto/DBD/Pg/Pg.so'))) return;
      run('perl', ['Makefile.PL'], directory);
      run('make', [], directory);
    },
    run: dbdPg,
  },
  ...(
    ['lib/pq', 'jackc/pgconn', 'jackc/pgtype', 'jackc/pgx/v4', 'jackc/pgx/v4/stdlib', 'jackc/pgx/v4/pgxpool'] as const
  ).map(
    (path): OwnSuite => ({
      name: `go-${path.replace('jackc/', '').replaceAll('/', '-')}`,
      sourcePackage: null,
      needs: ['/usr/bin/go', join(GO_SOURCES, 'src/github.com', path)],
      run: async (place, side) => await go(place, side, `github.com/${path}`),
    }),
  ),
  {
    name: 'libpq',
    sourcePackage: 'postgresql-15',
    needs: ['/usr/bin/gcc', '/usr/include/postgresql/libpq-fe.h', SERVER_HEADERS],
    prepare: ({ source, folder }) => {
      const file = join(source?.directory ?? '', 'src/test/modules/libpq_pipeline/libpq_pipeline.c');
      const libraries = ['-L/usr/lib/postgresql/15/lib', '-lpgcommon', '-lpgport', '-lpq', '-lm'];
      const args = [
        '-w',
        `-I${SERVER_HEADERS}`,
        '-I/usr/include/postgresql',
        file,
        '-o',
        'libpq_pipeline',
        ...libraries,
      ];
      run('gcc', args, folder);
    },
    run: libpq,
  },
];

function testsOf(source: DebianSource | null): string {
  return join(source?.directory ?? '', 'tests');
}

type Environment = Readonly<Record<string, string>>;

async function pytest(
  place: Place,
  side: Side,
  cwd: string,
  args: readonly string[],
  env: Environment,
): Promise<Outcomes> {
  const outcomes = join(place.results, 'outcomes');
  const path = [PROGRAMS, ...(env['PYTHONPATH'] === undefined ? [] : [env['PYTHONPATH']])].join(':');
  const options = [
    '-p',
    'own_outcomes',
    '-p',
    'no:cacheprovider',
    '-q',
    '--tb=short',
    '--no-header',
    '--continue-on-collection-errors',
  ];
  const { stdout, stderr } = await runProgram(PYTHON, ['-m', 'pytest', ...options, ...args], {
    cwd,
    env: { ...side.env, ...env, PYTHONPATH: path, PYTHONDONTWRITEBYTECODE: '1', OUTCOMES: outcomes },
    limitMs: place.limitMs,
  });
  return readOutcomeLines(contentOf(outcomes, stdout + stderr));
}

/** Throws with what the runner printed when it began no test at all. */
function contentOf(outcomes: string, printed: string): string {
  if (!existsSync(outcomes)) throw new Error(`no test was begun:\n${printed.slice(-4_000)}`);
  return readFileSync(outcomes, 'utf8');
}

/** Of a package of Python, unpacked. */
const TYPING_EXTENSIONS = 'typing-extensions/usr/lib/python3/dist-packages';

/** The source that can be had may be of a later SQLAlchemy than the machine's, which needs a later one of these. */
function laterTypingExtensions({ folder }: Place): void {
  if (!existsSync(join(folder, TYPING_EXTENSIONS)))
    unpackLaterPackage('python3-typing-extensions', join(folder, 'typing-extensions'));
}

/** First what asks the database most: a suite that is ended early has compared that. */
const SQLALCHEMY_TESTS = [
  ...['dialect', 'on_conflict', 'query', 'reflection'].map((name) => `test/dialect/postgresql/test_${name}.py`),
  ...['execute', 'reflection', 'transaction'].map((name) => `test/engine/test_${name}.py`),
  ...['query', 'update', 'returning', 'resultset', 'sequences', 'defaults', 'functions', 'insert_exec'].map(
    (name) => `test/sql/test_${name}.py`,
  ),
  ...['test/dialect/test_suite.py', 'test/sql/test_types.py', 'test/dialect/postgresql/test_types.py'],
];
/** They ask no database, and start a process each. */
const SQLALCHEMY_LEFT_OUT = 'PickleTypesTest';

async function sqlalchemy(place: Place, side: Side, driver: string): Promise<Outcomes> {
  const directory = place.source?.directory ?? '';
  const { PGUSER = '', PGPASSWORD = '', PGHOST = '', PGPORT = '' } = side.env;
  const login = `${encodeURIComponent(PGUSER)}:${encodeURIComponent(PGPASSWORD)}`;
  const uri = `postgresql+${driver}://${login}@${PGHOST}:${PGPORT}/${DATABASE}`;
  const options = ['--dburi', uri, '--maxfail=100000', '-k', `not ${SQLALCHEMY_LEFT_OUT}`];
  return await pytest(
    place,
    side,
    directory,
    [...options, ...SQLALCHEMY_TESTS.filter((path) => place.files.test(path))],
    {
      PYTHONPATH: `${join(directory, 'lib')}:${join(place.folder, TYPING_EXTENSIONS)}`,
    },
  );
}

/** Applications of Django's tests that ask the database for more than rows by key. */
const DJANGO_TESTS = ['backends', 'queries', 'aggregation', 'expressions', 'postgres_tests', 'introspection'].concat(
  ['db_functions', 'transactions', 'bulk_create', 'select_for_update', 'annotations', 'lookup'],
  ['expressions_window', 'expressions_case', 'aggregation_regress', 'model_fields', 'prefetch_related', 'ordering'],
);

async function django(place: Place, side: Side): Promise<Outcomes> {
  const outcomes = join(place.results, 'outcomes');
  const args = ['runtests.py', '--settings=own_django_settings', '--parallel=1', '--keepdb', '--noinput'];
  const { stdout, stderr } = await runProgram(PYTHON, [...args, ...DJANGO_TESTS], {
    cwd: testsOf(place.source),
    env: { ...side.env, PYTHONPATH: PROGRAMS, PYTHONDONTWRITEBYTECODE: '1', OUTCOMES: outcomes },
    limitMs: place.limitMs,
  });
  return readOutcomeLines(contentOf(outcomes, stdout + stderr));
}

async function dbdPg(place: Place, side: Side): Promise<Outcomes> {
  const directory = place.source?.directory ?? '';
  const { PGUSER = '', PGPASSWORD = '', PGHOST = '', PGPORT = '' } = side.env;
  const outcomes = new Map<string, Ended>();
  const files = readdirSync(join(directory, 't')).filter((name) => name.endsWith('.t'));
  // What the tests noted about the database that they met last.
  const note = join(directory, 'README.testdatabase');
  run('rm', ['-f', note], directory);
  for (const file of files.toSorted()) {
    const { stdout } = await runProgram('perl', ['-Iblib/lib', '-Iblib/arch', join('t', file)], {
      cwd: directory,
      env: {
        ...side.env,
        DBI_DSN: `dbi:Pg:dbname=${DATABASE};host=${PGHOST};port=${PGPORT}`,
        DBI_USER: PGUSER,
        DBI_PASS: PGPASSWORD,
        DBDPG_NOCLEANUP: '1',
      },
      limitMs: place.limitMs,
    });
    // When they cannot connect, the tests make a server of their own, with which nothing would be compared.
    if (existsSync(note) && !readFileSync(note, 'utf8').includes(`port=${PGPORT}`))
      throw new Error(`DBD::Pg's tests left the ${side.name} server for another: ${readFileSync(note, 'utf8')}`);
    for (const [test, ended] of readTap(file, stdout)) outcomes.set(test, ended);
  }
  return outcomes;
}

async function go(place: Place, side: Side, packagePath: string): Promise<Outcomes> {
  const { PGUSER = '', PGPASSWORD = '', PGHOST = '', PGPORT = '', PGSSLMODE = '', PGSSLROOTCERT } = side.env;
  const authority = PGSSLROOTCERT === undefined ? '' : ` sslrootcert=${PGSSLROOTCERT}`;
  const login = `host=${PGHOST} port=${PGPORT} user=${PGUSER} password=${PGPASSWORD} dbname=${DATABASE}`;
  const connection = `${login} sslmode=${PGSSLMODE}${authority}`;
  const cache = join(place.folder, '../go-cache');
  mkdirSync(cache, { recursive: true });
  const { stdout } = await runProgram('go', ['test', '-json', '-count=1', `-timeout=${place.limitMs}ms`, packagePath], {
    env: {
      ...side.env,
      ...{ GO111MODULE: 'off', GOPATH: GO_SOURCES, GOCACHE: cache, GOFLAGS: '-buildvcs=false' },
      ...{ PGX_TEST_DATABASE: connection, PGX_TEST_CONN_STRING: connection, PGX_TEST_TCP_CONN_STRING: connection },
    },
    limitMs: place.limitMs,
  });
  return readGoEvents(stdout);
}

async function libpq(place: Place, side: Side): Promise<Outcomes> {
  const program = join(place.folder, 'libpq_pipeline');
  const outcomes = new Map<string, Ended>();
  const { stdout } = await runProgram(program, ['tests']);
  for (const test of stdout.split(/\s+/).filter((name) => name !== '')) {
    const ran = await runProgram(program, [test, `dbname=${DATABASE}`], { env: side.env, limitMs: place.limitMs });
    outcomes.set(test, { outcome: ran.code === 0 ? 'passed' : 'failed', detail: ran.stdout + ran.stderr });
  }
  return outcomes;
}

/** Fetches what the suite needs and is not here yet; null, with a word, when something cannot be had. */
export function placeOf(
  suite: OwnSuite,
  home: string,
  say: (line: string) => void,
): Pick<Place, 'source' | 'folder'> | null {
  const missing = suite.needs.filter((path) => !existsSync(path));
  if (missing.length > 0) {
    say(`${suite.name}: not run, there is no ${missing.join(', no ')}`);
    return null;
  }
  const folder = join(home, suite.name);
  mkdirSync(folder, { recursive: true });
  const source = suite.sourcePackage === null ? null : fetchDebianSource(suite.sourcePackage, home, say);
  return { source, folder };
}
