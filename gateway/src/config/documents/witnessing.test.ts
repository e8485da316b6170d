import { describe, expect, it } from 'vitest';
import { signerKey, WITNESS_KEY } from '../../evidence/merkle/signed-note.ts';
import { CheckpointsSchema, UnwitnessedSchema, WitnessesSchema } from './witnessing.ts';

const KEY = signerKey('witness.example/w1', WITNESS_KEY, Buffer.alloc(32, 2)).verifier.vkey;

describe('witnesses', () => {
  it('are a place with a key, a file or a directory', () => {
    const given = [{ url: 'https://w.example/x', key: KEY }, { file: '/a' }, { directory: '/b' }];
    expect(WitnessesSchema.parse(given)).toEqual(given);
  });

  it.each([
    ['nothing', {}],
    ['two places', { file: '/a', directory: '/b' }],
    ['a place without its key', { url: 'https://w.example' }],
    ['a key without a place', { file: '/a', key: KEY }],
    ['a key that is none', { url: 'https://w.example', key: 'w1' }],
    ['a key of a log', { url: 'https://w.example', key: signerKey('x', 1, Buffer.alloc(32)).verifier.vkey }],
    ['no web address', { url: 'ftp://w.example', key: KEY }],
  ])('are not %s', (_, witness) => {
    expect(WitnessesSchema.safeParse([witness]).success).toBe(false);
  });
});

it('checkpoints come within ten seconds or a thousand entries unless configured, and nothing waits for witnesses', () => {
  expect(CheckpointsSchema.parse(undefined)).toEqual({ every: 10_000, entries: 1_000 });
  expect(UnwitnessedSchema.parse(undefined)).toEqual({});
});
