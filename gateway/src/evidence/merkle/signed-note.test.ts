import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkpointText, parseCheckpoint, parseCheckpointText } from './checkpoint.ts';
import { leafHash } from './hashing.ts';
import { leafData } from './leaf-data.ts';
import {
  cosignNote,
  formatNote,
  LOG_KEY,
  MAX_SIGNATURES,
  parseNote,
  parseVkey,
  signerKey,
  signNote,
  verifyNote,
  WITNESS_KEY,
} from './signed-note.ts';

/** The vectors that strangers work from. */
const DOCUMENT = readFileSync(new URL('../../../../docs/evidence-format.md', import.meta.url), 'utf8');
const ORIGIN = 'sluice/000102030405060708090a0b0c0d0e0f';
const LOG = signerKey(ORIGIN, LOG_KEY, Buffer.alloc(32, 1));
const WITNESS = signerKey('witness.example/w1', WITNESS_KEY, Buffer.alloc(32, 2));
const KNOWN = [LOG.verifier, WITNESS.verifier];
const ROOT = Buffer.from('e2d0d863b0125fd417dbfdbbc2af3e80fab65ed3b95489fc8400696314dff061', 'hex');
const TEXT = checkpointText({ origin: ORIGIN, size: 7, root: ROOT });
const NOTE = `${TEXT}\n${signNote(TEXT, LOG)}${cosignNote(TEXT, WITNESS, 1_700_000_010)}`;

describe('the vectors of docs/evidence-format.md', () => {
  it('keys, checkpoint and cosignature', () => {
    expect(DOCUMENT).toContain(`\n${LOG.verifier.vkey}\n${WITNESS.verifier.vkey}\n`);
    expect(DOCUMENT).toContain(`\n${NOTE}`);
  });

  it('leaf of a record, and of one that enters by its hash', () => {
    const short = record(0, '{"kind":"test","n":0}');
    const long = record(7, JSON.stringify({ kind: 'test', text: 'a'.repeat(70_000) }));
    expect(DOCUMENT).toContain(`record 0        ${short.toString('hex')}\n`);
    expect(DOCUMENT).toContain(`leaf hash 0     ${leafHash(leafData(short)).toString('hex')}\n`);
    expect(DOCUMENT).toContain(`stand-in of 7   ${leafData(long).toString('hex')}\n`);
    expect(DOCUMENT).toContain(`leaf hash 7     ${leafHash(leafData(long)).toString('hex')}\n`);
  });

  it('65,535 bytes enter as they are, one more by its hash', () => {
    const longest = record(1, 'x'.repeat(65_535 - 21));
    expect(leafData(longest)).toBe(longest);
    expect(leafData(record(1, 'x'.repeat(65_536 - 21)))).toHaveLength(57);
  });
});

describe('a signed note', () => {
  it('is signed by the keys that signed it', () => {
    expect(verifyNote(parseNote(NOTE), KNOWN)).toEqual(KNOWN);
    expect(formatNote(parseNote(NOTE))).toBe(NOTE);
  });

  it('says nothing of keys that are not known, also under a known name', () => {
    const stranger = signerKey(ORIGIN, LOG_KEY, Buffer.alloc(32, 3));
    expect(verifyNote(parseNote(`${TEXT}\n${signNote(TEXT, stranger)}`), KNOWN)).toEqual([]);
  });

  it('does not verify, or does not parse, with any one byte changed', () => {
    const bytes = Buffer.from(NOTE);
    for (let at = 0; at < bytes.length; at += 1) {
      for (const bit of [1, 2, 4, 8, 16, 32, 64, 128]) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ bit;
        expect([at, bit, acceptedBy(changed.toString('utf8'))]).toEqual([at, bit, false]);
      }
    }
  });

  it.each([
    ['no signature', TEXT],
    ['an empty block of signatures', `${TEXT}\n`],
    ['a line that is none', `${NOTE}x\n`],
    ['no last newline', NOTE.slice(0, -1)],
    ['a carriage return', NOTE.replace('\n7\n', '\r\n7\n')],
    ['a size with a zero before it', NOTE.replace('\n7\n', '\n07\n')],
    ['an extension line', NOTE.replace('\n\n', '\nmore\n\n')],
    ['too many signatures', NOTE + signNote(TEXT, LOG).repeat(MAX_SIGNATURES)],
    ['too many bytes', `${'x'.repeat(70_000)}\n\n${signNote(TEXT, LOG)}`],
  ])('with %s is refused', (_, note) => {
    expect(() => parseCheckpoint(note)).toThrow();
  });

  it('a signature of a log is no cosignature, and the other way round', () => {
    const asWitness = parseVkey(WITNESS.verifier.vkey, WITNESS_KEY);
    expect(asWitness.id).toBe(WITNESS.verifier.id);
    expect(() => parseVkey(WITNESS.verifier.vkey, LOG_KEY)).toThrow('not of the type');
    expect(() => parseVkey(LOG.verifier.vkey.replace('87e7b609', '87e7b60a'), LOG_KEY)).toThrow(
      'does not match the key',
    );
  });

  it('parses the text of a checkpoint alone', () => {
    expect(parseCheckpointText(TEXT)).toEqual({ origin: ORIGIN, size: 7, root: ROOT });
  });
});

/** As a verifier that demands both the log and the witness. */
function acceptedBy(note: string): boolean {
  try {
    return verifyNote(parseCheckpoint(note).note, KNOWN).length === KNOWN.length;
  } catch {
    // Whatever it says: it is not accepted.
    return false;
  }
}

function record(sequence: number, payload: string): Buffer {
  const header = Buffer.alloc(21);
  header.writeUInt32BE(payload.length, 0);
  header.writeBigUInt64BE(BigInt(sequence), 4);
  header.writeBigUInt64BE(BigInt(1_700_000_000_000_000 + sequence), 12);
  header[20] = 1;
  return Buffer.concat([header, Buffer.from(payload)]);
}
