/** CREATE TRIGGER on a table whose code can be looked at before it is there. Others are held: a person has to look. */
import { type Ast, astAt, flagAt, listOf, namesIn, quoteRangeVar, textAt } from './ast.ts';
import type { Definition } from './definition.ts';
import type { Handling } from './statement.ts';

/** Bits of `pg_trigger.tgtype` (pg_trigger.h), which the grammar uses too. */
const ROW = 1;
const BEFORE = 2;
const ROW_EVENTS = 4 | 8 | 16;

/**
 * On a table with a classified column it is held, whatever it does: the table counts as touched in all of its columns.
 * So is one in place of another, one for views, one that waits until the end of the transaction, one that sees the rows
 * of a whole statement, and one that fires on TRUNCATE.
 */
export function createTrigger(definition: Definition, body: Ast): Handling {
  const relation = quoteRangeVar(astAt(body, 'relation') ?? {});
  definition.touch(relation, 'every');
  definition.expression(body['whenClause'], null, 'the condition of the trigger');
  const [events, timing] = [numberIn(body, 'events'), numberIn(body, 'timing')];
  const path = namesIn(body, 'funcname');
  const isPlain =
    !flagAt(body, 'replace') &&
    !flagAt(body, 'isconstraint') &&
    listOf(body, 'transitionRels').length === 0 &&
    (timing === 0 || timing === BEFORE) &&
    (events & ~ROW_EVENTS) === 0 &&
    path.length > 0 &&
    path.length <= 2;
  if (!isPlain) definition.holds.push('creates a trigger');
  const done = definition.done('ddl');
  if (!isPlain) return done;
  const type = (flagAt(body, 'row') ? ROW : 0) | timing | events;
  const called = { schema: path.length === 2 ? (path[0] ?? null) : null, name: path.at(-1) ?? '' };
  return {
    handling: 'create-trigger',
    definition: done,
    trigger: { name: textAt(body, 'trigname'), relation, function: called, type },
  };
}

/** Protobuf leaves zeroes out. */
function numberIn(body: Ast, field: string): number {
  const value = body[field];
  return typeof value === 'number' ? value : 0;
}
