/**
 * The channels that are not promised to be closed (SECURITY.md, "What is not promised"), each shown at work: what is said
 * there is so, and whoever closes one has a test to turn round. Timing is shown in docs/covert-channels.md alone.
 */
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDefaultPolicies } from '../../gateway/src/config/shipped-policies.ts';
import { EvilClient, reportOf } from '../harness/evil-client.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';

const SSN = { shop_a: '111-11-1111', shop_b: '222-22-2222' } as const;
type Side = keyof typeof SSN;

/** The shipped policies refuse the write that probes; these let a statement fail by a classified value. */
const POLICIES = Object.fromEntries(
  readDefaultPolicies().map(({ file, text }) => [
    basename(file),
    text.replace(
      /@id\("no-failing-expressions"\)[^;]*;/,
      '@id("may-fail") permit (principal, action == Sluice::Action::"fault", resource);',
    ),
  ]),
);

let server: PostgresServer;
let gateway: TestGateway;
beforeAll(async () => {
  server = await startPostgres({ settings: { log_min_messages: 'fatal' } });
  await server.admin("CREATE ROLE app LOGIN PASSWORD 'upstream'");
  for (const [side, ssn] of Object.entries(SSN)) {
    await server.admin(`CREATE DATABASE ${side} OWNER app`);
    await server.admin(
      `SET ROLE app; CREATE TABLE people (id int PRIMARY KEY, name text, ssn text UNIQUE);
       CREATE TABLE bits (id int PRIMARY KEY); INSERT INTO bits SELECT generate_series(1, 8);
       INSERT INTO people VALUES (1, 'Ada', '${ssn}')`,
      side,
    );
  }
  gateway = await startGateway({
    resources: Object.keys(SSN).map((side) => ({
      name: side,
      upstream: { host: server.host, port: server.port, database: side },
      credential: { username: 'app', password: 'upstream' },
      labelsCsv: 'schema,table,column,label,category\npublic,people,ssn,regulated,pii.ssn\n',
      unclassified: 'internal' as const,
    })),
    policies: POLICIES,
    users: [{ username: 'ann', name: 'Ann', email: 'ann@corp.test', password: 'pw', groups: ['analysts'] }],
  });
});
afterAll(async () => {
  await gateway?.stop();
  await server.stop();
});

async function connect(side: Side): Promise<EvilClient> {
  const { username, secret } = await gateway.mintSession('ann', side);
  return await EvilClient.login(gateway.postgresPort, { user: username, password: secret, database: side });
}

/** What the server said first about a statement: its SQLSTATE, or the command tag. */
async function verdict(client: EvilClient, statement: string): Promise<string> {
  for (const message of await client.query(statement)) {
    if (message.type === 'E') return reportOf(message)['C'] ?? '';
    if (message.type === 'C') return message.body.toString('latin1', 0, message.body.length - 1);
  }
  throw new Error('no answer');
}

describe('a covert channel', () => {
  it('key probing: a write tells by its failure that a value is there, and nothing else of it', async () => {
    for (const [side, expected] of [
      ['shop_a', '23505'],
      ['shop_b', 'INSERT 0 1'],
    ] as const) {
      const client = await connect(side);
      expect(await verdict(client, 'BEGIN')).toBe('BEGIN');
      expect(await verdict(client, `INSERT INTO people (id, ssn) VALUES (2, '${SSN.shop_a}')`)).toBe(expected);
      await client.close();
    }
  });

  it('lock contention: eight bits go from one session to another by rows that are locked, or not', async () => {
    const sender = await connect('shop_a');
    const receiver = await connect('shop_a');
    const secret = 0b1011_0010;
    await sender.query('BEGIN');
    for (let bit = 1; bit <= 8; bit += 1)
      if ((secret >> (bit - 1)) & 1) await sender.query(`SELECT id FROM bits WHERE id = ${bit} FOR UPDATE`);
    let received = 0;
    for (let bit = 1; bit <= 8; bit += 1) {
      const isLocked = (await verdict(receiver, `SELECT id FROM bits WHERE id = ${bit} FOR UPDATE NOWAIT`)) === '55P03';
      received |= Number(isLocked) << (bit - 1);
    }
    expect(received).toBe(secret);
    await Promise.all([sender.close(), receiver.close()]);
  });
});
