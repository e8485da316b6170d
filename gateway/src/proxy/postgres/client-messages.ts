/**
 * What becomes of every message that a client can send once the session runs: one table, checked against the protocol
 * manual's list by a test. A type that is not here, or a packet of the start-up phase, ends the session.
 *
 * - `decide` its statement is decided about, now or when it is executed; what goes upstream is encoded anew
 * - `copy`   goes on while the server waits for COPY data, and is dropped otherwise, as by the server
 * - `order`  decides nothing: it asks for answers, or ends a pipeline
 * - `login`  belongs into the login: a violation of the protocol, which ends the session
 * - `leave`  ends the session
 */
type Rule = 'decide' | 'copy' | 'order' | 'login' | 'leave';

export const CLIENT_MESSAGE_RULES: Readonly<Record<string, { readonly name: string; readonly rule: Rule }>> = {
  B: { name: 'Bind', rule: 'decide' },
  // Of names: closing needs no decision, but a name stands for a verdict.
  C: { name: 'Close', rule: 'decide' },
  d: { name: 'CopyData', rule: 'copy' },
  c: { name: 'CopyDone', rule: 'copy' },
  f: { name: 'CopyFail', rule: 'copy' },
  D: { name: 'Describe', rule: 'decide' },
  E: { name: 'Execute', rule: 'decide' },
  H: { name: 'Flush', rule: 'order' },
  // No tree is printed for it: asked as a SELECT of the function, which has one.
  F: { name: 'FunctionCall', rule: 'decide' },
  p: { name: 'GSSResponse, PasswordMessage, SASLInitialResponse, SASLResponse', rule: 'login' },
  P: { name: 'Parse', rule: 'decide' },
  Q: { name: 'Query', rule: 'decide' },
  S: { name: 'Sync', rule: 'order' },
  X: { name: 'Terminate', rule: 'leave' },
};
