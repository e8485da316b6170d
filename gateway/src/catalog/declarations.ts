import type { Label } from '@sluice/contract/vocabulary';
import type { ColumnKey } from '../analysis/flows.ts';
import type { Declarations } from '../analysis/postgres/walk/walker.ts';

/** A function that the administrator vouches for, from the configuration. */
export type DeclaredFunction = {
  readonly function: string;
  readonly reads: readonly string[];
  readonly label: Label;
  readonly reason: string;
};

/**
 * Declarations as the analyser asks for them. `columnNamed` finds `schema.table.column`; a declared function that
 * reads a column which does not exist counts as undeclared, since nobody knows what it reads.
 */
export function declarationsOf(
  functions: readonly DeclaredFunction[],
  columnNamed: (name: string) => ColumnKey | null,
): Declarations {
  const bySignature = new Map(functions.map((declared) => [normalised(declared.function), declared]));
  return {
    function: (signature) => {
      const declared = bySignature.get(normalised(signature));
      if (declared === undefined) return undefined;
      const reads: ColumnKey[] = [];
      for (const name of declared.reads) {
        const key = columnNamed(name);
        if (key === null) return undefined;
        reads.push(key);
      }
      return { reads, total: false };
    },
  };
}

function normalised(signature: string): string {
  return signature.replaceAll(/\s+/g, '').toLowerCase();
}
