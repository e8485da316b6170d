/**
 * Every known channel by which data leaves a database past a gateway, with the verdict that is owed. Two databases
 * differ in classified cells only: on a direct connection an attempt answers differently in the two, through the
 * gateway it answers alike, byte for byte, and with that verdict.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EvilClient, type Login, reportOf, type ServerMessage } from '../harness/evil-client.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { isKnownStatement } from '../harness/postgres-majors.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { type Attempt, CHANNELS, type Verdict } from './leak-table/channels.ts';
import { LABELS, rows, SCHEMA } from './leak-table/schema.ts';

const SIDES = ['shop_a', 'shop_b'] as const;
type Side = (typeof SIDES)[number];

let server: PostgresServer;
let gateway: TestGateway;
const logins = new Map<Side, Login>();

beforeAll(async () => {
  server = await startPostgres({ settings: { log_min_messages: 'fatal' } });
  await server.admin("CREATE ROLE app LOGIN PASSWORD 'upstream'");
  await server.admin('CREATE DATABASE empty_shop OWNER app');
  await server.admin(`SET ROLE app; ${SCHEMA}`, 'empty_shop');
  for (const [index, side] of SIDES.entries()) {
    await server.admin(`CREATE DATABASE ${side} TEMPLATE empty_shop OWNER app`);
    await server.admin(`SET ROLE app; ${rows(index * 271_828)}`, side);
  }
  gateway = await startGateway({
    resources: SIDES.map((side) => ({
      name: side,
      upstream: { host: server.host, port: server.port, database: side },
      credential: { username: 'app', password: 'upstream' },
      labelsCsv: LABELS,
      unclassified: 'internal' as const,
    })),
    users: [{ username: 'ann', name: 'Ann', email: 'ann@corp.test', password: 'pw', groups: ['analysts'] }],
    limits: { holdSeconds: 0, holdInTransactionSeconds: 0, maxPendingRequestsPerPrincipal: 1_000 },
  });
  for (const side of SIDES) {
    const { username, secret } = await gateway.mintSession('ann', side);
    logins.set(side, { user: username, password: secret, database: side });
  }
});
afterAll(async () => {
  await gateway?.stop();
  await server.stop();
});

const titleOf = (attempt: Attempt): string =>
  typeof attempt === 'string' ? attempt : 'title' in attempt ? attempt.title : attempt.join('; ');

async function play(client: EvilClient, attempt: Attempt): Promise<readonly ServerMessage[]> {
  if (typeof attempt === 'string') return await client.query(attempt);
  if ('talk' in attempt) return await attempt.talk(client);
  const answers: ServerMessage[] = [];
  for (const statement of attempt) answers.push(...(await client.query(statement)));
  return answers;
}

async function throughGateway(side: Side, attempt: Attempt): Promise<readonly ServerMessage[]> {
  const login = logins.get(side);
  if (login === undefined) throw new Error('not started');
  return await session(gateway.postgresPort, login, attempt);
}

async function directly(side: Side, attempt: Attempt): Promise<readonly ServerMessage[]> {
  return await session(server.port, { user: 'app', password: 'upstream', database: side }, attempt);
}

async function session(port: number, login: Login, attempt: Attempt): Promise<readonly ServerMessage[]> {
  const client = await EvilClient.login(port, login);
  try {
    return await play(client, attempt);
  } finally {
    await client.close();
  }
}

/** One line a message, without the ids of requests. */
function told(answers: readonly ServerMessage[]): readonly string[] {
  return answers.map(({ type, body }) => `${type} ${body.toString('latin1')}`.replaceAll(/req_[\w-]+/g, 'req_'));
}

function verdictOf(answers: readonly ServerMessage[]): Verdict {
  const error = answers.find(({ type }) => type === 'E');
  if (error === undefined) return answers.some(({ type }) => type === 'D' || type === 'd') ? 'masked' : 'passed';
  const { M = '', D } = reportOf(error);
  if (M.startsWith('sluice: the statement is held for approval')) return 'held';
  if (M.startsWith('sluice: ')) return 'refused';
  return D === undefined ? 'scrubbed' : 'passed';
}

describe.each(CHANNELS)('$channel: $verdict', ({ verdict, shows, attempts }) => {
  const known = attempts.filter(isKnownStatement);
  it.each(known.map((attempt) => [titleOf(attempt), attempt] as const))('%s', async (_, attempt) => {
    const [left, right] = [await throughGateway('shop_a', attempt), await throughGateway('shop_b', attempt)];
    expect(told(right)).toEqual(told(left));
    expect(verdictOf(left)).toBe(verdict);
    if (!shows) return;
    const [leftDirectly, rightDirectly] = [await directly('shop_a', attempt), await directly('shop_b', attempt)];
    expect(told(rightDirectly)).not.toEqual(told(leftDirectly));
  });
});
