/** The questions of auditors, as the API's handlers are given them. */
import type { AuditDesk } from './control/dependencies.ts';
import { ColumnHistory } from './evidence/column-history.ts';
import type { EvidenceIndex } from './evidence/evidence-index.ts';
import type { Store } from './store/store.ts';

export type AuditParts = { readonly store: Store; readonly index: EvidenceIndex; readonly logDirectory: string };

export function createAuditDesk(parts: AuditParts): AuditDesk {
  const columns = new ColumnHistory(parts);
  return { column: (question) => columns.show(question) };
}
