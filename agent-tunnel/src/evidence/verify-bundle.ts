/**
 * Checks a session bundle offline, as docs/evidence-format.md describes it. Reads it line by line.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { LABELS } from '@sluice/contract/vocabulary';
import { leafOf, rootFromInclusion } from './merkle.ts';
import { base64, type Checkpoint, Disproof, parseCheckpoint, parseKey, parseNote, signersOf } from './note.ts';
import { RecordedParts } from './recorded-parts.ts';
import { type Confirmed, confirm, type Trust } from './verify-checkpoint.ts';

/** Longest line, bytes: a record of 4 MiB in base64 with its proof. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;

export type BundleReport = Confirmed & {
  readonly sessionId: string;
  readonly records: number;
  readonly statements: number;
  /** Keys came from the file itself: compare them with those that you know. */
  readonly trustsItself: boolean;
  /** `sealed`: its hash is an entry; `vouched`: only the operator's manifest says so; `expired`: removed, as an entry says; `none`. */
  readonly recording: 'sealed' | 'vouched' | 'expired' | 'none';
  /** What an auditor should look at. */
  readonly remarks: readonly string[];
};

/** An entry of a bundle, as the record has it. */
export type BundleEntry = {
  readonly entry: Readonly<Record<string, unknown>>;
  /** It names the session; else it is of a request that an entry of the session names. */
  readonly isOwn: boolean;
  /** Name of the log. */
  readonly origin: string;
  readonly sequence: number;
  /** Microseconds since 1970. */
  readonly atUs: number;
};
export type BundleListener = {
  readonly onEntry?: (entry: BundleEntry) => void;
  /** The recording, in pieces that end anywhere. */
  readonly onRecording?: (bytes: Buffer) => void;
};

/**
 * `listener` is told of what the bundle holds, in order; it holds only when this returns. Throws Disproof with what does
 * not hold, and what reading and the listener throw.
 */
export async function verifyBundle(path: string, trust: Trust, listener: BundleListener = {}): Promise<BundleReport> {
  const whole = createHash('sha256');
  let check: BundleCheck | null = null;
  let end: string | null = null;
  for await (const bytes of linesOf(path)) {
    if (end !== null) throw new Disproof('something follows the last line');
    const text = bytes.toString('utf8');
    const line = parseLine(text);
    if ('sha256' in line) {
      end = text;
      continue;
    }
    whole.update(bytes);
    if (check === null) check = new BundleCheck(line, trust, listener);
    else check.take(line);
  }
  if (check === null || end === null) throw new Disproof('the bundle was cut off');
  if (end !== `{"sha256":"${whole.digest('hex')}"}\n`)
    throw new Disproof('the bundle was damaged: its bytes do not have the hash at its end');
  return check.finish();
}

type Line = Readonly<Record<string, unknown>>;

class BundleCheck {
  readonly #listener: BundleListener;
  readonly #sessionId: string;
  readonly #checkpoint: Checkpoint;
  readonly #confirmed: Confirmed;
  readonly #manifest: string;
  readonly #trustsItself: boolean;
  readonly #indexes = createHash('sha256');
  readonly #recording = new RecordedParts();
  #hasRecording = false;
  #records = 0;
  #last = -1;
  readonly #requestIds = new Set<string>();
  /** Request ids of records that do not name the session. */
  readonly #foreign = new Map<string, number>();
  /** Decisions of each statement, 1 or more; 2 where one of them repeats another. */
  readonly #decided = new Map<number, number>();
  #opened = 0;
  #recordingExpired = false;
  #closedAtMs: number | null = null;
  /** Rank of the highest label of its statements. */
  #touched = 0;
  #statements: number | null = null;
  #sealed: { readonly bytes: number; readonly sha256: string } | null = null;

