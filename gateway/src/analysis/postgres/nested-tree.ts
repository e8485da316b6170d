/**
 * What a nested statement touches: one that a function, block or trigger runs, whose tree the server prints with a
 * CONTEXT. Nothing can be asked while it runs, so without the facts for a walk its column sets have to do.
 */
import { type ColumnKey, columnKey } from '../flows.ts';
import type { SchemaFacts } from './facts.ts';
import { childNodes, numberOr, numbersAt, TreeSurprise } from './tree-node.ts';
import { joinPrintedLines, parseTree, type TreeNode, type TreeValue } from './tree-text.ts';
import { queriesIn } from './walk/function-body.ts';
import { openWalker } from './walk/open-walker.ts';
import { columnsOf, type Declarations, Opaque } from './walk/walker.ts';

export type Touched = {
  /** Columns that reach its answer, decide its rows, or may make it raise. */
  readonly read: ReadonlySet<ColumnKey>;
  readonly written: ReadonlySet<ColumnKey>;
  /** False where only the whole columns are known, and not which places inside of them. */
  readonly isExact: boolean;
};

/** Null for a tree that cannot be read. */
export function touchedBy(
  text: string,
  context: { readonly facts: SchemaFacts; readonly declarations: Declarations; readonly serverMajor: number },
): Touched | null {
  const joined = joinPrintedLines(text);
  const parsed = joined === null ? null : parseTree(joined);
  if (parsed === null || parsed.kind === 'malformed') return null;
  const queries = [...queriesIn(parsed.value)];
  return walked(queries, context) ?? declaredSets(queries);
}

function walked(
  queries: readonly TreeNode[],
  { facts, declarations, serverMajor }: Parameters<typeof touchedBy>[1],
): Touched | null {
  const walker = openWalker(facts, declarations, serverMajor);
  try {
    const read = new Set<ColumnKey>();
    for (const query of queries) {
      const flow = walker.query(query, null, null);
      for (const sources of [...columnsOf(flow), flow.rows, flow.order]) for (const key of sources) read.add(key);
    }
    if (walker.facts.incomplete) return null;
    for (const key of walker.findings.faultable) read.add(key);
    const written = new Set<ColumnKey>();
    for (const write of walker.findings.writes) {
      for (const key of write.sources) read.add(key);
      if (write.target !== null) written.add(write.target);
    }
    return { read, written, isExact: true };
  } catch (error) {
    // Not understood: what the parser noted of it has to do.
    if (error instanceof Opaque || error instanceof TreeSurprise || error instanceof RangeError) return null;
    throw error;
  }
}

/** Bit of attribute 0 in a set of columns (FirstLowInvalidHeapAttributeNumber). */
const FIRST_ATTRIBUTE_BIT = 7;

/** The columns for which the parser demands privileges: at least those that are read and written, in views those below. */
function declaredSets(queries: readonly TreeNode[]): Touched | null {
  const read = new Set<ColumnKey>();
  const written = new Set<ColumnKey>();
  const add = (set: Set<ColumnKey>, relation: number, node: TreeNode, field: string): void => {
    for (const bit of numbersAt(node, field))
      if (bit >= FIRST_ATTRIBUTE_BIT) set.add(columnKey(relation, bit - FIRST_ATTRIBUTE_BIT));
  };
  const visit = (value: TreeValue | undefined): void => {
    for (const node of childNodes(value)) {
      // On the FROM item before 16, apart from it since.
      if (node.tag === 'RTEPERMISSIONINFO' || (node.tag === 'RANGETBLENTRY' && node.fields.has('selectedCols'))) {
        const relation = numberOr(node, 'relid', 0);
        if (relation !== 0) {
          add(read, relation, node, 'selectedCols');
          for (const field of ['insertedCols', 'updatedCols']) add(written, relation, node, field);
        }
      }
      for (const child of node.fields.values()) visit(child);
    }
  };
  try {
    for (const query of queries) visit(query);
  } catch (error) {
    if (error instanceof TreeSurprise) return null;
    throw error;
  }
  return { read, written, isExact: false };
}
