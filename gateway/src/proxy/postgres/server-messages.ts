import { SluiceError } from '@sluice/contract/errors';
import { REPORTED_PARAMETERS } from '../../protocol/postgres/manual-messages.ts';

/**
 * What becomes of every message that a server can send once the session runs: one table, checked against the
 * protocol manual's list by a test. A type that is not here ends the session.
 *
 * Rewritten:
 * - `rows`     by the row path under the mask plan of the statement
 * - `copy`     by the COPY path under the mask plan of the statement
 * - `scrub`    its text replaced when the statement touched classified columns; trees never go out
 *
 * Forwarded:
 * - `check`    after it was compared with the plan
 * - `listed`   when the parameter is one that servers report; withheld otherwise
 * - `own`      written anew when the same principal announced it (announcements.ts); withheld otherwise
 * - `answer`   when the client asked for it; withheld when the gateway did
 *
 * Else:
 * - `withhold` never forwarded
 * - `end`      a server has no business sending it now: the session ends
 */
export type Rule = 'own' | 'rows' | 'copy' | 'check' | 'listed' | 'answer' | 'scrub' | 'withhold' | 'end';

export const SERVER_MESSAGE_RULES: Readonly<Record<string, { readonly name: string; readonly rule: Rule }>> = {
  // During the login alone, where the gateway answers it itself.
  R: { name: 'Authentication*', rule: 'end' },
  // The client has a key of the gateway's.
  K: { name: 'BackendKeyData', rule: 'end' },
  '2': { name: 'BindComplete', rule: 'answer' },
  '3': { name: 'CloseComplete', rule: 'answer' },
  C: { name: 'CommandComplete', rule: 'answer' },
  // Replication, which is not offered.
  W: { name: 'CopyBothResponse', rule: 'end' },
  d: { name: 'CopyData', rule: 'copy' },
  c: { name: 'CopyDone', rule: 'answer' },
  G: { name: 'CopyInResponse', rule: 'answer' },
  H: { name: 'CopyOutResponse', rule: 'check' },
  D: { name: 'DataRow', rule: 'rows' },
  I: { name: 'EmptyQueryResponse', rule: 'answer' },
  E: { name: 'ErrorResponse', rule: 'scrub' },
  // FunctionCall is never sent upstream.
  V: { name: 'FunctionCallResponse', rule: 'end' },
  // During the login alone; the gateway speaks 3.0 upstream.
  v: { name: 'NegotiateProtocolVersion', rule: 'end' },
  n: { name: 'NoData', rule: 'answer' },
  N: { name: 'NoticeResponse', rule: 'scrub' },
  // A payload is whatever somebody put there; nobody decided that this person may see it, unless they wrote it.
  A: { name: 'NotificationResponse', rule: 'own' },
  t: { name: 'ParameterDescription', rule: 'answer' },
  S: { name: 'ParameterStatus', rule: 'listed' },
  '1': { name: 'ParseComplete', rule: 'answer' },
  s: { name: 'PortalSuspended', rule: 'answer' },
  Z: { name: 'ReadyForQuery', rule: 'answer' },
  T: { name: 'RowDescription', rule: 'check' },
};

/**
 * Whether a reported parameter goes to the client: only the ones that servers report by themselves. An extension can
 * have others reported, and their values are whatever a statement wrote there.
 *
 * Throws `UPSTREAM_PROTOCOL` when a setting changed with which the gateway reads statements: from then on it would
 * understand something else than the server does.
 */
export function reportsParameter(name: string, value: string): boolean {
  const parameter = Object.hasOwn(REPORTED_PARAMETERS, name) ? REPORTED_PARAMETERS[name] : undefined;
  if (parameter === undefined) return false;
  if (parameter.kind === 'pinned' && !parameter.values.includes(value))
    throw new SluiceError(
      'UPSTREAM_PROTOCOL',
      `the database changed ${name} to another value than ${parameter.values[0]}, with which statements are read`,
    );
  return true;
}
