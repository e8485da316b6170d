/** The questions of auditors, as the API's handlers are given them. */
import type { Label } from '@sluice/contract/vocabulary';
import type { HeldTexts } from './approval/held-texts.ts';
import type { GatewayConfig } from './config/config.ts';
import type { AuditDesk } from './control/dependencies.ts';
import { AuditSessions } from './evidence/audit-sessions.ts';
import { ColumnHistory } from './evidence/column-history.ts';
import { columnText } from './evidence/column-uses.ts';
import type { EvidenceIndex } from './evidence/evidence-index.ts';
import { HeldStatementHistory } from './evidence/held-statements.ts';
import { KnownNames, type KnownNow } from './evidence/known-names.ts';
import type { SessionHistory } from './evidence/session-history.ts';
import type { PostgresResource } from './proxy/postgres/postgres-proxy.ts';
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
  readonly known: KnownNow;
};

/** What the configuration names, and what is known of the databases behind it. */
export function knownNow(
  { workflows }: Pick<GatewayConfig, 'workflows'>,
  resources: ReadonlyMap<string, PostgresResource>,
): KnownNow {
  return {
    hasResource: (name) => resources.has(name),
    hasWorkflow: (name) => workflows.some((workflow) => workflow.name === name),
    columnsOf: (name) => {
      const columns = resources.get(name)?.ports.catalog.classification.columns() ?? [];
      return new Map([...columns].map((column) => [columnText(column), { isView: column.relkind === 'v' }]));
    },
  };
}

export function createAuditDesk(parts: AuditParts): AuditDesk {
  const { store, index } = parts;
  const known = new KnownNames(store, parts.known);
  const columns = new ColumnHistory(parts);
  const sessions = new AuditSessions(parts);
  const held = new HeldStatementHistory({
    ...parts,
    statementOf: async ({ id, binding_hash: bindingHash, sealed }) =>
      (await parts.heldTexts.open({ id, bindingHash }, sealed))?.statement ?? null,
  });
  const assertFilter = async ({ resource }: { readonly resource: string | null }): Promise<void> => {
    await index.flush();
    if (resource !== null) await known.assertResource(resource);
  };
  return {
    column: async (question) => {
      await index.flush();
      await known.assertColumn(question.resource, question.column);
      return await columns.show(question);
    },
    sessionsOf: async (question) => {
      await assertFilter(question);
      return await sessions.of(question);
    },
    held: async (question) => {
      await assertFilter(question);
      return await held.list(question);
    },
    firstSeen: async (about) => {
      await index.flush();
      await known.assertWorkflow(about.workflow, about.resource);
      if (about.column !== null) await known.assertColumn(about.resource, about.column);
      return await firstSeen(store, about);
    },
    kept: async (question) => {
      await assertFilter(question);
      if (question.session !== null) await known.assertSession(question.session);
      return await sessions.kept(question);
    },
  };
}
