/**
 * Checks an evidence log offline, as docs/evidence-format.md describes it. Written from that document alone, with
 * nothing of ours imported, so that it can be read, copied and run by whoever has to trust the log.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** How far a log goes: the number of its entries and the hash that covers them all, hex. */
export type Head = { readonly entries: number; readonly hash: string };

export type Verification = {
  /** `intact`; `torn`: whole but for the last write, which was never acknowledged; `broken`: not what was written. */
  readonly state: 'intact' | 'torn' | 'broken';
  /** Of what was read without a finding. */
  readonly head: Head;
  readonly segments: number;
  /** Where and what, for `torn` and `broken`. */
  readonly finding: { readonly file: string; readonly offset: number; readonly message: string } | null;
  /** Whether the head that was noted elsewhere is in the log; null when none was given. */
  readonly holdsNotedHead: boolean | null;
  /** True when a single segment was checked: what came before it was not. */
  readonly isPart: boolean;
};

const MAGIC = Buffer.from([0x53, 0x4c, 0x55, 0x49, 0x43, 0x45, 0x00, 0x01]);
const SEGMENT_HEADER = 112;
const BLOCK_HEADER = 20;
const RECORD_HEADER = 21;
const HASH = 32;
const MAX_PAYLOAD = 4_194_304;
const LENGTH_MASK = 0x534c4345;
const SEGMENT_NAME = /^segment-(\d{8})\.log$/;

/** Thrown inside, never out: what is wrong, and at which byte of the file. */
class Finding extends Error {
  readonly offset: number;
  readonly isTorn: boolean;

  constructor(offset: number, message: string, isTorn = false) {
    super(message);
    this.offset = offset;
    this.isTorn = isTorn;
  }
}

/** What the segments so far have fixed for the next one. */
type Expected = {
  segment: number;
  sequence: number;
  /** Null until the first segment names it. */
  logId: string | null;
  /** Last 32 bytes of the file before; null when they are not known (a single segment that is not the first). */
  previous: Buffer | null;
};

/** Gets each record, whole, once its block's hash was found right. The bytes are lent until the call returns. */
export type OnRecord = (record: Buffer, sequence: number) => void;

/**
 * Checks a log's directory, or one of its segment files. `noted` is a head that was kept elsewhere: without one, a log
 * that was cut off at a block's end, or written anew as a whole, looks intact.
 *
 * Throws only when nothing can be read.
 */
export async function verifyEvidence(
  target: string,
  noted: Head | null = null,
  onRecord: OnRecord = () => undefined,
): Promise<Verification> {
  const isDirectory = (await stat(target)).isDirectory();
  const files = isDirectory ? await segmentFiles(target) : [target];
  if (files.length === 0) throw new Error(`${target} holds no segment-NNNNNNNN.log`);

  const expected: Expected = { segment: 0, sequence: 0, logId: null, previous: Buffer.alloc(HASH) };
  let head: Head = { entries: 0, hash: '' };
  let holdsNotedHead = noted === null ? null : noted.entries === 0;
  const end = (state: Verification['state'], segments: number, finding: Verification['finding']): Verification => ({
    state,
    head,
    segments,
    finding,
    holdsNotedHead,
    isPart: !isDirectory,
  });

  for (const [index, file] of files.entries()) {
    try {
      const bytes = await readFile(file);
      const number = Number(SEGMENT_NAME.exec(path.basename(file))?.[1] ?? Number.NaN);
      if (!isDirectory) expectAlone(bytes, expected);
      for (const reached of checkSegment(bytes, number, expected, { isLast: index === files.length - 1, onRecord })) {
        head = reached;
        if (noted !== null && reached.entries === noted.entries && reached.hash === noted.hash.toLowerCase())
          holdsNotedHead = true;
      }
    } catch (error) {
      if (!(error instanceof Finding)) throw error;
      return end(error.isTorn ? 'torn' : 'broken', index + 1, { file, offset: error.offset, message: error.message });
    }
  }
  return end('intact', files.length, null);
}

/** By number; the names are part of what is checked. */
async function segmentFiles(directory: string): Promise<readonly string[]> {
  const names = (await readdir(directory)).filter((name) => SEGMENT_NAME.test(name)).sort();
  return names.map((name) => path.join(directory, name));
}

/** A segment checked by itself brings its own expectations, as far as its header holds them. */
function expectAlone(bytes: Buffer, expected: Expected): void {
  if (bytes.length < SEGMENT_HEADER) return;
  expected.segment = Number(bytes.readBigUInt64BE(24));
  expected.sequence = Number(bytes.readBigUInt64BE(32));
  if (expected.segment > 0) expected.previous = null;
}

/** Yields the head after the header and after each block; moves `expected` on to the next segment. */
function* checkSegment(
  bytes: Buffer,
  number: number,
  expected: Expected,
  { isLast, onRecord }: { readonly isLast: boolean; readonly onRecord: OnRecord },
): Generator<Head> {
  checkSegmentHeader(bytes, number, expected, isLast);
  let offset = SEGMENT_HEADER;
  yield headAt(bytes, offset, expected.sequence);
  while (offset < bytes.length) {
    const bodyBytes = checkBlockFrame(bytes, offset, isLast);
    const end = offset + BLOCK_HEADER + bodyBytes;
    // One stretch: the hash before the block, its header, its records.
    if (!sha256(bytes.subarray(offset - HASH, end)).equals(bytes.subarray(end, end + HASH))) {
      throw new Finding(offset, 'the hash of the block does not match its bytes and the hash before it');
    }
    checkRecords(bytes, offset, end, expected, onRecord);
    offset = end + HASH;
    yield headAt(bytes, offset, expected.sequence);
  }
  expected.segment += 1;
  expected.previous = Buffer.from(bytes.subarray(bytes.length - HASH));
}

