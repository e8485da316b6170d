/**
 * Signed notes (c2sp.org/signed-note): text, an empty line, signature lines. Parsed strictly, so that no byte of a note can
 * change unseen; Ed25519 only, as a log's own signature (type 01) and as a witness's cosignature (type 04,
 * c2sp.org/tlog-cosignature).
 *
 * ```text
 * signature line   "— " name " " base64(key id, 4 bytes ‖ signature) "\n"
 * cosignature      signature = u64 seconds since 1970 ‖ Ed25519 over "cosignature/v1\ntime " seconds "\n" text
 * key id           first 4 bytes of SHA-256(name ‖ 0A ‖ type ‖ public key)
 * vkey             name "+" key id in hex "+" base64(type ‖ public key)
 * ```
 */
import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { FormatError, readU64, writeU64 } from '../format.ts';

export const LOG_KEY = 1;
export const WITNESS_KEY = 4;
/** Lines of signatures in a note. More are refused. */
export const MAX_SIGNATURES = 64;
/** Longest note, bytes. */
export const MAX_NOTE_BYTES = 65_536;

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');
const SEED_BYTES = 32;
const TIMESTAMP_BYTES = 8;
const SIGNATURE_LINE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/u;

export type KeyType = typeof LOG_KEY | typeof WITNESS_KEY;

export type VerifierKey = {
  readonly name: string;
  readonly type: KeyType;
  /** 8 hexadecimal digits. */
  readonly id: string;
  readonly publicKey: KeyObject;
  /** The same as one line of text. */
  readonly vkey: string;
};

export type SignerKey = { readonly verifier: VerifierKey; readonly privateKey: KeyObject };

export type NoteSignature = { readonly name: string; readonly keyId: string; readonly signature: Buffer };

export type SignedNote = {
  /** With its last newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
};

/** A key from its 32 bytes of seed (RFC 8032). */
export function signerKey(name: string, type: KeyType, seed: Uint8Array): SignerKey {
  if (seed.length !== SEED_BYTES) throw new RangeError(`a seed has ${SEED_BYTES} bytes`);
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  const raw = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(SPKI_ED25519.length);
  return { verifier: verifierKey(name, type, raw), privateKey };
}

/** Throws FormatError unless it is the vkey of an Ed25519 key of `type`, with its right id. */
export function parseVkey(vkey: string, type: KeyType): VerifierKey {
  const [, name = '', id = '', encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(vkey) ?? [];
  if (name === '') throw new FormatError('this is no verifier key: NAME+ID+KEY');
  const bytes = decodeBase64(encoded);
  if (bytes.length !== 1 + SEED_BYTES || bytes[0] !== type)
    throw new FormatError(`the verifier key of ${name} is not of the type ${type} with 32 bytes (Ed25519)`);
  const key = verifierKey(name, type, bytes.subarray(1));
  if (key.id !== id) throw new FormatError(`the id in the verifier key of ${name} does not match the key`);
  return key;
}

/** The line of a log's own signature. */
export function signNote(text: string, key: SignerKey): string {
  return signatureLine(key, sign(null, Buffer.from(text), key.privateKey));
}

/** The line of a witness's cosignature; `atSeconds` since 1970. */
export function cosignNote(text: string, key: SignerKey, atSeconds: number): string {
  const stamp = Buffer.alloc(TIMESTAMP_BYTES);
  writeU64(stamp, atSeconds, 0);
  return signatureLine(key, Buffer.concat([stamp, sign(null, cosigned(text, atSeconds), key.privateKey)]));
}

/** Throws FormatError on anything that is not exactly a signed note. */
export function parseNote(note: string): SignedNote {
  if (Buffer.byteLength(note) > MAX_NOTE_BYTES) throw new FormatError(`the note has more than ${MAX_NOTE_BYTES} bytes`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  if (/[\x00-\x09\x0b-\x1f\x7f\ufffd]/.test(note)) throw new FormatError('the note holds control characters');
  const split = note.lastIndexOf('\n\n');
  if (split <= 0 || !note.endsWith('\n')) throw new FormatError('the note has no signatures');
  return { text: note.slice(0, split + 1), signatures: parseSignatures(note.slice(split + 2)) };
}

/** Parses signature lines, each with its newline; at least one. Throws FormatError. */
export function parseSignatures(lines: string): readonly NoteSignature[] {
  if (!lines.endsWith('\n')) throw new FormatError('a signature line has no end');
  const parsed = lines.slice(0, -1).split('\n').map(parseSignature);
  if (parsed.length > MAX_SIGNATURES) throw new FormatError(`the note has more than ${MAX_SIGNATURES} signatures`);
  return parsed;
}

export function formatNote({ text, signatures }: SignedNote): string {
  return `${text}\n${signatures.map(formatSignature).join('')}`;
}

export function formatSignature({ name, keyId, signature }: NoteSignature): string {
  return `— ${name} ${Buffer.concat([Buffer.from(keyId, 'hex'), signature]).toString('base64')}\n`;
}

/** The keys that signed. Throws FormatError when a line claims a known key and does not verify. */
export function verifyNote(note: SignedNote, known: readonly VerifierKey[]): readonly VerifierKey[] {
  const signers: VerifierKey[] = [];
  for (const signature of note.signatures) {
    const key = known.find(({ name, id }) => name === signature.name && id === signature.keyId);
    if (key === undefined) continue;
    if (!isValid(note.text, signature.signature, key))
      throw new FormatError(`the signature of ${key.name} does not match`);
    if (!signers.includes(key)) signers.push(key);
  }
  return signers;
}

/** Strict base64 (RFC 4648 §4): what does not encode back to the same text is refused with FormatError. */
export function decodeBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new FormatError('this is not base64 in its one right form');
  return bytes;
}

function parseSignature(line: string): NoteSignature {
  const [, name = '', encoded = ''] = SIGNATURE_LINE.exec(line) ?? [];
  if (name === '' || name.includes('+')) throw new FormatError('a signature line does not read');
  const bytes = decodeBase64(encoded);
  if (bytes.length < 5) throw new FormatError('a signature is too short');
  return { name, keyId: bytes.toString('hex', 0, 4), signature: bytes.subarray(4) };
}

function isValid(text: string, signature: Buffer, key: VerifierKey): boolean {
  if (key.type === LOG_KEY) return verify(null, Buffer.from(text), key.publicKey, signature);
  if (signature.length <= TIMESTAMP_BYTES) return false;
  const message = cosigned(text, readU64(signature, 0));
  return verify(null, message, key.publicKey, signature.subarray(TIMESTAMP_BYTES));
}

function cosigned(text: string, atSeconds: number): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${atSeconds}\n${text}`);
}

function signatureLine(key: SignerKey, signature: Buffer): string {
  return formatSignature({ name: key.verifier.name, keyId: key.verifier.id, signature });
}

function verifierKey(name: string, type: KeyType, raw: Buffer): VerifierKey {
  const typed = Buffer.concat([Buffer.from([type]), raw]);
  const id = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), typed]), 'hex').slice(0, 8);
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI_ED25519, raw]), format: 'der', type: 'spki' });
  return { name, type, id, publicKey, vkey: `${name}+${id}+${typed.toString('base64')}` };
}