  constructor(line: Line, trust: Trust, listener: BundleListener) {
    this.#listener = listener;
    expectMembers(line, ['sluice', 'version', 'sessionId', 'keys', 'witnesses', 'checkpoint', 'manifest']);
    if (line['sluice'] !== 'session-bundle' || line['version'] !== 1)
      throw new Disproof('this is no session bundle of version 1');
    this.#sessionId = text(line['sessionId']);
    this.#checkpoint = parseCheckpoint(text(line['checkpoint']));
    const ownKeys = [...list(line['keys']), ...list(line['witnesses'])].map(parseKey);
    this.#trustsItself = !trust.keys.some(({ type }) => type === 1);
    const keys = this.#trustsItself ? [...trust.keys, ...ownKeys] : trust.keys;
    this.#confirmed = confirm(this.#checkpoint, { ...trust, keys });
    const manifest = parseNote(text(line['manifest']));
    if (!signersOf(manifest, keys).some(({ type, name }) => type === 1 && name === this.#checkpoint.origin))
      throw new Disproof('no trusted key signed the manifest');
    this.#manifest = manifest.text;
  }

  take(line: Line): void {
    if ('recording' in line) {
      expectMembers(line, ['recording']);
      const bytes = base64(text(line['recording']));
      this.#recording.take(bytes);
      this.#hasRecording = true;
      this.#listener.onRecording?.(bytes);
      return;
    }
    expectMembers(line, ['index', 'record', 'proof']);
    if (this.#hasRecording) throw new Disproof('a record follows the recording');
    const index = Number(line['index']);
    if (!Number.isSafeInteger(index) || index <= this.#last || index >= this.#checkpoint.size)
      throw new Disproof(`the index ${String(line['index'])} is out of order, or not in the checkpoint`);
    const record = base64(text(line['record']));
    this.#checkRecord(index, record);
    const root = rootFromInclusion(leafOf(record), index, this.#checkpoint.size, list(line['proof']).map(base64));
    if (root?.equals(this.#checkpoint.root) !== true)
      throw new Disproof(`record ${index} is not in the log that was signed`);
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt(index));
    this.#indexes.update(bytes);
    this.#last = index;
    this.#records += 1;
  }

  finish(): BundleReport {
    const recordingHash = this.#recording.finish();
    const { origin, size } = this.#checkpoint;
    const expected = [
      'sluice.dev/session-manifest@v1',
      ...[origin, this.#sessionId, size, this.#records, this.#indexes.digest('base64')],
      this.#hasRecording ? recordingHash.toString('base64') : '-',
    ];
    if (this.#manifest !== `${expected.join('\n')}\n`)
      throw new Disproof('the manifest is of other records, or of another recording: something was left out or added');
    if (this.#opened !== 1)
      throw new Disproof(`the bundle has ${this.#opened} beginnings of the session, and should have one`);
    for (const [requestId, index] of this.#foreign)
      if (!this.#requestIds.has(requestId)) throw new Disproof(`record ${index} does not belong to the session`);
    return {
      ...this.#confirmed,
      sessionId: this.#sessionId,
      records: this.#records,
      statements: this.#decided.size,
      trustsItself: this.#trustsItself,
      recording: this.#checkRecording(recordingHash),
      remarks: this.#remarks(),
    };
  }

  /** ```text L u32 | sequence u64 | time u64 | kind u8 | payload L ``` */
  #checkRecord(index: number, record: Buffer): void {
    if (
      record.length < 21 ||
      record.readUInt32BE(0) !== record.length - 21 ||
      record.readBigUInt64BE(4) !== BigInt(index)
    )
      throw new Disproof(`record ${index} is not well formed`);
    if (record[20] !== 1) return;
    const entry = parseLine(record.toString('utf8', 21));
    const requestId = typeof entry['requestId'] === 'string' ? entry['requestId'] : null;
    const isOwn = entry['sessionId'] === this.#sessionId;
    const atUs = record.readBigUInt64BE(12);
    const place = { origin: this.#checkpoint.origin, sequence: index, atUs: Number(atUs) };
    this.#listener.onEntry?.({ entry, isOwn, ...place });
    if (isOwn) {
      if (requestId !== null) this.#requestIds.add(requestId);
      this.#note(entry, atUs);
    } else if (requestId === null) {
      throw new Disproof(`record ${index} does not belong to the session`);
    } else {
      this.#foreign.set(requestId, index);
    }
  }

  #note(entry: Line, atUs: bigint): void {
    switch (entry['kind']) {
      case 'session.opened':
        this.#opened += 1;
        return;
      case 'statement.decided':
        this.#noteDecision(Number(entry['statementId']), entry['as']);
        // A short form is of the same label as the decision that it names, which is here too.
        if (entry['as'] === undefined) this.#touched = Math.max(this.#touched, rankOf(entry['highestLabel']));
        return;
      case 'session.closed':
        this.#statements = Number(entry['statements']);
        this.#closedAtMs = Number(atUs / 1_000n);
        return;
      case 'session.expired':
        this.#checkExpiry(entry, Number(atUs / 1_000n));
        this.#recordingExpired = list(entry['destroyed']).includes('recording');
        return;
      case 'statements.completed':
      case 'recording.grown':
        this.#recording.expect(entry['recorded']);
        return;
      case 'recording.closed':
        this.#sealed = { bytes: Number(entry['bytes']), sha256: String(entry['sha256']) };
    }
  }

  /** `as`: it says of itself only what differs from another decision, which has to be there, and the only one of its statement. */
  #noteDecision(statementId: number, as: unknown): void {
    if (as !== undefined && (typeof as !== 'number' || this.#decided.get(as) !== 1))
      throw new Disproof(`statement ${statementId} repeats a decision that is not in the bundle, or not the only one`);
    this.#decided.set(statementId, as === undefined ? (this.#decided.get(statementId) ?? 0) + 1 : 2);
  }

  /** By the rule that the entry names, its time was over, counted from the session's end; and the rule is for all that it touched. */
  #checkExpiry(entry: Line, atMs: number): void {
    const closedAtMs = Date.parse(text(entry['closedAt']));
    if (!(closedAtMs + Number(entry['retentionMs']) <= atMs))
      throw new Disproof('what was kept of the session was destroyed before its time');
    if (this.#closedAtMs !== null && closedAtMs !== this.#closedAtMs)
      throw new Disproof('its retention was not counted from the end of the session');
    if (rankOf(entry['highestLabel']) < this.#touched)
      throw new Disproof('its retention is that of a lower label than the session has touched');
  }

  #checkRecording(hash: Buffer): BundleReport['recording'] {
    if (this.#recordingExpired && !this.#hasRecording) return 'expired';
    if (this.#sealed === null) return this.#hasRecording ? 'vouched' : 'none';
    if (this.#sealed.bytes !== this.#recording.bytes || this.#sealed.sha256 !== hash.toString('hex'))
      throw new Disproof('the recording is not the one that was closed with the session');
    return 'sealed';
  }

  #remarks(): readonly string[] {
    const cut =
      this.#recordingExpired || !this.#recording.isCut
        ? []
        : ['the recording ends before what the record says was in it: a power cut took the rest, or somebody'];
    if (this.#statements === null) return ['the session was open, or cut off: there is no session.closed', ...cut];
    const missing = [];
    for (let id = 1; id <= this.#statements && missing.length < 10; id += 1)
      if (!this.#decided.has(id)) missing.push(id);
    return missing.length === 0 ? cut : [`statements without a decision: ${missing.join(', ')}`, ...cut];
  }
}

/** Unknown ones are stricter than all. */
function rankOf(label: unknown): number {
  const rank = LABELS.findIndex((known) => known === label);
  return rank === -1 ? LABELS.length : rank;
}

/** Whole lines, each with its newline. */
async function* linesOf(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    const bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
      yield bytes.subarray(start, end + 1);
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > MAX_LINE_BYTES) throw new Disproof('a line of the bundle is too long');
  }
  if (rest.length > 0) throw new Disproof('the bundle was cut off');
}

function parseLine(line: string): Line {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch (error) {
    throw new Disproof('a line is not JSON', { cause: error });
  }
  throw new Disproof('a line is no JSON object');
}

function expectMembers(line: Line, members: readonly string[]): void {
  if (Object.keys(line).join() !== members.join())
    throw new Disproof(`a line has not the members ${members.join(', ')}`);
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new Disproof('a text is missing');
}

function list(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(text);
  throw new Disproof('a list is missing');
}
