/**
 * What the gateway seals and what the clients open were written apart, from docs/evidence-format.md: they agree, and
 * nothing that was changed or moved opens.
 */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SessionKey, SessionKeySchema } from '@sluice/contract/api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Disproof } from '../../agent-tunnel/src/evidence/note.ts';
import { openStatement } from '../../agent-tunnel/src/evidence/open-statement.ts';
import { rawPublicKey, unwrapSessionKey } from '../../agent-tunnel/src/evidence/unwrap-key.ts';
import { hpkeSeal } from '../../gateway/src/evidence/sealing/hpke.ts';
import { SessionKeys } from '../../gateway/src/evidence/sealing/session-keys.ts';
import { type SealedText, SessionSeal } from '../../gateway/src/evidence/sealing/session-seal.ts';

const LOG_ID = '000102030405060708090a0b0c0d0e0f';
const SESSION = { logId: LOG_ID, sessionId: 'c_example' };
const KEY = Buffer.alloc(32, 7);
const REASON = { effect: 'refuse' as const, policyId: 'engine', message: 'near "4711"', remedy: '', columns: [] };
const auditor = generateKeyPairSync('x25519');
const other = generateKeyPairSync('x25519');
const directory = mkdtempSync(join(tmpdir(), 'sluice-keys-'));
let keys: SessionKeys;
let file: SessionKey;

beforeAll(async () => {
  const recipients = [{ name: 'anna', key: rawPublicKey(auditor.publicKey).toString('base64') }];
  keys = new SessionKeys({ directory, logId: LOG_ID, recipients, withoutLiterals: () => null });
  await keys.make('c_one');
  file = SessionKeySchema.parse(JSON.parse((await keys.read('c_one')) ?? ''));
});
afterAll(() => rmSync(directory, { recursive: true }));

const seal = () => new SessionSeal(KEY, SESSION, () => null);
const opener = (changed: object = {}) => ({ ...SESSION, commitment: seal().commitment, key: KEY, ...changed });

function flip(base64: string, bit: number): string {
  const bytes = Buffer.from(base64, 'base64');
  const at = bit % (bytes.length * 8);
  bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7));
  return bytes.toString('base64');
}

