/**
 * Labels follow values: before an approved statement is sent, the columns that it writes take the labels of what it writes
 * there, or the labels that the names of new columns propose. Each such change is on the record and in the store, and an administrator can take it back. docs/approvals.md.
 */
import { randomBytes } from 'node:crypto';
import type { LabelChange } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import { highestLabel, type Principal } from '@sluice/contract/vocabulary';
import type { ColumnKey, Flows } from '../analysis/flows.ts';
import type { Classified } from '../catalog/classification-merge.ts';
import type { EvidenceLog } from '../evidence/entry.ts';
import type { LabelChangeRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { mayDecide, type PartiesOf } from './approver.ts';
import { type ChangedColumn, changedColumns, type FollowingLabels } from './changed-columns.ts';
import { KeyedLock } from './keyed-lock.ts';

/** Newest changes that a list shows. */
export const MAX_LISTED_CHANGES = 500;

export type ResourceLabels = {
  readonly classification: FollowingLabels;
  /** Raises the labels of what is written, also of columns that do not exist yet. */
  readonly labelsFollow: (flows: Flows) => void;
  /** What was understood before is understood anew. */
  readonly definitionsChanged: () => void;
};

/** Where derived labels outlive the process. */
export interface KeptLabels {
  /** By its identity; null before the first connection. */
  readonly database: string | null;
  settled(): Promise<void>;
  dropDerived(key: ColumnKey): Promise<void>;
}

export type Cause = {
  readonly requestId: string;
  readonly sessionId: string;
  readonly statementId: number;
  readonly asker: Principal;
};

export class LabelChanges {
  readonly #store: Store;
  readonly #log: EvidenceLog;
  readonly #now: () => number;
  readonly #adminGroups: readonly string[];
  readonly #kinOf: PartiesOf | undefined;
  readonly #resources = new Map<string, { readonly labels: ResourceLabels; readonly kept: KeptLabels }>();
  readonly #changing = new KeyedLock();

  constructor(options: {
    readonly store: Store;
    readonly log: EvidenceLog;
    readonly now: () => number;
    /** Whose members may take labels back. */
    readonly adminGroups: readonly string[];
    readonly kinOf?: PartiesOf;
  }) {
    this.#store = options.store;
    this.#log = options.log;
    this.#now = options.now;
    this.#adminGroups = options.adminGroups;
    this.#kinOf = options.kinOf;
  }

  add(resource: string, labels: ResourceLabels, kept: KeptLabels): void {
    this.#resources.set(resource, { labels, kept });
  }

  /**
   * To be called before an approved statement is sent: in another order, a crash could leave classified values in a column
   * without their label. Null when no label changes. Rejects when it cannot be recorded or kept; nothing may be sent then.
   */
  async follow(resource: string, flows: Flows, cause: Cause): Promise<string | null> {
    const { labels, kept } = this.#resource(resource);
    return await this.#changing.run(resource, async () => {
      const columns = changedColumns(labels.classification, flows);
      if (columns.length === 0) return null;
      const changeId = `lbl_${randomBytes(12).toString('base64url')}`;
      const { asker, ...place } = cause;
      await this.#log.append(
        { kind: 'labels.followed', changeId, resource, ...place, columns: columns.map(shown) },
        'fsync',
      );
      labels.labelsFollow(flows);
      await this.#store.db
        .insertInto('label_changes')
        .values({
          id: changeId,
          resource,
          database_identity: kept.database ?? '',
          state: 'live',
          at_ms: Math.floor(this.#now()),
          request_id: cause.requestId,
          session_id: cause.sessionId,
          statement_id: cause.statementId,
          asker_json: JSON.stringify(asker),
          columns_json: JSON.stringify(columns),
          note: '',
        })
        .execute();
      await kept.settled();
      return changeId;
    });
  }

  /** The statement failed, so nothing was written: its labels are taken back. */
  async undo(changeId: string, note: string): Promise<void> {
    await this.#revert(changeId, null, note);
  }

  /**
   * Takes the labels of a change back. For an administrator, in person, who is nowhere in the asker's chain: to lower a
   * label is as much as to approve a copy. Throws NOT_FOUND, REQUEST_NOT_YOURS, REQUEST_STATE.
   */
  async revert(by: Principal, changeId: string, note: string): Promise<LabelChange> {
    const row = await this.#find(changeId);
    const verdict = mayDecide(by, JSON.parse(row.asker_json), this.#adminGroups, this.#kinOf);
    if (!verdict.allowed) throw new SluiceError('REQUEST_NOT_YOURS', verdict.why, { facts: { changeId } });
    await this.#revert(changeId, by, note);
    return viewOf(await this.#find(changeId));
  }

  /** Newest first. Throws RESOURCE_UNKNOWN. */
  async list(resource: string): Promise<readonly LabelChange[]> {
    this.#resource(resource);
    const rows = await this.#store.db
      .selectFrom('label_changes')
      .selectAll()
      .where('resource', '=', resource)
      .orderBy('at_ms', 'desc')
      .orderBy('id')
      .limit(MAX_LISTED_CHANGES)
      .execute();
    return rows.map(viewOf);
  }

  /** After all columns were learned: those that a statement made right before a crash take their labels now. */
  async restore(resource: string): Promise<void> {
    const { labels, kept } = this.#resource(resource);
    for (const { key, column, after } of await this.#liveColumns(resource, kept.database ?? '')) {
      const keys = key === null ? labels.classification.columnsCalled(unquoted(column)) : [key];
      for (const each of keys) raise(labels.classification, each, after);
    }
  }

  async #revert(changeId: string, by: Principal | null, note: string): Promise<void> {
    const { resource } = await this.#find(changeId);
    const { labels, kept } = this.#resource(resource);
    await this.#changing.run(resource, async () => {
      const row = await this.#find(changeId);
      if (row.state !== 'live')
        throw new SluiceError('REQUEST_STATE', `The labels of ${changeId} were taken back already.`);
      await this.#log.append({ kind: 'labels.reverted', changeId, resource, by, note }, 'fsync');
      await this.#store.db
        .updateTable('label_changes')
        .set({
          state: 'reverted',
          reverted_by_json: by === null ? null : JSON.stringify(by),
          reverted_at_ms: Math.floor(this.#now()),
          note,
        })
        .where('id', '=', changeId)
        .execute();
      const standing = await this.#liveColumns(resource, row.database_identity);
      if (row.database_identity === (kept.database ?? ''))
        for (const column of columnsOf(row)) await takeBack(column, standing, labels, kept);
      labels.definitionsChanged();
      await kept.settled();
    });
  }

  async #liveColumns(resource: string, database: string): Promise<readonly ChangedColumn[]> {
    const rows = await this.#store.db
      .selectFrom('label_changes')
      .selectAll()
      .where('resource', '=', resource)
      .where('database_identity', '=', database)
      .where('state', '=', 'live')
      .execute();
    return rows.flatMap(columnsOf);
  }

  async #find(changeId: string): Promise<LabelChangeRow> {
    const row = await this.#store.db
      .selectFrom('label_changes')
      .selectAll()
      .where('id', '=', changeId)
      .executeTakeFirst();
    if (row === undefined) throw new SluiceError('NOT_FOUND', `There is no change of labels ${changeId}.`);
    return row;
  }

  #resource(name: string): { readonly labels: ResourceLabels; readonly kept: KeptLabels } {
    const found = this.#resources.get(name);
    if (found === undefined) throw new SluiceError('RESOURCE_UNKNOWN', `there is no resource "${name}"`);
    return found;
  }
}

