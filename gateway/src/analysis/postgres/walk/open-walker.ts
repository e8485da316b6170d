/** Puts the parts of the walker together. */
import type { SchemaFacts } from '../facts.ts';
import { parseTree, type TreeValue } from '../tree-text.ts';
import { baseRelation } from './base-relation.ts';
import { walkCommonTable } from './common-table.ts';
import { fieldsOf, walkExpression } from './expression.ts';
import { callFunction, functionTable } from './function-call.ts';
import { walkQuery } from './query.ts';
import { resolveEntry } from './range-table.ts';
import { runTrigger } from './trigger.ts';
import { type Declarations, FactFinder, Findings, Opaque, type Walker } from './walker.ts';

export function openWalker(facts: SchemaFacts, declarations: Declarations, serverMajor: number): Walker {
  const parsed = new Map<string, TreeValue>();
  const walker: Walker = {
    findings: new Findings(),
    facts: new FactFinder(facts),
    declarations,
    serverMajor,
    depth: 0,
    storedDepth: 0,
    callStack: [],
    query: (query, outer, bound) => walkQuery(walker, query, outer, bound),
    expression: (value, scope) => walkExpression(walker, value, scope),
    stored: (text) => {
      const known = parsed.get(text);
      if (known !== undefined) return known;
      const result = parseTree(text);
      if (result.kind === 'malformed')
        throw new Opaque(
          'catalog-expression',
          'An expression stored in the catalog cannot be read.',
          'Report the object.',
        );
      parsed.set(text, result.value);
      return result.value;
    },
    fields: (expression, scope) => fieldsOf(walker, expression, scope),
    commonTable: (table) => walkCommonTable(walker, table),
    entry: (index, scope) => resolveEntry(walker, index, scope),
    call: (oid, call, scope) => callFunction(walker, oid, call, scope),
    table: (call, columnCount, scope) => functionTable(walker, call, columnCount, scope),
    trigger: (trigger, relation, write) => runTrigger(walker, trigger, relation, write),
    base: (oid, inherited) => baseRelation(walker, oid, inherited),
  };
  return walker;
}
