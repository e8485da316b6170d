import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindingHash } from './binding.ts';
import type { BoundStatement } from './request.ts';

const bytes = fc.uint8Array({ maxLength: 40 });
const format = fc.constantFrom<0 | 1>(0, 1);
const parameter = fc.record({ typeOid: fc.nat(100_000), format, value: fc.option(bytes) });
const setting = fc.tuple(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }));
const statement: fc.Arbitrary<BoundStatement> = fc.record({
  protocol: fc.constant('postgres' as const),
  resource: fc.string({ maxLength: 12 }),
  database: fc.string({ maxLength: 12 }),
  upstreamRole: fc.string({ maxLength: 12 }),
  sessionId: fc.string({ maxLength: 12 }),
  chain: fc.array(fc.string({ maxLength: 12 }), { maxLength: 4 }),
  text: bytes,
  parameters: fc.array(parameter, { maxLength: 4 }),
  resultFormats: fc.array(format, { maxLength: 4 }),
  settings: fc.array(setting, { maxLength: 3 }),
  treeHash: fc.string({ maxLength: 12 }),
  policyVersion: fc.string({ maxLength: 12 }),
  labelsVersion: fc.string({ maxLength: 12 }),
});

type Bound = Exclude<keyof BoundStatement, 'sessionId' | 'protocol'>;
const FIELDS = [
  'resource',
  'database',
  'upstreamRole',
  'chain',
  'text',
  'parameters',
  'resultFormats',
  'settings',
  'treeHash',
  'policyVersion',
  'labelsVersion',
] as const satisfies readonly Bound[];

/** What a statement is, for "are these two the same?", independent of the encoding under test. */
function describeBound(bound: BoundStatement): string {
  return JSON.stringify({ ...bound, sessionId: '' }, (_key, value) =>
    value instanceof Uint8Array ? `bytes:${Buffer.from(value).toString('hex')}` : value,
  );
}

describe('binding hash', () => {
  it('has the bytes of docs/approvals.md', () => {
    const bound: BoundStatement = {
      protocol: 'postgres',
      resource: 'r',
      database: 'd',
      upstreamRole: 'u',
      sessionId: 'not bound',
      chain: ['i|a', 'i|b'],
      text: Buffer.from('select $1'),
      parameters: [
        { typeOid: 25, format: 1, value: Buffer.from('x') },
        { typeOid: 23, format: 0, value: null },
      ],
      resultFormats: [1],
      settings: [['search_path', 'a, b']],
      treeHash: 'ab',
      policyVersion: 'p',
      labelsVersion: 'l',
    };
    const hex = [
      '01 00000008',
      Buffer.from('postgres').toString('hex'),
      '02 00000001 72',
      '03 00000001 64',
      '04 00000001 75',
      '05 00000002 00000003 697c61 00000003 697c62',
      '06 00000009',
      Buffer.from('select $1').toString('hex'),
      '07 00000002 00000019 01 01 00000001 78 00000017 00 00 00000000',
      '08 00000001 01',
      '09 00000001 0000000b',
      Buffer.from('search_path').toString('hex'),
      '00000004',
      Buffer.from('a, b').toString('hex'),
      '0a 00000002 6162',
      '0b 00000001 70',
      '0c 00000001 6c',
    ]
      .join('')
      .replaceAll(' ', '');
    const expected = createHash('sha256')
      .update('sluice approval binding v1\n')
      .update(Buffer.from(hex, 'hex'))
      .digest('hex');
    expect(bindingHash(bound)).toBe(expected);
  });

  it('changes with every single field', () => {
    fc.assert(
      fc.property(statement, statement, fc.constantFrom(...FIELDS), (one, other, field) => {
        const changed = { ...one, [field]: other[field] };
        fc.pre(describeBound(changed) !== describeBound(one));
        expect(bindingHash(changed)).not.toBe(bindingHash(one));
      }),
      { numRuns: 5_000 },
    );
  });

  it('changes with every single bit of the text and of a parameter', () => {
    fc.assert(
      fc.property(statement, fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(), (base, value, position) => {
        const flipped = Uint8Array.from(value);
        const bit = position % (value.length * 8);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(bindingHash({ ...base, text: flipped })).not.toBe(bindingHash({ ...base, text: value }));
        const withParameter = (bytesOf: Uint8Array): BoundStatement => {
          return { ...base, parameters: [...base.parameters, { typeOid: 25, format: 0, value: bytesOf }] };
        };
        expect(bindingHash(withParameter(flipped))).not.toBe(bindingHash(withParameter(value)));
      }),
      { numRuns: 3_000 },
    );
  });

  it('no two different statements share it, however their fields slide into each other', () => {
    // Few characters, so that "ab"+"c" meets "a"+"bc" often.
    const short = fc.stringMatching(/^[ab]{0,2}$/);
    const close = fc.record({
      resource: short,
      database: short,
      chain: fc.array(short, { maxLength: 2 }),
      settings: fc.array(fc.tuple(short, short), { maxLength: 2 }),
      text: short.map((text) => Buffer.from(text)),
      parameters: fc.array(
        fc.record({ typeOid: fc.constant(25), format, value: fc.option(short.map((text) => Buffer.from(text))) }),
        { maxLength: 2 },
      ),
    });
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(close, (fields) => {
        const bound: BoundStatement = {
          protocol: 'postgres',
          upstreamRole: '',
          sessionId: '',
          resultFormats: [],
          treeHash: '',
          policyVersion: '',
          labelsVersion: '',
          ...fields,
        };
        const hash = bindingHash(bound);
        expect(seen.get(hash) ?? describeBound(bound)).toBe(describeBound(bound));
        seen.set(hash, describeBound(bound));
      }),
      { numRuns: 10_000 },
    );
  });

  it('is the same for another session: a job that reconnects finds its approval', () => {
    fc.assert(
      fc.property(statement, fc.string(), (bound, sessionId) => {
        expect(bindingHash({ ...bound, sessionId })).toBe(bindingHash(bound));
      }),
    );
  });
});
