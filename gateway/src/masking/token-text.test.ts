import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DIGESTED_BYTES, MaskKeys } from './mask-keys.ts';
import { holdsToken, TokenFinder, tokenText, uuidText } from './token-text.ts';

const KEYS = new MaskKeys(Buffer.alloc(32, 1));
const OTHERS = new MaskKeys(Buffer.alloc(32, 2));
const value = Buffer.from('078-05-1120');
const tokenOf = (keys: MaskKeys, resource = 'orders', purpose = '') =>
  keys.digests(resource, 'token', purpose).token(value, 0, value.length, false);
const uuidOf = (keys: MaskKeys) => keys.digests('orders', 'uuid', '').uuid(value, 0, value.length, false);

describe('a token', () => {
  it('is HMAC-SHA-256 of the value and a tag over that', () => {
    const derived = (text: string) => createHmac('sha256', Buffer.alloc(32, 1)).update(`sluice mask ${text}`).digest();
    const digest = createHmac('sha256', derived('5:value6:orders5:token0:'))
      .update(Buffer.concat([Buffer.from([0]), value]))
      .digest()
      .subarray(0, 10);
    const tag = createHmac('sha256', derived('3:tag')).update(digest).digest().subarray(0, 6);
    expect(tokenOf(KEYS)).toEqual(Buffer.concat([digest, tag]));
  });

  it('is another one for another key, resource or purpose', () => {
    const all = [tokenOf(KEYS), tokenOf(OTHERS), tokenOf(KEYS, 'other'), tokenOf(KEYS, 'orders', 'billing')];
    expect(new Set(all.map((token) => token.toString('hex'))).size).toBe(all.length);
  });

  it('of a value and of its end alone differ', () => {
    const digests = KEYS.digests('orders', 'token', '');
    const long = Buffer.alloc(MAX_DIGESTED_BYTES + 1, 'x');
    const whole = digests.token(long, 0, long.length, false);
    expect(digests.token(long, 1, long.length, true)).toEqual(whole);
    expect(digests.token(long, 1, long.length, false)).not.toEqual(whole);
  });

  it.each(['token', 'uuid'] as const)('is known by the gateway that made it, and by no other: %s', (kind) => {
    const spelled = kind === 'token' ? tokenText(tokenOf(KEYS)) : uuidText(uuidOf(KEYS));
    for (const text of [spelled, `('${spelled}')`, spelled.toUpperCase(), `${spelled}@masked.invalid`]) {
      expect(holdsToken(text, KEYS)).toBe(true);
      expect(holdsToken(text, OTHERS)).toBe(false);
    }
    expect(holdsToken(spelled.slice(0, -1), KEYS)).toBe(false);
    expect(
      holdsToken(
        spelled.replace(/.(?=.{9}$)/, (one) => (one === 'a' ? 'b' : 'a')),
        KEYS,
      ),
    ).toBe(false);
  });

  it('is known as a UUID however its hyphens stand', () => {
    const digits = uuidOf(KEYS).toString('hex');
    expect(holdsToken(digits, KEYS)).toBe(true);
    expect(holdsToken(`{${digits.replace(/(.{4})(?=.)/g, '$1-')}}`, KEYS)).toBe(true);
  });

  it.each([
    tokenText(tokenOf(KEYS)),
    uuidText(uuidOf(KEYS)),
    uuidOf(KEYS)
      .toString('hex')
      .replace(/(.{4})(?=.)/g, '$1-'),
  ])('is found in pieces, cut anywhere: %s', (spelled) => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.array(fc.nat(200)), (before, after, cuts) => {
        const bytes = Buffer.from(`${before} ${spelled} ${after}`);
        const ends = [...cuts.map((at) => at % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
        const finder = new TokenFinder(KEYS);
        const found = ends.map((end, i) => finder.feed(bytes.subarray(ends[i - 1] ?? 0, end)));
        expect(found).toContain(true);
      }),
    );
  });

  it('is made with a key of 32 bytes', () => {
    expect(() => new MaskKeys(Buffer.alloc(31))).toThrow(RangeError);
  });
});
