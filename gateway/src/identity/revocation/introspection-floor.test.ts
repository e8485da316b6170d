import { SluiceError } from '@sluice/contract/errors';
import { beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../config/secret.ts';
import type { HeldToken, SignIn } from '../sign-in.ts';
import { MAX_ANSWER_BYTES } from './introspection.ts';
import { IntrospectionFloor, MAX_QUESTIONS } from './introspection-floor.ts';
import type { Revocation } from './revocation.ts';

const GRACE_MS = 60_000;

let nowMs: number;
let live: HeldToken[];
let asked: { token: string | null; authorization: string | null }[];
let answer: (token: string | null) => Promise<Response>;
let revoked: (string | undefined)[];
let endings: string[];
let failing: string | null;
let floor: IntrospectionFloor;

const held = (name: string, issuer = 'i'): HeldToken => ({ id: `${issuer}|${name}`, value: new Secret(name) });
const by = (token: HeldToken): SignIn => ({ id: null, issuedAtMs: 0, token });
const json = (body: unknown) => Promise.resolve(new Response(JSON.stringify(body)));

beforeEach(() => {
  [nowMs, live, asked, revoked, endings, failing] = [1_000, [], [], [], [], null];
  answer = (token) => json({ active: token !== 'gone' });
  floor = new IntrospectionFloor({
    ...{ issuer: 'company', url: 'i', everyMs: 60_000, graceMs: GRACE_MS, now: () => nowMs },
    endpoint: {
      ...{ url: 'https://i.test/introspect', clientId: 'sluice gw' },
      clientSecret: () => Promise.resolve(new Secret('s:%')),
      fetch: async (_, init) => {
        const token = new URLSearchParams(String(init?.body)).get('token');
        asked.push({ token, authorization: new Headers(init?.headers).get('authorization') });
        return await answer(token);
      },
    },
    liveTokens: () => live,
    revoker: {
      revoke: async ({ token }: Revocation) => {
        revoked.push(token);
        if (token === failing) throw new SluiceError('EVIDENCE_UNWRITABLE', 'the disk is full');
      },
    },
    endAll: (why) => endings.push(why),
    onError: () => undefined,
  });
});

test('a token that counts no more is revoked, the others go on', async () => {
  live = [held('a'), held('gone'), held('b')];
  await floor.round();
  expect(revoked).toEqual(['i|gone']);
  expect(endings).toEqual([]);
});

test('each token is asked about once, those of other issuers not at all', async () => {
  live = [held('a'), held('a'), held('b', 'i2'), held('b', 'j')];
  await floor.round();
  expect(asked).toEqual([
    { token: 'a', authorization: `Basic ${Buffer.from('sluice+gw:s%3A%25').toString('base64')}` },
  ]);
});

test('one that cannot be carried out keeps no other from ending', async () => {
  [failing, live] = ['i|gone', [held('gone'), { ...held('gone'), id: 'i|gone too' }]];
  await expect(floor.round()).rejects.toBeInstanceOf(AggregateError);
  expect(new Set(revoked)).toEqual(new Set(['i|gone', 'i|gone too']));
});

test('no more questions are asked at once than the bound', async () => {
  let [open, most] = [0, 0];
  answer = async () => {
    open += 1;
    most = Math.max(most, open);
    await new Promise((resolve) => setImmediate(resolve));
    open -= 1;
    return await json({ active: true });
  };
  live = Array.from({ length: 3 * MAX_QUESTIONS }, (_, index) => held(String(index)));
  await floor.round();
  expect([asked.length, most]).toEqual([3 * MAX_QUESTIONS, MAX_QUESTIONS]);
});

describe('before a session opens', () => {
  test('its token has to count', async () => {
    await floor.assertActive(by(held('a')));
    await expect(floor.assertActive(by(held('gone')))).rejects.toMatchObject({ code: 'AUTH_FAILED' });
    expect(revoked).toEqual(['i|gone']);
  });

  test('those of other issuers are not asked about', async () => {
    await floor.assertActive(by(held('gone', 'j')));
    await floor.assertActive({ id: null, issuedAtMs: 0 });
    expect(asked).toEqual([]);
  });
});

describe('no answer', () => {
  const table: readonly (readonly [string, () => Promise<Response>])[] = [
    ['the issuer is away', () => Promise.reject(new TypeError('fetch failed'))],
    ['it has a defect', () => Promise.resolve(new Response('{"active":true}', { status: 500 }))],
    ['it does not know us', () => Promise.resolve(new Response('{}', { status: 401 }))],
    ['it says something else', () => json({ active: 'true' })],
    ['it says nothing', () => json({})],
    ['it says a list', () => json([true])],
    ['it is no JSON', () => Promise.resolve(new Response('<html>'))],
    ['it is endless', () => json({ active: true, padding: 'x'.repeat(MAX_ANSWER_BYTES) })],
  ];
  test.each(table)('%s: everything goes on for the grace, then ends', async (_, answering) => {
    [answer, live] = [answering, [held('a')]];
    await floor.round();
    nowMs += GRACE_MS;
    await floor.round();
    await floor.assertActive(by(held('b')));
    expect(endings).toEqual([]);
    nowMs += 1;
    await floor.round();
    expect(endings).toHaveLength(1);
    await expect(floor.assertActive(by(held('b')))).rejects.toMatchObject({ code: 'AUTH_FAILED' });
    expect(revoked).toEqual([]);
    // It answers again, and so everything is as it was.
    answer = () => json({ active: true });
    await floor.assertActive(by(held('b')));
    await floor.round();
    expect(endings).toHaveLength(1);
  });

  test('while nobody asked is none', async () => {
    nowMs += 10 * GRACE_MS;
    answer = () => Promise.reject(new TypeError('fetch failed'));
    await expect(floor.assertActive(by(held('a')))).resolves.toBeUndefined();
  });
});
