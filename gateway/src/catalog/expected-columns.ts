import type { ColumnKey } from '../analysis/flows.ts';
import { type Classified, mergeStatements } from './classification-merge.ts';

/** New columns of approved statements that may wait to be learned by their own names. */
export const MAX_EXPECTED_COLUMNS = 10_000;

/** What is known of a column before it is there: what is written into it, and the label that its name proposed. */
type Expected = { readonly sources: ReadonlySet<ColumnKey>; readonly proposed: Classified | null };

const NOTHING: Expected = { sources: new Set(), proposed: null };

/**
 * Columns that approved statements have made and that nobody has looked at yet. Only a name is known of them, as the
 * statement spelled it: with or without schema, and any part may hold dots. So a column is taken for an expected one
 * when its name ends like that, in whatever schema: a label too many is an inconvenience, one too few is a leak.
 */
export class ExpectedColumns {
  readonly #byName = new Map<string, Expected>();
  /** All expectations beyond the bound: every column that is new from then on counts as made of them. */
  #anywhere = NOTHING;

  /** `name` as in `WriteFlow.targetName`: quotes removed. */
  add(name: string, sources: ReadonlySet<ColumnKey>): void {
    this.#expect(name, { sources, proposed: null });
  }

  /** The same of a column that has a label by an approval of its name. */
  propose(name: string, proposed: Classified): void {
    this.#expect(name, { sources: NOTHING.sources, proposed });
  }

  /** What a column of a relation that is learned for the first time may hold; empty for an ordinary one. */
  sourcesOf(table: string, column: string): readonly ColumnKey[] {
    return [...this.#of(table, column).sources];
  }

  /** The label that was approved for a column that is learned for the first time; null for an ordinary one. */
  proposedFor(table: string, column: string): Classified | null {
    return this.#of(table, column).proposed;
  }

  #expect(name: string, expected: Expected): void {
    const known = this.#byName.get(name);
    if (known === undefined && this.#byName.size >= MAX_EXPECTED_COLUMNS)
      this.#anywhere = both(this.#anywhere, expected);
    else this.#byName.set(name, both(known ?? NOTHING, expected));
  }

  #of(table: string, column: string): Expected {
    if (this.#byName.size === 0) return NOTHING;
    const suffix = `${table}.${column}`.replaceAll('"', '');
    let found = this.#anywhere;
    for (const [name, expected] of this.#byName) {
      const spelled = name.replaceAll('"', '');
      if (spelled === suffix || spelled.endsWith(`.${suffix}`)) found = both(found, expected);
    }
    return found;
  }
}

function both(a: Expected, b: Expected): Expected {
  return {
    sources: new Set([...a.sources, ...b.sources]),
    proposed: mergeStatements([a.proposed, b.proposed].filter((each) => each !== null)),
  };
}
