import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeIssuer } from '../fake-issuer.ts';
import { Revocations } from '../revocations.ts';
import { TokenVerifier } from '../verify-token.ts';
import { BEARER_ALONE, type BindingRule, HolderCheck, type Presentation } from './holder-check.ts';
import { OwnOrigins } from './own-origins.ts';
import { ProofMaker } from './proof.fixture.ts';
import { SeenProofs } from './seen-proofs.ts';

const ORIGIN = 'https://gateway.example.test';
const TARGET = { method: 'GET', path: '/api/v1/whoami' };
const CERTIFICATE = 'C'.repeat(43);
const PASSWORD: Presentation = { scheme: 'password' };

let issuer: FakeIssuer;
let maker: ProofMaker;
let taken: Set<string>;
beforeAll(async () => {
  issuer = await FakeIssuer.create();
  maker = await ProofMaker.create();
});
beforeEach(() => {
  taken = new Set();
});

function verifier(binding: BindingRule): TokenVerifier {
  const memory = {
    takeOnce: (key: string) => !taken.has(key) && taken.add(key).size > 0,
    forgetTaken: () => undefined,
    countTaken: () => taken.size,
  };
  const holders = new HolderCheck({
    origins: new OwnOrigins([ORIGIN]),
    seen: new SeenProofs(memory, issuer.now),
    now: issuer.now,
  });
  const issuers = [issuer.settings({ binding })];
  return new TokenVerifier({ issuers, fetch: issuer.fetch, now: issuer.now, revocations: new Revocations(), holders });
}

const bearer = (certificate: string | null): Presentation => ({ scheme: 'bearer', certificate });
const proved = async (token: string, by: ProofMaker = maker): Promise<Presentation> => ({
  scheme: 'dpop',
  proof: await by.make({ ...TARGET, url: `${ORIGIN}${TARGET.path}`, token, nowMs: issuer.nowMs }),
  target: TARGET,
});

const TOKENS = {
  'a bearer token': () => issuer.sign(),
  'a token of a key': () => issuer.sign({ cnf: { jkt: maker.thumbprint } }),
  'a token of a certificate': () => issuer.sign({ cnf: { 'x5t#S256': CERTIFICATE } }),
};
const WAYS = {
  'as a bearer token': async () => BEARER_ALONE,
  'over a connection of its certificate': async () => bearer(CERTIFICATE),
  'over a connection of another certificate': async () => bearer('D'.repeat(43)),
  'with a proof': (token: string) => proved(token),
  'as a password': async () => PASSWORD,
};

type Row = readonly [rule: BindingRule, token: keyof typeof TOKENS, way: keyof typeof WAYS, outcome: string];
const ROWS: readonly Row[] = [
  ['accepted', 'a bearer token', 'as a bearer token', 'verified'],
  ['accepted', 'a bearer token', 'over a connection of its certificate', 'verified'],
  ['accepted', 'a bearer token', 'with a proof', 'AUTH_PROOF_INVALID'],
  ['accepted', 'a bearer token', 'as a password', 'verified'],
  ['accepted', 'a token of a key', 'as a bearer token', 'AUTH_TOKEN_BOUND'],
  ['accepted', 'a token of a key', 'over a connection of its certificate', 'AUTH_TOKEN_BOUND'],
  ['accepted', 'a token of a key', 'with a proof', 'verified'],
  ['accepted', 'a token of a key', 'as a password', 'AUTH_TOKEN_BOUND'],
  ['accepted', 'a token of a certificate', 'as a bearer token', 'AUTH_TOKEN_BOUND'],
  ['accepted', 'a token of a certificate', 'over a connection of its certificate', 'verified'],
  ['accepted', 'a token of a certificate', 'over a connection of another certificate', 'AUTH_TOKEN_BOUND'],
  ['accepted', 'a token of a certificate', 'with a proof', 'AUTH_PROOF_INVALID'],
  ['accepted', 'a token of a certificate', 'as a password', 'AUTH_TOKEN_BOUND'],
  ['required', 'a bearer token', 'as a bearer token', 'AUTH_TOKEN_INVALID'],
  ['required', 'a bearer token', 'over a connection of its certificate', 'AUTH_TOKEN_INVALID'],
  ['required', 'a bearer token', 'with a proof', 'AUTH_TOKEN_INVALID'],
  ['required', 'a bearer token', 'as a password', 'AUTH_TOKEN_INVALID'],
  ['required', 'a token of a key', 'with a proof', 'verified'],
  ['required', 'a token of a certificate', 'over a connection of its certificate', 'verified'],
  ['none', 'a bearer token', 'as a bearer token', 'verified'],
  ['none', 'a bearer token', 'with a proof', 'AUTH_PROOF_INVALID'],
  ['none', 'a token of a key', 'as a bearer token', 'AUTH_TOKEN_INVALID'],
  ['none', 'a token of a key', 'with a proof', 'AUTH_TOKEN_INVALID'],
  ['none', 'a token of a certificate', 'over a connection of its certificate', 'AUTH_TOKEN_INVALID'],
];

it.each(ROWS)('binding %s: %s %s: %s', async (rule, tokenName, way, outcome) => {
  const token = await TOKENS[tokenName]();
  const answer = await verifier(rule).verify(token, await WAYS[way](token));
  expect(answer.kind === 'verified' ? answer.kind : answer.error.code).toBe(outcome);
});

describe('a token of a key', () => {
  it('is refused with another key’s proof, and with the proof of another token', async () => {
    const tokens = verifier('accepted');
    const [token, other] = [await TOKENS['a token of a key'](), await issuer.sign({ jti: 'other' })];
    const thief = await ProofMaker.create();
    for (const presentation of [await proved(token, thief), await proved(other)])
      expect(await tokens.verify(token, presentation)).toMatchObject({ error: { code: 'AUTH_PROOF_INVALID' } });
  });

  it('is proved each time, also when the token itself is remembered', async () => {
    const tokens = verifier('accepted');
    const token = await TOKENS['a token of a key']();
    const presentation = await proved(token);
    expect(await tokens.verify(token, presentation)).toMatchObject({ kind: 'verified' });
    expect(await tokens.verify(token, presentation)).toMatchObject({ error: { message: /used before/ } });
    expect(await tokens.verify(token, await proved(token))).toMatchObject({ kind: 'verified' });
  });

  it('says what it is bound to', async () => {
    const token = await TOKENS['a token of a key']();
    expect(await verifier('accepted').verify(token, await proved(token))).toMatchObject({
      token: { principal: { binding: { kind: 'dpop', thumbprint: maker.thumbprint } } },
    });
  });

  it('that does not count spends no proof', async () => {
    const token = await issuer.sign({ aud: 'other', cnf: { jkt: maker.thumbprint } });
    expect(await verifier('accepted').verify(token, await proved(token))).toMatchObject({ kind: 'refused' });
    expect(taken.size).toBe(0);
  });

  it('as a password is refused with what to do', async () => {
    const token = await TOKENS['a token of a key']();
    expect(await verifier('accepted').verify(token, PASSWORD)).toMatchObject({
      error: { message: /cannot be a database password/, remedy: /sluice connect/ },
    });
  });
});
