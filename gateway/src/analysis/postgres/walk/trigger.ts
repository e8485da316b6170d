/** Triggers that a write fires. Their functions are built in and reviewed, declared, or plain PL/pgSQL; everything else is a refusal. */
import type { ColumnKey } from '../../flows.ts';
import { FIRST_ASSIGNED_OID, type FunctionFacts, type RelationFacts, type TriggerFacts } from '../facts.ts';
import { bodyQueries, checkDomains, walkProgram } from './function-body.ts';
import { openStoredScope } from './stored-scope.ts';
import {
  type BoundArgument,
  NO_SOURCES,
  Opaque,
  type Sources,
  type TriggeringWrite,
  union,
  type Walker,
} from './walker.ts';

/** Triggers that fire triggers, at most. */
const MAX_TRIGGER_DEPTH = 16;

/** suppress_redundant_updates_trigger: compares the old row with the new one; skips it when equal. */
const SUPPRESS_REDUNDANT_UPDATES = 1291;

export function runTrigger(
  walker: Walker,
  trigger: TriggerFacts,
  relation: RelationFacts,
  write: TriggeringWrite,
): void {
  if (trigger.functionOid === SUPPRESS_REDUNDANT_UPDATES) {
    walker.findings.fault(union(walker.base(relation.oid, false).column(0), ...write.written.values()), 'a trigger');
    return;
  }
  const facts = trigger.functionOid < FIRST_ASSIGNED_OID ? null : walker.facts.function(trigger.functionOid);
  if (facts === undefined) return;
  const declared = facts === null ? undefined : walker.declarations.function(facts);
  const row = (attribute: number): Sources =>
    union(walker.base(relation.oid, false).column(attribute), write.written.get(attribute) ?? NO_SOURCES);
  if (declared !== undefined) {
    const given = union(row(0), write.rows, ...write.written.values(), new Set(declared.reads));
    if (!declared.total) walker.findings.fault(given, 'a trigger');
    for (const { key, name } of declared.writes)
      walker.findings.writes.push({ target: key, targetName: name, sources: new Set(given) });
    // What it reads may be what it puts into NEW.
    for (const column of declared.reads.length === 0 ? [] : relation.columns.filter((one) => !one.dropped))
      assign(write, column.attribute, declared.reads);
    return;
  }
  if (
    facts === null ||
    facts.language !== 'plpgsql' ||
    facts.settings.length > 0 ||
    walker.callStack.includes(facts.oid) ||
    walker.callStack.length >= MAX_TRIGGER_DEPTH
  ) {
    throw new Opaque(
      'trigger-undeclared',
      `Writing to ${relation.schema}.${relation.name} fires the trigger ${trigger.name}, whose function is not analysed.`,
      'Ask the administrator to declare the trigger function (`functions` in the configuration).',
    );
  }
  runProgram(walker, trigger, relation, facts, write, row);
}

/** NEW and OLD are the columns of the relation, each with what was written to it. */
function runProgram(
  walker: Walker,
  trigger: TriggerFacts,
  relation: RelationFacts,
  facts: FunctionFacts,
  write: TriggeringWrite,
  row: (attribute: number) => Sources,
): void {
  const condition =
    trigger.condition === null ? NO_SOURCES : walker.expression(walker.stored(trigger.condition), openStoredScope(row));
  const body = bodyQueries(walker, facts, relation.oid);
  checkDomains(walker, body.types);
  const width = Math.max(0, ...relation.columns.map((column) => column.attribute));
  const columns = Array.from(
    { length: width },
    (_, index): BoundArgument => ({
      sources: relation.columns.some((column) => column.attribute === index + 1) ? row(index + 1) : NO_SOURCES,
      fields: null,
      faulty: true,
    }),
  );
  const writesBefore = walker.findings.writes.length;
  const whole: BoundArgument = {
    sources: union(...columns.map((column) => column.sources)),
    fields: columns.map((column) => column.sources),
    faulty: true,
  };
  const rows = [...columns, ...columns, whole, whole];
  const result = walkProgram(walker, facts, body.queries, rows, body.locals);
  // What it reads decides what it writes, whether it raises, and whether the row is written at all.
  const everything = union(condition, write.rows, ...result.columns);
  walker.findings.fault(union(condition, ...result.columns), 'a trigger');
  for (const caused of walker.findings.writes.slice(writesBefore))
    for (const source of everything) caused.sources.add(source);
  const live = relation.columns.filter((column) => !column.dropped);
  const assigned = body.assigns;
  for (const column of assigned === 'every' ? live : live.filter(({ name }) => assigned.includes(name))) {
    assign(write, column.attribute, everything);
  }
}

function assign(write: TriggeringWrite, attribute: number, sources: Iterable<ColumnKey>): void {
  write.written.set(attribute, new Set([...(write.written.get(attribute) ?? []), ...sources]));
  write.updated.add(attribute);
}
