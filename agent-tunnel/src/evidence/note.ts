/**
 * Signed notes and checkpoints, for those who check (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature). Nothing of
 * ours imported; see verify.ts.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { sha256, type TreeHead } from './merkle.ts';

/** What does not hold, in words. */
export class Disproof extends Error {}

/** A key that somebody trusts: of a log (type 1) or of a witness (type 4). */
export type TrustedKey = {
  readonly name: string;
  readonly id: string;
  readonly type: 1 | 4;
  readonly key: KeyObject;
  readonly vkey: string;
};

export type Note = {
  readonly text: string;
  readonly lines: readonly { readonly name: string; readonly id: string; readonly signature: Buffer }[];
};

export type Checkpoint = TreeHead & { readonly origin: string; readonly note: Note };

const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** `NAME+ID+KEY`. Throws Disproof. */
export function parseKey(vkey: string): TrustedKey {
  const [, name = '', id = '', encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(vkey) ?? [];
  const bytes = base64(encoded);
  const [type] = bytes;
  if (bytes.length !== 33 || (type !== 1 && type !== 4)) throw new Disproof(`this is no Ed25519 verifier key: ${vkey}`);
  if (sha256(Buffer.from(`${name}\n`), bytes).toString('hex', 0, 4) !== id)
    throw new Disproof(`the id of the verifier key does not match: ${vkey}`);
  const key = createPublicKey({ key: Buffer.concat([SPKI, bytes.subarray(1)]), format: 'der', type: 'spki' });
  return { name, id, type, key, vkey };
}

/** Throws Disproof unless it is exactly a signed note. */
export function parseNote(note: string): Note {
  // oxlint-disable-next-line no-control-regex
  if (/[^\n\x20-\x7e\u00a0-\ufffc\u{10000}-\u{10ffff}]/u.test(note))
    throw new Disproof('the note holds control characters');
  const split = note.lastIndexOf('\n\n');
  const signatures = note.slice(split + 2);
  if (split <= 0 || !signatures.endsWith('\n')) throw new Disproof('this is no signed note');
  const lines = signatures
    .slice(0, -1)
    .split('\n')
    .map((line) => {
      const [, name = '', encoded = ''] = /^— ([^\s+]+) ([A-Za-z0-9+/]+=*)$/u.exec(line) ?? [];
      const bytes = base64(encoded);
      if (bytes.length < 5) throw new Disproof('a signature line of the note does not read');
      return { name, id: bytes.toString('hex', 0, 4), signature: bytes.subarray(4) };
    });
  return { text: note.slice(0, split + 1), lines };
}

/** Throws Disproof unless it is a checkpoint of three lines. */
export function parseCheckpoint(text: string): Checkpoint {
  const note = parseNote(text);
  const [, origin = '', size = '', root = ''] = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([^\n]{44})\n$/u.exec(note.text) ?? [];
  if (origin === '' || !Number.isSafeInteger(Number(size))) throw new Disproof('the note is no checkpoint');
  const bytes = base64(root);
  if (bytes.length !== 32) throw new Disproof('the root of the checkpoint is no hash');
  return { origin, size: Number(size), root: bytes, note };
}

/** Which of these keys signed. Throws Disproof when a line claims one of them and is wrong. */
export function signersOf({ text, lines }: Note, keys: readonly TrustedKey[]): readonly TrustedKey[] {
  const signed = lines.flatMap(({ name, id, signature }) => {
    const known = keys.find((key) => key.name === name && key.id === id);
    if (known === undefined) return [];
    if (!isRight(text, signature, known)) throw new Disproof(`the signature of ${name} is wrong`);
    return [known];
  });
  // By public key: a cosignature does not cover its name, so one witness under two names is one.
  return [...new Map(signed.map((key) => [key.vkey.slice(key.name.length + key.id.length + 2), key])).values()];
}

function isRight(text: string, signature: Buffer, { type, key }: TrustedKey): boolean {
  if (type === 1) return verify(null, Buffer.from(text), key, signature);
  if (signature.length < 8) return false;
  const message = `cosignature/v1\ntime ${signature.readBigUInt64BE(0)}\n${text}`;
  return verify(null, Buffer.from(message), key, signature.subarray(8));
}

/** Only the one right encoding is accepted. Throws Disproof. */
export function base64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new Disproof('a base64 text is not in its one right form');
  return bytes;
}
