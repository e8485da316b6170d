import { SluiceError } from '@sluice/contract/errors';
import { labelRank } from '@sluice/contract/vocabulary';
import { type ColumnKey, type Flows, placeIn, wholeColumns } from '../../analysis/flows.ts';
import { FIRST_USER_OID } from '../../analysis/postgres/facts.ts';
import { touchedBy } from '../../analysis/postgres/nested-tree.ts';
import type { SessionContext } from './session-context.ts';

/** With CONCURRENTLY the server compares the view with a transient table, filled by the query that was decided about. */
const REFRESH = 'RefreshMatViewStmt';
/** Columns of writes of one transaction that are remembered for what it deferred; with more, nothing deferred is expected. */
const MAX_DEFERRED_COLUMNS = 100_000;

/**
 * The tripwire inside of statements: functions, blocks and triggers announce what they run, and none of it may reach a
 * classified column that the decision about the statement did not know of. The gateway refuses what it cannot foresee,
 * so a nested statement that surprises it means a declaration that says too little, or a mistake of the analyser.
 */
export class NestedTrees {
  readonly #context: SessionContext;
  /** What the writes of this transaction were known to touch: deferred triggers run at its end. */
  readonly #foreseen = new Set<ColumnKey>();

  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** To be called for each statement that runs. */
  executed(flows: Flows | null): void {
    if (flows === null || flows.writes.length === 0 || this.#foreseen.size > MAX_DEFERRED_COLUMNS) return;
    for (const key of foreseenBy(flows)) this.#foreseen.add(key);
  }

  transactionEnded(): void {
    // An empty set is cleared by making its table anew, and this comes with every ReadyForQuery.
    if (this.#foreseen.size > 0) this.#foreseen.clear();
  }

  /** A tree that came while a statement ran. Throws `SESSION_TRIPWIRE`. `flows` null: somebody trusted runs what was not understood. */
  during(flows: Flows | null, tree: string): void {
    if (flows !== null) this.#check(foreseenBy(flows), flows, tree);
  }

  /** A tree that came while something deferred ran. Throws `SESSION_TRIPWIRE`. */
  deferred(tree: string): void {
    this.#check(this.#foreseen, null, tree);
  }

  #check(foreseen: ReadonlySet<ColumnKey>, flows: Flows | null, tree: string): void {
    // Nothing is kept from somebody trusted, and what they define runs statements of which nothing is known.
    if (this.#context.trusted) return;
    const { facts, ports, upstream } = this.#context;
    const { declarations } = ports.catalog;
    const touched = touchedBy(tree, { facts, declarations, serverMajor: upstream.serverMajor });
    if (touched === null) throw tripped('runs a statement that cannot be read');
    const columns = touched.isExact ? foreseen : wholeColumns(foreseen);
    for (const key of touched.read) {
      // With a column, every place in it is foreseen.
      if (columns.has(key) || columns.has(placeIn(key)?.column ?? key)) continue;
      if (flows?.statementKind === REFRESH && !this.#isKnown(key)) continue;
      const name = this.#classified(key);
      if (name !== null) throw tripped(`reaches ${name}`);
    }
    // Values that it was given may go where it writes.
    if (flows === null || ![...foreseen].some((key) => this.#classified(key) !== null)) return;
    const targets = new Set(flows.writes.map((write) => write.target));
    for (const key of touched.written) if (!targets.has(key)) throw tripped('writes to a place');
  }

  #isKnown(key: ColumnKey): boolean {
    return this.#context.ports.catalog.classification.knows(Number.parseInt(key, 10));
  }

  /** The name of a column with a classified label, else null. What is not known of users' tables counts as classified. */
  #classified(key: ColumnKey): string | null {
    const { classification, classifiedFrom } = this.#context.ports.catalog;
    const relation = Number.parseInt(key, 10);
    if (!classification.knows(relation)) return relation < FIRST_USER_OID ? null : 'a column without a known label';
    const { schema, table, column, label } = classification.describe(key);
    return labelRank(label) >= labelRank(classifiedFrom) ? `${schema}.${table}.${column} (${label})` : null;
  }
}

function foreseenBy(flows: Flows): ReadonlySet<ColumnKey> {
  const all = new Set<ColumnKey>([...flows.shaping, ...flows.faultable, ...(flows.carried ?? [])]);
  for (const output of flows.outputs) for (const key of output.sources) all.add(key);
  for (const write of flows.writes) {
    for (const key of write.sources) all.add(key);
    if (write.target !== null) all.add(write.target);
  }
  return all;
}

function tripped(does: string): SluiceError {
  return new SluiceError(
    'SESSION_TRIPWIRE',
    `a function or trigger inside the statement ${does} that the decision about the statement did not know of`,
    { remedy: 'Ask the administrator to look at the declared functions: sluice admin functions RESOURCE.' },
  );
}
