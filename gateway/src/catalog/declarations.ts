import type { Label } from '@sluice/contract/vocabulary';
import type { ColumnKey } from '../analysis/flows.ts';
import type { Declarations } from '../analysis/postgres/walk/walker.ts';
import { definitionHash } from './function-definition.ts';
import type { LabelRule } from './labels.ts';

/** A function that the administrator vouches for, from the configuration. */
export type DeclaredFunction = {
  /** `schema.name(types)`. */
  readonly function: string;
  /** `schema.table.column` each. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Of its result. */
  readonly label: Label;
  /** Whether it can fail by the values that it is given or reads. */
  readonly raises: boolean;
  /** `sha256:…` of the definition that was vouched for. */
  readonly definition: string;
  readonly reason: string;
};

/** Under this name the result of a declared function has a label. */
const RESULT = 'result';

/**
 * Declarations as the analyser asks for them. `columnNamed` finds `schema.table.column`. A declared function that reads
 * or writes a column which does not exist counts as undeclared, since nobody knows what it does; so does one whose
 * definition is another than the one that was vouched for.
 */
export function declarationsOf(
  functions: readonly DeclaredFunction[],
  columnNamed: (name: string) => ColumnKey | null,
): Declarations {
  const bySignature = new Map(functions.map((declared) => [normalised(declared.function), declared]));
  return {
    function: (facts) => {
      const declared = bySignature.get(normalised(facts.signature));
      if (declared === undefined || declared.definition !== definitionHash(facts)) return undefined;
      const reads = declared.reads.map(columnNamed).filter((key) => key !== null);
      const writes = declared.writes.map(columnNamed).filter((key) => key !== null);
      if (reads.length < declared.reads.length || writes.length < declared.writes.length) return undefined;
      return {
        reads,
        writes: writes.map((key, index) => ({ key, name: declared.writes[index] ?? '' })),
        total: !declared.raises,
      };
    },
  };
}

/** The labels of results. A result is a column of a relation that bears the function's signature. */
export function resultLabelRules(functions: readonly DeclaredFunction[]): readonly LabelRule[] {
  return functions.map((declared) => {
    const { schema, table } = resultRelation(declared.function);
    return {
      schema,
      table,
      column: RESULT,
      label: declared.label,
      category: null,
      path: null,
      origin: `the declaration of ${declared.function}`,
    };
  });
}

/** The relation that stands for the result of a function, by the function's signature. */
export function resultRelation(signature: string): {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
} {
  const text = normalised(signature);
  const dot = text.indexOf('.');
  return { schema: text.slice(0, dot), table: text.slice(dot + 1), column: RESULT };
}

function normalised(signature: string): string {
  return signature.replaceAll(/\s+/g, '').toLowerCase();
}
