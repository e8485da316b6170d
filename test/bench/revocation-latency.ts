/**
 * How long what lives by a sign-in lives on after the identity provider took it back: from the moment in which the event
 * is sent (with introspection: in which the token counts no more) to the one in which the client hears of its end.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { type EvilIssuer, startEvilIssuer } from '../harness/evil-issuer.ts';
import { fetchTrusting } from '../harness/fetch-trusting.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { type End, KINDS, type Kind, openLiveSignIn } from './live-sign-in.ts';
import { NoiseMeter } from './noise.ts';
import { percentile } from './statistics.ts';

const RESOURCE = 'bench-db';
const OWNER = 'bench_owner';
/** What is promised of p99 (docs/revocation.md). */
const PROMISED_MS = 2_000;
/** Sessions of others that run statements all the while. */
const OTHERS = 20;
/** Between two statements of each of them, ms. */
const PAUSE_MS = 100;
const FLOOR_EVERY = '1s';
const PUSH_TOKEN = 'pushed-by-the-bench';
const LOGOUT = 'http://schemas.openid.net/event/backchannel-logout';
const REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';

type Way = {
  readonly name: string;
  readonly issuer: EvilIssuer;
  /** Takes back what was issued to this subject. */
  readonly takeBack: (subject: string) => Promise<void>;
};
type Latency = { readonly count: number; readonly p50: number; readonly p99: number; readonly slowest: number };
export type RevocationLatency = {
  readonly sessions: number;
  readonly ways: readonly { readonly way: string; readonly kinds: Readonly<Record<string, Latency>> }[];
  readonly noise: ReturnType<NoiseMeter['report']>;
};

export async function benchRevocation(
  { rounds, quick }: { readonly rounds: number; readonly quick: boolean },
  say: (line: string) => void,
): Promise<RevocationLatency> {
  const count = quick ? 40 : 200;
  const site = await BenchSite.start(count);
  const noise = new NoiseMeter();
  try {
    const others = await site.openOthers();
    const ends = new Map<string, { kind: Kind; ms: number }[]>(site.ways.map(({ name }) => [name, []]));
    for (let round = 1; round <= rounds; round += 1)
      for (const way of site.ways) {
        noise.sample();
        ends.get(way.name)?.push(...(await site.revokeOne(way, `${way.name}-${round}`, count)));
      }
    const ran = await others();
    say(
      `${count} sessions of one person, ${OTHERS} of others, which ran ${ran} statements meanwhile; ${rounds} rounds`,
    );
    say(
      `${'told by'.padEnd(22)} ${'what ended'.padEnd(20)} ${'n'.padStart(5)} ${'p50 ms'.padStart(8)} ${'p99 ms'.padStart(8)} slowest`,
    );
    const ways = site.ways.map(({ name }) => ({ way: name, kinds: latencies(ends.get(name) ?? []) }));
    for (const { way, kinds } of ways)
      for (const [kind, { count: n, p50, p99, slowest }] of Object.entries(kinds))
        say(`${way.padEnd(22)} ${kind.padEnd(20)} ${String(n).padStart(5)} ${ms(p50)} ${ms(p99)} ${ms(slowest)}`);
    const late = ways.filter(({ kinds }) => (kinds['all']?.p99 ?? 0) > PROMISED_MS).map(({ way }) => way);
    say(late.length === 0 ? `p99 within ${PROMISED_MS} ms: all` : `p99 beyond ${PROMISED_MS} ms: ${late.join(', ')}`);
    say(
      `noise: the same arithmetic took up to ${noise.report().slowest.toFixed(2)} × its median between runs; ` +
        `load average ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`,
    );
    return { sessions: count, ways, noise: noise.report() };
  } finally {
    await site.stop();
  }
}

function latencies(ends: readonly { readonly kind: Kind; readonly ms: number }[]): Record<string, Latency> {
  const of = (times: readonly number[]): Latency => ({
    ...{ count: times.length, p50: percentile(times, 50), p99: percentile(times, 99), slowest: Math.max(...times) },
  });
  const byKind = KINDS.map((kind) => [kind, of(ends.filter((end) => end.kind === kind).map((end) => end.ms))] as const);
  return { ...Object.fromEntries(byKind), all: of(ends.map((end) => end.ms)) };
}

function ms(value: number): string {
  return value.toFixed(0).padStart(8);
}

class BenchSite {
  readonly ways: readonly Way[];
  readonly #gateway: TestGateway;
  readonly #stopping: readonly (() => Promise<void>)[];
  readonly #runtimeDirectory: string;
  readonly #others: EvilIssuer;

  private constructor(parts: {
    readonly ways: readonly Way[];
    readonly gateway: TestGateway;
    readonly others: EvilIssuer;
    readonly runtimeDirectory: string;
    readonly stopping: readonly (() => Promise<void>)[];
  }) {
    this.ways = parts.ways;
    this.#gateway = parts.gateway;
    this.#others = parts.others;
    this.#runtimeDirectory = parts.runtimeDirectory;
    this.#stopping = parts.stopping;
  }

