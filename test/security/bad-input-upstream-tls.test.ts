/** How the gateway proves a database to itself, and itself to the database: on a real PostgreSQL with TLS. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates, type TestCertificates } from '../harness/certificates.ts';
import { EvilClient, reportOf } from '../harness/evil-client.ts';
import { type EvilRelay, startEvilRelay } from '../harness/evil-relay.ts';
import { PERSON } from '../harness/evil-site.ts';
import { type GatewayResource, startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';

const PASSWORD = 'tls-secret-2Wd';
/** Roles by how pg_hba.conf has them prove themselves. */
const HBA = [
  'hostssl all scram all scram-sha-256',
  'hostssl all bound all scram-sha-256',
  'hostnossl all md5 all md5',
  'hostssl all md5 all md5',
  'hostssl all clear all password',
  'hostnossl all clear all password',
  'hostssl all certified all cert',
];

let server: PostgresServer;
let gateway: TestGateway;
let relay: EvilRelay;
let folder: string;
let trusted: TestCertificates;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-tls-'));
  trusted = makeCertificates(['127.0.0.1']);
  const strangers = makeCertificates(['127.0.0.1']);
  const client = trusted.authority.issue({ commonName: 'certified', usage: 'client' });
  const wrongClient = strangers.authority.issue({ commonName: 'certified', usage: 'client' });
  const path = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const ca = path('ca.pem', trusted.authority.certificatePem);
  const otherCa = path('other.pem', strangers.authority.certificatePem);
  const pair = (name: string, { certificatePem, privateKeyPem }: typeof client) => ({
    cert: path(`${name}.crt`, certificatePem),
    key: path(`${name}.key`, privateKeyPem),
  });
  server = await startPostgres({
    settings: { log_min_messages: 'fatal' },
    hba: HBA,
    tls: { ...trusted.server, clientCaPem: trusted.authority.certificatePem },
  });
  await server.admin(
    `CREATE ROLE certified LOGIN; ${['scram', 'bound', 'clear'].map((role) => `CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}';`).join('')}`,
  );
  await server.admin(`SET password_encryption = 'md5'; CREATE ROLE md5 LOGIN PASSWORD '${PASSWORD}'`);
  relay = await startEvilRelay(server, strangers.server);
  const resource = (
    name: string,
    role: string,
    upstream: Readonly<Record<string, string>>,
    password: string | null = PASSWORD,
    port = server.port,
  ): GatewayResource => ({
    name,
    upstream: { host: '127.0.0.1', port, database: 'postgres', ...upstream },
    credential: { username: role, ...(password === null ? {} : { password }) },
    labelsCsv: 'schema,table,column,label\n',
    unclassified: 'public',
  });
  gateway = await startGateway({
    users: [PERSON],
    resources: [
      resource('full', 'scram', { tls: 'verify-full', ca }),
      resource('authority', 'scram', { tls: 'verify-ca', ca, host: 'localhost' }),
      resource('unchecked', 'scram', { tls: 'require' }),
      resource('md5-plain', 'md5', {}),
      resource('md5-tls', 'md5', { tls: 'verify-full', ca }),
      resource('clear-verified', 'clear', { tls: 'verify-full', ca }),
      resource('certificate', 'certified', { tls: 'verify-full', ca, ...pair('client', client) }, null),
      resource('wrong-name', 'scram', { tls: 'verify-full', ca, host: 'localhost' }),
      resource('wrong-authority', 'scram', { tls: 'verify-full', ca: otherCa }),
      resource('no-authority', 'scram', { tls: 'verify-full' }),
      resource('clear-unchecked', 'clear', { tls: 'require' }),
      resource('clear-plain', 'clear', {}),
      resource('wrong-certificate', 'certified', { tls: 'verify-full', ca, ...pair('wrong', wrongClient) }, null),
      resource('no-certificate', 'certified', { tls: 'verify-full', ca }),
      resource('relayed', 'scram', { tls: 'require' }, PASSWORD, relay.port),
      resource('wrong-password', 'scram', { tls: 'verify-full', ca }, 'not-it'),
    ],
  });
});
afterAll(async () => {
  await gateway.stop();
  await relay.stop();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function login(resource: string): Promise<EvilClient | Readonly<Record<string, string>>> {
  const minted = await gateway.mintSession(PERSON.username, resource);
  const client = await EvilClient.connect(gateway.postgresPort);
  const answer = await client.authenticate({
    user: minted.username,
    password: minted.secret,
    database: minted.database,
  });
  if (answer.type === 'E') return reportOf(answer);
  await client.until('Z');
  return client;
}

describe('the gateway logs in', () => {
  it.each(['full', 'authority', 'unchecked', 'md5-tls', 'clear-verified', 'certificate'])(
    '%s: over TLS',
    async (resource) => {
      const client = await login(resource);
      if (!(client instanceof EvilClient)) throw new Error(client['M']);
      const pid = Number(await client.value('SELECT pg_backend_pid()'));
      expect(await server.admin(`SELECT ssl, version FROM pg_stat_ssl WHERE pid = ${pid}`)).toEqual([
        { ssl: true, version: 'TLSv1.3' },
      ]);
      await client.close();
    },
  );

  it('md5-plain: without TLS, where nothing else is asked for', async () => {
    const client = await login('md5-plain');
    if (!(client instanceof EvilClient)) throw new Error(client['M']);
    expect(await client.value('SELECT 1')).toBe('1');
    await client.close();
  });
});

describe('the gateway does not log in, and says why', () => {
  it.each([
    ['wrong-name', /cannot reach the database at localhost:\d+: .*(altnames|does not match)/i],
    ['wrong-authority', /cannot reach the database at 127\.0\.0\.1:\d+: .*(certificate|issuer)/],
    ['no-authority', /cannot reach the database at 127\.0\.0\.1:\d+: .*(certificate|issuer)/],
    ['clear-unchecked', /asks for the password in clear/],
    ['clear-plain', /asks for the password in clear/],
    ['wrong-certificate', /certificate|closed the connection|alert/],
    ['no-certificate', /certificate/],
    // Its certificate is not checked here, and yet it gets nothing: SCRAM is bound to the certificate of the channel.
    ['relayed', /channel binding/],
    ['wrong-password', /password authentication failed/],
  ])('%s', async (resource, words) => {
    const error = await login(resource);
    if (error instanceof EvilClient) throw new Error('it logged in');
    expect(error).toMatchObject({ S: 'FATAL', C: '08006', M: expect.stringMatching(words) });
    expect(JSON.stringify(error) + gateway.output()).not.toContain(PASSWORD);
  });
});
