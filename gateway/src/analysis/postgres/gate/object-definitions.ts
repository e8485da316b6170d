/** GRANT and REVOKE, ALTER DOMAIN, CREATE TYPE AS RANGE, CREATE EXTENSION. */
import { type Ast, astAt, flagAt, listOf, namesIn, stringOf, textAt } from './ast.ts';
import { type Definition, quotedPath, rangeVar } from './definition.ts';
import type { Touched } from './statement.ts';
import { constraint } from './table-definitions.ts';

/** Objects that hold no column. */
const GRANTED_FREELY: ReadonlySet<string> = new Set([
  'OBJECT_SEQUENCE',
  'OBJECT_SCHEMA',
  'OBJECT_TYPE',
  'OBJECT_DOMAIN',
  'OBJECT_FUNCTION',
  'OBJECT_PROCEDURE',
  'OBJECT_ROUTINE',
]);

export function grant(definition: Definition, body: Ast): void {
  const kind = textAt(body, 'objtype');
  if (GRANTED_FREELY.has(kind)) return;
  if (kind !== '' && kind !== 'OBJECT_TABLE') {
    definition.holds.push('grants on an object other than a table, sequence, schema, type or routine');
    return;
  }
  // Who has fewer rights sees less.
  if (!flagAt(body, 'is_grant')) return;
  const columns = grantedColumns(body);
  switch (textAt(body, 'targtype')) {
    case '':
    case 'ACL_TARGET_OBJECT':
      for (const object of listOf(body, 'objects')) definition.touch(rangeVar(object), columns);
      return;
    case 'ACL_TARGET_ALL_IN_SCHEMA':
      for (const schema of listOf(body, 'objects'))
        definition.lookUps.push({ what: 'tables-of', schema: stringOf(schema) });
      return;
    default:
      definition.holds.push('grants on tables that are not named');
  }
}

/** Every privilege is on columns, or it is on all of the table. */
function grantedColumns(body: Ast): Touched['columns'] {
  const privileges = listOf(body, 'privileges').map((item) => namesIn(astAt(item, 'AccessPriv') ?? {}, 'cols'));
  return privileges.length === 0 || privileges.some((columns) => columns.length === 0) ? 'every' : privileges.flat();
}

/** Values that are there are tested when a check is added or NULL forbidden, and later ones as they come. */
export function alterDomain(definition: Definition, body: Ast): void {
  const domain = quotedPath(namesIn(body, 'typeName'));
  const detail = astAt(body, 'def');
  switch (textAt(body, 'subtype')) {
    case 'T':
      definition.expression(detail, null, 'the default of the domain');
      return;
    case 'N':
    case 'X':
      return;
    case 'C':
      constraint(definition, astAt(detail ?? {}, 'Constraint') ?? {}, null, 'the check of the domain');
      definition.lookUps.push({ what: 'domain', domain });
      return;
    case 'O':
    case 'V':
      definition.lookUps.push({ what: 'domain', domain });
      return;
    default:
      definition.holds.push('changes a domain');
  }
}

/** Options that name no function. */
const RANGE_OPTIONS: ReadonlySet<string> = new Set(['subtype', 'collation', 'multirange_type_name']);

export function createRange(definition: Definition, body: Ast): void {
  const options = listOf(body, 'params').map((item) => astAt(item, 'DefElem') ?? {});
  const subtype = options.find((option) => textAt(option, 'defname') === 'subtype');
  const type = namesIn(astAt(astAt(subtype ?? {}, 'arg') ?? {}, 'TypeName') ?? {}, 'names').at(-1);
  if (type === undefined || !options.every((option) => RANGE_OPTIONS.has(textAt(option, 'defname')))) {
    definition.holds.push('creates a range type with functions of its own');
    return;
  }
  // The operators and functions of its values are those of the subtype.
  definition.names.push({ kind: 'type', name: type });
}

export function createExtension(definition: Definition, body: Ast): void {
  if (flagAt(body, 'if_not_exists')) definition.lookUps.push({ what: 'extension', extension: textAt(body, 'extname') });
  else definition.holds.push('creates an extension');
}
