/**
 * Refusals that no policy lifts. Every other one says that nobody knows what a statement does with data, and a policy
 * may trust somebody past it (`runOpaque`). These do not protect data from such a person, who could send a DO block;
 * they keep the gateway whole: its credential, its way of reading statements, its bounds, and the server behind it.
 */
const BEYOND_TRUST: ReadonlySet<string> = new Set([
  // Files and programs of the server.
  'copy-file',
  // Data whose bytes the gateway could not read.
  'copy-options',
  // The gateway's own role and its password, the server's configuration, replication.
  'statement-guarded',
  // Settings that silence the oracle, or change how text is read.
  'setting-guarded',
  // Texts that the gate cannot read safely.
  'statement-length',
  'statement-nesting',
  'statement-count',
  'parser',
  // Statements that end the sessions of everybody.
  'server-defect',
  // Servers of versions that nobody has tested.
  'server-version',
]);

export function isBeyondTrust(rule: string): boolean {
  return BEYOND_TRUST.has(rule);
}
