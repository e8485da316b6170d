/**
 * A session as its bundle tells it, for replay without a gateway: the same timeline as the gateway's, from records and a
 * recording that verify. What a bundle holds is anybody's word until then, and a bundle that does not verify shows nothing.
 */
import type { RequestHistory, SessionDetail, SessionView } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import {
  type ReadRequestEntry,
  RequestEntrySchema,
  type RequestRecord,
  requestRecord,
} from '@sluice/contract/request-history';
import {
  CompletedFactsSchema,
  DecidedFactsSchema,
  type EntryPlace,
  outcomeOfRun,
  settledView,
  Timeline,
  toInstant,
} from '@sluice/contract/timeline';
import { type Label, LabelSchema, labelRank, PrincipalSchema } from '@sluice/contract/vocabulary';
import { z } from 'zod';
import { Disproof } from './note.ts';
import { RecordingReader } from './read-recording.ts';
import { type BundleEntry, type BundleReport, verifyBundle } from './verify-bundle.ts';
import type { Trust } from './verify-checkpoint.ts';

/** Statements of a bundle that one replay takes. */
export const MAX_BUNDLE_STATEMENTS = 100_000;

const OpenedSchema = z.object({
  ...{ principal: PrincipalSchema, resource: z.string(), protocol: z.string(), from: z.string() },
  ...{ application: z.string(), via: z.enum(['native', 'tunnel']), workflow: z.string().optional() },
  plan: z.object({ id: z.string(), by: PrincipalSchema }).optional(),
});
const ClosedSchema = z.object({ reason: z.string(), statements: z.number().int() });
const DecidedSchema = DecidedFactsSchema.extend({ highestLabel: LabelSchema });
const EndsSchema = z.object({ completed: z.array(CompletedFactsSchema) });

export type BundledSession = { readonly report: BundleReport; readonly detail: SessionDetail };

/** Throws Disproof with what does not hold, LIMIT_REACHED beyond `maxStatements`, and what reading throws. */
export async function readBundle(
  path: string,
  trust: Trust,
  maxStatements: number = MAX_BUNDLE_STATEMENTS,
): Promise<BundledSession> {
  const recording = new RecordingReader();
  const session = new SessionReader(maxStatements);
  const report = await verifyBundle(path, trust, {
    onEntry: (entry) => session.take(entry),
    onRecording: (bytes) => recording.take(bytes),
  });
  return { report, detail: session.detail(report.sessionId, recording) };
}

type Decided = z.infer<typeof DecidedSchema>;

class SessionReader {
  readonly #maxStatements: number;
  #opened: (z.infer<typeof OpenedSchema> & EntryPlace) | null = null;
  #closed: (z.infer<typeof ClosedSchema> & EntryPlace) | null = null;
  #highestLabel: Label = 'public';
  readonly #statements = new Set<number>();
  readonly #decided: (EntryPlace & { readonly facts: Decided })[] = [];
  /** The last decision of each statement: others name it. */
  readonly #named = new Map<number, Decided>();
  readonly #ends: { readonly sequence: number; readonly facts: z.infer<typeof CompletedFactsSchema> }[] = [];
  readonly #requests = new Map<string, ReadRequestEntry[]>();

  constructor(maxStatements: number) {
    this.#maxStatements = maxStatements;
  }

  take({ entry, isOwn, sequence, atUs }: BundleEntry): void {
    const request = RequestEntrySchema.safeParse(entry);
    if (request.success) this.#takeRequest({ sequence, atMs: Math.floor(atUs / 1000), entry: request.data });
    else if (isOwn) this.#takeOwn(entry, { sequence, atUs });
  }