  static async start(sessions: number): Promise<BenchSite> {
    const stopping: (() => Promise<void>)[] = [];
    const stopped = <Part>(part: Part, stop: () => Promise<void>): Part => {
      stopping.unshift(stop);
      return part;
    };
    const server = await startPostgres({ settings: { max_connections: sessions + OTHERS + 50 } });
    stopped(server, () => server.stop());
    await server.admin(`CREATE ROLE ${OWNER} LOGIN PASSWORD '${OWNER}'`);
    await server.admin(`CREATE DATABASE bench OWNER ${OWNER}`);
    const pushing = await startEvilIssuer();
    const asked = await startEvilIssuer();
    stopped(pushing, () => pushing.stop());
    stopped(asked, () => asked.stop());
    const gone = new Set<string>();
    const { endpoint, url } = await startIntrospection(gone);
    stopped(endpoint, async () => {
      const closed = once(endpoint, 'close');
      endpoint.close();
      endpoint.closeAllConnections();
      await closed;
    });
    const runtimeDirectory = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
    stopped(runtimeDirectory, () => rm(runtimeDirectory, { recursive: true, force: true }));
    const file = join(runtimeDirectory, 'push-token');
    await writeFile(file, PUSH_TOKEN, { mode: 0o600 });
    const gateway = await startBenchGateway(server, [
      { ...pushing.document, name: 'pushing', events: { token: { file } } },
      {
        ...{ ...asked.document, name: 'asked' },
        introspection: {
          ...{ url, clientId: 'gateway', clientSecret: { file }, every: FLOOR_EVERY },
        },
      },
    ]);
    stopped(gateway, () => gateway.stop());
    const ways: readonly Way[] = [
      { name: 'back-channel logout', issuer: pushing, takeBack: (sub) => sendLogout(gateway, pushing, sub) },
      { name: 'security event', issuer: pushing, takeBack: (sub) => pushEvent(gateway, pushing, sub) },
      { name: `asked every ${FLOOR_EVERY}`, issuer: asked, takeBack: async (sub) => void gone.add(sub) },
    ];
    return new BenchSite({ ways, gateway, others: pushing, runtimeDirectory, stopping });
  }

  /** Sessions that go on: they run statements until the function is called, which tells how many; throws if one ended. */
  async openOthers(): Promise<() => Promise<number>> {
    const over = new AbortController();
    const token = this.#others.token({ sub: 'somebody-else' });
    const work = async (client: Client): Promise<number> => {
      let ran = 0;
      for (; !over.signal.aborted; ran += 1) {
        await client.query('SELECT 1');
        await delay(PAUSE_MS);
      }
      await client.end();
      return ran;
    };
    const clients: Client[] = [];
    for (let index = 0; index < OTHERS; index += 1) {
      const client = new Client({
        ...{ host: '127.0.0.1', port: this.#gateway.postgresPort, database: RESOURCE, user: RESOURCE, password: token },
        ssl: { rejectUnauthorized: false },
      });
      await client.connect();
      clients.push(client);
    }
    const running = Promise.all(clients.map(work));
    // Told when it is awaited; when something else failed before, that is what is to be told.
    running.catch(() => undefined);
    return async () => {
      over.abort();
      return (await running).reduce((sum, ran) => sum + ran, 0);
    };
  }

  async revokeOne({ issuer, takeBack }: Way, sub: string, count: number): Promise<{ kind: Kind; ms: number }[]> {
    const signing = {
      ...{ gateway: this.#gateway, resource: RESOURCE, runtimeDirectory: this.#runtimeDirectory },
      ca: readFileSync(this.#gateway.caFile, 'utf8'),
    };
    // Half as many tokens as sessions, as of programs that ask for one each.
    const live = await openLiveSignIn(signing, count, (index) => issuer.token({ sub, jti: String(index >> 1) }));
    const startedAt = performance.now();
    const [ends]: [readonly End[], void] = await Promise.all([Promise.all(live.ends), takeBack(sub)]);
    await live.close();
    return ends.map(({ kind, at }) => ({ kind, ms: at - startedAt }));
  }

  async stop(): Promise<void> {
    for (const stop of this.#stopping) await stop();
  }
}

async function startBenchGateway(server: PostgresServer, documents: readonly object[]): Promise<TestGateway> {
  return await startGateway({
    users: [],
    resources: [
      {
        name: RESOURCE,
        upstream: { host: server.host, port: server.port, database: 'bench' },
        credential: { username: OWNER, password: OWNER },
        labelsCsv: 'schema,table,column,label,category\n',
        unclassified: 'internal',
      },
    ],
    documents,
  });
}

async function startIntrospection(
  gone: ReadonlySet<string>,
): Promise<{ readonly endpoint: Server; readonly url: string }> {
  const endpoint = createServer((request, response) => {
    void text(request).then((body) => {
      const token = new URLSearchParams(body).get('token') ?? '';
      const { sub }: { sub: string } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
      response.end(JSON.stringify({ active: !gone.has(sub) }));
    });
  });
  endpoint.listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  const address = endpoint.address();
  return { endpoint, url: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/` };
}

async function sendLogout(gateway: TestGateway, issuer: EvilIssuer, sub: string): Promise<void> {
  const claims = { sub, jti: randomUUID(), events: { [LOGOUT]: {} } };
  const form = new URLSearchParams({ logout_token: issuer.token(claims, { typ: 'logout+jwt' }) });
  await post(gateway, 'backchannel-logout', { 'content-type': 'application/x-www-form-urlencoded' }, form.toString());
}

async function pushEvent(gateway: TestGateway, issuer: EvilIssuer, sub: string): Promise<void> {
  const claims = { jti: randomUUID(), sub_id: { format: 'iss_sub', iss: issuer.url, sub }, events: { [REVOKED]: {} } };
  const headers = { 'content-type': 'application/secevent+jwt', authorization: `Bearer ${PUSH_TOKEN}` };
  await post(gateway, 'events', headers, issuer.token({ ...claims, sub: undefined }, { typ: 'secevent+jwt' }));
}

async function post(gateway: TestGateway, path: string, headers: Record<string, string>, body: string): Promise<void> {
  const url = new URL(`/api/v1/issuers/pushing/${path}`, gateway.url).href;
  const answer = await fetchTrusting(readFileSync(gateway.caFile, 'utf8'), url, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`the gateway did not take the event: ${answer.status} ${await answer.text()}`);
}
