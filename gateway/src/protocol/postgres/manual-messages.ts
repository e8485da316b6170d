/** A message of the protocol as the manual's section "Message Formats" (55.7) lists it. */
export type ManualMessage = {
  readonly name: string;
  /** The type byte; null for the packets of the start-up phase, which have none. */
  readonly type: string | null;
  /** F: a client sends it, B: the server does. */
  readonly from: 'F' | 'B' | 'F & B';
  /** The first major version whose manual lists it, or lists it in this form, where that is not before 14. */
  readonly since?: 14 | 15 | 16 | 17 | 18;
  readonly note?: string;
};

/**
 * Every message of the manuals of PostgreSQL 14 to 18, in their order. All of them have the same section number there;
 * where a later version changed a format, `note` says so. Tests hold the tables of rules against this list.
 */
export const MANUAL_MESSAGES: readonly ManualMessage[] = [
  { name: 'AuthenticationOk', type: 'R', from: 'B' },
  { name: 'AuthenticationKerberosV5', type: 'R', from: 'B' },
  { name: 'AuthenticationCleartextPassword', type: 'R', from: 'B' },
  { name: 'AuthenticationMD5Password', type: 'R', from: 'B' },
  { name: 'AuthenticationSCMCredential', type: 'R', from: 'B', note: 'no longer listed from 16 on' },
  { name: 'AuthenticationGSS', type: 'R', from: 'B' },
  { name: 'AuthenticationGSSContinue', type: 'R', from: 'B' },
  { name: 'AuthenticationSSPI', type: 'R', from: 'B' },
  { name: 'AuthenticationSASL', type: 'R', from: 'B' },
  { name: 'AuthenticationSASLContinue', type: 'R', from: 'B' },
  { name: 'AuthenticationSASLFinal', type: 'R', from: 'B' },
  { name: 'BackendKeyData', type: 'K', from: 'B', note: 'a key of 4 bytes; up to 256 with protocol 3.2 (18)' },
  { name: 'Bind', type: 'B', from: 'F' },
  { name: 'BindComplete', type: '2', from: 'B' },
  { name: 'CancelRequest', type: null, from: 'F', note: 'a key of 4 bytes; up to 256 with protocol 3.2 (18)' },
  { name: 'Close', type: 'C', from: 'F' },
  { name: 'CloseComplete', type: '3', from: 'B' },
  { name: 'CommandComplete', type: 'C', from: 'B' },
  { name: 'CopyData', type: 'd', from: 'F & B' },
  { name: 'CopyDone', type: 'c', from: 'F & B' },
  { name: 'CopyFail', type: 'f', from: 'F' },
  { name: 'CopyInResponse', type: 'G', from: 'B' },
  { name: 'CopyOutResponse', type: 'H', from: 'B' },
  { name: 'CopyBothResponse', type: 'W', from: 'B' },
  { name: 'DataRow', type: 'D', from: 'B' },
  { name: 'Describe', type: 'D', from: 'F' },
  { name: 'EmptyQueryResponse', type: 'I', from: 'B' },
  { name: 'ErrorResponse', type: 'E', from: 'B' },
  { name: 'Execute', type: 'E', from: 'F' },
  { name: 'Flush', type: 'H', from: 'F' },
  { name: 'FunctionCall', type: 'F', from: 'F' },
  { name: 'FunctionCallResponse', type: 'V', from: 'B' },
  { name: 'GSSENCRequest', type: null, from: 'F' },
  { name: 'GSSResponse', type: 'p', from: 'F' },
  { name: 'NegotiateProtocolVersion', type: 'v', from: 'B' },
  { name: 'NoData', type: 'n', from: 'B' },
  { name: 'NoticeResponse', type: 'N', from: 'B' },
  { name: 'NotificationResponse', type: 'A', from: 'B' },
  { name: 'ParameterDescription', type: 't', from: 'B' },
  { name: 'ParameterStatus', type: 'S', from: 'B' },
  { name: 'Parse', type: 'P', from: 'F' },
  { name: 'ParseComplete', type: '1', from: 'B' },
  { name: 'PasswordMessage', type: 'p', from: 'F' },
  { name: 'PortalSuspended', type: 's', from: 'B' },
  { name: 'Query', type: 'Q', from: 'F' },
  { name: 'ReadyForQuery', type: 'Z', from: 'B' },
  { name: 'RowDescription', type: 'T', from: 'B' },
  { name: 'SASLInitialResponse', type: 'p', from: 'F' },
  { name: 'SASLResponse', type: 'p', from: 'F' },
  { name: 'SSLRequest', type: null, from: 'F' },
  { name: 'StartupMessage', type: null, from: 'F' },
  { name: 'Sync', type: 'S', from: 'F' },
  { name: 'Terminate', type: 'X', from: 'F' },
];

/**
 * Parameters that servers of 14 to 18 report by themselves (manual 55.2.7, "Asynchronous Operations"), and what is
 * known of their values: `setting` is the session's own choice, `server` the server's word, `pinned` must keep a value
 * with which the gateway reads statements.
 */
export const REPORTED_PARAMETERS: Readonly<
  Record<
    string,
    { readonly kind: 'setting' | 'server' } | { readonly kind: 'pinned'; readonly values: readonly string[] }
  >
> = {
  application_name: { kind: 'setting' },
  // Servers report every alias of an encoding by its name, except this one, for the sake of old clients.
  client_encoding: { kind: 'pinned', values: ['UTF8', 'UNICODE'] },
  DateStyle: { kind: 'setting' },
  default_transaction_read_only: { kind: 'setting' },
  in_hot_standby: { kind: 'server' },
  integer_datetimes: { kind: 'server' },
  IntervalStyle: { kind: 'setting' },
  is_superuser: { kind: 'server' },
  // From 16 on.
  scram_iterations: { kind: 'server' },
  // From 18 on.
  search_path: { kind: 'setting' },
  server_encoding: { kind: 'server' },
  server_version: { kind: 'server' },
  session_authorization: { kind: 'server' },
  standard_conforming_strings: { kind: 'pinned', values: ['on'] },
  TimeZone: { kind: 'setting' },
};