describe('a sealed statement', () => {
  it('says what it said to whoever has the key', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1 }), fc.string({ unit: 'binary' }), fc.boolean(), (statementId, text, refused) => {
        const sealed = seal().seal(statementId, text, refused ? [REASON] : null);
        const opened = { statementId, text, reasons: refused ? [REASON.message] : [] };
        expect(openStatement({ statementId, sealed }, opener())).toEqual(opened);
      }),
    );
  });

  it('does not open with any bit changed', () => {
    const sealed = seal().seal(1, "select 'secret'", null);
    const part = fc.constantFrom<keyof SealedText>('nonce', 'ciphertext');
    fc.assert(
      fc.property(part, fc.nat(), (name, bit) => {
        const changed = { ...sealed, [name]: flip(sealed[name], bit) };
        expect(() => openStatement({ statementId: 1, sealed: changed }, opener())).toThrow(Disproof);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['as another statement', 2, {}],
    ['as of another session', 1, { sessionId: 'c_other' }],
    ['as of another log', 1, { logId: 'ff'.repeat(16) }],
    ['with another key', 1, { key: Buffer.alloc(32, 8) }],
    ['under another commitment', 1, { commitment: 'ab'.repeat(32) }],
  ])('does not open %s', (_, statementId, changed) => {
    const sealed = seal().seal(1, 'select 1', null);
    expect(() => openStatement({ statementId, sealed }, opener(changed))).toThrow(Disproof);
  });

  it('never shares a nonce with another of its session', () => {
    const one = seal();
    const nonces = Array.from({ length: 1_000 }, () => one.seal(1, 'select 1', null).nonce);
    expect(new Set(nonces).size).toBe(1_000);
  });

  it('is cut before its entry would be too long, and still opens', () => {
    const sealed = seal().seal(1, '\u0001'.repeat(1_048_576), null);
    expect(sealed.ciphertext.length).toBeLessThan(3_500_000);
    expect(openStatement({ statementId: 1, sealed }, opener())?.text).toContain('1048576 characters in all');
  });

  it('has a fingerprint that does not confirm a guess', () => {
    const text = "select * from people where ssn = '123-45-6789'";
    const [first, second] = [seal(), new SessionSeal(Buffer.alloc(32, 9), SESSION, () => null)];
    expect(first.openly(text, 'SelectStmt', true)).toEqual(first.openly(text, 'SelectStmt', true));
    expect(first.openly(text, 'SelectStmt', true)).not.toEqual(second.openly(text, 'SelectStmt', true));
  });
});

describe('a wrapped key', () => {
  it('opens for its auditor and for nobody else', () => {
    expect(unwrapSessionKey(file, auditor.privateKey)).toHaveLength(32);
    expect(() => unwrapSessionKey(file, other.privateKey)).toThrow('not wrapped for this auditor');
    const [wrapped] = file.wrapped;
    const posing = { ...wrapped, publicKey: rawPublicKey(other.publicKey).toString('base64') };
    expect(() => unwrapSessionKey(SessionKeySchema.parse({ ...file, wrapped: [posing] }), other.privateKey)).toThrow(
      Disproof,
    );
  });

  it('does not open with any bit changed, nor for another session or log', () => {
    const changedWith = (change: object) => () => unwrapSessionKey({ ...file, ...change }, auditor.privateKey);
    fc.assert(
      fc.property(
        fc.constantFrom<'encapsulated' | 'ciphertext'>('encapsulated', 'ciphertext'),
        fc.nat(),
        (name, bit) => {
          const wrapped = file.wrapped.map((one) => ({ ...one, [name]: flip(one[name], bit) }));
          // X25519 ignores the highest bit of a public key; what it is bound to does not.
          expect(changedWith({ wrapped })).toThrow(Disproof);
        },
      ),
      { numRuns: 500 },
    );
    expect(changedWith({ sessionId: 'c_two' })).toThrow(Disproof);
    expect(changedWith({ logId: 'ff'.repeat(16) })).toThrow(Disproof);
    expect(changedWith({ commitment: 'ab'.repeat(32) })).toThrow(Disproof);
  });

  it('that the operator exchanged for another does not open: the record names the right one', () => {
    const { logId, sessionId, commitment } = file;
    const info = Buffer.from(`sluice.dev/wrapped-session-key@v1\n${logId}\n${sessionId}\n${commitment}\n`);
    const ephemeral = generateKeyPairSync('x25519').privateKey;
    const message = hpkeSeal(KEY, { recipient: auditor.publicKey, ephemeral, info, aad: Buffer.alloc(0) });
    const wrapped = file.wrapped.map((one) => ({
      ...one,
      encapsulated: message.encapsulated.toString('base64'),
      ciphertext: message.ciphertext.toString('base64'),
    }));
    expect(() => unwrapSessionKey({ ...file, wrapped }, auditor.privateKey)).toThrow('not the one that the session');
  });

  it('is gone once destroyed', async () => {
    await keys.make('c_gone');
    expect(await keys.destroy('c_gone')).toBe(true);
    expect(await keys.read('c_gone')).toBeNull();
    expect(await keys.destroy('c_gone')).toBe(false);
    expect(readdirSync(directory)).toEqual(['c_one.json']);
  });

  it('is made for nobody when nobody is named', async () => {
    const nobody = new SessionKeys({ directory, logId: LOG_ID, recipients: [], withoutLiterals: () => null });
    expect(await nobody.make('c_open')).toBeNull();
    expect(await nobody.read('c_open')).toBeNull();
  });
});

describe('the vectors of docs/evidence-format.md', () => {
  const vectors = readFileSync(join(import.meta.dirname, '../../docs/evidence-format.md'), 'utf8');
  const commitment = 'f4ceb1f0c7c7bbb641257b038d004d34682efd392d829ac33833e842704fba2b';
  const sealed = {
    key: 'f4ceb1f0c7c7bbb6',
    nonce: 'AAAAAAAAAAAAAAAB',
    ciphertext: 'Td/J3p2ezlcRrejdTVA2G4qFbusBRzdqRutRp4msON2VpISQVQ==',
  };
  const wrapped = {
    recipient: 'anna',
    publicKey: 'Xf7dO2vUf2+ijuFdlp1bsOpTd01Ii9r53xxuASSz7yI=',
    encapsulated: 'UKYUCbHd0DJemxa3AOcZ6XcsBwALG9d4bpB8ZT0gSV0=',
    ciphertext: 'vrWMGAu93Xz7OaZ5PJmQPPX6KjNIqaC/nRCNzH/vA6oISZYqe/kP994lKcw2GJbz',
  };

  it('are there', () => {
    for (const value of [commitment, ...Object.values(sealed), ...Object.values(wrapped).slice(1)])
      expect(vectors).toContain(value);
  });

  it('are what the gateway makes', () => {
    const vector = new SessionSeal(Buffer.alloc(32, 4), SESSION, () => null);
    expect(vector.commitment).toBe(commitment);
    expect(vector.seal(1, "select 'x'", null)).toEqual(sealed);
  });

  it('are what the client opens', () => {
    const raw = `302e020100300506032b656e04220420${'03'.repeat(32)}`;
    const anna = createPrivateKey({ key: Buffer.from(raw, 'hex'), format: 'der', type: 'pkcs8' });
    const key = unwrapSessionKey(
      { sluice: 'session-key', version: 1, ...SESSION, commitment, wrapped: [wrapped] },
      anna,
    );
    expect(key).toEqual(Buffer.alloc(32, 4));
    expect(openStatement({ statementId: 1, sealed }, { ...SESSION, commitment, key })?.text).toBe("select 'x'");
  });
});
