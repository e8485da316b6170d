/** Collects what one definition touches. */
import { type Ast, astAt, quoteIdentifier, quoteRangeVar } from './ast.ts';
import { inspectExpression } from './harmless-expression.ts';
import type { BuiltInName, DefinitionHandling, MadeColumns, Touched } from './statement.ts';

export class Definition {
  readonly touches: Touched[] = [];
  readonly names: BuiltInName[] = [];
  readonly holds: string[] = [];
  made: MadeColumns | null = null;

  touch(relation: string, columns: Touched['columns']): void {
    if (relation !== '') this.touches.push({ relation, columns });
  }

  /** An expression over columns of `relation`; null for a relation that does not exist yet. */
  expression(value: unknown, relation: string | null, where: string): void {
    if (value === undefined || value === null) return;
    const found = inspectExpression(value);
    if (found.problem !== null) this.holds.push(`${where} holds ${found.problem}`);
    this.names.push(...found.names);
    if (relation !== null) this.touch(relation, found.columns);
  }

  done(statementClass: 'ddl' | 'maintenance' | 'write'): DefinitionHandling {
    const { touches, names, holds, made } = this;
    return { handling: 'definition', statementClass, touches, names, holds, ...(made === null ? {} : { made }) };
  }
}

export function rangeVar(node: Ast): string {
  return quoteRangeVar(astAt(node, 'RangeVar') ?? {});
}

export function quotedPath(names: readonly string[]): string {
  return names.map(quoteIdentifier).join('.');
}
