/** A cancel request finds its statement wherever it is: at the server, or still being decided about. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Entry } from '../../gateway/src/evidence/entry.ts';
import { cancelRequest, EvilClient, query, reportOf } from '../harness/evil-client.ts';
import { type EvilSite, startEvilSite } from '../harness/evil-site.ts';

/** Takes the gate some time to read. */
const SLOW_TO_READ = `SELECT pg_sleep(60) WHERE 0 IN (${Array.from({ length: 3_000 }, (_, index) => index).join()})`;

/** First bytes of a cancel request: 16 bytes, code 80877102. */
const CANCEL = Buffer.from([0, 0, 0, 16, 4, 210, 22, 46]);

let site: EvilSite;
/** Relays to the database, and keeps a cancel request until the test lets it go on. */
const relay = createServer((near) => void relayed(near));
const held = { arrived: Promise.withResolvers<void>(), goOn: Promise.withResolvers<void>() };
let database = { host: '', port: 0 };
beforeAll(async () => {
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  site = await startEvilSite({
    resources: (shop) => {
      database = shop.upstream;
      const address = relay.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      return [{ ...shop, name: 'far', upstream: { ...shop.upstream, host: '127.0.0.1', port } }];
    },
  });
});
afterAll(async () => {
  await site.stop();
  relay.close();
});

async function relayed(near: Socket): Promise<void> {
  near.on('error', () => near.destroy());
  const [first] = (await once(near, 'data')) as [Buffer];
  if (first.subarray(0, CANCEL.length).equals(CANCEL)) {
    near.pause();
    held.arrived.resolve();
    await held.goOn.promise;
  }
  const far = connect(database).on('error', () => near.destroy());
  far.write(first);
  near.pipe(far).pipe(near);
}

type Completed = Extract<Entry, { kind: 'statement.completed' }>;

/** Such ends of statements; waits until there is one, since they are written a little later than the answers. */
async function completed(isOne: (entry: Completed) => boolean): Promise<[Completed, ...Completed[]]> {
  return await vi.waitFor(
    async () => {
      const ends = (await site.entries()).filter((entry) => entry.kind === 'statement.completed');
      const [first, ...others] = ends.filter(isOne);
      if (first === undefined) throw new Error(`no such end among ${JSON.stringify(ends)}`);
      return [first, ...others];
    },
    { timeout: 90_000 },
  );
}

describe('a cancel request', () => {
  it('that comes while the statement is decided about keeps it from running', async () => {
    const client = await site.session();
    await client.query("SET statement_timeout = '20s'");
    const canceller = await EvilClient.connect(site.gateway.postgresPort);
    // All but the last byte is there, so that the statement begins with it; the request comes right behind.
    const bytes = query(SLOW_TO_READ);
    client.send(bytes.subarray(0, -1));
    await site.unharmed();
    client.send(bytes.subarray(-1));
    canceller.send(cancelRequest(client.processId, client.cancelKey));
    const error = (await client.until('Z')).find(({ type }) => type === 'E');
    expect(error === undefined ? null : reportOf(error)).toMatchObject({
      C: '57014',
      M: expect.stringMatching(/user request/),
    });
    expect(await client.value('SELECT 7')).toBe('7');
    // What was decided is on record as cancelled. The request may also have met the gateway's question at the database,
    // what the statement means: then nothing was decided.
    const [{ sessionId }] = await completed(({ tag }) => tag === 'SET');
    await completed((entry) => entry.sessionId === sessionId && entry.tag === 'SELECT 1');
    const decided = (await site.entries()).filter(
      (entry) => entry.kind === 'statement.decided' && entry.sessionId === sessionId,
    );
    if (decided.length > 2) await completed(({ error, rows }) => error === '57014' && rows === 0);
    await client.close();
  });

  it('is over for the client when it is over at the database, so that it ends no later statement', async () => {
    const client = await site.session('far');
    const canceller = await EvilClient.connect(site.gateway.postgresPort);
    canceller.send(cancelRequest(client.processId, client.cancelKey));
    let isOver = false;
    const over = canceller.rest().then(() => {
      isOver = true;
    });
    await held.arrived.promise;
    await site.unharmed();
    expect(isOver).toBe(false);
    held.goOn.resolve();
    await over;
    expect(await client.value('SELECT 9')).toBe('9');
    await client.close();
  });

  it('that comes between two statements ends neither', async () => {
    const client = await site.session();
    const canceller = await EvilClient.connect(site.gateway.postgresPort);
    canceller.send(cancelRequest(client.processId, client.cancelKey));
    await canceller.rest();
    await site.unharmed();
    expect(await client.value('SELECT 8')).toBe('8');
    await client.close();
  });
});
