import { type LabelledColumn, labelRank, type Reason } from '@sluice/contract/vocabulary';
import type { Flows, WriteFlow } from '../../analysis/flows.ts';
import { type FoundValue, MAX_LOOKED_THROUGH } from '../../detection/shown-values.ts';
import { columnName } from '../../policy/reasons.ts';
import { type CopyCells, readCopyCells } from '../../protocol/postgres/copy-cells.ts';
import { admit, type Statement } from '../../session/pipeline.ts';
import type { Understanding } from '../../session/understanding.ts';
import { boundStatement } from './bind-statement.ts';
import { targetColumn, valueFinder, withCarried } from './carried-values.ts';
import { cellText } from './cell-text.ts';
import type { Plan, Understood } from './plan.ts';
import type { SessionContext } from './session-context.ts';

/** A cell that may not be copied to where it would go. */
export type RefusedCell = {
  readonly reason: Reason;
  /** Puts it on record. Rejects when it cannot be recorded. */
  readonly record: () => Promise<void>;
};

/** Looks through the data of one COPY FROM STDIN on their way to the server, for values that were shown or look classified. */
export interface CopiedValues {
  /** Why this piece may not go on; null when it may. */
  feed(piece: Buffer): RefusedCell | null;
  /** The same for a last line that has no end. */
  finish(): RefusedCell | null;
}

type Understandable = Extract<Understanding, { kind: 'understood' }>;

/** Null when there is nothing to look for, or every column that is written has the highest label. */
export function copiedValues(context: SessionContext, plan: Plan, understood: Understood): CopiedValues | null {
  const { understanding, flows } = understood;
  const { copyData } = plan.facts;
  if (copyData === undefined || flows === null || understanding.kind !== 'understood') return null;
  const find = valueFinder(context);
  if (find === null) return null;
  const targets = targetsOf(context, flows);
  if (targets.length === 0) return null;
  return new ShownAmongCopied(context, plan, understanding, flows, targets, find);
}

type Target = { readonly write: WriteFlow; readonly column: LabelledColumn | null; readonly rank: number };

/** Columns that somebody who may not see everything may see. */
function targetsOf({ ports }: SessionContext, { writes }: Flows): readonly Target[] {
  return writes
    .map((write) => {
      const column = targetColumn(write, ports.catalog.classification);
      return { write, column, rank: column === null ? -1 : labelRank(column.label) };
    })
    .filter(({ rank }) => rank < labelRank('regulated'));
}

class ShownAmongCopied implements CopiedValues {
  readonly #context: SessionContext;
  readonly #plan: Plan;
  readonly #understanding: Understandable;
  readonly #flows: Flows;
  readonly #targets: readonly Target[];
  readonly #find: (text: string) => FoundValue | null;
  readonly #cells: CopyCells;
  /** What policy lets pass, by column of origin and target. */
  readonly #permitted = new Set<string>();
  #refused: RefusedCell | null = null;

  constructor(
    context: SessionContext,
    plan: Plan,
    understanding: Understandable,
    flows: Flows,
    targets: readonly Target[],
    find: (text: string) => FoundValue | null,
  ) {
    this.#context = context;
    this.#plan = plan;
    this.#understanding = understanding;
    this.#flows = flows;
    this.#targets = targets;
    this.#find = find;
    const format = plan.facts.copyData ?? { format: 'binary' };
    // Types of the columns are the server's to know; in binary, a number comes as its bytes.
    this.#cells = readCopyCells(format, MAX_LOOKED_THROUGH, (column, cell) => {
      if (this.#refused !== null) return;
      const targets = this.#targets.filter(({ write }) => write.brings?.parameters.includes(column + 1) ?? true);
      if (targets.length === 0) return;
      const found = this.#foundIn(cell, format.format === 'binary');
      if (found !== null) this.#decide(found, targets);
    });
  }

  feed(piece: Buffer): RefusedCell | null {
    this.#cells.feed(piece);
    return this.#refused;
  }

  finish(): RefusedCell | null {
    this.#cells.finish();
    return this.#refused;
  }

  #foundIn(cell: Buffer | null, isBinary: boolean): FoundValue | null {
    if (cell === null) return this.#find(TOO_LONG);
    return (
      this.#find(cell.toString('utf8')) ??
      (isBinary ? firstOf(POSSIBLE_TYPES, (type) => this.#findAs(cell, type)) : null)
    );
  }

  #findAs(cell: Buffer, typeOid: number): FoundValue | null {
    const text = cellText(cell, typeOid, 1);
    return text === null ? null : this.#find(text);
  }

  #decide(found: FoundValue, targets: readonly Target[]): void {
    for (const { write, column, rank } of targets) {
      const sources = found.from.columns.filter(({ label }) => labelRank(label) > rank);
      const key = JSON.stringify([found.how, sources.map(columnName), write.targetName]);
      if (sources.length === 0 || this.#permitted.has(key)) continue;
      const carried = [{ write, target: column, found, sources }];
      const { understanding } = withCarried(this.#context, this.#understanding, this.#flows, carried);
      if (understanding.kind !== 'understood') throw new Error('a statement that was understood is not any more');
      const { effect, reasons } = this.#context.ports.policy.decideStatement(understanding.facts);
      const reason = reasons.find((each) => each.effect === 'hold' || each.effect === 'refuse');
      if (reason === undefined || effect === 'allow' || effect === 'mask') this.#permitted.add(key);
      else this.#refused = this.#refusal(reason, understanding);
      if (this.#refused !== null) return;
    }
  }

  #refusal({ policyId, message, columns }: Reason, known: Understandable): RefusedCell {
    const reason: Reason = {
      ...{ effect: 'refuse', policyId, message: `the data of COPY: ${message}`, columns },
      remedy:
        'Leave it out, or write that row with INSERT, which another person can approve: data of COPY are not known before they are sent.',
    };
    return { reason, record: () => this.#record(reason, known) };
  }

  async #record(reason: Reason, { flows, highestLabel }: Understandable): Promise<void> {
    const { session, ports, inTransaction } = this.#context;
    const { fingerprint, facts } = this.#understanding;
    const opened = { plan: this.#plan, understood: this.#plan.understood, bind: null };
    // A decision of its own: that about the statement is on record, and knew nothing of its data.
    const refused: Statement = {
      text: this.#plan.text,
      understand: () => ({
        ...{ kind: 'opaque', reason, statementKind: facts.statementKind, fingerprint, trust: null },
        known: { flows, highestLabel },
      }),
      bind: () => boundStatement(this.#context, opened),
      countsRows: false,
      quotation: () => null,
      preview: () => ports.preview(this.#context, opened),
      announceHold: () => undefined,
      letGo: () => Promise.resolve(),
      takeUp: () => Promise.resolve(null),
      // The error that follows says it.
      explain: () => undefined,
    };
    await admit(refused, session, { inTransaction, resumes: false, cancelled: () => session.ending }, ports);
  }
}

/** int2, int4, int8, float8, numeric, uuid, jsonb. */
const POSSIBLE_TYPES = [21, 23, 20, 701, 1700, 2950, 3802] as const;
const TOO_LONG = ' '.repeat(MAX_LOOKED_THROUGH + 1);

function firstOf<T, R>(items: readonly T[], ask: (item: T) => R | null): R | null {
  for (const item of items) {
    const answer = ask(item);
    if (answer !== null) return answer;
  }
  return null;
}
