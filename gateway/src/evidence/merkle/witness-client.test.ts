import { describe, expect, it } from 'vitest';
import { entriesOf, TreeByDefinition } from './by-definition.fixture.ts';
import { checkpointText, parseCheckpoint } from './checkpoint.ts';
import { cosignNote, LOG_KEY, signerKey, signNote, WITNESS_KEY } from './signed-note.ts';
import { WitnessClient } from './witness-client.ts';

const ORIGIN = 'sluice/00000000000000000000000000000001';
const LOG = signerKey(ORIGIN, LOG_KEY, Buffer.alloc(32, 1));
const WITNESS = signerKey('witness.example/w1', WITNESS_KEY, Buffer.alloc(32, 2));
const tree = new TreeByDefinition(entriesOf(10));
const TEXT = checkpointText({ origin: ORIGIN, size: 10, root: tree.mth(0, 10) });
const NOTE = `${TEXT}\n${signNote(TEXT, LOG)}`;
const GOOD = cosignNote(TEXT, WITNESS, 1_700_000_000);

/** A client whose witness gives these answers, in turn. */
function clientOf(...answers: readonly Response[]) {
  const bodies: string[] = [];
  const left = [...answers];
  const fetcher: typeof fetch = (_, init) => {
    bodies.push(typeof init?.body === 'string' ? init.body : '');
    const next = left.shift();
    return next === undefined ? Promise.reject(new Error('nothing listens')) : Promise.resolve(next);
  };
  const client = new WitnessClient({ name: 'w1', url: 'http://w1', key: WITNESS.verifier }, fetcher);
  const submit = () =>
    client.submit(
      parseCheckpoint(NOTE),
      NOTE,
      (old) => (old === 0 ? [] : tree.proof(old, 10)),
      new AbortController().signal,
    );
  return { bodies, submit };
}

const size = (text: string) => new Response(text, { status: 409, headers: { 'content-type': 'text/x.tlog.size' } });

describe('a witness is asked', () => {
  it('from nothing at first, then from what it says that it knows, with a proof', async () => {
    const { submit, bodies } = clientOf(size('4\n'), new Response(GOOD));
    expect(await submit()).toEqual({ kind: 'cosigned', lines: GOOD });
    expect(bodies[0]).toBe(`old 0\n\n${NOTE}`);
    const proof = tree.proof(4, 10).map((hash) => `${hash.toString('base64')}\n`);
    expect(bodies[1]).toBe(`old 4\n${proof.join('')}\n${NOTE}`);
  });

  it('and is contradicted by nobody but itself: another log, or more of this one, is told apart from a failure', async () => {
    expect(await clientOf(size('11\n')).submit()).toMatchObject({ kind: 'contradicted' });
    expect(await clientOf(size('4\n'), new Response('', { status: 422 })).submit()).toMatchObject({
      kind: 'contradicted',
    });
    expect(await clientOf(size('0\n')).submit()).toMatchObject({ kind: 'contradicted' });
  });

  it.each([
    ['an unknown log', new Response('', { status: 404 })],
    ['an error', new Response('', { status: 500 })],
    [
      'no signature of its key',
      new Response(cosignNote(TEXT, signerKey('other', WITNESS_KEY, Buffer.alloc(32, 3)), 1)),
    ],
    ['a signature of something else', new Response(cosignNote(`${TEXT}x\n`, WITNESS, 1))],
    ['a signature without a time', new Response(signNote(TEXT, WITNESS))],
    ['no signature at all', new Response('thank you')],
    ['an endless answer', new Response('x'.repeat(20_000))],
  ])('an answer with %s is a failure, and nothing of it is taken over', async (_, answer) => {
    expect(await clientOf(answer).submit()).toMatchObject({ kind: 'failed' });
  });

  it('a witness that is away is a failure', async () => {
    expect(await clientOf().submit()).toEqual({ kind: 'failed', message: 'nothing listens' });
  });
});
