/** `sluice doctor`: each thing that can be wrong between a person and the gateway, made wrong, and named with its remedy. */
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../agent-tunnel/src/doctor/finding.ts';
import { signInForDemo } from '../../gateway/src/demo/identity-provider-client.ts';
import { makeCertificates } from '../harness/certificates.ts';
import { type Home, makeHome } from '../harness/sluice.ts';
import { type StubGateway, startStubGateway } from '../harness/stub-gateway.ts';

const PERSON = { username: 'analyst', password: 'correct horse' };

let gateway: StubGateway;
beforeAll(async () => {
  gateway = await startStubGateway({
    principals: {
      users: [{ ...PERSON, name: 'Ana Lyst', email: 'ana@corp.test', groups: ['analysts'] }],
      agents: [],
    },
    database: null,
  });
});
afterAll(() => gateway?.close());

let home: Home;
beforeEach(async () => {
  home = await makeHome({ HTTPS_PROXY: '', https_proxy: '', ALL_PROXY: '', all_proxy: '' });
  await writeFile(path.join(home.directory, 'ca.pem'), gateway.port.ca);
  const { accessToken } = await signInForDemo({ issuer: gateway.issuer, ...PERSON });
  await writeFile(path.join(home.directory, 'token'), accessToken, { mode: 0o600 });
});
afterEach(() => home.remove());

const settings = () => ({
  SLUICE_GATEWAY: gateway.port.gateway.origin,
  SLUICE_CA: path.join(home.directory, 'ca.pem'),
  SLUICE_TOKEN_FILE: path.join(home.directory, 'token'),
});

async function examine(env: Record<string, string>, args: readonly string[] = []) {
  const done = await home.sluice(['doctor', '--json', ...args], { env: { ...settings(), ...env } });
  const findings = JSON.parse(done.stdout) as Finding[];
  return { code: done.code, findings, of: (check: Finding['check']) => findings.find((one) => one.check === check) };
}

it('finds nothing where nothing is wrong, and says so in words', async () => {
  const done = await home.sluice(['doctor'], { env: settings() });
  expect(done).toMatchObject({ code: 0, stderr: '' });
  const lines = done.stdout.split('\n').map((line) => line.split(/\s+/).slice(0, 2));
  const checks = lines.filter(([state]) => state !== '');
  expect(checks.map(([, check]) => check)).toEqual([
    ...['gateway', 'proxy', 'dns', 'port', 'tls', 'clock', 'version', 'token', 'keychain', 'sockets'],
  ]);
  expect(checks.map(([state]) => state)).not.toContain('wrong');
  expect(done.stdout).not.toContain('\u001b[');
});

describe('names what is wrong, and ends with 1', () => {
  it('when no gateway is named', async () => {
    const { code, of } = await examine({ SLUICE_GATEWAY: '' });
    expect(code).toBe(1);
    expect(of('gateway')).toMatchObject({ state: 'wrong', remedy: expect.stringContaining('sluice login') });
  });

  it('when its port is closed, and looks no further', async () => {
    const { code, findings, of } = await examine({ SLUICE_GATEWAY: 'https://127.0.0.1:1' });
    expect(code).toBe(1);
    expect(of('port')).toMatchObject({ state: 'wrong', found: expect.stringContaining('nothing listens') });
    expect(findings.map(({ check }) => check)).not.toContain('tls');
  });

  it('when its name is unknown', async () => {
    const { code, of } = await examine({ SLUICE_GATEWAY: 'https://gateway.invalid:7443' });
    expect(code).toBe(1);
    expect(of('dns')).toMatchObject({ state: 'wrong' });
  });

  it('when nobody vouches for its certificate, or another authority is given', async () => {
    const none = await examine({ SLUICE_CA: '' });
    expect(none.code).toBe(1);
    expect(none.of('tls')).toMatchObject({ state: 'wrong', remedy: expect.stringContaining('--ca FILE') });
    const other = path.join(home.directory, 'other.pem');
    await writeFile(other, makeCertificates().authority.certificatePem);
    const wrong = await examine({ SLUICE_CA: other });
    expect(wrong.of('tls')).toMatchObject({ state: 'wrong', remedy: expect.stringContaining('another one') });
  });

  it('when something else speaks there', async () => {
    const server = createServer((socket) => socket.on('error', () => socket.destroy()).end('220 smtp.example.com\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const { code, of } = await examine({ SLUICE_GATEWAY: `https://127.0.0.1:${port}` });
    server.close();
    expect(code).toBe(1);
    expect(of('tls')).toMatchObject({ state: 'wrong', found: expect.stringContaining('no TLS there') });
  });

  it('when nobody is signed in, or the token is not one', async () => {
    const nobody = await examine({ SLUICE_TOKEN_FILE: '' });
    expect(nobody.code).toBe(1);
    expect(nobody.of('token')).toMatchObject({ state: 'wrong', remedy: expect.stringContaining('sluice login') });
    await writeFile(path.join(home.directory, 'token'), 'no-token');
    expect((await examine({})).of('token')).toMatchObject({ state: 'wrong' });
  });

  it('when the sockets’ directory is open to others', async () => {
    await mkdir(home.runtime, { mode: 0o755 });
    const { code, of } = await examine({});
    expect(code).toBe(1);
    expect(of('sockets')).toMatchObject({ state: 'wrong', remedy: expect.stringContaining('chmod 700') });
  });

  it('when the port that is wanted is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { code, findings } = await examine({}, ['--port', String(port)]);
    taken.close();
    expect(code).toBe(1);
    expect(findings.at(-1)).toMatchObject({ check: 'port', state: 'wrong', found: expect.stringContaining(`${port}`) });
  });
});

it('names the proxy that is in the way, without its password, and that it does not answer', async () => {
  const proxied = await examine({ HTTPS_PROXY: 'http://ana:secret@127.0.0.1:1' });
  expect(proxied.code).toBe(1);
  expect(proxied.of('proxy')).toMatchObject({ state: 'ok', found: 'the way is by http://127.0.0.1:1' });
  expect(proxied.findings.at(2)).toMatchObject({ check: 'gateway', state: 'wrong' });
  expect(JSON.stringify(proxied.findings)).not.toContain('secret');
  const excepted = await examine({ HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: 'localhost,127.0.0.1' });
  expect(excepted.code).toBe(0);
});
