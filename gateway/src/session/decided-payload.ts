import type { Entry } from '../evidence/entry.ts';

export type DecidedEntry = Extract<Entry, { kind: 'statement.decided' }>;

/** The part of an entry that is the same at each run of a statement, as JSON. */
type Written = { readonly reasons: DecidedEntry['reasons']; readonly rest: string };

const WRITTEN = new WeakMap<object, Written>();

/**
 * The entry as JSON. What does not change from run to run is written once: `understanding` is the object that stands for
 * the statement, and reasons are the ones of its decision, the same array as long as that is the same. The text may
 * differ, in its literals.
 */
export function decidedPayload(entry: DecidedEntry, understanding: object): string {
  let written = WRITTEN.get(understanding);
  if (written?.reasons !== entry.reasons) {
    const {
      kind: _kind,
      sessionId: _session,
      statementId: _statement,
      text: _text,
      fingerprint: _fingerprint,
      sealed: _sealed,
      ...rest
    } = entry;
    written = { reasons: entry.reasons, rest: JSON.stringify(rest).slice(1) };
    WRITTEN.set(understanding, written);
  }
  const sealed = entry.sealed === undefined ? '' : `"sealed":${JSON.stringify(entry.sealed)},`;
  return `{"kind":"statement.decided","sessionId":${JSON.stringify(entry.sessionId)},"statementId":${entry.statementId},"text":${JSON.stringify(entry.text)},"fingerprint":${JSON.stringify(entry.fingerprint)},${sealed}${written.rest}`;
}