/** Back to what was derived before, unless another change that stands has raised it too. */
async function takeBack(
  { key, column, derivedBefore }: ChangedColumn,
  standing: readonly ChangedColumn[],
  { classification }: ResourceLabels,
  kept: KeptLabels,
): Promise<void> {
  const keys = key === null ? classification.columnsCalled(unquoted(column)) : [key];
  for (const each of keys) {
    classification.setDerived(each, derivedBefore);
    if (derivedBefore === null) await kept.dropDerived(each);
    for (const other of standing)
      if (other.key === each || (other.key === null && isCalled(classification, other, each)))
        raise(classification, each, other.after);
  }
}

function isCalled(classification: FollowingLabels, { column }: ChangedColumn, key: ColumnKey): boolean {
  return classification.columnsCalled(unquoted(column)).includes(key);
}

function raise(classification: FollowingLabels, key: ColumnKey, after: Classified): void {
  if (!classification.knows(Number.parseInt(key, 10))) return;
  const now = classification.describe(key);
  if (highestLabel(now.label, after.label) !== now.label) classification.setDerived(key, after);
}

function shown({ column, before, after, sources, cause }: ChangedColumn): LabelChange['columns'][number] {
  const { label, category } = after;
  return { column, before, after: label, category, sources: [...sources], ...(cause === undefined ? {} : { cause }) };
}

function columnsOf({ columns_json }: LabelChangeRow): readonly ChangedColumn[] {
  return JSON.parse(columns_json);
}

function viewOf(row: LabelChangeRow): LabelChange {
  return {
    id: row.id,
    resource: row.resource,
    state: row.state,
    at: new Date(Number(row.at_ms)).toISOString(),
    requestId: row.request_id,
    sessionId: row.session_id,
    statementId: row.statement_id,
    asker: JSON.parse(row.asker_json),
    columns: columnsOf(row).map(shown),
    revertedBy: row.reverted_by_json === null ? null : JSON.parse(row.reverted_by_json),
    revertedAt: row.reverted_at_ms === null ? null : new Date(Number(row.reverted_at_ms)).toISOString(),
    note: row.note,
  };
}

function unquoted(name: string): string {
  return name.replaceAll('"', '');
}
