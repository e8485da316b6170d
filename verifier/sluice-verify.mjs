#!/usr/bin/env node
// Checks what a Sluice gateway handed out: offline, with keys that you bring, and nothing but this file and Node 20.
// Written from docs/evidence-format.md, RFC 6962, RFC 9162 and the C2SP texts; it shares no line with the gateway.
// A log's directory is for sluice-verify-log.mjs beside it, which imports this. Read downwards from here.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const USAGE = `usage: node sluice-verify.mjs WHAT PATH --key VKEY [options]
  bundle FILE      one session: its records, their proofs, the manifest, the recording
  checkpoint FILE  a signed checkpoint; with --noted, that it continues the one you kept
--key VKEY       a key of the log that you trust; repeat it while the key is replaced
--witness VKEY   a witness that you trust; repeat it. --witnesses N: how many must have cosigned, else all of them
--noted PATH     a checkpoint that you kept (or a file or directory of several): is this the same log? Repeat it
--proof FILE     the consistency proof between that and this one, when their sizes differ
exit status: 0 verified, 64 wrong arguments, 65 NOT verified, 66 something cannot be read`;

// ---- Words. A failure names file and place; `said` becomes the report.
export const said = /** @type {Record<'verified' | 'open', string[]>} */ ({ verified: [], open: [] });
export const fail = (where, why) => {
  throw new Error(`${where}: ${why}`);
};
export const demand = (condition, where, why) => condition || fail(where, why);
export const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const attempt = (where, why, action) => {
  try {
    return action();
  } catch {
    return fail(where, why);
  }
};
const utf8 = (bytes, where) => attempt(where, 'not UTF-8', () => strict.decode(bytes));
const json = (string, where) => {
  const value = attempt(where, 'not JSON', () => JSON.parse(string));
  demand(typeof value === 'object' && value !== null && !Array.isArray(value), where, 'not a JSON object');
  return value;
};
/** Canonical only: a changed character that decodes to the same bytes would go unnoticed. */
const base64 = (string, where, length) => {
  const bytes = Buffer.from(typeof string === 'string' ? string : '', 'base64');
  demand(bytes.toString('base64') === string, where, 'not canonical base64');
  demand(length === undefined || bytes.length === length, where, `${bytes.length} bytes where ${length} belong`);
  return bytes;
};
const decimal = (string, where) =>
  /^(0|[1-9][0-9]{0,15})$/.test(string) && +string < 2 ** 53 ? +string : fail(where, 'not a number below 2^53');

// ---- Signed notes (C2SP signed-note), checkpoints (tlog-checkpoint), cosignatures (tlog-cosignature).
export const [LOG_KEY, WITNESS_KEY] = [1, 4];
/** A verifier key: name, key id in 8 hexadecimal digits, base64 of type and public key. */
export function parseKey(string, type, where) {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(string) ?? fail(where, 'not a verifier key');
  const typed = base64(encoded, where, 33);
  demand(typed[0] === type, where, `a key of type ${typed[0]} where type ${type} belongs`);
  demand(sha256(name, '\n', typed).toString('hex', 0, 4) === id, where, 'its key id is not that of name and key');
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: typed.subarray(1).toString('base64url') };
  return { name, id, type, encoded, vkey: string, publicKey: createPublicKey({ key: jwk, format: 'jwk' }) };
}
/** Lines of text, an empty line, signature lines. */
function parseNote(bytes, where, lineCount) {
  const string = utf8(bytes, where);
  const cut = string.lastIndexOf('\n\n') + 1;
  const plain = cut > 0 && string.endsWith('\n') && !/[\0-\x09\x0b-\x1f\x7f]/.test(string);
  demand(plain, where, 'not a signed note, or control characters in it');
  const lines = string.slice(0, cut - 1).split('\n');
  demand(lines.length === lineCount && !lines.includes(''), where, `its text has not ${lineCount} lines`);
  const rows = string.slice(cut + 1, -1).split('\n');
  const signatures = rows.map((row) => {
    const [, name, encoded] = /^— ([^\s+]+) (\S+)$/u.exec(row) ?? fail(where, 'not a signature line');
    const signature = base64(encoded, where);
    return { name, id: signature.toString('hex', 0, 4), signature: signature.subarray(4), row };
  });
  return { text: string.slice(0, cut), lines, signatures, where };
}
export function parseCheckpoint(bytes, where) {
  const note = parseNote(bytes, where, 3);
  const [origin, size, root] = note.lines;
  demand(size !== '0' || root === sha256('').toString('base64'), where, 'an empty tree with a wrong root');
  return { ...note, origin, size: decimal(size, where), root: base64(root, where, 32) };
}
/** Which of `keys` signed. Lines of other keys are passed over; a wrong signature of one of these ends everything. */
export function signers({ text, signatures, where }, keys) {
  const found = new Map();
  for (const { name, id, signature } of signatures) {
    const key = keys.find((known) => known.name === name && known.id === id);
    if (key === undefined) continue;
    const stamped = key.type === WITNESS_KEY;
    demand(signature.length === (stamped ? 72 : 64), where, `the signature of ${name} has a wrong length`);
    const time = stamped ? signature.readBigUInt64BE(0) : 0n;
    const message = Buffer.from(stamped ? `cosignature/v1\ntime ${time}\n${text}` : text);
    const right = time < 1n << 63n && verify(null, message, key.publicKey, signature.subarray(-64));
    demand(right, where, `the signature of ${name} is wrong`);
    found.set(key.encoded, { vkey: key.vkey, time }); // by public key: a cosignature does not cover the witness's name
  }
  return [...found.values()];
}
export const ofLog = (keys, origin) => keys.filter((key) => key.name === origin);
export function demandLogKey(note, keys, origin) {
  demand(ofLog(keys, origin).length > 0, note.where, `it is of ${origin}, and no key that you trust is of that log`);
  demand(signers(note, ofLog(keys, origin)).length > 0, note.where, 'no key of the log that you trust signed it');
}
/** The first of `notes` that enough witnesses cosigned. */
export function demandWitnesses(notes, { keys, witnesses, quorum }) {
  const note = notes.find((candidate) => signers(candidate, witnesses).length >= quorum);
  demand(note !== undefined, notes[0].where, `not cosigned by ${quorum} of the witnesses that you trust`);
  const signed = signers(notes[0], ofLog(keys, notes[0].origin));
  said.verified.push(...signed.map(({ vkey }) => `size ${notes[0].size} signed by ${vkey}`));
  const seen = ({ vkey, time }) => `size ${note.size} cosigned by ${vkey}, ${time} seconds after 1970 by its clock`;
  said.verified.push(...signers(note, witnesses).map(seen));
  if (quorum === 0) said.open.push('no witness: whoever has the key of the log could have signed another log as well');
  return note;
}

// ---- The tree of RFC 6962 §2.1; its proofs as RFC 9162 §2.1.3.2 and §2.1.4.2 verify them.
export const node = (left, right) => sha256('\x01', left, right);
/** A record over 65,535 bytes enters by a stand-in with its hash. */
const standIn = (record) => [Buffer.alloc(4, 255), record.subarray(4, 21), record.subarray(0, 4), sha256(record)];
export const leafOf = (record) => sha256('\0', ...(record.length <= 65_535 ? [record] : standIn(record)));
function demandInclusion(record, index, { size, root }, proof, where) {
  let [fn, sn, hash] = [BigInt(index), BigInt(size) - 1n, leafOf(record)];
  demand(fn <= sn, where, 'its index is not below the size of the tree');
  for (const sibling of proof) {
    demand(sn > 0n, where, 'its proof is too long');
    hash = fn & 1n || fn === sn ? node(sibling, hash) : node(hash, sibling);
    if (fn === sn) while (!(fn & 1n) && fn > 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  demand(sn === 0n && hash.equals(root), where, 'its proof does not lead to the root of the checkpoint');
}
export function isConsistent(older, newer, proof) {
  if (older.size === 0) return proof.length === 0;
  if (older.size === newer.size) return proof.length === 0 && older.root.equals(newer.root);
  let [fn, sn] = [BigInt(older.size) - 1n, BigInt(newer.size) - 1n];
  const [start, ...path] = fn & (fn + 1n) ? proof : [older.root, ...proof];
  while (fn & 1n) [fn, sn] = [fn >> 1n, sn >> 1n];
  let [first, second] = [start, start];
  for (const hash of path) {
    if (sn === 0n) return false;
    if (fn & 1n || fn === sn) [first, second] = [node(hash, first), node(hash, second)];
    else second = node(second, hash);
    if (fn === sn) while (!(fn & 1n) && fn > 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return start !== undefined && sn === 0n && first.equals(older.root) && second.equals(newer.root);
}

// ---- Checkpoints that were kept, and what shows that one continues another.
/** The notes of a file in the form of `checkpoints.log`, each with an empty line after it, or a note alone. */
export function* notesOf(path, isHistory) {
  const bytes = readFileSync(path);
  for (let at = 0, number = 1; at < bytes.length; number++) {
    const middle = bytes.indexOf('\n\n', at);
    const end = middle < 0 ? -1 : bytes.indexOf('\n\n', middle + 2);
    demand(end > 0 || !(isHistory || number > 1), `${path} note ${number}`, 'cut off');
    yield parseCheckpoint(bytes.subarray(at, end < 0 ? bytes.length : end + 1), `${path} note ${number}`);
    at = end < 0 ? bytes.length : end + 2;
  }
}
function notedIn(path) {
  if (!statSync(path).isDirectory()) return [...notesOf(path)];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.checkpoint'));
  return names.flatMap((name) => [...notesOf(`${path}/${name}`)]);
}
function proofIn(path, older, newer) {
  const [head, ...rest] = utf8(readFileSync(path), path).split('\n\n');
  const [first, ...hashes] = head.split('\n');
  const given = parseCheckpoint(Buffer.from(rest.join('\n\n')), path);
  const fits = first === `old ${older.size}` && given.text === newer.text && hashes.length < 64;
  demand(fits, path, `not a proof from size ${older.size} to this checkpoint of size ${newer.size}`);
  return hashes.map((hash, i) => base64(hash, `${path} hash ${i + 1}`, 32));
}
/** Witnesses saw it, and it is the log that the auditor knows. */
function demandContinuation(current, { noted, keys, proof, ...trust }) {
  demandWitnesses([current], { keys, ...trust });
  for (const other of noted) {
    demandLogKey(other, keys, current.origin);
    const [older, newer] = other.size < current.size ? [other, current] : [current, other];
    const hashes = proof !== undefined && older.size < newer.size ? proofIn(proof, older, newer) : [];
    const where = `${older.where} and ${newer.where}`;
    demand(isConsistent(older, newer, hashes), where, 'not shown to be of one log. Is --proof missing? Else keep both');
    said.verified.push(`size ${newer.size} continues size ${older.size} (${other.where})`);
  }
}

// ---- A session's bundle.
export function recordAt(bytes, sequence, where) {
  const end = bytes.length < 21 ? Number.NaN : 21 + bytes.readUInt32BE(0);
  demand(end <= Math.min(bytes.length, 21 + 4_194_304), where, 'a record that does not end within its place');
  demand(bytes.readBigUInt64BE(4) === BigInt(sequence), where, `not the record with sequence ${sequence}`);
  demand(bytes[20] === 1, where, `payload kind ${bytes[20]} is not known`);
  return { record: bytes.subarray(0, end), entry: json(utf8(bytes.subarray(21, end), where), where), where };
}
function checkBundle(path, trust) {
  const bytes = readFileSync(path);
  const cut = bytes.lastIndexOf(10, Math.max(0, bytes.length - 2)) + 1;
  const seal = `{"sha256":"${sha256(bytes.subarray(0, cut)).toString('hex')}"}\n`;
  demand(bytes.subarray(cut).equals(Buffer.from(seal)), `${path} last line`, 'not the hash of all lines before it');
  const [records, indexes, recording] = [[], createHash('sha256'), []];
  let [head, recorded, index, number] = [undefined, 0, -1, 0];
  for (let at = 0, end = 0; at < cut; at = end + 1) {
    end = bytes.indexOf(10, at);
    const where = `${path} line ${++number}`;
    const line = utf8(bytes.subarray(at, end), where);
    const value = json(line, where);
    const members = JSON.stringify(value) === line ? Object.keys(value).join() : fail(where, 'JSON in another form');
    if (number === 1) {
      demand(members === 'sluice,version,sessionId,keys,witnesses,checkpoint,manifest', where, 'not the first line');
      const known = value.sluice === 'session-bundle' && value.version === 1 && typeof value.sessionId === 'string';
      demand(known, where, 'not a session bundle, version 1');
      head = { ...value, checkpoint: parseCheckpoint(Buffer.from(`${value.checkpoint}`), `${where} checkpoint`) };
      demandLogKey(head.checkpoint, trust.keys, head.checkpoint.origin);
    } else if (members === 'index,record,proof' && recorded === 0) {
      demand(Number.isSafeInteger(value.index) && value.index > index, where, 'its index does not rise');
      index = value.index;
      const found = recordAt(base64(value.record, where), index, where);
      demand(found.record.toString('base64') === value.record, where, 'bytes after the record');
      demand(Array.isArray(value.proof) && value.proof.length <= 64, where, 'not a proof');
      const proof = value.proof.map((hash) => base64(hash, where, 32));
      demandInclusion(found.record, index, head.checkpoint, proof, where);
      indexes.update(found.record.subarray(4, 12)); // the sequence, which is the index
      records.push(found);
    } else {
      demand(members === 'recording', where, 'a line that does not belong here');
      const part = base64(value.recording, where);
      demand(part.length > 0 && part.length <= 49_152, where, 'a part of the recording of a wrong length');
      recorded += part.length;
      recording.push(part);
    }
  }
  demand(head !== undefined, path, 'empty');
  const [heard, manifest] = [sha256(...recording), parseNote(Buffer.from(`${head.manifest}`), `${path} manifest`, 7)];
  const { origin, size } = head.checkpoint;
  const told = [origin, head.sessionId, size, records.length, indexes.digest('base64')].map(String);
  const expected = ['sluice.dev/session-manifest@v1', ...told, recorded > 0 ? heard.toString('base64') : '-'];
  expected.map((line, i) => demand(manifest.lines[i] === line, manifest.where, `line ${i + 1} is not ${line}`));
  demandLogKey(manifest, trust.keys, origin);
  const own = records.filter(({ entry }) => entry.sessionId === head.sessionId);
  const requests = new Set(own.map(({ entry }) => entry.requestId).filter((id) => typeof id === 'string'));
  const isOwn = (entry) => entry.sessionId === head.sessionId || requests.has(entry.requestId);
  records.map(({ entry, where }) => demand(isOwn(entry), where, 'a record of another session'));
  const ofKind = (kind) => own.filter(({ entry }) => entry.kind === kind);
  demand(ofKind('session.opened').length === 1, path, 'not exactly one record says that the session opened');
  const gone = !recorded && ofKind('session.expired').some(({ entry }) => `${entry.destroyed}`.includes('recording'));
  if (gone) said.open.push('the recording: a record says that it was destroyed when its time was over');
  const closed = ofKind('recording.closed').flatMap(({ entry }) => (gone ? [] : entry));
  const tied = [...own.flatMap(({ entry }) => entry.recorded ?? []), ...closed];
  const { bytes: length = 0, sha256: wanted } = tied.findLast((part) => part.bytes <= recorded) ?? {};
  const begins = length === 0 || sha256(Buffer.concat(recording).subarray(0, length)).toString('hex') === wanted;
  demand(begins && closed.every(({ bytes }) => bytes === recorded), path, 'not the recording that its records name');
  let [decided, count] = [new Map(), 1];
  for (const { entry, where } of ofKind('statement.decided')) {
    const { as, statementId } = entry;
    demand(as === undefined || decided.get(as) === 1, where, `it repeats statement ${as}, not decided once before`);
    decided.set(statementId, as === undefined ? (decided.get(statementId) ?? 0) + 1 : 2);
  }
  while (decided.has(count)) count++;
  const ended = ofKind('session.closed').every(({ entry }) => entry.statements === count - 1);
  if (!ended || count <= decided.size) said.open.push(`statements from number ${count} on: some have no decision`);
  said.verified.push(`session ${head.sessionId}: ${records.length} records, and its recording of ${recorded} bytes`);
  if (closed.length === 0) said.open.push(`the recording after byte ${length} of ${tied.at(-1)?.bytes ?? 0} or more`);
  if (ofKind('session.closed').length === 0) said.open.push('the session had not ended, or was cut off');
  said.open.push('that nothing of the session was left out is the word of whoever has the key of the log');
  demandContinuation(head.checkpoint, trust);
}

// ---- The command line.
export function main(usage, args, checks) {
  const names = ['key', 'witness', 'witnesses', 'noted', 'proof'];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string', multiple: true, default: [] }]));
  for (const facts of Object.values(said)) facts.length = 0;
  try {
    const { values: given, positionals: words } = parseArgs({ args, options, allowPositionals: true });
    const [what, path] = words;
    if (words.length !== 2 || !Object.hasOwn(checks, what) || given.key.length === 0) return [64, [usage]];
    const keys = given.key.map((key) => parseKey(key, LOG_KEY, '--key'));
    const witnesses = given.witness.map((key) => parseKey(key, WITNESS_KEY, '--witness'));
    const quorum = decimal(given.witnesses.at(-1) ?? `${new Set(given.witness).size}`, '--witnesses');
    checks[what](path, { keys, witnesses, quorum, noted: given.noted.flatMap(notedIn), proof: given.proof.at(-1) });
    const facts = [said.verified.map((fact) => `verified   ${fact}`), said.open.map((fact) => `not shown  ${fact}`)];
    return [0, [...facts.flat(), `VERIFIED  ${path}`]];
  } catch (error) {
    if (error.code?.startsWith('ERR_PARSE_ARGS')) return [64, [error.message, usage]];
    return [error.syscall === undefined ? 65 : 66, [`NOT VERIFIED  ${error.message}`]];
  }
}
/** Nothing that was read may steer a terminal, or look like another line of ours. */
export function end([status, lines]) {
  process.exitCode = status;
  for (const line of lines) console.log(status === 64 ? line : line.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?'));
}
function checkCheckpoint(path, trust) {
  const note = parseCheckpoint(readFileSync(path), path);
  demandLogKey(note, trust.keys, note.origin);
  demandContinuation(note, trust);
}
export const isProgram = (url) => process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(url);
export const FILE_CHECKS = { bundle: checkBundle, checkpoint: checkCheckpoint };
if (isProgram(import.meta.url)) end(main(USAGE, process.argv.slice(2), FILE_CHECKS));
