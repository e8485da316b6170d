/**
 * How a decision is recorded: in full, or, where the session had the same one before, by the number of that statement and
 * by what differs (docs/evidence-format.md, "Short forms").
 */
import type { NumberedPayload } from '../evidence/block-buffer.ts';
import type { EntrySequence } from '../evidence/entry.ts';
import { type Decided, isRepeatable, MAX_REPEAT_DISTANCE } from '../evidence/recorded-entry.ts';
import type { Decision } from '../policy/decision.ts';
import { type StatementSeal, sealDecided } from './seal-decided.ts';
import type { Understanding } from './understanding.ts';

/** Statements of one session that may be repeated in short; with more, all are told again. */
export const MAX_KNOWN_DECISIONS = 256;
/** The log's bound, less what other sessions may append between the question for the next sequence and the entry. */
const SAFE_DISTANCE = MAX_REPEAT_DISTANCE / 2;

type Known = {
  /** Before it was sealed. */
  readonly openly: Decided;
  /** As it was recorded. */
  readonly entry: Decided;
  readonly sequence: EntrySequence;
  /** The record of a statement that repeats it, before and behind that statement's number. */
  readonly before: Buffer;
  readonly behind: Buffer;
};

export type DecisionRecord = {
  readonly entry: Decided;
  /** What the record says of it, JSON. */
  readonly payload: string;
  /** Set when later decisions may name it. */
  readonly repeatable: { readonly understanding: object; readonly openly: Decided } | null;
};

/** Of a statement like one before. */
export type RepeatedRecord = Omit<DecisionRecord, 'payload'> & { readonly payload: NumberedPayload };

/** The decisions of one session that others may name, by the object that stands for the statement. */
export class RepeatedDecisions {
  /** Made with the first one: most sessions that are open are idle. */
  #known: Map<object, Known> | null = null;

  get size(): number {
    return this.#known?.size ?? 0;
  }

  /** The same decision about the same statement, its text aside, not too far back. */
  find(understanding: object, openly: Decided, nextSequence: EntrySequence): Known | null {
    const known = this.#known?.get(understanding);
    if (known === undefined || !isSame(known.openly, openly)) return null;
    return nextSequence - known.sequence < SAFE_DISTANCE ? known : null;
  }

  /**
   * The record of a statement that is in all what one before was, text and verdict; null for another one. Says the same as
   * `decisionRecord`, and compares before it makes anything.
   */
  again(
    statement: { readonly statementId: number; readonly text: string; readonly fingerprint: string },
    understanding: Pick<Understood, 'flows' | 'written' | 'highestLabel'> & {
      readonly facts: Pick<Understood['facts'], 'statementKind'>;
    },
    decision: Pick<Decision, 'reasons' | 'effect' | 'policyVersion'>,
    nextSequence: EntrySequence,
  ): RepeatedRecord | null {
    const known = this.#known?.get(understanding);
    if (known === undefined || nextSequence - known.sequence >= SAFE_DISTANCE) return null;
    const { openly, entry } = known;
    const { statementId } = statement;
    if (
      openly.text !== statement.text ||
      openly.fingerprint !== statement.fingerprint ||
      openly.requestId !== null ||
      openly.probes !== undefined ||
      openly.reasons !== decision.reasons ||
      openly.effect !== decision.effect ||
      openly.policyVersion !== decision.policyVersion ||
      openly.flows !== understanding.flows ||
      openly.written !== understanding.written ||
      openly.statementKind !== understanding.facts.statementKind ||
      openly.highestLabel !== understanding.highestLabel
    )
      return null;
    const payload = { before: known.before, number: statementId, behind: known.behind };
    return { entry: { ...entry, statementId, as: entry.statementId }, payload, repeatable: null };
  }

  remember(understanding: object, openly: Decided, entry: Decided, sequence: EntrySequence): void {
    this.#known ??= new Map();
    if (this.#known.size >= MAX_KNOWN_DECISIONS) this.#known.clear();
    const { sessionId, statementId } = entry;
    const before = Buffer.from(headOf(sessionId));
    this.#known.set(understanding, { openly, entry, sequence, before, behind: Buffer.from(`,"as":${statementId}}`) });
  }
}

type Understood = Extract<Understanding, { kind: 'understood' }>;

/** `openly`: as it would stand there if nothing were sealed. */
export function decisionRecord(
  openly: Decided,
  understanding: { readonly kind: 'understood' | 'opaque' },
  session: { readonly decisions: RepeatedDecisions; readonly seal: StatementSeal | null },
  nextSequence: EntrySequence,
): DecisionRecord {
  const { statementId, text } = openly;
  const known = session.decisions.find(understanding, openly, nextSequence);
  if (known !== null && known.openly.text === text && known.openly.fingerprint === openly.fingerprint) {
    const entry = { ...known.entry, statementId, as: known.entry.statementId };
    return { entry, payload: `${shortHead(entry)}}`, repeatable: null };
  }
  const entry = session.seal === null ? openly : sealDecided(openly, understanding.kind === 'understood', session.seal);
  if (known !== null) {
    const payload = `${shortHead({ ...entry, as: known.entry.statementId })}${difference(known.entry, entry)}}`;
    return { entry: { ...entry, as: known.entry.statementId }, payload, repeatable: null };
  }
  const payload = JSON.stringify(entry);
  const isNamed = isRepeatable(entry, Buffer.byteLength(payload));
  return { entry, payload, repeatable: isNamed ? { understanding, openly } : null };
}

/** To be called once the record is in the log, at `sequence`. */
export function recordedDecision(
  { entry, repeatable }: Pick<DecisionRecord, 'entry' | 'repeatable'>,
  sequence: EntrySequence,
  { decisions }: { readonly decisions: RepeatedDecisions },
): void {
  if (repeatable !== null) decisions.remember(repeatable.understanding, repeatable.openly, entry, sequence);
}

function shortHead({ sessionId, statementId, as }: Decided): string {
  return `${headOf(sessionId)}${statementId},"as":${as}`;
}

function headOf(sessionId: string): string {
  return `{"kind":"statement.decided","sessionId":${JSON.stringify(sessionId)},"statementId":`;
}

/** What a statement has of its own: its literals, and so perhaps its fingerprint and what is sealed. */
function difference(known: Decided, entry: Decided): string {
  const text = entry.text === known.text ? '' : `,"text":${JSON.stringify(entry.text)}`;
  const fingerprint =
    entry.fingerprint === known.fingerprint ? '' : `,"fingerprint":${JSON.stringify(entry.fingerprint)}`;
  const sealed = entry.sealed === undefined ? '' : `,"sealed":${JSON.stringify(entry.sealed)}`;
  return text + fingerprint + sealed;
}

/** All that a short record does not say. What was spent, or is asked of others, is told in full. */
function isSame(known: Decided, entry: Decided): boolean {
  return (
    entry.requestId === null &&
    entry.probes === undefined &&
    known.reasons === entry.reasons &&
    known.flows === entry.flows &&
    known.written === entry.written &&
    known.effect === entry.effect &&
    known.statementKind === entry.statementKind &&
    known.highestLabel === entry.highestLabel &&
    known.policyVersion === entry.policyVersion
  );
}
