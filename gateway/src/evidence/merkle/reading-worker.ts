/**
 * A thread that reads for one question and hands the answer over piece by piece, each when it is asked for.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { SluiceError } from '@sluice/contract/errors';
import { originOf } from './checkpoint.ts';
import { entryBundle } from './entry-bundle.ts';
import type { ReadingAnswer, ReadingQuestion } from './reading-thread.ts';
import { sessionBundle } from './session-bundle.ts';
import { LOG_KEY, signerKey } from './signed-note.ts';

/** A piece is at least this long, bytes, but for the last. */
const PIECE_BYTES = 65_536;

const port = parentPort;
if (port === null) throw new Error('the record is read in a worker thread only');
const question = workerData as ReadingQuestion;
const pieces = answersTo(question);

port.on('message', () => port.postMessage(next()));

function next(): ReadingAnswer {
  try {
    const collected: (string | Buffer)[] = [];
    let bytes = 0;
    while (bytes < PIECE_BYTES) {
      const step = pieces.next();
      if (step.done === true) return { kind: 'end', bytes: joined(collected) };
      collected.push(step.value);
      bytes += step.value.length;
    }
    return { kind: 'piece', bytes: joined(collected) };
  } catch (error) {
    const code = error instanceof SluiceError ? error.code : 'INTERNAL';
    return { kind: 'failed', code, message: error instanceof Error ? error.message : String(error) };
  }
}

function joined(parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}

function answersTo(asked: ReadingQuestion): Generator<string | Buffer> {
  if (asked.kind === 'entries') return once(() => entryBundle(asked, asked));
  const signers = asked.seeds.map((seed) => signerKey(originOf(asked.logId), LOG_KEY, seed));
  return sessionBundle({ ...asked, signers });
}

function* once(make: () => Buffer): Generator<Buffer> {
  yield make();
}
