/** An OpenID Connect issuer on loopback that signs whatever a test asks for: expired tokens, foreign audiences. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

export type EvilIssuer = {
  readonly url: string;
  /** The document of the gateway's configuration that trusts it. */
  readonly document: object;
  /** A token of `ana`, good for ten minutes; claims given replace the good ones. */
  token(claims?: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>): string;
  /** The same, signed with a key that it never published. */
  forgedToken(): string;
  stop(): Promise<void>;
};

export async function startEvilIssuer(): Promise<EvilIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = createServer((request, response) => {
    const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'evil-1', alg: 'ES256', use: 'sig' }];
    const isDiscovery = request.url === '/.well-known/openid-configuration';
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(isDiscovery ? { issuer: url, jwks_uri: `${url}/keys` } : { keys }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
  const token: EvilIssuer['token'] = (claims, header) => signed(privateKey, url, claims, header);
  return {
    url,
    document: { kind: 'issuer', name: 'evil', issuer: url, audience: 'sluice', clientId: 'sluice' },
    token,
    forgedToken: () => signed(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, url),
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function signed(key: KeyObject, issuer: string, claims: object = {}, header: object = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss: issuer,
    aud: 'sluice',
    sub: 'ana',
    client_id: 'sluice',
    iat: now,
    exp: now + 600,
    groups: ['analysts'],
  };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'ES256', typ: 'at+jwt', kid: 'evil-1', ...header })}.${part({ ...payload, ...claims })}`;
  return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}