  #takeRequest(read: ReadRequestEntry): void {
    const { requestId } = read.entry;
    const entries = this.#requests.get(requestId) ?? [];
    entries.push(read);
    this.#requests.set(requestId, entries);
  }

  #takeOwn(entry: BundleEntry['entry'], place: EntryPlace): void {
    switch (entry['kind']) {
      case 'session.opened':
        this.#opened = { ...parse(OpenedSchema, entry, place), ...place };
        return;
      case 'session.closed':
        this.#closed = { ...parse(ClosedSchema, entry, place), ...place };
        return;
      case 'statement.decided':
        this.#takeDecision(entry, place);
        return;
      case 'statement.completed':
        this.#ends.push({ sequence: place.sequence, facts: parse(CompletedFactsSchema, entry, place) });
        return;
      case 'statements.completed':
        for (const facts of parse(EndsSchema, entry, place).completed)
          this.#ends.push({ sequence: place.sequence, facts });
    }
  }

  #takeDecision(entry: BundleEntry['entry'], place: EntryPlace): void {
    const facts = parse(DecidedSchema, { ...this.#namedBy(entry, place), ...entry }, place);
    if (labelRank(facts.highestLabel) > labelRank(this.#highestLabel)) this.#highestLabel = facts.highestLabel;
    this.#statements.add(facts.statementId);
    if (this.#statements.size > this.#maxStatements)
      throw new SluiceError('LIMIT_REACHED', `The bundle has more than ${this.#maxStatements} statements.`);
    this.#named.set(facts.statementId, facts);
    this.#decided.push({ ...place, facts });
  }

  /** A decision like an earlier one names that, and says itself what differs. */
  #namedBy({ as }: BundleEntry['entry'], { sequence }: EntryPlace): Decided | null {
    if (as === undefined) return null;
    const named = typeof as === 'number' ? this.#named.get(as) : undefined;
    if (named === undefined) throw new Disproof(`record ${sequence} repeats a decision that is not in the bundle`);
    return named;
  }

  detail(sessionId: string, recording: RecordingReader): SessionDetail {
    const timeline = new Timeline();
    const seen = recording.finish();
    for (const { facts, sequence, atUs } of this.#decided)
      timeline.decided(facts, { sequence, atUs }, seen.get(facts.statementId));
    for (const { facts, sequence } of this.#ends) timeline.completed(facts, sequence);
    const sessionIsOver = this.#closed !== null;
    const statements = timeline.views().map((view) => {
      const request = requestRecord(this.#requests.get(view.requestId ?? '') ?? []);
      const history = request === null ? null : this.#historyOf(request, sessionId);
      return settledView(view, sessionId, { request, history, sessionIsOver });
    });
    return { session: this.#session(sessionId), statements };
  }

  /** What became of a statement of another session is not in this one's bundle. */
  #historyOf({ decisions, outcome, outcomeEntry, waitedMs, usedBy }: RequestRecord, sessionId: string): RequestHistory {
    const known = { decisions: [...decisions], outcome, outcomeEntry, waitedMs };
    if (usedBy?.sessionId !== sessionId) return { ...known, consumedBy: null };
    const end = this.#ends.find(({ facts }) => facts.statementId === usedBy.statementId)?.facts ?? null;
    return { ...known, consumedBy: { ...usedBy, outcome: outcomeOfRun(end, this.#closed !== null) } };
  }

  #session(sessionId: string): SessionView {
    if (this.#opened === null) throw new Disproof('the bundle does not hold the beginning of the session');
    const { principal, resource, protocol, from, application, via, workflow, plan, sequence, atUs } = this.#opened;
    const closed = this.#closed;
    return {
      ...{ sessionId, principal, resource, protocol, application, from, via, openedAt: toInstant(atUs) },
      closedAt: closed === null ? null : toInstant(closed.atUs),
      closeReason: closed?.reason ?? null,
      statements: closed?.statements ?? this.#statements.size,
      highestLabel: this.#highestLabel,
      ...{ workflow: workflow ?? null, plan: plan ?? null, openedEntry: sequence },
      closedEntry: closed?.sequence ?? null,
    };
  }
}

/** Throws Disproof: the log holds it, and it is none of the gateway's entries. */
function parse<T>(schema: z.ZodType<T>, entry: BundleEntry['entry'], { sequence }: EntryPlace): T {
  const parsed = schema.safeParse(entry);
  if (parsed.success) return parsed.data;
  throw new Disproof(`record ${sequence} does not say what such an entry has to say`, { cause: parsed.error });
}
