/** Clients that misbehave after their login: bounds, cancels, pipelines, and those that leave or stop reading. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  bind,
  cancelRequest,
  cellsOf,
  cstring,
  EvilClient,
  execute,
  int32,
  message,
  parse,
  query,
  reportOf,
  type ServerMessage,
  startup,
  sync,
} from '../harness/evil-client.ts';
import { type EvilSite, startEvilSite } from '../harness/evil-site.ts';

const MIB = 1024 * 1024;
const PROTOCOL_3_2 = 0x0003_0002;
const PROTOCOL_3_9 = 0x0003_0009;
/** About 600 MB, which the server makes as it is read. */
const ENDLESS = "SELECT repeat('x', 1000) FROM generate_series(1, 600000)";

const series = (text: string) => [parse('', text), bind('', ''), execute(''), sync()];

let site: EvilSite;
beforeAll(async () => {
  site = await startEvilSite({ limits: { maxFrameBytes: MIB } });
});
afterAll(async () => {
  site.recordIsWhole();
  await site.stop();
});
afterEach(() => site.unharmed());

const typesOf = (messages: readonly ServerMessage[]) => messages.map(({ type }) => type).join('');
const errorOf = (messages: readonly ServerMessage[]) => {
  const error = messages.find(({ type }) => type === 'E');
  return error === undefined ? null : reportOf(error);
};
/** Backends of the gateway's role that run something, apart from those that idle. */
const running = () =>
  site.server
    .admin("SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'sluice' AND state = 'active'")
    .then(([row]) => row?.['n']);

describe('a statement', () => {
  it.each([
    ['of 300 KB', `SELECT '${'x'.repeat(300_000)}'`, /longer|bytes/],
    ['nested 5,000 deep', `SELECT ${'('.repeat(5_000)}1${')'.repeat(5_000)}`, /nests/],
    ['of 100,000 operators', `SELECT 1${'+1'.repeat(100_000)}`, /nested|read|too/],
  ])('%s is refused, on record, and the session goes on', async (_name, text, words) => {
    const client = await site.session();
    const error = errorOf(await client.query(text));
    expect(error).toMatchObject({ S: 'ERROR', C: expect.stringMatching(/^(54000|42501)$/) });
    expect(error?.['M']).toMatch(words);
    expect((await site.entries()).findLast((entry) => entry.kind === 'statement.decided')).toMatchObject({
      effect: 'refuse',
      text,
    });
    expect(await client.value('SELECT 1')).toBe('1');
    await client.close();
  });

  it('that is no UTF-8 is refused before anybody reads it, and the session goes on', async () => {
    const client = await site.session();
    const decided = async () => (await site.entries()).filter((entry) => entry.kind === 'statement.decided').length;
    const before = await decided();
    client.send(message('Q', Buffer.from('SELECT \xff\0', 'latin1')));
    expect(errorOf(await client.until('Z'))).toMatchObject({ S: 'ERROR', C: '22021' });
    expect(await decided()).toBe(before);
    expect(await client.value('SELECT 1')).toBe('1');
    await client.close();
  });
});

describe('a session ends when its client sends', () => {
  it.each<[name: string, bytes: Buffer, sqlState: string]>([
    ['random bytes', Buffer.from('ff00000004ee', 'hex'), '08P01'],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\n\r\n'), '54000'],
    ['a negative length', Buffer.concat([Buffer.from('Q'), int32(-4)]), '08P01'],
    ['a length that does not cover itself', Buffer.concat([Buffer.from('Q'), int32(3)]), '08P01'],
    ['a length of 2 GB', Buffer.concat([Buffer.from('Q'), int32(0x7fff_ffff)]), '54000'],
    ['a query without its end', message('Q', Buffer.from('SELECT 1')), '08P01'],
    ['a query that goes on behind its end', message('Q', Buffer.from('SELECT 1\0; SELECT 2\0')), '08P01'],
    [
      'a Bind that counts more parameters than it has',
      message('B', cstring(''), cstring(''), Buffer.from([0, 0, 0x7f, 0xff])),
      '08P01',
    ],
    [
      'a Parse with a negative count',
      message('P', cstring(''), cstring('SELECT 1'), Buffer.from([0xff, 0xff])),
      '08P01',
    ],
    ['a Describe of something else', message('D', Buffer.from('X\0')), '08P01'],
    ['a second password', message('p', cstring('again')), '08P01'],
    ['a message that only servers send', message('Z', Buffer.from('I')), '08P01'],
  ])('%s', async (_name, bytes, sqlState) => {
    const client = await site.session();
    client.send(bytes);
    expect(await client.refusal()).toMatchObject({ S: 'FATAL', C: sqlState });
  });
});

