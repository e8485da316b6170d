/** The questions of auditors, as the API's handlers are given them. */
import type { Label } from '@sluice/contract/vocabulary';
import type { HeldTexts } from './approval/held-texts.ts';
import type { AuditDesk } from './control/dependencies.ts';
import { AuditSessions } from './evidence/audit-sessions.ts';
import { ColumnHistory } from './evidence/column-history.ts';
import type { EvidenceIndex } from './evidence/evidence-index.ts';
import { HeldStatementHistory } from './evidence/held-statements.ts';
import type { SessionHistory } from './evidence/session-history.ts';
import type { Store } from './store/store.ts';
import { firstSeen } from './workflow/first-seen.ts';

export type AuditParts = {
  readonly store: Store;
  readonly index: EvidenceIndex;
  readonly logDirectory: string;
  readonly history: SessionHistory;
  readonly heldTexts: HeldTexts;
  /** How long a session is kept after its end, by its highest label, milliseconds. */
  readonly retention: Readonly<Record<Label, number>>;
  readonly now: () => number;
};

export function createAuditDesk(parts: AuditParts): AuditDesk {
  const { store, index } = parts;
  const columns = new ColumnHistory(parts);
  const sessions = new AuditSessions(parts);
  const held = new HeldStatementHistory({
    ...parts,
    statementOf: async ({ id, binding_hash: bindingHash, sealed }) =>
      (await parts.heldTexts.open({ id, bindingHash }, sealed))?.statement ?? null,
  });
  return {
    column: (question) => columns.show(question),
    sessionsOf: (question) => sessions.of(question),
    held: (question) => held.list(question),
    firstSeen: async (about) => {
      await index.flush();
      return await firstSeen(store, about);
    },
    kept: (question) => sessions.kept(question),
  };
}
