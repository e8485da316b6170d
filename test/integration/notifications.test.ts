/** Notifications: to a real HTTP server, by the notifier alone and by a whole gateway. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RequestView } from '../../gateway/src/approval/request.ts';
import { principal, temporaryDirectory } from '../../gateway/src/evidence/log.fixture.ts';
import { noticeOfRequest } from '../../gateway/src/notification/messages.ts';
import { Notifier, type Place, RETRY_PAUSES_MS } from '../../gateway/src/notification/notifier.ts';
import { Outbox } from '../../gateway/src/notification/outbox.ts';
import { MAX_NOTICES } from '../../gateway/src/store/migrations.ts';
import { openStore, type Store } from '../../gateway/src/store/store.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { runProgram } from '../harness/program.ts';

type Received = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string };

/** A receiver of webhooks. Answers with the next of `answers`, then with 204. */
class Hook {
  readonly received: Received[] = [];
  readonly answers: { readonly status: number; readonly location?: string }[] = [];
  readonly #server: Server;
  readonly #waiting: (() => void)[] = [];

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        this.received.push({ path: request.url ?? '', headers: request.headers, body });
        const { status, location } = this.answers.shift() ?? { status: 204 };
        response.writeHead(status, location === undefined ? {} : { location }).end();
        for (const resolve of this.#waiting.splice(0)) resolve();
      });
    });
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
  }

  /** The first that fits, now or later. */
  async until(fits: (received: Received) => boolean): Promise<Received> {
    for (;;) {
      const found = this.received.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** As docs/notifications.md tells a receiver to check. */
function isSigned({ headers, body }: Received, secret: string, nowMs: number): boolean {
  const [, t = '', v1 = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['sluice-signature'])) ?? [];
  const mac = createHmac('sha256', secret)
    .update(`${t}.${String(headers['sluice-delivery'])}.${body}`)
    .digest('hex');
  return mac === v1 && Math.abs(nowMs / 1_000 - Number(t)) <= 300;
}

const NOW_MS = 1_800_000_000_000;
const view = (id: string, state: RequestView['state'] = 'pending'): RequestView => ({
  ...{ id, state, bindingHash: 'aa', resource: 'orders-db', sessionId: 's1', label: 'regulated' },
  asker: principal('nightly <!channel> \u202e', { kind: 'agent', behalfOf: [principal('ada')] }),
  ...{ statement: "select '123-45-6789'", flows: [], reasons: [], note: '', quotation: 'urgent!', countsRows: true },
  ...{ createdAt: '2027-01-15T08:00:00.000Z', expiresAt: '2027-01-15T08:15:00.000Z', decidedBy: null, decidedAt: null },
  ...{ rowBound: null, approvalsNeeded: 1, approvals: 0, notBefore: null, approvalHash: null, preview: null },
});

describe('the notifier', () => {
  let hook: Hook;
  let url: string;
  let notifier: Notifier | null;
  let pauses: number[];
  let dropped: { readonly why: string; readonly id: string }[];
  let allDropped: PromiseWithResolvers<void>;
  let directory: ReturnType<typeof temporaryDirectory>;
  let store: Store;
  beforeEach(async () => {
    directory = temporaryDirectory();
    store = await openStore({ sqlite: join(directory.path, 'sluice.db') });
    hook = new Hook();
    url = await hook.start();
    [pauses, dropped, allDropped] = [[], [], Promise.withResolvers<void>()];
  });
  afterEach(async () => {
    await notifier?.close();
    await hook.stop();
    await store.close();
    directory[Symbol.dispose]();
  });

  /** What triggers write with a change. */
  async function changed(...ids: readonly string[]): Promise<void> {
    const rows = ids.map((subject) => ({ about: 'requests' as const, subject, state: 'pending' }));
    await store.db.insertInto('notices').values(rows).execute();
    notifier?.wake();
  }

  async function notify(
    place: Partial<Place> = {},
    pause: (ms: number, signal: AbortSignal) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    notifier = new Notifier(
      [
        {
          ...{ name: 'ops', format: 'webhook', about: ['requests', 'grants'], link: 'https://gateway.example.com/' },
          ...{ url: async () => `${url}/hook`, secret: async () => 'a secret of thirty-two characters' },
          ...place,
        },
      ],
      {
        ...{ fetch, now: () => NOW_MS, outbox: new Outbox(store) },
        noticeOf: async ({ subject }, link) => (subject === 'gone' ? null : noticeOfRequest(view(subject), link)),
        pause: (ms, signal) => {
          pauses.push(ms);
          return pause(ms, signal);
        },
        onError: (error) => {
          throw error;
        },
        onDropped: (facts) => {
          dropped.push(facts);
          allDropped.resolve();
        },
      },
    );
    await notifier.start();
  }

  it('posts JSON whose signature covers time, delivery and body, and that says nothing of the statement', async () => {
    await notify();
    await changed('req_1');
    const received = await hook.until(() => true);
    expect(isSigned(received, 'a secret of thirty-two characters', NOW_MS)).toBe(true);
    expect(isSigned({ ...received, body: `${received.body} ` }, 'a secret of thirty-two characters', NOW_MS)).toBe(
      false,
    );
    expect(isSigned(received, 'a secret of thirty-two characters', NOW_MS + 301_000)).toBe(false);
    expect(JSON.parse(received.body)).toEqual({
      ...{ about: 'request', id: 'req_1', state: 'pending', resource: 'orders-db', label: 'regulated' },
      asker: view('').asker.chain.map(({ id }) => id),
      askerName: 'ada → nightly <!channel>',
      until: '2027-01-15T08:15:00.000Z',
      link: 'https://gateway.example.com/requests/req_1',
    });
    expect(received.body).not.toMatch(/123-45|urgent/);
  });

  it('posts to Slack what links and can mention nobody', async () => {
    await notify({ format: 'slack' });
    await changed('req_1');
    const { body, headers } = await hook.until(() => true);
    expect(JSON.parse(body)).toEqual({
      text: 'Approval of a statement on orders-db (regulated data), asked by ada → nightly &lt;!channel&gt;: pending, until 2027-01-15T08:15:00.000Z.\nhttps://gateway.example.com/requests/req_1',
      mrkdwn: false,
    });
    expect(headers['sluice-signature']).toBeUndefined();
  });

  it('tries again after what may pass, each time with the same delivery, in order', async () => {
    hook.answers.push({ status: 503 }, { status: 429 });
    await notify();
    await changed('req_1', 'req_2');
    await hook.until(({ body }) => body.includes('req_2'));
    expect(hook.received.map(({ body }) => JSON.parse(body).id)).toEqual(['req_1', 'req_1', 'req_1', 'req_2']);
    expect(new Set(hook.received.slice(0, 3).map(({ headers }) => headers['sluice-delivery'])).size).toBe(1);
    expect(pauses).toEqual(RETRY_PAUSES_MS.slice(0, 2));
  });

  it('gives up after the last attempt, and goes on with the next', async () => {
    hook.answers.push(...Array.from({ length: RETRY_PAUSES_MS.length + 1 }, () => ({ status: 500 })));
    await notify();
    await changed('req_1', 'req_2');
    await hook.until(({ body }) => body.includes('req_2'));
    expect(dropped).toEqual([{ place: 'ops', why: 'status 500', id: 'req_1' }]);
    expect(hook.received).toHaveLength(RETRY_PAUSES_MS.length + 2);
  });

  it.each([301, 302, 307, 308])('follows no redirect: %i', async (status) => {
    hook.answers.push({ status, location: `${url}/elsewhere` });
    await notify();
    await changed('req_1');
    await allDropped.promise;
    expect(hook.received.map(({ path }) => path)).toEqual(['/hook']);
    expect(dropped).toEqual([{ place: 'ops', why: `status ${status}`, id: 'req_1' }]);
  });

  it('keeps no more than its bound while a place does not answer, and says how many it was not told', async () => {
    await notify();
    await notifier?.close();
    await changed(...Array.from({ length: MAX_NOTICES + 2 }, (_, n) => `req_${n}`));
    await notify();
    await hook.until(({ body }) => body.includes('"req_2"'));
    expect(dropped).toEqual([{ place: 'ops', why: 'too many wait', id: 'the 2 before req_2' }]);
    const { kept } = await store.db
      .selectFrom('notices')
      .select(({ fn }) => fn.countAll<number>().as('kept'))
      .executeTakeFirstOrThrow();
    expect(kept).toBe(MAX_NOTICES);
  });

  it('goes on after a restart: with the same delivery, with the attempts that are left, and only with what is new to it', async () => {
    await changed('before');
    const waiting = Promise.withResolvers<void>();
    hook.answers.push({ status: 503 });
    await notify({}, (_, signal) => {
      waiting.resolve();
      return once(signal, 'abort').then(() => Promise.reject(new Error('the gateway is stopping')));
    });
    await changed('req_1', 'req_2');
    await waiting.promise;
    await notifier?.close();
    hook.answers.push(...Array.from({ length: RETRY_PAUSES_MS.length }, () => ({ status: 503 })));
    await notify();
    await hook.until(({ body }) => body.includes('req_2'));
    expect(hook.received.map(({ body }) => JSON.parse(body).id)).toEqual([
      ...Array.from({ length: RETRY_PAUSES_MS.length + 1 }, () => 'req_1'),
      'req_2',
    ]);
    expect(new Set(hook.received.slice(0, -1).map(({ headers }) => headers['sluice-delivery'])).size).toBe(1);
    expect(dropped).toEqual([{ place: 'ops', why: 'status 503', id: 'req_1' }]);
    expect(pauses).toEqual([RETRY_PAUSES_MS[0], ...RETRY_PAUSES_MS]);
  });

  it('tells only what a place is for, and nothing of what is gone', async () => {
    await notify();
    await changed('gone', 'req_1');
    await hook.until(() => true);
    expect(hook.received.map(({ body }) => JSON.parse(body).id)).toEqual(['req_1']);
    await notifier?.close();
    await notify({ about: ['grants'] });
    await changed('req_2');
    await notifier?.close();
    expect(hook.received).toHaveLength(1);
  });
});

describe('a gateway', () => {
  let server: PostgresServer;
  let gateway: TestGateway;
  let hook: Hook;
  const user = (username: string, ...groups: string[]) => ({
    ...{ username, name: username, email: `${username}@corp.test`, password: 'pw', groups },
  });
  beforeAll(async () => {
    hook = new Hook();
    const url = await hook.start();
    server = await startPostgres({ settings: { log_min_messages: 'fatal' } });
    await server.admin("CREATE ROLE sluice LOGIN PASSWORD 'upstream'");
    await server.admin('CREATE DATABASE shop OWNER sluice');
    await server.admin(
      'SET ROLE sluice; CREATE TABLE customers (id int, ssn text); CREATE TABLE daily (note text)',
      'shop',
    );
    gateway = await startGateway({
      resources: [
        {
          name: 'shop',
          upstream: { host: server.host, port: server.port, database: 'shop' },
          credential: { username: 'sluice', password: 'upstream' },
          labelsCsv: 'schema,table,column,label,category\npublic,customers,ssn,regulated,pii.ssn\n',
          unclassified: 'public',
        },
      ],
      users: [user('clerk', 'support'), user('officer', 'data-protection')],
      limits: { holdSeconds: 0 },
      documents: [
        { kind: 'approvers', for: { label: 'regulated' }, groups: ['data-protection'] },
        { kind: 'grant', name: 'support', group: 'support-now', groups: ['data-protection'] },
        { kind: 'notification', name: 'hook', url: `${url}/hook`, secret: { command: ['echo', 'key'] } },
        {
          kind: 'notification',
          name: 'chat',
          format: 'slack',
          urlFrom: { command: ['echo', `${url}/chat`] },
          about: ['requests'],
        },
      ],
    });
  });
  afterAll(async () => {
    try {
      await gateway?.stop();
      await hook?.stop();
    } finally {
      await server?.stop();
    }
  });

  it('tells of a held statement, of its end, and of grants', async () => {
    const { username, secret } = await gateway.mintSession('clerk', 'shop');
    const uri = `postgres://${encodeURIComponent(username)}:${secret}@127.0.0.1:${gateway.postgresPort}/shop`;
    await runProgram('psql', ['-XAtqc', "INSERT INTO daily SELECT ssn || '-4711' FROM customers", uri], { env: {} });
    const told = await hook.until(({ path, body }) => path === '/hook' && body.includes('"pending"'));
    expect(isSigned(told, 'key', Date.now())).toBe(true);
    const { id } = JSON.parse(told.body);
    await hook.until(({ path, body }) => path === '/chat' && body.includes(`sluice requests show ${id}`));
    const officer = await gateway.apiFor('officer');
    const { bindingHash } = await officer.request(id);
    await officer.decide(id, 'deny', '', bindingHash);
    await hook.until(({ path, body }) => path === '/hook' && body.includes('"denied"'));
    const grant = await (await gateway.apiFor('clerk')).askGrant('support', 'ticket', null);
    await hook.until(({ path, body }) => path === '/hook' && body.includes(grant.id));
    expect(hook.received.map(({ body }) => body).join('')).not.toMatch(/4711|ticket/);
  });

  it('tells after a restart what it could not tell before it was killed', async () => {
    hook.answers.push(...Array.from({ length: 40 }, () => ({ status: 503 })));
    const clerk = await gateway.apiFor('clerk');
    const grant = await clerk.askGrant('support', 'ticket', null);
    // Tried and refused; the next attempt is to come.
    const refused = await hook.until(({ path, body }) => path === '/hook' && body.includes(grant.id));
    await gateway.end('SIGKILL');
    const tried = hook.received.length;
    hook.answers.length = 0;
    await gateway.restart();
    const isLater = (received: Received) => hook.received.indexOf(received) >= tried;
    const told = await hook.until((received) => isLater(received) && received.body.includes(grant.id));
    expect(told.headers['sluice-delivery']).toBe(refused.headers['sluice-delivery']);
    expect(JSON.parse(told.body)).toMatchObject({ about: 'grant', id: grant.id, state: 'asked' });
  });
});
