/**
 * Values of classified columns that people were shown, as keyed fingerprints: whoever writes one back as a literal,
 * parameter or COPY data is recognised. In memory only; the values themselves are not kept. docs/detectors.md.
 */
import { hash } from 'node:crypto';
import type { LabelledColumn } from '@sluice/contract/vocabulary';
import { LRUCache } from 'lru-cache';
import type { ColumnKey } from '../analysis/flows.ts';
import { findSpelling, MAX_SHOWN_WORDS, spellingsOf } from './spellings.ts';

export const SHOWN_KEY_BYTES = 32;
/** Fingerprints of one member of a delegation chain; beyond them the oldest are forgotten. About 100 bytes each. */
export const MAX_SHOWN_VALUES = 10_000;
/** Members whose values are remembered; beyond them, those of whoever was shown something the longest ago are forgotten. */
export const MAX_SHOWN_SUBJECTS = 128;
/** Longest cell that is remembered, and longest spelling that is looked up, characters. */
export const MAX_SHOWN_CHARACTERS = 1_024;

/** Longest text that is looked through, characters: a longer one counts as holding a shown value. */
export const MAX_LOOKED_THROUGH = 262_144;

/** Where a shown value stood. */
export type ShownFrom = {
  readonly resource: string;
  /** Classified columns that the output came from. */
  readonly columns: readonly LabelledColumn[];
  readonly keys: readonly ColumnKey[];
};

/**
 * `detected`: it looks classified by itself, and `from` names the detector in place of a column. `unread`: too long to be
 * looked through; `from` is what was shown last, or a detector.
 */
export type FoundValue = { readonly how: 'shown' | 'detected' | 'unread'; readonly from: ShownFrom };

/** 66 bits of a keyed hash. */
type Fingerprint = string;
const FINGERPRINT_CHARACTERS = 11;

type Memory = {
  readonly values: LRUCache<Fingerprint, ShownFrom>;
  /** By length in characters: whether a value of that length is or was among them. */
  readonly lengths: Uint8Array;
  /** Most words of a value. */
  words: number;
  hasForgotten: boolean;
};

export class ShownValues {
  readonly #key: string;
  readonly #onForgotten: (subject: string) => void;
  readonly #maxValues: number;
  readonly #maxSubjects: number;
  /** Whoever was shown something the longest ago comes first. */
  readonly #memories = new Map<string, Memory>();

  /** `key`: random bytes of this process (`SHOWN_KEY_BYTES`). `onForgotten`: the first time that values of a subject are forgotten. */
  constructor(options: {
    readonly key: Buffer;
    readonly onForgotten: (subject: string) => void;
    readonly maxValues?: number;
    readonly maxSubjects?: number;
  }) {
    this.#key = options.key.toString('hex');
    this.#onForgotten = options.onForgotten;
    this.#maxValues = options.maxValues ?? MAX_SHOWN_VALUES;
    this.#maxSubjects = options.maxSubjects ?? MAX_SHOWN_SUBJECTS;
  }

  /** Most values of one answer that are worth remembering: more would only push each other out. */
  get maxValues(): number {
    return this.#maxValues;
  }

  /** Whether there is nothing that one of them could write back. */
  isEmpty(subjects: readonly string[]): boolean {
    return this.#memories.size === 0 || !subjects.some((subject) => this.#memories.has(subject));
  }

  /** Values of it that are remembered now. */
  count(subject: string): number {
    return this.#memories.get(subject)?.values.size ?? 0;
  }

  /** A value that was sent as it is to somebody, at the end of this delegation chain. */
  remember(subjects: readonly string[], value: string, from: ShownFrom): void {
    if (value.length > MAX_SHOWN_CHARACTERS) return;
    for (const spelling of spellingsOf(value)) {
      const fingerprint = this.#fingerprint(spelling);
      for (const subject of subjects) this.#add(subject, spelling, fingerprint, from);
    }
  }

  #add(subject: string, spelling: string, fingerprint: Fingerprint, from: ShownFrom): void {
    const memory = this.#memoryOf(subject);
    const { values, lengths } = memory;
    const forgets = values.size === this.#maxValues && !values.has(fingerprint);
    values.set(fingerprint, from);
    lengths[spelling.length] = 1;
    memory.words = Math.max(memory.words, Math.min(spelling.split(' ').length, MAX_SHOWN_WORDS));
    if (!forgets || memory.hasForgotten) return;
    memory.hasForgotten = true;
    this.#onForgotten(subject);
  }

  #memoryOf(subject: string): Memory {
    const known = this.#memories.get(subject);
    const memory = known ?? {
      values: new LRUCache<Fingerprint, ShownFrom>({ max: this.#maxValues }),
      lengths: new Uint8Array(MAX_SHOWN_CHARACTERS + 1),
      words: 1,
      hasForgotten: false,
    };
    this.#memories.delete(subject);
    this.#memories.set(subject, memory);
    if (this.#memories.size > this.#maxSubjects) {
      const [longest] = this.#memories.keys();
      if (longest !== undefined) {
        this.#memories.delete(longest);
        this.#onForgotten(longest);
      }
    }
    return memory;
  }

  /** A value that stands in the text and was shown to one of them; null when none does. */
  find(subjects: readonly string[], text: string): FoundValue | null {
    const memories = subjects.flatMap((subject) => this.#memories.get(subject) ?? []);
    if (text.length > MAX_LOOKED_THROUGH) {
      const [from] = memories.flatMap(({ values }) => values.values().next().value ?? []);
      return from === undefined ? null : { how: 'unread', from };
    }
    if (memories.length === 0) return null;
    const words = Math.max(...memories.map((memory) => memory.words));
    return findSpelling(text, words, (spelling) => {
      const { length } = spelling;
      if (length > MAX_SHOWN_CHARACTERS || !memories.some(({ lengths }) => lengths[length] === 1)) return null;
      const fingerprint = this.#fingerprint(spelling);
      for (const { values } of memories) {
        // Being looked for keeps no value longer.
        const from = values.peek(fingerprint);
        if (from !== undefined) return { how: 'shown', from };
      }
      return null;
    });
  }

  #fingerprint(spelling: string): Fingerprint {
    return hash('sha256', `${this.#key}${spelling}`, 'base64url').slice(0, FINGERPRINT_CHARACTERS);
  }
}
