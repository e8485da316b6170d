#!/usr/bin/env node
// Checks the directory of a Sluice gateway's log: what sluice-verify.mjs, beside it, does for one session, for all.
// Written from docs/evidence-format.md, RFC 6962 and C2SP tlog-tiles; it shares no line with the gateway.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import {
  demand,
  demandLogKey,
  demandWitnesses,
  end,
  isProgram,
  LOG_KEY,
  leafOf,
  main,
  node,
  notesOf,
  ofLog,
  parseCheckpoint,
  parseKey,
  recordAt,
  said,
  sha256,
  signers,
} from './sluice-verify.mjs';

const USAGE = `usage: node sluice-verify-log.mjs WHAT DIR --key VKEY [options]
  log DIR          segments, hash chain, Merkle tree, tiles, and every checkpoint that was signed
  tiles DIR        checkpoint and tiles alone (a mirror of the log): do they agree, also with --noted?
--key VKEY       a key of the log that you trust; repeat it while the key is replaced
--witness VKEY   a witness that you trust; repeat it. --witnesses N: how many must have cosigned, else all of them
--noted PATH     checkpoints that you kept (a file, or a directory of them): are they of this log? Repeat it
exit status: 0 verified, 64 wrong arguments, 65 NOT verified, 66 something cannot be read`;

/** MTH of RFC 6962 §2.1 over hashes of subtrees of one size, of which the last may be smaller. */
function rootOf(row) {
  if (row.length === 1) return row[0];
  const k = 2 ** Math.floor(Math.log2(row.length - 1));
  return node(rootOf(row.slice(0, k)), rootOf(row.slice(k)));
}
/** The tree as it grows: of each level, the hashes of the tile that is not full yet. */
class Tree {
  levels = [];
  add(hash, onTile, level = 0) {
    this.levels[level] ??= { tile: 0, hashes: [] };
    const { tile, hashes } = this.levels[level];
    if (hashes.push(hash) < 256) return;
    onTile(level, tile, hashes);
    this.levels[level] = { tile: tile + 1, hashes: [] };
    this.add(rootOf(hashes), onTile, level + 1);
  }
  root() {
    let row = [];
    for (const { hashes } of this.levels) row = [...hashes, ...(row.length > 0 ? [rootOf(row)] : [])];
    return row.length > 0 ? rootOf(row) : sha256('');
  }
}
function tileName(level, tile, width) {
  const digits = String(tile).padStart(Math.ceil(String(tile).length / 3) * 3, '0');
  return `${level}/${digits.replace(/...(?=.)/g, 'x$&/')}${width < 256 ? `.p/${width}` : ''}`;
}