/**
 * ```text
 *  0   8  magic          8  16  log id            24  8  segment number     32  8  first sequence
 * 40   8  created at    48  32  previous hash     80 32  SHA-256 of 0..79
 * ```
 */
function checkSegmentHeader(bytes: Buffer, number: number, expected: Expected, isLast: boolean): void {
  if (bytes.length < SEGMENT_HEADER) throw new Finding(0, 'the segment ends inside its header', isLast);
  if (!bytes.subarray(0, 8).equals(MAGIC)) throw new Finding(0, 'this is not an evidence segment of format 1');
  if (!sha256(bytes.subarray(0, 80)).equals(bytes.subarray(80, SEGMENT_HEADER))) {
    throw new Finding(80, 'the hash of the segment header does not match');
  }
  const logId = bytes.toString('hex', 8, 24);
  if (expected.logId !== null && logId !== expected.logId) throw new Finding(8, 'the segment belongs to another log');
  const segment = u64(bytes, 24);
  if (segment !== expected.segment) {
    throw new Finding(24, `segment ${expected.segment} is missing or out of order: this one says ${segment}`);
  }
  if (!Number.isNaN(number) && number !== segment)
    throw new Finding(24, `the file's name says ${number}, its header ${segment}`);
  const sequence = u64(bytes, 32);
  if (sequence !== expected.sequence) {
    throw new Finding(32, `the segment begins with entry ${sequence}, ${expected.sequence} would follow`);
  }
  if (expected.previous !== null && !bytes.subarray(48, 80).equals(expected.previous)) {
    throw new Finding(48, 'the segment does not follow the end of the one before');
  }
  expected.logId = logId;
}

/**
 * ```text
 * 0  4  B, bytes of the records     4  4  B XOR 0x534C4345     8  4  records     12  8  first sequence
 * ```
 * Returns B. Throws a torn finding for what a crash leaves at the end of the last segment.
 */
function checkBlockFrame(bytes: Buffer, offset: number, isLast: boolean): number {
  const left = bytes.length - offset;
  if (isLast && bytes.subarray(offset).every((byte) => byte === 0)) throw torn(offset, left);
  if (left < BLOCK_HEADER) throw isLast ? torn(offset, left) : new Finding(offset, 'the segment ends inside a block');
  const bodyBytes = bytes.readUInt32BE(offset);
  if ((bodyBytes ^ LENGTH_MASK) >>> 0 !== bytes.readUInt32BE(offset + 4)) {
    throw new Finding(offset, 'the two lengths of the block disagree');
  }
  if (bodyBytes < RECORD_HEADER || bodyBytes > RECORD_HEADER + MAX_PAYLOAD) {
    throw new Finding(offset, `a block cannot hold ${bodyBytes} bytes`);
  }
  if (BLOCK_HEADER + bodyBytes + HASH > left) {
    throw isLast ? torn(offset, left) : new Finding(offset, 'the segment ends inside a block');
  }
  return bodyBytes;
}

/**
 * ```text
 * 0  4  L, bytes of the payload     4  8  sequence     12  8  time     20  1  kind     21  L  payload
 * ```
 */
function checkRecords(bytes: Buffer, block: number, end: number, expected: Expected, onRecord: OnRecord): void {
  if (u64(bytes, block + 12) !== expected.sequence) {
    throw new Finding(
      block + 12,
      `the block begins with entry ${u64(bytes, block + 12)}, ${expected.sequence} would follow`,
    );
  }
  let records = 0;
  let offset = block + BLOCK_HEADER;
  for (; offset < end; records += 1) {
    if (end - offset < RECORD_HEADER) throw new Finding(offset, 'an entry is cut off by the end of its block');
    const length = bytes.readUInt32BE(offset);
    const payload = offset + RECORD_HEADER;
    if (length > MAX_PAYLOAD || length > end - payload) throw new Finding(offset, 'an entry is longer than its block');
    const sequence = u64(bytes, offset + 4);
    if (sequence !== expected.sequence)
      throw new Finding(offset + 4, `entry ${sequence} stands where ${expected.sequence} belongs`);
    if (bytes[offset + 20] !== 1)
      throw new Finding(offset + 20, `entry ${sequence} is of the unknown kind ${bytes[offset + 20]}`);
    if (!isJsonObject(bytes.subarray(payload, payload + length)))
      throw new Finding(payload, `entry ${sequence} is not a JSON object`);
    onRecord(bytes.subarray(offset, payload + length), sequence);
    expected.sequence += 1;
    offset = payload + length;
  }
  if (records !== bytes.readUInt32BE(block + 8)) {
    throw new Finding(block + 8, `the block says ${bytes.readUInt32BE(block + 8)} entries and holds ${records}`);
  }
}

function isJsonObject(payload: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload));
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    // Neither UTF-8 nor JSON: the caller reports it.
    return false;
  }
}

function headAt(bytes: Buffer, offset: number, sequence: number): Head {
  return { entries: sequence, hash: bytes.toString('hex', offset - HASH, offset) };
}

function torn(offset: number, bytes: number): Finding {
  return new Finding(offset, `the last write is incomplete (${bytes} bytes): it was never acknowledged`, true);
}

/** A 64-bit number; those above 2^53 compare unequal to every expected one, which is what they deserve. */
function u64(bytes: Buffer, offset: number): number {
  return Number(bytes.readBigUInt64BE(offset));
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