describe('cancel', () => {
  const cancel = async (processId: number, key: Buffer) => {
    const other = await EvilClient.connect(site.gateway.postgresPort);
    other.send(cancelRequest(processId, key));
    // Nothing is ever answered, whether the key was right or not.
    expect(await other.rest()).toEqual([]);
    await other.close();
  };

  it.each([
    ['3.0', 0x0003_0000, 4],
    ['3.2', PROTOCOL_3_2, 32],
  ])('a protocol %s session: only the right key ends its statement', async (_name, version, keyBytes) => {
    const client = await EvilClient.login(site.gateway.postgresPort, await site.loginTo('shop'), { version });
    expect(client.cancelKey).toHaveLength(keyBytes);
    client.send(query(`SELECT pg_sleep(30) /* ${version} */`));
    await site.server.untilActive(`SELECT pg_sleep(30) /* ${version} */`);
    const wrong = Buffer.from(client.cancelKey);
    wrong.writeUInt8(wrong.readUInt8(0) ^ 1, 0);
    await cancel(client.processId, wrong);
    await cancel(client.processId, Buffer.alloc(keyBytes));
    await cancel(client.processId, Buffer.concat([client.cancelKey, Buffer.alloc(1)]));
    await cancel(client.processId + 1, client.cancelKey);
    expect(await running()).toBe(1);
    await cancel(client.processId, client.cancelKey);
    expect(errorOf(await client.until('Z'))).toMatchObject({ S: 'ERROR', C: '57014' });
    expect(await client.value('SELECT 1')).toBe('1');
    await client.close();
  });

  it("the server's own key is never the client's", async () => {
    const client = await site.session();
    expect(await client.value('SELECT pg_backend_pid()')).not.toBe(String(client.processId));
    await client.close();
  });
});

it('protocol 3.9 is negotiated down to 3.2, and unknown extensions are named', async () => {
  const client = await EvilClient.connect(site.gateway.postgresPort);
  client.send(
    startup(
      [
        ['user', 'shop'],
        ['_pq_.telepathy', 'on'],
      ],
      PROTOCOL_3_9,
    ),
  );
  const { type, body } = await client.next();
  expect(type).toBe('v');
  expect(body.readInt32BE(0) & 0xffff).toBe(2);
  expect(body.readInt32BE(4)).toBe(1);
  expect(body.toString('utf8', 8)).toBe('_pq_.telepathy\0');
  await client.close();
});

describe('a pipeline', () => {
  it('of 10,000 messages is answered in order', async () => {
    const client = await site.session();
    const messages = [parse('s', 'SELECT $1::int8')];
    const int8 = (value: number) => Buffer.concat([int32(String(value).length), Buffer.from(String(value))]);
    const bindValue = (value: number) =>
      message('B', cstring(''), cstring('s'), Buffer.from([0, 0, 0, 1]), int8(value), Buffer.from([0, 0]));
    for (let i = 1; i <= 5_000; i += 1) messages.push(bindValue(i), execute(''));
    client.send(...messages, sync());
    const answers = await client.until('Z');
    const rows = answers.filter(({ type }) => type === 'D').map((row) => Number(cellsOf(row)[0]));
    expect(errorOf(answers)).toBeNull();
    expect(rows).toEqual(Array.from({ length: 5_000 }, (_, index) => index + 1));
    await client.close();
  });

  it.each<[name: string, bytes: readonly Buffer[], answers: string]>([
    ['two queries, the first of which fails', [query('SELECT nothing'), query('SELECT 2')], 'EZTDCZ'],
    [
      'two queries, the first of which is refused',
      [query('SELECT ssn FROM people WHERE ssn > $$1$$'), query('SELECT 2')],
      'EZTDCZ',
    ],
    ['two series, the first of which fails', [...series('SELECT nothing'), ...series('SELECT 2')], 'EZ12DCZ'],
    [
      'two series, the first of which fails as it runs',
      [...series('SELECT 1 / (random() * 0)::int'), ...series('SELECT 2')],
      '12EZ12DCZ',
    ],
    [
      'what stands between an error and its Sync',
      [parse('', 'SELECT nothing'), query('SELECT 1'), ...series('SELECT 1'), query('SELECT 2')],
      'EZTDCZ',
    ],
    ['a Sync alone', [sync(), sync()], 'ZZ'],
  ])('%s: answered as the server would', async (_name, bytes, expected) => {
    const client = await site.session();
    client.send(...bytes);
    const answers: ServerMessage[] = [];
    for (let ready = expected.split('Z').length - 1; ready > 0; ready -= 1) answers.push(...(await client.until('Z')));
    expect(typesOf(answers)).toBe(expected);
    // Nothing is left over that the next statement would get.
    expect(typesOf(await client.query('SELECT 3'))).toBe('TDCZ');
    await client.close();
  });

  it('names that do not exist are errors with the codes of the server', async () => {
    const client = await site.session();
    client.send(bind('', 'nobody'), sync());
    expect(errorOf(await client.until('Z'))).toMatchObject({ C: '26000' });
    client.send(execute('nobody'), sync());
    expect(errorOf(await client.until('Z'))).toMatchObject({ C: '34000' });
    expect(typesOf(await client.query(''))).toBe('IZ');
    await client.close();
  });
});

