/**
 * Hands each new checkpoint to the witnesses and anchors: one attempt at a time each, always with the newest checkpoint,
 * slower after failures. What fails is told, never waited for.
 */
import { type AnchorSettings, anchorCheckpoint } from './anchor.ts';
import type { CheckpointNote } from './checkpoint.ts';
import { type ProveFrom, type WitnessAnswer, WitnessClient, type WitnessSettings } from './witness-client.ts';

/** A witness that failed is asked again after this long, doubled with each failure up to the longest, milliseconds. */
export const FIRST_RETRY_MS = 1_000;
export const LONGEST_RETRY_MS = 60_000;
/** An anchor gets a checkpoint at most this often, milliseconds. */
export const ANCHOR_INTERVAL_MS = 10_000;

export type WitnessState = {
  readonly name: string;
  readonly kind: 'witness' | 'anchor';
  readonly state: 'waiting' | 'witnessed' | 'failing' | 'contradicted';
  /** Entries that it has confirmed. */
  readonly size: number;
  /** When it did so, milliseconds since 1970; 0 before the first time. */
  readonly atMs: number;
  readonly message: string;
};

export type Submission = { readonly checkpoint: CheckpointNote; readonly note: string; readonly prove: ProveFrom };

export type WitnessingOptions = {
  readonly witnesses: readonly WitnessSettings[];
  readonly anchors: readonly (AnchorSettings & { readonly name: string })[];
  readonly now: () => number;
  readonly fetch: typeof fetch;
  /** New cosignature lines for a checkpoint. */
  readonly onCosigned: (checkpoint: CheckpointNote, lines: string) => void;
  /** A state changed. */
  readonly onChange: () => void;
};

export class Witnessing {
  readonly #options: WitnessingOptions;
  readonly #posts: readonly Post[];
  readonly #closing = new AbortController();

  constructor(options: WitnessingOptions) {
    this.#options = options;
    this.#posts = [
      ...options.witnesses.map((settings) => {
        const client = new WitnessClient(settings, options.fetch);
        return new Post({ name: settings.name, kind: 'witness' }, (submission) => this.#ask(client, submission));
      }),
      ...options.anchors.map(
        (settings) =>
          new Post({ name: settings.name, kind: 'anchor' }, (submission) => this.#anchor(settings, submission)),
      ),
    ];
  }

  get states(): readonly WitnessState[] {
    return this.#posts.map((post) => post.state);
  }

  /** Begins what is due. `atOnce` also asks those that failed a moment ago. Resolves when all attempts have ended. */
  async submit(submission: Submission, atOnce = false): Promise<void> {
    const now = this.#options.now();
    await Promise.all(
      this.#posts.map(async (post) => {
        if (await post.attempt(submission, now, atOnce, this.#options.now)) this.#options.onChange();
      }),
    );
  }

  close(): void {
    this.#closing.abort(new Error('the gateway is stopping'));
  }

  async #ask(client: WitnessClient, { checkpoint, note, prove }: Submission): Promise<WitnessAnswer> {
    const answer = await client.submit(checkpoint, note, prove, this.#closing.signal);
    if (answer.kind === 'cosigned') this.#options.onCosigned(checkpoint, answer.lines);
    return answer;
  }

  #anchor(settings: AnchorSettings, { checkpoint, note }: Submission): Promise<WitnessAnswer> {
    try {
      anchorCheckpoint(settings, checkpoint, note);
      return Promise.resolve({ kind: 'cosigned', lines: '' });
    } catch (error) {
      return Promise.resolve({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** One witness or anchor, and what is known of it. */
class Post {
  readonly #send: (submission: Submission) => Promise<WitnessAnswer>;
  #state: WitnessState;
  #running: Promise<void> | null = null;
  #failures = 0;
  #notBeforeMs = 0;

  constructor(
    { name, kind }: Pick<WitnessState, 'name' | 'kind'>,
    send: (submission: Submission) => Promise<WitnessAnswer>,
  ) {
    this.#send = send;
    this.#state = { name, kind, state: 'waiting', size: 0, atMs: 0, message: '' };
  }

  get state(): WitnessState {
    return this.#state;
  }

  /** False when nothing was tried: up to date, too early, or the one before is still under way. */
  async attempt(submission: Submission, nowMs: number, atOnce: boolean, now: () => number): Promise<boolean> {
    const isDone = this.#state.state === 'witnessed' && this.#state.size >= submission.checkpoint.size;
    if (isDone || (nowMs < this.#notBeforeMs && !atOnce)) return false;
    if (this.#running !== null) {
      if (!atOnce) return false;
      await this.#running;
    }
    this.#running = this.#attempt(submission, now);
    await this.#running;
    this.#running = null;
    return true;
  }

  async #attempt(submission: Submission, now: () => number): Promise<void> {
    const answer = await this.#send(submission);
    const { size } = submission.checkpoint;
    if (answer.kind === 'cosigned') {
      this.#failures = 0;
      this.#notBeforeMs = this.#state.kind === 'anchor' ? now() + ANCHOR_INTERVAL_MS : 0;
      this.#state = { ...this.#state, state: 'witnessed', size, atMs: now(), message: '' };
      return;
    }
    this.#notBeforeMs = now() + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 20);
    const state = answer.kind === 'contradicted' ? 'contradicted' : 'failing';
    this.#state = { ...this.#state, state, message: answer.message };
  }
}
