import { type ColumnKey, columnKey } from '../../analysis/flows.ts';
import { NO_NEEDS } from '../../analysis/postgres/needs.ts';
import type { SessionContext } from './session-context.ts';
import type { NameEffect } from './statement-effects.ts';

type Created = Extract<NameEffect, { kind: 'create-relation' }>;

/** Relations that may wait to be labelled; beyond it the oldest is dropped, and its columns count as unclassified. */
export const MAX_CREATED_RELATIONS = 100;

/**
 * Relations that a session makes from queries: their columns take the labels of what was read. Looked up by name on
 * the same session right before its next statement; until then, and for everybody else, they count as unclassified.
 */
export class CreatedRelations {
  #waiting: Created[] = [];

  note(created: Created): void {
    this.#waiting = [...this.#waiting, created].slice(-MAX_CREATED_RELATIONS);
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Throws QuestionFailed when the server does not answer. */
  async label(context: SessionContext): Promise<void> {
    if (this.#waiting.length === 0) return;
    const created = this.#waiting;
    this.#waiting = [];
    // In a transaction that failed, what it had made is gone.
    if (context.link.transactionStatus === 'E') return;
    for (const { target, flows } of created)
      await labelOne(
        context,
        target,
        flows.writes.filter((write) => write.target === null).map((write) => write.sources),
      );
  }
}

async function labelOne(
  context: SessionContext,
  target: string,
  sources: readonly ReadonlySet<ColumnKey>[],
): Promise<void> {
  const { facts, factSource, ports } = context;
  const { classification } = ports.catalog;
  facts.forget();
  await facts.fetch({ ...NO_NEEDS, relationNames: [target] }, factSource);
  const oid = facts.relationNamed(target);
  // A relation that was there before is another one of that name: its labels are not ours to set.
  if (oid === null || oid === undefined || classification.knows(oid)) return;
  await facts.fetch({ ...NO_NEEDS, relations: [oid] }, factSource);
  const relation = facts.relation(oid);
  if (relation === null || relation === undefined || (relation.kind !== 'r' && relation.kind !== 'm')) return;
  for (const [index, column] of relation.columns.entries()) {
    const read = sources[index];
    if (read !== undefined && read.size > 0) classification.derive(columnKey(oid, column.attribute), [...read]);
  }
  ports.catalog.learn([relation]);
}
