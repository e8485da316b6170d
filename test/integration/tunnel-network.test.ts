/**
 * Tunnels in the background, and what happens to networks: cables that are pulled, addresses that change, packets that
 * vanish without a word, a gateway that is another one afterwards. Client and gateway are in networks of their own.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DaemonClient } from '../../agent-tunnel/src/daemon/control-client.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { ClientNetwork, canMakeNetworks } from '../harness/network.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { outputOf } from '../harness/program.ts';
import { type Home, MAIN, makeHome } from '../harness/sluice.ts';

// The bounds under test are half a minute; this one only ends a hang.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const ANA = { username: 'ana', name: 'Ana', email: 'ana@corp.test', password: 'ana-password', groups: ['analysts'] };

const canCut = canMakeNetworks();
if (!canCut) console.warn('networks are not cut: that needs root, iproute2, and a system that lets namespaces be made');

// At once, since both wait most of the time.
describe.skipIf(!canCut).concurrent('a tunnel whose network', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    await server.admin('CREATE DATABASE orders');
    await server.admin(`CREATE ROLE app LOGIN PASSWORD 'app-password'`);
  });
  afterAll(() => server?.stop());

  it('swallows packets ends what hangs within half a minute, and finds another gateway afterwards', async ({
    onTestFinished,
  }) => {
    const client = await startClient(onTestFinished);
    const idle = await client.connected();
    const busy = await client.connected();
    const asking = await client.connected();
    // Sent before the cut, and answered by nobody after it.
    const slept = refusalOf(busy.query('SELECT pg_sleep(3600)'));
    await server.admin(untilSleeping);

    await client.network.swallow();
    const ends = [endOf(idle), slept, refusalOf(asking.query('SELECT 1'))];
    // Not told at once: it is waited for an answer that may come yet.
    const late = refusalOf(client.connected());
    await client.logged(/: waiting: .*GATEWAY_UNREACHABLE/);
    await Promise.all(ends);
    expect(String(await late)).toMatch(/did not (answer|open)/);
    expect(await client.states()).toEqual(['waiting']);

    await client.gateway.end('SIGKILL');
    await client.gateway.restart();
    await client.network.mend();
    await client.logged(/: open/);
    await client.answers();
    expect(await client.states()).toEqual(['open']);
  });

  it('goes away is told at once, and another one serves it under another address', async ({ onTestFinished }) => {
    const client = await startClient(onTestFinished);
    const idle = await client.connected();
    const asking = await client.connected();
    await client.network.unplug();
    const ends = [endOf(idle), refusalOf(asking.query('SELECT 1'))];
    expect(String(await refusalOf(client.connected()))).toMatch(/did not answer/);
    await client.logged(/: waiting: .*GATEWAY_UNREACHABLE/);
    await client.network.changeAddress();
    await client.network.plugIn();
    await client.logged(/: open/);
    await client.answers();
    await Promise.all(ends);
    // The gateway was told nothing, and has found out: nothing of before is open there.
    const api = await client.gateway.apiFor(ANA.username);
    await vi.waitFor(
      async () => expect((await api.sessions(10)).filter(({ closedAt }) => closedAt === null)).toEqual([]),
      { timeout: 240_000, interval: 500 },
    );
  });

  type Client = {
    readonly network: ClientNetwork;
    readonly gateway: TestGateway;
    connected(): Promise<pg.Client>;
    answers(): Promise<void>;
    states(): Promise<readonly string[]>;
    /** Waits for a line of the daemon's log that comes after those which were waited for. */
    logged(pattern: RegExp): Promise<void>;
  };

  async function startClient(onTestFinished: OnTestFinished): Promise<Client> {
    const closing = (close: () => Promise<unknown>) => onTestFinished(async () => void (await close()));
    const network = await ClientNetwork.make();
    closing(() => network.remove());
    const gateway = await startGateway({
      tunnelHost: network.gatewayAddress,
      users: [ANA],
      resources: [
        {
          name: 'orders-db',
          upstream: { host: server.host, port: server.port, database: 'orders' },
          credential: { username: 'app', password: 'app-password' },
          labelsCsv: 'schema,table,column,label,category\n',
          unclassified: 'public',
        },
      ],
    });
    closing(() => gateway.stop());
    const home = await makeHome({ SLUICE_GATEWAY: gateway.url.origin, SLUICE_CA: gateway.caFile });
    closing(() => home.remove());
    const tokenFile = path.join(home.directory, 'token');
    await writeFile(tokenFile, await gateway.tokenOf(ANA.username), { mode: 0o600 });
    const env = { ...home.environment, SLUICE_TOKEN_FILE: tokenFile };
    const tunnel = async (...args: readonly string[]) =>
      await outputOf(...network.inside(process.execPath, [MAIN, 'tunnel', ...args]), { env });
    await tunnel('up', 'orders-db');
    closing(() => tunnel('down', '--all'));
    const [target] = JSON.parse(await tunnel('settings', '--for', 'json')) as readonly Target[];
    if (target === undefined) throw new Error('no tunnel is open');
    const connected = () => connect(target);
    return {
      ...{ network, gateway, connected, logged: logOf(home, closing) },
      answers: async () => {
        const program = await connected();
        expect((await program.query('SELECT 42 AS answer')).rows).toEqual([{ answer: 42 }]);
        await program.end();
      },
      states: async () => {
        const daemon = await new DaemonClient(home.runtime, process.getuid?.() ?? 0).ask({ ask: 'status' }, 'status');
        return daemon?.tunnels.map(({ state }) => state) ?? [];
      },
    };
  }

  function logOf(home: Home, closing: (close: () => Promise<void>) => void): (pattern: RegExp) => Promise<void> {
    const leave = new AbortController();
    const lines = new DaemonClient(home.runtime, process.getuid?.() ?? 0).watch(leave.signal);
    closing(async () => leave.abort());
    return async (pattern) => {
      for (;;) {
        const line = await lines.next();
        if (line.done === true) throw new Error(`the daemon ended before it said ${pattern}`);
        if (pattern.test(`${line.value.resource}: ${line.value.message}`)) return;
      }
    };
  }
});

type OnTestFinished = (close: () => Promise<void>) => void;

type Target = {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly passFile: string;
};

/** What an ordinary program does: reads the password file, connects. */
async function connect({ host, port, database, user, passFile }: Target): Promise<pg.Client> {
  const password = (await readFile(passFile, 'utf8')).trim().split(':').at(-1) ?? '';
  const client = new pg.Client({ host, port, database, user, password });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

function endOf(client: pg.Client): Promise<void> {
  return new Promise((resolve) => client.once('end', () => resolve()));
}

function refusalOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => Promise.reject(new Error('it succeeded')),
    (error: unknown) => error,
  );
}

/** Returns once the database works on it. */
const untilSleeping = `DO $$ BEGIN
  LOOP
    PERFORM pg_stat_clear_snapshot();
    EXIT WHEN EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep');
    PERFORM pg_sleep(0.05);
  END LOOP;
END $$`;
