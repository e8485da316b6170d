import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_HTTP } from '../client/https.ts';
import type { CredentialStore } from './credential-store.ts';
import { RENEW_BEFORE_MS, tokenFromFile, tokenFromSignIn } from './token-source.ts';

const LIFETIME_SECONDS = 600;
let issuer: Server;
let origin: string;
let directory: string;
/** Refresh tokens as the issuer got them. */
let used: string[];
let refuses: boolean;

beforeEach(async () => {
  used = [];
  refuses = false;
  directory = await mkdtemp(path.join(tmpdir(), 'sluice-tokens-'));
  issuer = createServer(async (request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url?.startsWith('/.well-known/')) {
      response.end(
        JSON.stringify({ issuer: origin, token_endpoint: `${origin}/token`, authorization_endpoint: `${origin}/auth` }),
      );
      return;
    }
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
    used.push(form.get('refresh_token') ?? '');
    const answer = {
      access_token: `access-${used.length}`,
      token_type: 'bearer',
      expires_in: LIFETIME_SECONDS,
      refresh_token: `refresh-${used.length}`,
    };
    if (refuses) response.statusCode = 400;
    response.end(JSON.stringify(refuses ? { error: 'invalid_grant', error_description: 'grant revoked' } : answer));
  });
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  const address = issuer.address();
  origin = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
});
afterEach(async () => {
  issuer.closeAllConnections();
  await new Promise((resolve) => issuer.close(resolve));
  await rm(directory, { recursive: true, force: true });
});

class MemoryStore implements CredentialStore {
  readonly kind = 'file';
  readonly secrets = new Map<string, string>();
  read = async (account: string) => this.secrets.get(account) ?? null;
  write = async (account: string, secret: string) => void this.secrets.set(account, secret);
  remove = async (account: string) => this.secrets.delete(account);
}

function signedIn(now: () => number) {
  const store = new MemoryStore();
  const facts = { issuer: origin, clientId: 'sluice', audience: 'sluice', scopes: ['openid'] };
  store.secrets.set(
    'https://gateway',
    JSON.stringify({ kind: 'person', facts, refreshToken: 'refresh-0', name: null }),
  );
  const token = tokenFromSignIn({
    account: 'https://gateway',
    store,
    http: { ...DEFAULT_HTTP, ca: null },
    now,
    locked: (work) => work(),
  });
  return { store, token };
}

it('many callers at once cause one renewal; the rotated refresh token is kept, and no access token', async () => {
  const { store, token } = signedIn(() => 0);
  expect(await Promise.all([token(), token(), token()])).toEqual(['access-1', 'access-1', 'access-1']);
  expect(used).toEqual(['refresh-0']);
  expect(store.secrets.get('https://gateway')).toContain('refresh-1');
  expect(store.secrets.get('https://gateway')).not.toContain('access-1');
});

it('a token is used until shortly before it expires, then renewed with the newest refresh token', async () => {
  let now = 0;
  const { token } = signedIn(() => now);
  await token();
  now = LIFETIME_SECONDS * 1_000 - RENEW_BEFORE_MS - 1;
  expect(await token()).toBe('access-1');
  now += 1;
  expect(await token()).toBe('access-2');
  expect(used).toEqual(['refresh-0', 'refresh-1']);
});

it('a sign-in that has ended at the issuer says so, and the next try asks again', async () => {
  const { token } = signedIn(() => 0);
  refuses = true;
  await expect(token()).rejects.toMatchObject({
    code: 'AUTH_TOKEN_EXPIRED',
    message: expect.stringContaining('grant revoked'),
  });
  refuses = false;
  expect(await token()).toBe('access-2');
});

it('without a sign-in, or with one of another version, nothing is asked', async () => {
  const { store, token } = signedIn(() => 0);
  store.secrets.set('https://gateway', '{"kind":"person","secret":"s3cret"}');
  await expect(token()).rejects.toMatchObject({
    code: 'AUTH_CREDENTIAL_STORE',
    message: expect.not.stringContaining('s3cret'),
  });
  store.secrets.clear();
  await expect(token()).rejects.toMatchObject({ code: 'AUTH_REQUIRED' });
  expect(used).toEqual([]);
});

it('a token file is read each time; what is no token is refused without its words', async () => {
  const file = path.join(directory, 'token');
  const token = tokenFromFile(file);
  await expect(token()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  for (const text of ['one', 'two\n']) {
    await writeFile(file, text);
    expect(await token()).toBe(text.trim());
  }
  for (const text of ['', 'two words', 'x'.repeat(16_385)]) {
    await writeFile(file, text);
    await expect(token()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.not.stringContaining('words'),
    });
  }
  await writeFile(file, 'x'.repeat(16_384));
  expect(await token()).toHaveLength(16_384);
});
