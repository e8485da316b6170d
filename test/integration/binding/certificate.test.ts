/** Tokens that are bound to a client certificate (RFC 8705): the connection has to have it. */
import { createHash, X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../../../agent-tunnel/src/client/api-client.ts';
import { type ClientCertificate, DEFAULT_HTTP, type HttpOptions } from '../../../agent-tunnel/src/client/https.ts';
import { agentToken, agentTokenOnBehalf } from '../../../agent-tunnel/src/identity/agent-tokens.ts';
import { GatewayDialer, type Transport } from '../../../agent-tunnel/src/tunnel/gateway-dialer.ts';
import { openGatewayStream } from '../../../agent-tunnel/src/tunnel/gateway-stream.ts';
import { openFrame } from '../../../agent-tunnel/src/tunnel/open-frame.ts';
import { createAuthority } from '../../../gateway/src/demo/local-authority.ts';
import { claimsOf } from '../../harness/demo-identity.ts';
import { entriesOf } from '../../harness/evil-site.ts';
import { type Home, makeHome } from '../../harness/sluice.ts';
import { type Site, startSite } from './site.ts';

const RESOURCE = 'orders-db';
const never = new AbortController().signal;

function clientCertificate(name: string): ClientCertificate {
  const { certificatePem, privateKeyPem } = createAuthority(name, Date.now()).issue({
    ...{ commonName: name, usage: 'client' },
  });
  return { cert: certificatePem, key: privateKeyPem };
}

const CERTIFICATES = { pod: clientCertificate('pod'), planner: clientCertificate('planner') };
const thumbprintOf = ({ cert }: ClientCertificate) =>
  createHash('sha256').update(new X509Certificate(cert).raw).digest('base64url');
const agent = (clientId: keyof typeof CERTIFICATES, mayActFor: readonly string[]) => ({
  ...{ clientId, groups: ['executors'], mayActFor },
  authentication: { kind: 'certificate', certificatePem: CERTIFICATES[clientId].cert } as const,
});

let site: Site;
let home: Home;
let http: HttpOptions;
let token: string;

beforeAll(async () => {
  site = await startSite({ providerTls: true, agents: [agent('pod', ['planner']), agent('planner', [])] });
  http = { ...DEFAULT_HTTP, ca: await readFile(site.gateway.caFile, 'utf8') };
  token = (await tokenOf('pod')).accessToken;
  home = await makeHome({ SLUICE_CA: site.gateway.caFile, SLUICE_GATEWAY: site.gateway.url.origin });
});
afterAll(async () => {
  await home?.remove();
  await site?.stop();
});

const requestOf = (clientId: keyof typeof CERTIFICATES) => ({
  facts: { ...site.facts, clientId },
  proof: { kind: 'certificate' } as const,
  now: Date.now,
});
const shows = (clientId: keyof typeof CERTIFICATES): HttpOptions => ({ ...http, certificate: CERTIFICATES[clientId] });
const tokenOf = (clientId: keyof typeof CERTIFICATES) => agentToken(requestOf(clientId), shows(clientId));
const apiOver = (options: HttpOptions) => new ApiClient(site.gateway.url, options, async () => token);

it('`sluice` with a certificate reads through a tunnel, and the record names the certificate', async () => {
  const [certificateFile, keyFile] = ['pod.pem', 'pod.key'].map((name) => path.join(home.directory, name));
  await writeFile(certificateFile ?? '', CERTIFICATES.pod.cert);
  await writeFile(keyFile ?? '', CERTIFICATES.pod.key, { mode: 0o600 });
  const env = {
    SLUICE_AGENT: 'pod',
    SLUICE_CLIENT_CERTIFICATE_FILE: certificateFile ?? '',
    SLUICE_CLIENT_KEY_FILE: keyFile ?? '',
  };
  for (const SLUICE_TRANSPORT of ['tls', 'websocket'])
    expect(
      await home.sluice(['psql', RESOURCE, '-Atc', 'select 40 + 2'], { env: { ...env, SLUICE_TRANSPORT } }),
    ).toMatchObject({ code: 0, stdout: '42\n' });
  const opened = (await entriesOf(path.join(site.gateway.directory, 'data'))).filter(
    (entry) => entry.kind === 'session.opened',
  );
  const binding = { kind: 'mtls', thumbprint: thumbprintOf(CERTIFICATES.pod) };
  expect(opened.map((entry) => entry.principal.binding)).toEqual([binding, binding]);
});

it('a call of the API is answered over a connection of the certificate, and over no other', async () => {
  expect(claimsOf(token)['cnf']).toEqual({ 'x5t#S256': thumbprintOf(CERTIFICATES.pod) });
  expect(await apiOver(shows('pod')).whoami()).toMatchObject({ principal: { id: `${site.facts.issuer}|pod` } });
  for (const other of [http, shows('planner')])
    await expect(apiOver(other).whoami()).rejects.toMatchObject({ code: 'AUTH_TOKEN_BOUND' });
});

describe.each<Transport>(['tls', 'websocket'])('a stream over %s', (transport) => {
  it('opens over connections of the certificate, resumed ones too, and over no others', async () => {
    const { sessionId } = await apiOver(shows('pod')).mintSession(RESOURCE, 'test');
    const makeFrame = () => openFrame({ resource: RESOURCE, sessionId }, token, site.gateway.url);
    const address = { gateway: site.gateway.url, ca: http.ca, transport };
    const own = new GatewayDialer({ ...address, certificate: CERTIFICATES.pod }, 0);
    for (let time = 0; time < 3; time += 1) (await openGatewayStream(own, address, makeFrame, never)).destroy();
    own.close();
    for (const certificate of [null, CERTIFICATES.planner]) {
      const other = new GatewayDialer({ ...address, certificate }, 0);
      await expect(openGatewayStream(other, address, makeFrame, never)).rejects.toMatchObject({
        code: 'AUTH_TOKEN_BOUND',
      });
      other.close();
    }
  });
});

it('what an agent gets for another’s token is bound to its own certificate', async () => {
  const planner = await tokenOf('planner');
  const { accessToken } = await agentTokenOnBehalf(requestOf('pod'), planner.accessToken, shows('pod'));
  expect(claimsOf(accessToken)['cnf']).toEqual({ 'x5t#S256': thumbprintOf(CERTIFICATES.pod) });
});

it('an agent with another’s certificate gets no token', async () => {
  await expect(agentToken(requestOf('pod'), shows('planner'))).rejects.toMatchObject({ code: 'AUTH_FAILED' });
  await expect(agentToken(requestOf('pod'), http)).rejects.toMatchObject({ code: 'AUTH_FAILED' });
});

it('a token of a certificate is no database password', async () => {
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port: site.gateway.postgresPort, user: RESOURCE, database: RESOURCE, password: token },
    ssl: { ca: http.ca ?? '', ...CERTIFICATES.pod },
  });
  await expect(client.connect()).rejects.toMatchObject({ hint: expect.stringContaining('sluice connect') });
});
