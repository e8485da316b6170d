import { describe, expect, it } from 'vitest';
import { bytesOf } from './captured-bytes.ts';
import {
  appendFrontend,
  encodeFrontend,
  encodePassword,
  encodeSaslInitialResponse,
  encodeSaslResponse,
  type UpstreamMessage,
} from './frontend-encode.ts';
import { MAX_NAME_BYTES } from './name-length.ts';
import { OutputBuffer } from './output-buffer.ts';

const TABLE: readonly (readonly [string, UpstreamMessage, string])[] = [
  ['Query', { kind: 'Query', text: 'é' }, '5100000007c3a900'],
  [
    'Parse',
    { kind: 'Parse', name: 's', text: '$1', parameterTypes: [0xffffffff] },
    '500000000f 7300243100 0001ffffffff',
  ],
  ['Parse without a name', { kind: 'Parse', name: '', text: '', parameterTypes: [] }, '5000000008 0000 0000'],
  ['Describe statement', { kind: 'Describe', target: 'statement', name: '' }, '44000000065300'],
  ['Describe portal', { kind: 'Describe', target: 'portal', name: 'p' }, '4400000007507000'],
  ['Close', { kind: 'Close', target: 'statement', name: 's' }, '4300000007537300'],
  ['Execute', { kind: 'Execute', portal: 'p', maxRows: 7 }, '450000000a700000000007'],
  ['Execute all', { kind: 'Execute', portal: '', maxRows: 0 }, '45000000090000000000'],
  ['Flush', { kind: 'Flush' }, '4800000004'],
  ['Sync', { kind: 'Sync' }, '5300000004'],
  ['Terminate', { kind: 'Terminate' }, '5800000004'],
  ['CopyData', { kind: 'CopyData', data: Buffer.from('ab') }, '64000000066162'],
  ['CopyDone', { kind: 'CopyDone' }, '6300000004'],
  ['CopyFail', { kind: 'CopyFail', reason: 'x' }, '66000000067800'],
  [
    'Bind with mixed formats',
    {
      kind: 'Bind',
      portal: '',
      statement: 's',
      parameterFormats: [1, 0],
      parameters: [Buffer.of(1), null],
      resultFormats: [0, 1],
    },
    '420000001e 007300 000200010000 0002 0000000101 ffffffff 000200000001',
  ],
];

function output(): OutputBuffer {
  return new OutputBuffer(1_000_000, () => new RangeError('too long'));
}

describe('encodeFrontend', () => {
  it.each(TABLE)('writes %s', (_, message, hex) => {
    expect(encodeFrontend(message)).toEqual(bytesOf(hex));
  });

  it.each(TABLE)('appends %s in place, whatever stands before it', (_, message, hex) => {
    const out = output();
    out.append(Buffer.from('before'), 0, 6);
    appendFrontend(out, message);
    expect(out.take()).toEqual(Buffer.concat([Buffer.from('before'), bytesOf(hex)]));
  });

  it('leaves nothing of a message that it cannot append', () => {
    const out = output();
    const bind = { kind: 'Bind', portal: '', parameterFormats: [], parameters: [], resultFormats: [] } as const;
    appendFrontend(out, { kind: 'Sync' });
    for (const statement of ['a\0b', 'é'.repeat(32), 'x'.repeat(MAX_NAME_BYTES + 1)])
      expect(() => appendFrontend(out, { ...bind, statement })).toThrow(RangeError);
    expect(() => appendFrontend(out, { ...bind, statement: '', resultFormats: [70_000] })).toThrow(RangeError);
    expect(out.take()).toEqual(bytesOf('5300000004'));
  });

  it('appends names that are not ASCII as UTF-8', () => {
    const out = output();
    appendFrontend(out, { kind: 'Describe', target: 'portal', name: 'aé' });
    expect(out.take()).toEqual(bytesOf('44000000095061c3a900'));
  });

  it('returns buffers that later messages do not touch', () => {
    const encoded = TABLE.map(([, message]) => encodeFrontend(message));
    for (const [, message] of TABLE) encodeFrontend(message).fill(0xff);
    encodeFrontend({ kind: 'Query', text: 'x'.repeat(100_000) });
    expect(encoded).toEqual(TABLE.map(([, , hex]) => bytesOf(hex)));
  });

  it.each<readonly [string, UpstreamMessage]>([
    ['a text', { kind: 'Query', text: 'a\0b' }],
    ['a statement name', { kind: 'Parse', name: 'a\0', text: '', parameterTypes: [] }],
    ['a portal name', { kind: 'Execute', portal: 'a\0', maxRows: 0 }],
    ['a reason', { kind: 'CopyFail', reason: 'a\0' }],
  ])('refuses a NUL in %s', (_, message) => {
    expect(() => encodeFrontend(message)).toThrow(RangeError);
  });

  it('takes names of 63 bytes and refuses 64, counted in UTF-8', () => {
    const parse = (name: string): UpstreamMessage => ({ kind: 'Parse', name, text: '', parameterTypes: [] });
    expect(encodeFrontend(parse('n'.repeat(MAX_NAME_BYTES)))).toHaveLength(5 + 63 + 1 + 1 + 2);
    expect(() => encodeFrontend(parse('é'.repeat(32)))).toThrow(RangeError);
  });

  it('refuses more parameters than the count can say', () => {
    const parameters = new Array<null>(65_536).fill(null);
    const bind: UpstreamMessage = {
      kind: 'Bind',
      portal: '',
      statement: '',
      parameterFormats: [],
      parameters,
      resultFormats: [],
    };
    expect(() => encodeFrontend(bind)).toThrow(RangeError);
    expect(encodeFrontend({ ...bind, parameters: parameters.slice(1) })).toHaveLength(5 + 2 + 2 + 2 + 4 * 65_535 + 2);
  });
});

describe('authentication answers', () => {
  it('have the bytes of the manual', () => {
    expect(encodePassword('pw').toString('hex')).toBe('7000000007707700');
    expect(encodeSaslInitialResponse('S', 'n,')).toEqual(bytesOf('700000000c 5300 00000002 6e2c'));
    expect(encodeSaslResponse('c=').toString('hex')).toBe('7000000006633d');
  });
});
