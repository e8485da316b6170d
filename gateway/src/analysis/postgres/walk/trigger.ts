/** Triggers that a write fires. Their functions are built in and reviewed, or declared; everything else is a refusal. */
import { FIRST_ASSIGNED_OID, type RelationFacts, type TriggerFacts } from '../facts.ts';
import { Opaque, type TriggeringWrite, union, type Walker } from './walker.ts';

/** suppress_redundant_updates_trigger: compares the old row with the new one; skips it when equal. */
const SUPPRESS_REDUNDANT_UPDATES = 1291;

export function runTrigger(walker: Walker, trigger: TriggerFacts, relation: RelationFacts, write: TriggeringWrite): void {
  if (trigger.functionOid === SUPPRESS_REDUNDANT_UPDATES) {
    walker.findings.fault(union(walker.base(relation.oid, false).column(0), ...write.written.values()));
    return;
  }
  const facts = trigger.functionOid < FIRST_ASSIGNED_OID ? null : walker.facts.function(trigger.functionOid);
  if (facts === undefined) return;
  const declared = facts === null ? undefined : walker.declarations.function(facts.signature);
  if (declared === undefined) {
    throw new Opaque(
      'trigger-undeclared',
      `Writing to ${relation.schema}.${relation.name} fires the trigger ${trigger.name}, whose function is not analysed.`,
      'Ask the administrator to declare the trigger function (`functions` in the configuration).',
    );
  }
  if (!declared.total) walker.findings.fault(union(walker.base(relation.oid, false).column(0), ...write.written.values(), new Set(declared.reads)));
}
