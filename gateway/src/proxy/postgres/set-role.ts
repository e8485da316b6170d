/**
 * SET ROLE and SET SESSION AUTHORIZATION to the role that the session has already, as pools and migration tools send
 * them: whoever asks for it lends himself no other rights. Any other role is refused: labels and policies were decided
 * for this one.
 */
import type { Handling } from '../../analysis/postgres/gate/statement.ts';
import { type Interpretation, plain, refused } from './interpretation.ts';
import type { SessionContext } from './session-context.ts';
import { NO_EFFECTS } from './statement-effects.ts';

const ROLES = 'SELECT pg_catalog.current_user()::pg_catalog.text, pg_catalog.session_user()::pg_catalog.text';

export async function interpretSetRole(
  context: SessionContext,
  { setting, role }: Extract<Handling, { handling: 'set-role' }>,
  statementKind: string,
  fingerprint: string,
): Promise<Interpretation> {
  const [[current, login] = []] = await context.factSource.rows(ROLES);
  await context.factSource.endQuestions();
  const isSame = current === login && (role === login || (setting === 'role' && role === 'none'));
  // Not kept: the role may be another one by the time that the same text comes again.
  if (isSame) return plain(context, statementKind, 'session', fingerprint, { ...NO_EFFECTS, settings: true }, false);
  return refused(
    context,
    {
      rule: 'setting-role',
      message: `The setting ${setting} may not be changed to this value through the gateway.`,
      remedy: `Leave it as it is, or set it to the role that the session has already: ${login}.`,
    },
    statementKind,
    fingerprint,
  );
}
