/**
 * What becomes of every message that a server can send once the session runs: one table, checked against the
 * protocol manual's list by a test. A type that is not here ends the session.
 *
 * - `rows`     rewritten by the row path under the mask plan of the statement
 * - `copy`     rewritten by the COPY path under the mask plan of the statement
 * - `check`    compared with the plan, then forwarded
 * - `answer`   forwarded when the client asked for it, withheld when the gateway did
 * - `scrub`    forwarded, its text replaced when the statement touched classified columns
 * - `own`      withheld; the gateway sends its own
 * - `withhold` never forwarded
 * - `end`      a server has no business sending it now: the session ends
 */
export type Rule = 'rows' | 'copy' | 'check' | 'answer' | 'scrub' | 'own' | 'withhold' | 'end';

export const SERVER_MESSAGE_RULES: Readonly<Record<string, { readonly name: string; readonly rule: Rule }>> = {
  R: { name: 'Authentication*', rule: 'end' },
  K: { name: 'BackendKeyData', rule: 'end' },
  '2': { name: 'BindComplete', rule: 'answer' },
  '3': { name: 'CloseComplete', rule: 'answer' },
  C: { name: 'CommandComplete', rule: 'answer' },
  W: { name: 'CopyBothResponse', rule: 'end' },
  d: { name: 'CopyData', rule: 'copy' },
  c: { name: 'CopyDone', rule: 'answer' },
  G: { name: 'CopyInResponse', rule: 'answer' },
  H: { name: 'CopyOutResponse', rule: 'check' },
  D: { name: 'DataRow', rule: 'rows' },
  I: { name: 'EmptyQueryResponse', rule: 'answer' },
  E: { name: 'ErrorResponse', rule: 'scrub' },
  V: { name: 'FunctionCallResponse', rule: 'end' },
  v: { name: 'NegotiateProtocolVersion', rule: 'end' },
  n: { name: 'NoData', rule: 'answer' },
  N: { name: 'NoticeResponse', rule: 'scrub' },
  A: { name: 'NotificationResponse', rule: 'withhold' },
  t: { name: 'ParameterDescription', rule: 'answer' },
  S: { name: 'ParameterStatus', rule: 'check' },
  '1': { name: 'ParseComplete', rule: 'answer' },
  s: { name: 'PortalSuspended', rule: 'answer' },
  Z: { name: 'ReadyForQuery', rule: 'answer' },
  T: { name: 'RowDescription', rule: 'check' },
};
