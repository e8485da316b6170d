/**
 * Finding the rules of a column by its name.
 */
import { ANY, type LabelRule } from './labels.ts';

/** Rules by the names that they give, for lookup in constant time. */
export class RuleIndex {
  readonly #rules = new Map<string, LabelRule[]>();

  constructor(rules: readonly LabelRule[]) {
    for (const rule of rules) {
      const key = keyOf(rule.schema, rule.table, rule.column);
      const same = this.#rules.get(key);
      if (same === undefined) this.#rules.set(key, [rule]);
      else same.push(rule);
    }
  }

  /**
   * The rules that name most: the column, else every column of the table, else every table of the schema. Rules with a
   * path say nothing about the rest of their column, so those that name less still hold for it.
   */
  find(schema: string, table: string, column: string): readonly LabelRule[] {
    const found: LabelRule[] = [];
    for (const key of [keyOf(schema, table, column), keyOf(schema, table, ANY), keyOf(schema, ANY, ANY)]) {
      found.push(...(this.#rules.get(key) ?? []));
      if (found.some((rule) => rule.path === null)) break;
    }
    return found;
  }
}

/** JSON keeps `a.b` + `c` apart from `a` + `b.c`. */
function keyOf(schema: string, table: string, column: string): string {
  return JSON.stringify([schema, table, column]);
}
