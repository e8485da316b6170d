/** What psql shows a restricted principal of the catalogs is what the server shows, byte for byte. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPostgres } from '../../harness/postgres-server.ts';
import { isOnPath, runProgram } from '../../harness/program.ts';
import { type Connection, type MetadataDatabase, startMetadataDatabase } from './database.ts';
import { PSQL_COMMANDS, PSQL_SCRIPTS } from './psql-commands.ts';

/** Commands whose answer differs, and why. */
const DIFFERENT: ReadonlyMap<string, 'sizes' | 'settings' | 'refused'> = new Map([
  // How large a table is tells how many rows it has: masked.
  ...[
    'd+',
    'dS+',
    'dE+',
    'di+',
    'dm+',
    'ds+',
    'dt+',
    'dtS+',
    'dv+',

    'di+ crm.*',
    'dm+ crm.*',
    'dP+',
    'dP+ crm.*',

    'dt+ crm.*',
    'dt+ crm.cust*',
    'dv+ crm.*',
    'l+',
    'l+ shop',
  ].map((command): [string, 'sizes'] => [command, 'sizes']),
  // Lists what is not the default: the gateway gives the encoding and its notices' level by name.
  ['dconfig', 'settings'],
  // Options of user mappings hold passwords.
  ['deu+', 'refused'],
]);

const MARK = '### ';
/** One session of psql ends within this, milliseconds, also on a busy machine. */
const PSQL_MS = 240_000;

/** The oldest and the newest of the ordinary check: the catalogs of 18 answer some commands otherwise. */
const MAJORS: number[] = [];
for (const major of [15, 18]) if (await hasPostgres(major)) MAJORS.push(major);

describe.runIf(isOnPath('psql')).each(MAJORS)('psql with PostgreSQL %i', (major) => {
  let database: MetadataDatabase;
  let direct: ReadonlyMap<string, string>;
  let through: ReadonlyMap<string, string>;

  beforeAll(async () => {
    database = await startMetadataDatabase(major);
    [direct, through] = await Promise.all([answers(database.direct), answers(database.through)]);
  });
  afterAll(() => database[Symbol.asyncDispose]());

  it.each(PSQL_COMMANDS)('\\%s shows what the server shows', (command) => {
    const [left = '', right = ''] = [direct.get(command), through.get(command)];
    expect(left).not.toBe('');
    switch (DIFFERENT.get(command)) {
      case undefined:
        return expect(right).toBe(left);
      case 'sizes':
        expect(right).not.toContain('sluice');
        return expect(withoutSizes(right)).toBe(withoutSizes(left));
      case 'settings':
        return expect(withoutOwnSettings(right)).toBe(withoutOwnSettings(left));
      case 'refused':
        return expect(right).toMatch(/sluice|Size/);
    }
  });

  it.each(PSQL_SCRIPTS)('%s', async (script) => {
    // One after the other: both work on the same database, and some take locks that the other would wait for.
    const left = await run(database.direct, script);
    const right = await run(database.through, script);
    expect(right).toBe(left);
  });
});

/** All commands in one session; what each printed on both outputs. */
async function answers(connection: Connection): Promise<ReadonlyMap<string, string>> {
  const script = PSQL_COMMANDS.map(
    (command) => `\\echo '${MARK}${command}'\n\\warn '${MARK}${command}'\n\\${command}\n`,
  );
  const { stdout, stderr } = await psql(connection, script.join(''));
  const found = new Map<string, string>();
  for (const output of [stdout, stderr])
    for (const part of output.split(MARK).slice(1)) {
      const end = part.indexOf('\n');
      const command = part.slice(0, end);
      found.set(command, `${found.get(command) ?? ''}${part.slice(end + 1)}\n`);
    }
  return found;
}

async function run(connection: Connection, script: string): Promise<string> {
  const { stdout, stderr } = await psql(connection, `${script}\n`);
  return `${stdout}\n${stderr}`;
}

function psql(connection: Connection, input: string) {
  return runProgram('psql', ['-X', '-E'], { env: { ...connection, LC_ALL: 'C', PAGER: '' }, input, limitMs: PSQL_MS });
}

/** Masked sizes leave an empty cell in a narrower column. */
function withoutSizes(text: string): string {
  return text
    .replaceAll(/\d+ (bytes|kB|MB|GB)/g, '')
    .replaceAll(/No Access/g, '')
    .replaceAll(/-{2,}/g, '-')
    .replaceAll(/ +/g, ' ');
}

function withoutOwnSettings(text: string): string {
  return text
    .split('\n')
    .filter(
      (line) =>
        !/client_min_messages|debug_pr|application_name|client_encoding|^-+\+|Parameter|^List|rows\)/.test(line.trim()),
    )
    .join('\n')
    .replaceAll(/ +/g, ' ');
}
