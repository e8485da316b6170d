/** Message by message: the same bytes in, the same messages out, directly and through the gateway. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  bind,
  EvilClient,
  execute,
  message,
  parse,
  query,
  reportOf,
  type ServerMessage,
  sync,
} from '../harness/evil-client.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { gatewayTarget, type RunningGateway } from './gateway-target.ts';
import { directTarget, prepareDatabase, type Target } from './target.ts';
import { CONVERSATIONS, type Turn } from './wire-conversations.ts';
import { DRIVER_ORDERS } from './wire-drivers.ts';
import { NAMES } from './wire-names.ts';

let server: PostgresServer;
let gateway: RunningGateway;
let direct: Target;

beforeAll(async () => {
  server = await startPostgres();
  const password = await prepareDatabase(server);
  direct = directTarget(server, password);
  gateway = await gatewayTarget(server, password);
});
afterAll(async () => {
  await gateway.stop();
  await server.stop();
});

describe('the gateway answers as the server does', () => {
  test.each(Object.entries({ ...CONVERSATIONS, ...NAMES, ...DRIVER_ORDERS }))('%s', async (_name, turns) => {
    expect(await answers(gateway.target, turns)).toEqual(await answers(direct, turns));
  });
});

describe('known differences', () => {
  // docs/drivers.md lists them.
  test('what the server refuses to run again, pgjdbc knows by the routine', async () => {
    const client = await EvilClient.login(gateway.target.port, gateway.target);
    await client.query('CREATE TEMP TABLE moving (a int)');
    client.send(parse('m', 'SELECT * FROM moving'), sync());
    await client.until('Z');
    await client.query('ALTER TABLE moving ADD COLUMN b int');
    client.send(bind('', 'm'), sync());
    const [error] = await client.until('Z');
    await client.close();
    expect(error === undefined ? null : reportOf(error)).toMatchObject({ C: '0A000', R: 'RevalidateCachedQuery' });
  });

  test('Describe of a statement that no longer fits tells the error alone', async () => {
    const lines = await answers(gateway.target, [
      { send: [query('CREATE TEMP TABLE moving (a int)'), parse('m', 'SELECT a FROM moving'), sync()], until: 'Z' },
      { send: [query('ALTER TABLE moving RENAME a TO x')], until: 'Z' },
      { send: [], until: 'Z' },
      { send: [message('D', Buffer.from('Sm\0')), sync()], until: 'Z' },
    ]);
    expect(lines.slice(-2)).toEqual([expect.stringMatching(/^E C42703 /), 'Z I']);
  });

  test('an error inside of a block has no position in the text around it', async () => {
    const client = await EvilClient.login(gateway.target.port, gateway.target);
    client.send(parse('', 'DO $$ BEGIN PERFORM nothing; END $$'), bind('', ''), execute(''), sync());
    const error = (await client.until('Z')).find(({ type }) => type === 'E');
    await client.close();
    const report = error === undefined ? {} : reportOf(error);
    expect(report).toMatchObject({ C: '42703', M: 'column "nothing" does not exist' });
    expect(report).not.toHaveProperty('P');
  });

  test('a text that is too long is refused at Parse, in words, and nothing of it reaches the server', async () => {
    const long = `SELECT '${'x'.repeat(300_000)}'`;
    const lines = await answers(gateway.target, [
      { send: [parse('', long), bind('', ''), execute(''), sync()], until: 'Z' },
    ]);
    expect(lines).toEqual([expect.stringMatching(/^E C54000 .*longer than/), 'Z I']);
  });
});

/** What came back, a line a message. */
async function answers(target: Target, turns: readonly Turn[]): Promise<readonly string[]> {
  const client = await EvilClient.login(target.port, target);
  try {
    const lines: string[] = [];
    for (const { send, until } of turns) {
      client.send(...send);
      for (const found of await client.collect(until)) lines.push(lineOf(found));
      if (client.closed) lines.push('closed');
    }
    return lines;
  } finally {
    await client.close();
  }
}

/** Of errors and notices without their place in the server's source, and without the number of the session. */
function lineOf({ type, body }: ServerMessage): string {
  if (type === 'T') return `T ${withoutTables(body).toString('latin1')}`;
  if (type !== 'E' && type !== 'N') return `${type} ${body.toString('latin1')}`;
  const fields = body
    .toString('utf8')
    .replaceAll(/pg_temp_\d+/g, 'pg_temp')
    .split('\0');
  return `${type} ${fields
    .filter((field) => !/^[FLR]|^$/.test(field))
    .toSorted()
    .join(' | ')}`;
}

/**
 * RowDescription: `Int16 fields · (String name · Int32 table · Int16 column · Int32 type · Int16 size · Int32 modifier ·
 * Int16 format)…`. Of tables, only whether there is one: those that a conversation makes have other numbers each time.
 */
function withoutTables(body: Buffer): Buffer {
  const copy = Buffer.from(body);
  let at = 2;
  for (let count = copy.readUInt16BE(0); count > 0; count -= 1) {
    at = copy.indexOf(0, at) + 1;
    copy.writeUInt32BE(copy.readUInt32BE(at) === 0 ? 0 : 1, at);
    at += 18;
  }
  return copy;
}
