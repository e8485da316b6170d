import type { ColumnKey } from '../analysis/flows.ts';

/** New columns of approved statements that may wait to be learned by their own names. */
export const MAX_EXPECTED_COLUMNS = 10_000;

/**
 * Columns that approved statements have made and that nobody has looked at yet. Only a name is known of them, as the
 * statement spelled it: with or without schema, and any part may hold dots. So a column is taken for an expected one
 * when its name ends like that, in whatever schema: a label too many is an inconvenience, one too few is a leak.
 */
export class ExpectedColumns {
  readonly #byName = new Map<string, ReadonlySet<ColumnKey>>();
  /** Sources of expectations beyond the bound: every column that is new from then on counts as made of them. */
  readonly #anywhere = new Set<ColumnKey>();

  /** `name` as in `WriteFlow.targetName`: quotes removed. */
  add(name: string, sources: ReadonlySet<ColumnKey>): void {
    const known = this.#byName.get(name);
    if (known === undefined && this.#byName.size >= MAX_EXPECTED_COLUMNS) {
      for (const source of sources) this.#anywhere.add(source);
      return;
    }
    this.#byName.set(name, new Set([...(known ?? []), ...sources]));
  }

  /** What a column that is learned for the first time may hold; empty for an ordinary one. */
  sourcesOf(table: string, column: string): readonly ColumnKey[] {
    if (this.#byName.size === 0) return [];
    const found = new Set(this.#anywhere);
    const suffix = `${table}.${column}`.replaceAll('"', '');
    for (const [name, sources] of this.#byName) {
      const spelled = name.replaceAll('"', '');
      if (spelled !== suffix && !spelled.endsWith(`.${suffix}`)) continue;
      for (const source of sources) found.add(source);
    }
    return [...found];
  }
}
