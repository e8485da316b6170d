/** COPY of a table prints no tree. A probe with the same columns does: it is parsed upstream and never run. */
import type { NeededFacts, RelationFacts, SchemaFacts } from './facts.ts';
import { quoteIdentifier } from './gate/ast.ts';
import type { Handling } from './gate/statement.ts';
import { NO_NEEDS } from './needs.ts';
import type { RefusalRule } from './refusal-rules.ts';

type Needs = { readonly kind: 'needs'; readonly needs: NeededFacts };

export type CopyProbe =
  | { readonly kind: 'text'; readonly text: string }
  | Needs
  /** A column does not exist. An INSERT says so in the words of COPY, which a SELECT does not; it never stands for the COPY. */
  | { readonly kind: 'absent'; readonly text: string }
  | { readonly kind: 'opaque'; readonly rule: RefusalRule; readonly message: string; readonly remedy: string };

type CopyTable = Extract<Handling, { handling: 'copy-table-out' | 'copy-table-in' }>;

export function copyProbe(copy: CopyTable, facts: SchemaFacts): CopyProbe {
  const names = copy.handling === 'copy-table-in' ? copy.names : [];
  const unknown = names.filter(({ kind, name }) => facts.userNames(kind, name) === undefined);
  if (unknown.length > 0) return { kind: 'needs', needs: { ...NO_NEEDS, userNames: unknown } };
  const shadowed = names.find(({ kind, name }) => facts.userNames(kind, name) === true);
  if (shadowed !== undefined) {
    return {
      kind: 'opaque',
      rule: 'copy-where',
      message: `The WHERE clause of COPY uses ${shadowed.name}, which is user-defined.`,
      remedy: 'Filter the data before sending it.',
    };
  }
  const columns = copy.columns ?? columnsByDefault(copy, facts);
  if ('kind' in columns) return columns;
  const list = columns.map(quoteIdentifier).join(', ');
  if (copy.handling === 'copy-table-out') {
    const relation = relationOf(copy, facts);
    if (relation !== null && 'needs' in relation) return relation;
    return relation !== null && columns.some((name) => !isColumn(relation, name))
      ? {
          kind: 'absent',
          text: `INSERT INTO ${copy.relation} (${list}) VALUES (${columns.map(() => 'DEFAULT').join(', ')})`,
        }
      : { kind: 'text', text: `SELECT ${list} FROM ONLY ${copy.relation}` };
  }
  const parameters = columns.map((_, index) => `$${index + 1}`).join(', ');
  return {
    kind: 'text',
    text:
      columns.length === 0
        ? `INSERT INTO ${copy.relation} DEFAULT VALUES`
        : // COPY fills columns GENERATED ALWAYS AS IDENTITY from its data.
          `INSERT INTO ${copy.relation} (${list}) OVERRIDING SYSTEM VALUE VALUES (${parameters})`,
  };
}

/** Without a list, COPY takes all columns that are not generated. */
function columnsByDefault(copy: CopyTable, facts: SchemaFacts): readonly string[] | CopyProbe {
  const relation = relationOf(copy, facts);
  // The server will say that there is no such relation, in its own words.
  if (relation === null) return { kind: 'text', text: `SELECT FROM ONLY ${copy.relation}` };
  if ('needs' in relation) return relation;
  return relation.columns.filter((column) => !column.dropped && column.generated === null).map((column) => column.name);
}

function relationOf(copy: CopyTable, facts: SchemaFacts): RelationFacts | null | Needs {
  const oid = facts.relationNamed(copy.relation);
  if (oid === undefined) return { kind: 'needs', needs: { ...NO_NEEDS, relationNames: [copy.relation] } };
  const relation = oid === null ? null : facts.relation(oid);
  return relation === undefined
    ? { kind: 'needs', needs: { ...NO_NEEDS, relations: oid === null ? [] : [oid] } }
    : relation;
}

function isColumn(relation: RelationFacts, name: string): boolean {
  return relation.columns.some((column) => !column.dropped && column.name === name);
}