describe('a client that leaves', () => {
  it('after closing its own half ends its session, which the record says', async () => {
    const client = await site.session();
    expect(await client.value('SELECT 1')).toBe('1');
    client.finish();
    await client.rest();
    await expect.poll(lastClosed).toMatchObject({ reason: 'the client left', statements: 1 });
    await client.close();
  });

  it('in the middle of a result leaves no statement running, and the record says that its outcome is not known', async () => {
    const client = await site.session();
    client.stopReading();
    client.send(query(ENDLESS));
    await site.server.untilActive(`${ENDLESS}%`);
    client.reset();
    await expect.poll(running, { timeout: 90_000 }).toBe(0);
    const lastCompleted = async () => (await site.entries()).findLast((entry) => entry.kind === 'statement.completed');
    await expect.poll(lastCompleted).toMatchObject({ error: 'outcome unknown' });
    await expect.poll(lastClosed).toMatchObject({ reason: 'the client left', statements: 1 });
  });

  it('in the middle of a message is no trouble', async () => {
    const client = await site.session();
    client.send(query(`SELECT '${'x'.repeat(100_000)}'`).subarray(0, 50_000));
    client.reset();
    await expect.poll(lastClosed).toMatchObject({ reason: 'the client left', statements: 0 });
  });

  async function lastClosed() {
    return (await site.entries()).findLast((entry) => entry.kind === 'session.closed');
  }
});

describe('a client that does not read', () => {
  it('costs the gateway a bounded amount of memory, and others nothing', async () => {
    await site.unharmed();
    const before = site.residentBytes();
    const sleepers = await Promise.all(Array.from({ length: 4 }, () => site.session()));
    for (const sleeper of sleepers) {
      sleeper.stopReading();
      sleeper.send(query(ENDLESS));
    }
    await site.server.untilActive(`${ENDLESS}%`);
    // Each waits for its client; meanwhile another runs a hundred statements.
    const other = await site.session();
    for (let i = 0; i < 100; i += 1) expect(await other.value(`SELECT ${i}`)).toBe(String(i));
    await other.close();
    expect(site.residentBytes() - before).toBeLessThan(128 * MIB);
    for (const sleeper of sleepers) sleeper.reset();
    await expect.poll(running, { timeout: 90_000 }).toBe(0);
  });

  it('gets all of it once it reads again', async () => {
    const client = await site.session();
    client.stopReading();
    client.send(query("SELECT repeat('x', 1000) FROM generate_series(1, 20000)"));
    await site.unharmed();
    client.socket.resume();
    const answers = await client.until('Z');
    expect(answers.filter(({ type }) => type === 'D')).toHaveLength(20_000);
    await client.close();
  });

  it('nor its own answers: 3,000 statements sent at once do not pile up', async () => {
    const before = site.residentBytes();
    const client = await site.session();
    client.stopReading();
    const statement = query("SELECT repeat('y', 1000) FROM generate_series(1, 100)");
    for (let i = 0; i < 3_000; i += 1) client.send(statement);
    await site.server.untilActive('%generate_series(1, 100)%').catch(() => undefined);
    await site.unharmed();
    expect(site.residentBytes() - before).toBeLessThan(128 * MIB);
    client.reset();
    await expect.poll(running, { timeout: 90_000 }).toBe(0);
  });
});
