/** Collects what one definition touches. */
import { type Ast, astAt, quoteIdentifier, quoteRangeVar, textAt } from './ast.ts';
import { inspectExpression } from './harmless-expression.ts';
import type { BuiltInName, DefinitionHandling, LookUp, MadeColumns, Touched } from './statement.ts';

export class Definition {
  readonly touches: Touched[] = [];
  readonly names: BuiltInName[] = [];
  readonly holds: string[] = [];
  readonly lookUps: LookUp[] = [];
  made: MadeColumns | null = null;
  renamedSchema: string | null = null;

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

  /** Somebody becomes the owner. */
  owner(role: Ast | null): void {
    const kind = textAt(role ?? {}, 'roletype');
    if (OWN_ROLES.has(kind)) return;
    this.lookUps.push({ what: 'owner', role: textAt(role ?? {}, 'rolename') });
  }

  done(statementClass: 'ddl' | 'maintenance' | 'write'): DefinitionHandling {
    const { touches, names, holds, lookUps, made, renamedSchema } = this;
    return {
      handling: 'definition',
      statementClass,
      touches,
      names,
      holds,
      ...(lookUps.length === 0 ? {} : { lookUps }),
      ...(made === null ? {} : { made }),
      ...(renamedSchema === null ? {} : { renamedSchema }),
    };
  }
}

/** The session's own role, which no statement changes that is not looked at. */
const OWN_ROLES: ReadonlySet<string> = new Set([
  'ROLESPEC_CURRENT_USER',
  'ROLESPEC_CURRENT_ROLE',
  'ROLESPEC_SESSION_USER',
]);

export function rangeVar(node: Ast): string {
  return quoteRangeVar(astAt(node, 'RangeVar') ?? {});
}

export function quotedPath(names: readonly string[]): string {
  return names.map(quoteIdentifier).join('.');
}
