import { beforeEach, describe, expect, test } from 'vitest';
import { FakeIssuer } from '../fake-issuer.ts';
import { SigningKeys } from '../signing-keys.ts';
import { EventRefused } from './event-refused.ts';
import type { EventSource } from './event-token.ts';
import { ENDING_EVENTS, readSecurityEvent } from './security-event.ts';

const REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
const DISABLED = 'https://schemas.openid.net/secevent/risc/event-type/account-disabled';
const VERIFICATION = 'https://schemas.openid.net/secevent/ssf/event-type/verification';
const TOKENS_OF = 'https://login.example.test';

let issuer: FakeIssuer;
let source: EventSource;
beforeEach(async () => {
  issuer = await FakeIssuer.create();
  const keys = new SigningKeys({ issuer: issuer.url, fetch: issuer.fetch, now: issuer.now });
  source = { issuer: issuer.url, audience: 'sluice', algorithms: ['ES256'], keys };
});

type Claims = Readonly<Record<string, unknown>>;
const plain: Claims = { exp: undefined, sub: undefined, client_id: undefined, jti: 'e1' };
const signed = (claims: Claims, header: Claims = {}) =>
  issuer.sign({ ...plain, events: { [REVOKED]: {} }, ...claims }, { typ: 'secevent+jwt', ...header });

/** Whom it revokes, or why it is refused. */
async function outcome(token: string, tokensOf = issuer.url): Promise<readonly unknown[] | string> {
  try {
    const { revocations } = await readSecurityEvent(token, source, tokensOf, issuer.nowMs);
    return revocations.map(({ subject, signIn }) => [subject, signIn]);
  } catch (error) {
    if (error instanceof EventRefused) return error.refusal;
    throw error;
  }
}

const ana = { format: 'iss_sub', iss: 'https://idp.example.test', sub: 'ana' };
const ANA = 'https://idp.example.test|ana';

describe('subjects', () => {
  const table: readonly (readonly [string, Claims, readonly unknown[] | string])[] = [
    ['issuer and subject', { sub_id: ana }, [[ANA, null]]],
    ['in the event, as drafts had it', { events: { [REVOKED]: { subject: ana } } }, [[ANA, null]]],
    ['opaque, of the issuer itself', { sub_id: { format: 'opaque', id: 'ana' } }, [[ANA, null]]],
    [
      'a user with a session',
      { sub_id: { format: 'complex', user: ana, session: { format: 'opaque', id: 's1' } } },
      [[ANA, 'https://idp.example.test|s1']],
    ],
    [
      'a user with a device: all of the user',
      { sub_id: { format: 'complex', user: ana, device: { format: 'opaque', id: 'd1' } } },
      [[ANA, null]],
    ],
    [
      'the alias that can be told',
      { sub_id: { format: 'aliases', identifiers: [{ format: 'email', email: 'ana@x.test' }, ana] } },
      [[ANA, null]],
    ],
    [
      'two events of two subjects',
      { events: { [REVOKED]: { subject: ana }, [DISABLED]: { subject: { ...ana, sub: 'bo' } } } },
      [
        [ANA, null],
        ['https://idp.example.test|bo', null],
      ],
    ],
    ['two events of one subject', { sub_id: ana, events: { [REVOKED]: {}, [DISABLED]: {} } }, [[ANA, null]]],
    ['another issuer', { sub_id: { ...ana, iss: TOKENS_OF } }, 'invalid_request'],
    ['an address', { sub_id: { format: 'email', email: 'ana@x.test' } }, 'invalid_request'],
    ['a number', { sub_id: { format: 'phone_number', phone_number: '+41000' } }, 'invalid_request'],
    ['a device alone', { sub_id: { format: 'complex', device: { format: 'opaque', id: 'd1' } } }, 'invalid_request'],
    ['nobody', {}, 'invalid_request'],
    ['a text', { sub_id: 'ana' }, 'invalid_request'],
    ['an empty subject', { sub_id: { ...ana, sub: '' } }, 'invalid_request'],
    ['nested without end', { sub_id: nested(5) }, 'invalid_request'],
    ['nobody, for an event of others', { events: { [VERIFICATION]: { state: 'x' } } }, []],
    [
      'somebody, for an event of others and one of ours',
      { sub_id: ana, events: { [VERIFICATION]: {}, [REVOKED]: {} } },
      [[ANA, null]],
    ],
  ];
  test.each(table)('%s', async (_, claims, expected) => {
    expect(await outcome(await signed(claims))).toEqual(expected);
  });

  test('of another transmitter: only by issuer and subject, and everything until now', async () => {
    const late = await signed({ sub_id: { ...ana, iss: TOKENS_OF } });
    issuer.nowMs += 5_000;
    expect(await outcome(late, TOKENS_OF)).toEqual([[`${TOKENS_OF}|ana`, null]]);
    const { revocations } = await readSecurityEvent(late, source, TOKENS_OF, issuer.nowMs);
    expect(revocations[0]?.untilMs).toBe(issuer.nowMs);
    expect(await outcome(await signed({ sub_id: { format: 'opaque', id: 'ana' } }), TOKENS_OF)).toBe('invalid_request');
    expect(await outcome(await signed({ sub_id: ana }), TOKENS_OF)).toBe('invalid_request');
  });
});

test.each([...ENDING_EVENTS.keys()])('%s ends sessions', async (uri) => {
  expect(await outcome(await signed({ sub_id: ana, events: { [uri]: {} } }))).toEqual([[ANA, null]]);
});

describe('is refused', () => {
  const table: readonly (readonly [string, Claims, Claims, string])[] = [
    ['for another audience', { aud: 'other' }, {}, 'invalid_audience'],
    ['without audience', { aud: undefined }, {}, 'invalid_audience'],
    ['of another issuer', { iss: TOKENS_OF }, {}, 'invalid_issuer'],
    ['without jti', { jti: undefined }, {}, 'invalid_request'],
    ['without iat', { iat: undefined }, {}, 'invalid_request'],
    ['without events', { events: undefined }, {}, 'invalid_request'],
    ['with no event', { events: {} }, {}, 'invalid_request'],
    ['with an event that is no object', { events: { [REVOKED]: null } }, {}, 'invalid_request'],
    ['without its type', {}, { typ: undefined }, 'invalid_request'],
    ['typed as any token', {}, { typ: 'JWT' }, 'invalid_request'],
    ['typed as a logout token', {}, { typ: 'logout+jwt' }, 'invalid_request'],
    ['typed as an access token', {}, { typ: 'at+jwt' }, 'invalid_request'],
    ['with a key of nobody', {}, { kid: 'other' }, 'invalid_key'],
    ['with a certificate in its header', {}, { x5c: ['MII'] }, 'invalid_request'],
  ];
  test.each(table)('%s', async (_, claims, header, expected) => {
    expect(await outcome(await signed({ sub_id: ana, ...claims }, header))).toBe(expected);
  });
});

function nested(depth: number): Claims {
  return depth === 0 ? ana : { format: 'aliases', identifiers: [nested(depth - 1)] };
}
