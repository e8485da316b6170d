import { encodeFrontend } from '../../protocol/postgres/frontend-encode.ts';
import { OWN_PREFIX } from './bounds.ts';
import type { Plan } from './plan.ts';
import type { SessionContext } from './session-context.ts';

/** Statements that PREPARE accepts, too. Others made by message are run by message only. */
const PREPARABLE: ReadonlySet<string> = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/**
 * Has the server hold a statement that the client made by message under the client's own name for it. Usually it is
 * held under a name of the gateway's, shared by all names for the same text; but EXECUTE, and who looks at
 * pg_prepared_statements, must find it as the client called it. False when the server refused, and the client has
 * been told.
 */
export async function takeClientName(context: SessionContext, name: string): Promise<boolean> {
  const { link, names } = context;
  const known = names.statement(name)?.plan;
  if (name === '' || known === undefined || known.upstreamName === name || !isPreparable(known)) return true;
  const { text, declaredTypes } = known.facts;
  link.ask(encodeFrontend({ kind: 'Parse', name, text, parameterTypes: declaredTypes }), {
    kind: 'parse',
    audience: 'gateway',
  });
  link.ask(encodeFrontend({ kind: 'Flush' }));
  await link.settled();
  if (link.skipping) return false;
  names.setStatement(name, { plan: known.under(name) });
  return true;
}

/**
 * Makes the server's list of prepared statements what the client expects: its own names, none of the gateway's.
 * False when the server refused, and the client has been told.
 */
export async function showClientStatements(context: SessionContext): Promise<boolean> {
  const { names, plans } = context;
  const held = [...plans.all(), ...names.statementNames().flatMap((name) => names.statement(name)?.plan ?? [])];
  for (const name of names.statementNames()) if (!(await takeClientName(context, name))) return false;
  for (const plan of held) if (plan.upstreamName?.startsWith(OWN_PREFIX) === true) context.forget(plan);
  context.factSource.closeStatements();
  context.closeForgotten();
  return true;
}

function isPreparable({ facts, understood }: Plan): boolean {
  const { understanding } = understood;
  return (
    understanding.kind === 'understood' &&
    // Its types are settled, and a name for it that only reads is none that EXECUTE would serve.
    understood.restsOn !== 'unannounced' &&
    PREPARABLE.has(understanding.facts.statementKind) &&
    facts.upstreamText === facts.text &&
    facts.effects.names === null
  );
}