// ---- A log's directory.
/** Every record of the segments, as {record, entry, where}; `log` gets what holds for all of them. */
function* recordsOf(dir, log) {
  const names = readdirSync(dir).filter((name) => /^segment-[0-9]{8}\.log$/.test(name));
  demand(names.length > 0, dir, 'no segments');
  for (const [number, name] of names.sort().entries()) {
    const path = `${dir}/${name}`;
    demand(+name.slice(8, 16) === number, dir, `segment ${number} is missing`);
    const file = readFileSync(path);
    const torn = (at) => {
      demand(number === names.length - 1, `${path} byte ${at}`, 'cut off, and not at the end of the log');
      said.open.push(`${path} from byte ${at}: a torn end, never acknowledged: a crash, or a write under way`);
    };
    if (file.length < 112) return torn(0);
    demand(file.toString('hex', 0, 8) === '534c554943450001', path, 'not a segment: wrong magic');
    demand(sha256(file.subarray(0, 80)).equals(file.subarray(80, 112)), path, 'wrong hash of its header');
    demand(file.readBigUInt64BE(24) === BigInt(number), path, 'its header has another segment number');
    demand(file.readBigUInt64BE(32) === BigInt(log.count), path, 'its header has another first sequence');
    demand(file.subarray(48, 80).equals(log.end), path, 'it does not continue the segment before');
    log.id ??= file.toString('hex', 8, 24);
    demand(file.toString('hex', 8, 24) === log.id, path, 'its log id is not that of segment 0');
    for (let at = 112; at < file.length; at += 32) {
      const where = `${path} byte ${at}`;
      if (file.length - at < 20) return torn(at);
      const length = file.readUInt32BE(at);
      const agree = (length ^ 0x534c4345) >>> 0 === file.readUInt32BE(at + 4) && length >= 21 && length <= 4_194_325;
      demand(agree || file.subarray(at).every((byte) => byte === 0), where, 'not a block');
      const end = at + 20 + length;
      if (!agree || end + 32 > file.length) return torn(at);
      demand(
        sha256(file.subarray(at - 32, end)).equals(file.subarray(end, end + 32)),
        where,
        'wrong hash of the block',
      );
      demand(file.readBigUInt64BE(at + 12) === BigInt(log.count), where, 'its first sequence is not the next one');
      const expected = log.count + file.readUInt32BE(at + 8);
      for (at += 20; at < end; log.count++) {
        const found = recordAt(file.subarray(at, end), log.count, `${path} byte ${at}`);
        at += found.record.length;
        yield found;
      }
      demand(log.count === expected, where, 'wrong number of records');
    }
    log.end = file.subarray(file.length - 32);
  }
}
/** Widths of the tiles that there are, by their name without one. */
function tilesIn(dir) {
  const tiles = new Map();
  const layout = /^((?:[0-9]|[1-5][0-9]|6[0-3])\/(?!x000)(?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;
  for (const path of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
    const file = statSync(`${dir}/${path}`);
    if (file.isDirectory()) continue;
    const [, name, partial] = layout.exec(path) ?? [];
    demand(file.isFile() && name && !(+partial > 255), `${dir}/${path}`, 'not a name of the layout of tiles');
    tiles.set(name, [...(tiles.get(name) ?? []), +(partial ?? 256)]);
  }
  return tiles;
}
function checkLog(dir, trust) {
  // A crash may have come between the first note of the history and its publication.
  const isPublished = existsSync(`${dir}/checkpoint`);
  const { value: first } = isPublished ? {} : notesOf(`${dir}/checkpoints.log`, true).next();
  const newest = first ?? parseCheckpoint(readFileSync(`${dir}/checkpoint`), `${dir}/checkpoint`);
  const witnessed = existsSync(`${dir}/checkpoint.witnessed`)
    ? [parseCheckpoint(readFileSync(`${dir}/checkpoint.witnessed`), `${dir}/checkpoint.witnessed`)]
    : [];
  demandLogKey(newest, trust.keys, newest.origin);
  const [tree, log, keys, unsigned] = [new Tree(), { count: 0, end: Buffer.alloc(32) }, [...trust.keys], []];
  const tiles = newest.size > 0 ? tilesIn(`${dir}/tile`) : new Map();
  const checkTile = (level, tile, hashes) => {
    const widths = tiles.get(tileName(level, tile, 256)) ?? [];
    const fitting = widths.filter((width) => width <= hashes.length);
    // A partial tile may have become a full one since the checkpoint was signed.
    if (!fitting.includes(hashes.length)) fitting.push(...widths.filter((width) => width === 256));
    const missing = `${dir}/tile/${tileName(level, tile, hashes.length)}`;
    demand(fitting.includes(hashes.length) || fitting.includes(256), missing, 'is missing');
    for (const width of fitting) {
      const path = `${dir}/tile/${tileName(level, tile, width)}`;
      const [found, expected] = [readFileSync(path), Buffer.concat(hashes.slice(0, width))];
      const same = found.length === 32 * width && found.subarray(0, expected.length).equals(expected);
      demand(same, path, 'not what the records give');
    }
  };
  const check = (note, size) => {
    demand(
      note.size === size,
      note.where,
      `size ${note.size}: out of order, or more than the log's ${log.count} records`,
    );
    demand(note.origin === newest.origin, note.where, `it is of another log, ${note.origin}`);
    demand(note.root.equals(tree.root()), note.where, `its root is not that of the log's first ${size} records`);
    if (signers(note, [...ofLog(keys, note.origin)]).length === 0) unsigned.push(note);
    signers(note, trust.witnesses);
  };
  const latest = [];
  const history = function* () {
    for (const note of notesOf(`${dir}/checkpoints.log`, true)) {
      if (latest[0]?.text !== note.text) latest.unshift(note);
      latest.length = Math.min(latest.length, 2);
      yield note;
    }
  };
  const noted = trust.noted.toSorted((a, b) => a.size - b.size);
  const followed = [history(), noted, [newest], witnessed].map((notes) => {
    const rest = notes[Symbol.iterator]();
    let next = rest.next();
    return (size) => {
      for (; !next.done && next.value.size <= size; next = rest.next()) check(next.value, size);
    };
  });
  for (const follow of followed) follow(0);
  for (const { record, entry, where } of recordsOf(dir, log)) {
    const size = log.count + 1;
    tree.add(leafOf(record), size <= newest.size ? checkTile : () => {});
    if (entry.kind === 'gateway.started' && size <= newest.size && Array.isArray(entry.checkpointKeys)) {
      keys.push(...entry.checkpointKeys.map((key) => parseKey(key, LOG_KEY, where)));
    }
    for (const follow of followed) follow(size);
    if (size !== newest.size) continue;
    tree.levels.forEach(({ tile, hashes }, level) => hashes.length > 0 && checkTile(level, tile, hashes));
  }
  for (const follow of followed) follow(Number.POSITIVE_INFINITY);
  for (const note of unsigned) demandLogKey(note, keys, newest.origin);
  demand(
    newest.origin === `sluice/${log.id}`,
    newest.where,
    `its origin is not that of the segments, sluice/${log.id}`,
  );
  // The history is written first: a crash, or a look at the wrong moment, finds it one checkpoint ahead.
  const known = latest.some(({ text }) => text === newest.text) && (isPublished || latest.length === 1);
  demand(known, `${dir}/checkpoints.log`, `does not end with the checkpoint of size ${newest.size}`);
  if (latest[0].text !== newest.text)
    said.open.push(`${newest.where} is one behind checkpoints.log: a crash, or a gateway at work`);
  const twin = witnessed.find((note) => note.text === newest.text);
  const rows = twin?.signatures.map(({ row }) => row);
  demand(
    newest.signatures.every(({ row }) => rows?.includes(row) ?? true),
    twin?.where,
    'lacks signatures of checkpoint',
  );
  said.verified.push(`${newest.size} of ${log.count} records, their tiles, and every checkpoint in checkpoints.log`);
  for (const note of noted) said.verified.push(`the checkpoint of size ${note.size} that you noted (${note.where})`);
  const covered = demandWitnesses([newest, ...witnessed], trust).size;
  if (covered < newest.size) said.open.push(`records from sequence ${covered} on: not witnessed yet`);
  if (log.count > newest.size) said.open.push(`records from sequence ${newest.size} on: in no checkpoint yet`);
  return newest;
}

/** A mirror that holds `checkpoint` and tiles, no records. */
function checkTiles(dir, trust) {
  const newest = parseCheckpoint(readFileSync(`${dir}/checkpoint`), `${dir}/checkpoint`);
  demandLogKey(newest, trust.keys, newest.origin);
  const [tree, wanted] = [new Tree(), [newest, ...trust.noted]];
  for (const note of trust.noted) demandLogKey(note, trust.keys, newest.origin);
  const most = Math.max(...wanted.map((note) => note.size));
  demand(most === newest.size, `${dir}/checkpoint`, `older than the checkpoint of size ${most} that you noted`);
  let hashes;
  for (let size = 0; size <= most; size++) {
    const wrong = wanted.find((note) => note.size === size && !note.root.equals(tree.root()));
    demand(wrong === undefined, wrong?.where, `its root is not that of the first ${size} hashes in ${dir}/tile/0`);
    if (size % 256 === 0 && size < most) {
      const path = `${dir}/tile/${tileName(0, size / 256, Math.min(256, most - size))}`;
      hashes = readFileSync(path);
      demand(hashes.length === 32 * Math.min(256, most - size), path, 'not as long as its name says');
    }
    if (size < most) tree.add(hashes.subarray((size % 256) * 32, (size % 256) * 32 + 32), () => {});
  }
  for (const note of trust.noted) said.verified.push(`size ${most} continues size ${note.size} (${note.where})`);
  said.open.push('the records behind the tiles were not looked at');
  demandWitnesses([newest], trust);
}
export const LOG_CHECKS = { log: checkLog, tiles: checkTiles };
if (isProgram(import.meta.url)) end(main(USAGE, process.argv.slice(2), LOG_CHECKS));
