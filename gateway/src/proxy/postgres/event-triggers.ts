/**
 * Event triggers (pg_event_trigger) run a superuser's code inside of definitions, with the rights and in the transaction
 * of whoever defines something: what it reads can decide whether the definition fails, and be copied. Their functions are
 * not analysed: they see no row, and run whatever the definition was. So definitions are held where an enabled event
 * trigger has a function that nobody declared as one that reads no columns: what it writes, and whether it raises, then
 * depends on none.
 */
import type { Flows } from '../../analysis/flows.ts';
import { NO_NEEDS } from '../../analysis/postgres/needs.ts';
import type { SessionContext } from './session-context.ts';
import { withFacts } from './understand.ts';

/** For which commands (`evttags`) is not looked at: one definition may be several commands. */
const EVENT_TRIGGERS_QUERY = `SELECT e.evtname::pg_catalog.text, e.evtfoid::pg_catalog.oid::pg_catalog.int8 FROM pg_catalog.pg_event_trigger e
WHERE e.evtenabled OPERATOR(pg_catalog.<>) 'D' AND e.evtevent OPERATOR(pg_catalog.<>) 'login' ORDER BY 1`;

export function withHolds(flows: Flows, holds: readonly string[]): Flows {
  return holds.length === 0 ? flows : { ...flows, holds: [...flows.holds, ...holds] };
}

/** Why a definition is held, in words. Asks the database. Throws QuestionFailed. */
export async function eventTriggerHolds(context: SessionContext): Promise<readonly string[]> {
  const { facts, factSource, ports } = context;
  const triggers = (await factSource.rows(EVENT_TRIGGERS_QUERY)).map(([name, oid]) => ({
    name: name ?? '',
    functionOid: Number(oid),
  }));
  if (triggers.length === 0) return [];
  const known = await withFacts(context, () => {
    const functions = triggers.map(({ functionOid }) => functionOid).filter((oid) => facts.function(oid) === undefined);
    return functions.length > 0
      ? { kind: 'needs' as const, needs: { ...NO_NEEDS, functions } }
      : { kind: 'known' as const };
  });
  const isHarmless = (oid: number): boolean => {
    const found = known.kind === 'known' ? facts.function(oid) : null;
    const declared = found === null || found === undefined ? undefined : ports.catalog.declarations.function(found);
    return declared !== undefined && declared.reads.length === 0;
  };
  return triggers
    .filter(({ functionOid }) => !isHarmless(functionOid))
    .map(
      ({ name }) =>
        `The statement fires the event trigger ${name}, whose function is not declared as one that reads nothing.`,
    );
}
