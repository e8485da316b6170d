import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { createAuthority, type LocalAuthority, openAuthority } from './local-authority.ts';

const NOW = Date.now();
const authority = createAuthority('Test authority', NOW);
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

test('a client that trusts the authority accepts its server, by name and by address', async () => {
  const names = ['localhost', '127.0.0.1', '::1', '2001:db8::17'];
  const server = authority.issue({ commonName: 'gateway', names, usage: 'server' });
  expect(new X509Certificate(server.certificatePem).subjectAltName).toBe(
    'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:2001:DB8:0:0:0:0:0:17',
  );
  expect(await handshake({ cert: server.certificatePem, key: server.privateKeyPem }, 'localhost')).toBe('TLSv1.3');
});

test('a client refuses a certificate of another name, of another authority, or that has expired', async () => {
  const other = createAuthority('Test authority', NOW);
  const cases: readonly (readonly [LocalAuthority, string, number, RegExp])[] = [
    [authority, 'elsewhere.example', 30, /does not match/],
    [other, 'localhost', 30, /certificate signature failure|unable to verify/],
    [authority, 'localhost', -1, /expired/],
  ];
  for (const [issuer, name, days, message] of cases) {
    const leaf = issuer.issue({ commonName: 'gateway', names: [name], usage: 'server', days });
    await expect(handshake({ cert: leaf.certificatePem, key: leaf.privateKeyPem }, 'localhost')).rejects.toThrow(
      message,
    );
  }
});

test('a server that asks for a client certificate accepts one of usage client and reads its name', async () => {
  const server = authority.issue({ commonName: 'gateway', names: ['localhost'], usage: 'server' });
  const client = authority.issue({ commonName: 'orders-role', usage: 'client' });
  const listening = {
    cert: server.certificatePem,
    key: server.privateKeyPem,
    ca: authority.certificatePem,
    requestCert: true,
  };
  const seen = Promise.withResolvers<string>();
  await handshake(listening, 'localhost', client, (socket) => {
    seen.resolve(`${socket.authorized} ${String(socket.getPeerCertificate().subject.CN)}`);
  });
  expect(await seen.promise).toBe('true orders-role');
});

test('an authority that was written to files issues again', () => {
  const again = openAuthority(authority, NOW);
  const leaf = new X509Certificate(again.issue({ commonName: 'later', usage: 'server' }).certificatePem);
  expect(leaf.checkIssued(new X509Certificate(authority.certificatePem))).toBe(true);
  expect(leaf.verify(new X509Certificate(authority.certificatePem).publicKey)).toBe(true);
});

test.runIf(spawnSync('openssl', ['version']).status === 0)('openssl verifies the chain under its strict rules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-authority-'));
  closers.push(() => rmSync(folder, { recursive: true }));
  const leaf = authority.issue({ commonName: 'gateway', names: ['localhost'], usage: 'server' });
  writeFileSync(join(folder, 'ca.pem'), authority.certificatePem);
  writeFileSync(join(folder, 'leaf.pem'), leaf.certificatePem);
  const run = spawnSync(
    'openssl',
    [
      'verify',
      '-x509_strict',
      '-purpose',
      'sslserver',
      '-verify_hostname',
      'localhost',
      '-CAfile',
      'ca.pem',
      'leaf.pem',
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  expect(run.stdout + run.stderr).toBe('leaf.pem: OK\n');
});

/** The protocol that was agreed on, or the client's error. */
async function handshake(
  options: TlsOptions,
  servername: string,
  client?: { readonly certificatePem: string; readonly privateKeyPem: string },
  onSocket?: (socket: TLSSocket) => void,
): Promise<string | null> {
  const server = createServer(options, (socket) => {
    onSocket?.(socket);
    socket.end();
  });
  // The refused handshake is the client's to report.
  server.on('tlsClientError', () => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  const address = server.address();
  const socket = connect({
    host: '127.0.0.1',
    port: address !== null && typeof address === 'object' ? address.port : 0,
    servername,
    ca: authority.certificatePem,
    ...(client === undefined ? {} : { cert: client.certificatePem, key: client.privateKeyPem }),
  });
  closers.push(() => socket.destroy());
  await once(socket, 'secureConnect');
  socket.resume();
  await once(socket, 'end');
  return socket.getProtocol();
}
