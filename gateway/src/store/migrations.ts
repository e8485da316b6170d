/**
 * The migrations, in order, for both dialects. A released migration never changes; add the next one.
 */
import { type Kysely, sql } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely/migration';

type AnySchema = Kysely<unknown>;

const initial: Migration = {
  async up(db: AnySchema): Promise<void> {
    await createSessions(db);
    await createStatements(db);
    await createRequests(db);
  },
};

const probes: Migration = {
  async up(db: AnySchema): Promise<void> {
    await createProbes(db);
  },
};

const labelBindings: Migration = {
  async up(db: AnySchema): Promise<void> {
    await createLabelBindings(db);
  },
};

/** What an approval is bound to besides the statement, and what its approver was shown. */
const approvalTerms: Migration = {
  async up(db: AnySchema): Promise<void> {
    for (const [name, type] of [
      ['row_bound', 'bigint'],
      ['counts_rows', 'integer'],
      ['preview_json', 'text'],
      ['quotation', 'text'],
      ['not_before_ms', 'bigint'],
      ['approvers_json', 'text'],
      ['approval_hash', 'text'],
    ] as const)
      await db.schema.alterTable('requests').addColumn(name, type).execute();
  },
};

const labelChanges: Migration = {
  async up(db: AnySchema): Promise<void> {
    await db.schema
      .createTable('label_changes')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('resource', 'text', (column) => column.notNull())
      .addColumn('database_identity', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('request_id', 'text', (column) => column.notNull())
      .addColumn('session_id', 'text', (column) => column.notNull())
      .addColumn('statement_id', 'integer', (column) => column.notNull())
      .addColumn('asker_json', 'text', (column) => column.notNull())
      .addColumn('columns_json', 'text', (column) => column.notNull())
      .addColumn('reverted_by_json', 'text')
      .addColumn('reverted_at_ms', 'bigint')
      .addColumn('note', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('label_changes_by_time').on('label_changes').columns(['resource', 'at_ms']).execute();
  },
};

const grants: Migration = {
  async up(db: AnySchema): Promise<void> {
    await db.schema
      .createTable('grants')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('resource', 'text')
      .addColumn('group_name', 'text', (column) => column.notNull())
      .addColumn('asker_id', 'text', (column) => column.notNull())
      .addColumn('asker_json', 'text', (column) => column.notNull())
      .addColumn('chain_json', 'text', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('window_ms', 'bigint', (column) => column.notNull())
      .addColumn('granter_groups_json', 'text', (column) => column.notNull())
      .addColumn('grants_needed', 'integer', (column) => column.notNull())
      .addColumn('asked_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('ask_expires_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('granted_at_ms', 'bigint')
      .addColumn('ends_at_ms', 'bigint')
      .addColumn('decided_by_json', 'text')
      .addColumn('revoked_by_json', 'text')
      .addColumn('over_at_ms', 'bigint')
      .addColumn('note', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('grants_by_state').on('grants').columns(['state', 'chain_json']).execute();
    await db.schema.createIndex('grants_by_time').on('grants').column('asked_at_ms').execute();
    await db.schema
      .createTable('grant_votes')
      .addColumn('grant_id', 'text', (column) => column.notNull())
      .addColumn('granter_id', 'text', (column) => column.notNull())
      .addColumn('granter_json', 'text', (column) => column.notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('grant_votes_key', ['grant_id', 'granter_id'])
      .execute();
  },
};

const workflowEntries: Migration = {
  async up(db: AnySchema): Promise<void> {
    await createWorkflowEntries(db);
  },
};

/** What auditors ask for. `projection` makes the next start read the log again, from its first entry. */
const audit: Migration = {
  async up(db: AnySchema): Promise<void> {
    await db.schema
      .alterTable('index_head')
      .addColumn('projection', 'integer', (column) => column.notNull().defaultTo(1))
      .execute();
    for (const [name, type] of [
      ['opened_sequence', 'bigint'],
      ['closed_sequence', 'bigint'],
      ['workflow', 'text'],
      ['plan_json', 'text'],
    ] as const)
      await db.schema.alterTable('sessions').addColumn(name, type).execute();
    await db.schema
      .createTable('column_uses')
      .addColumn('resource', 'text', (column) => column.notNull())
      .addColumn('column_name', 'text', (column) => column.notNull())
      .addColumn('first_sequence', 'bigint', (column) => column.notNull())
      .addColumn('last_sequence', 'bigint', (column) => column.notNull())
      .addColumn('first_at_us', 'bigint', (column) => column.notNull())
      .addColumn('last_at_us', 'bigint', (column) => column.notNull())
      .addColumn('uses', 'integer', (column) => column.notNull())
      .addColumn('places', 'bytea', (column) => column.notNull())
      .addPrimaryKeyConstraint('column_uses_key', ['resource', 'column_name', 'first_sequence'])
      .execute();
    await db.schema
      .createTable('request_entries')
      .addColumn('sequence', 'bigint', (column) => column.primaryKey())
      .addColumn('at_us', 'bigint', (column) => column.notNull())
      .addColumn('request_id', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('entry_json', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('request_entries_by_request')
      .on('request_entries')
      .columns(['request_id', 'sequence'])
      .execute();
    await db.schema
      .createIndex('request_entries_by_kind')
      .on('request_entries')
      .columns(['kind', 'sequence'])
      .execute();
  },
};

/** Sessions end at some time, unless somebody holds them. */
const retention: Migration = {
  async up(db: AnySchema): Promise<void> {
    await db.schema.alterTable('sessions').addColumn('expired_at_us', 'bigint').execute();
    await db.schema
      .alterTable('sessions')
      .addColumn('destroyed', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema
      .createIndex('sessions_by_expiry')
      .on('sessions')
      .columns(['expired_at_us', 'label_rank', 'closed_at_us'])
      .execute();
    await db.schema
      .createIndex('sessions_by_destruction')
      .on('sessions')
      .columns(['destroyed', 'expired_at_us'])
      .execute();
    await db.schema.createIndex('session_parties_by_session').on('session_parties').column('session_id').execute();
    await db.schema.createIndex('requests_by_session').on('requests').column('session_id').execute();
    await db.schema
      .createTable('holds')
      .addColumn('hold_id', 'text', (column) => column.primaryKey())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('target', 'text', (column) => column.notNull())
      .addColumn('by_json', 'text', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('placed_at_us', 'bigint', (column) => column.notNull())
      .addColumn('lifted_at_us', 'bigint')
      .execute();
  },
};

const retentionEntries: Migration = {
  async up(db: AnySchema): Promise<void> {
    await db.schema.alterTable('sessions').addColumn('expired_sequence', 'bigint').execute();
    await db.schema.alterTable('holds').addColumn('placed_sequence', 'bigint').execute();
    await db.schema.alterTable('request_entries').addColumn('session_id', 'text').execute();
  },
};

/** Notices that wait; at the bound the oldest make room. */
export const MAX_NOTICES = 1_000;

/**
 * What is to be told is written by triggers: in the transaction of the change itself, whoever makes it. SQLite's own words;
 * PostgreSQL will have its own.
 */
const notices: Migration = {
  async up(db: AnySchema): Promise<void> {
    await sql`create table notices (
      id integer primary key autoincrement, about text not null, subject text not null, state text not null,
      delivery text not null default (lower(hex(randomblob(16)))))`.execute(db);
    await sql`create trigger notices_bound after insert on notices begin
      delete from notices where id <= new.id - ${sql.lit(MAX_NOTICES)}; end`.execute(db);
    for (const about of ['requests', 'grants']) {
      const row = sql`insert into notices (about, subject, state) values (${sql.lit(about)}, new.id, new.state)`;
      await sql`create trigger ${sql.id(`${about}_made`)} after insert on ${sql.table(about)} begin ${row}; end`.execute(
        db,
      );
      await sql`create trigger ${sql.id(`${about}_changed`)} after update of state on ${sql.table(about)}
        when new.state <> old.state begin ${row}; end`.execute(db);
    }
    await db.schema
      .createTable('notice_places')
      .addColumn('place', 'text', (column) => column.primaryKey())
      .addColumn('settled', 'bigint', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .execute();
  },
};

/** What the rows of older gateways say in the clear is sealed at the start: approval/seal-old-requests.ts. */
const sealedRequests: Migration = {
  async up(db: AnySchema): Promise<void> {
    await db.schema.alterTable('requests').addColumn('sealed', 'text').execute();
  },
};

/** Plans have a retention of their own. */
const plans: Migration = {
  async up(db: AnySchema): Promise<void> {
    await db.schema
      .createTable('plans')
      .addColumn('plan_id', 'text', (column) => column.primaryKey())
      .addColumn('sequence', 'bigint', (column) => column.notNull())
      .addColumn('resource', 'text', (column) => column.notNull())
      .addColumn('parties_json', 'text', (column) => column.notNull())
      .addColumn('ends_at_us', 'bigint', (column) => column.notNull())
      .addColumn('expired_at_us', 'bigint')
      .addColumn('destroyed', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema.createIndex('plans_by_end').on('plans').columns(['destroyed', 'ends_at_us']).execute();
  },
};

const revocations: Migration = {
  async up(db: AnySchema): Promise<void> {
    await db.schema
      .createTable('revocations')
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('until_ms', 'bigint', (column) => column.notNull())
      .addColumn('heard_at_ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('revocations_key', ['kind', 'id'])
      .execute();
  },
};

/** store/taken-once.ts */
const takenOnce: Migration = {
  async up(db: AnySchema): Promise<void> {
    await db.schema
      .createTable('taken_once')
      .addColumn('key', 'text', (column) => column.primaryKey())
      .addColumn('until_ms', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('taken_once_by_end').on('taken_once').column('until_ms').execute();
  },
};

const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-initial': initial,
  '0002-probes': probes,
  '0003-label-bindings': labelBindings,
  '0004-approval-terms': approvalTerms,
  '0005-label-changes': labelChanges,
  '0006-grants': grants,
  '0007-workflow-entries': workflowEntries,
  '0008-audit': audit,
  '0009-retention': retention,
  '0010-retention-entries': retentionEntries,
  '0011-notices': notices,
  '0012-sealed-requests': sealedRequests,
  '0013-plans': plans,
  '0014-revocations': revocations,
  '0015-taken-once': takenOnce,
};

export const migrationProvider: MigrationProvider = {
  getMigrations: () => Promise.resolve({ ...MIGRATIONS }),
};

async function createSessions(db: AnySchema): Promise<void> {
  await db.schema
    .createTable('sessions')
    .addColumn('session_id', 'text', (column) => column.primaryKey())
    .addColumn('principal_id', 'text', (column) => column.notNull())
    .addColumn('principal_json', 'text', (column) => column.notNull())
    .addColumn('resource', 'text', (column) => column.notNull())
    .addColumn('protocol', 'text', (column) => column.notNull())
    .addColumn('application', 'text', (column) => column.notNull())
    .addColumn('from_address', 'text', (column) => column.notNull())
    .addColumn('via', 'text', (column) => column.notNull())
    .addColumn('opened_at_us', 'bigint', (column) => column.notNull())
    .addColumn('closed_at_us', 'bigint')
    .addColumn('close_reason', 'text')
    .addColumn('statements', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('label_rank', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.createIndex('sessions_by_time').on('sessions').column('opened_at_us').execute();
  await db.schema
    .createTable('session_parties')
    .addColumn('principal_id', 'text', (column) => column.notNull())
    .addColumn('opened_at_us', 'bigint', (column) => column.notNull())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('session_parties_key', ['principal_id', 'opened_at_us', 'session_id'])
    .execute();
}

async function createStatements(db: AnySchema): Promise<void> {
  await db.schema
    .createTable('statement_places')
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('first_sequence', 'bigint', (column) => column.notNull())
    .addColumn('first_statement', 'integer', (column) => column.notNull())
    .addColumn('last_statement', 'integer', (column) => column.notNull())
    // `bytea` is PostgreSQL's name; SQLite takes any.
    .addColumn('places', 'bytea', (column) => column.notNull())
    .addPrimaryKeyConstraint('statement_places_key', ['session_id', 'first_sequence'])
    .execute();
  await db.schema
    .createTable('index_head')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('log_id', 'text', (column) => column.notNull())
    .addColumn('next_sequence', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
}

async function createRequests(db: AnySchema): Promise<void> {
  await db.schema
    .createTable('requests')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('binding_hash', 'text', (column) => column.notNull())
    .addColumn('resource', 'text', (column) => column.notNull())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('statement_id', 'integer', (column) => column.notNull())
    .addColumn('asker_id', 'text', (column) => column.notNull())
    .addColumn('asker_json', 'text', (column) => column.notNull())
    .addColumn('statement', 'text', (column) => column.notNull())
    .addColumn('flows_json', 'text', (column) => column.notNull())
    .addColumn('reasons_json', 'text', (column) => column.notNull())
    .addColumn('label_rank', 'integer', (column) => column.notNull())
    .addColumn('approver_groups_json', 'text', (column) => column.notNull())
    .addColumn('approvals_needed', 'integer', (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('decided_by_json', 'text')
    .addColumn('decided_at_ms', 'bigint')
    .addColumn('note', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  // At most one live request for one binding: two sessions that ask at the same time share it.
  await sql`create unique index requests_live on requests (binding_hash) where state in ('pending', 'approved')`.execute(
    db,
  );
  await db.schema.createIndex('requests_by_state').on('requests').columns(['state', 'expires_at_ms']).execute();
  await db.schema.createIndex('requests_by_time').on('requests').column('created_at_ms').execute();
  await db.schema
    .createTable('request_votes')
    .addColumn('request_id', 'text', (column) => column.notNull())
    .addColumn('approver_id', 'text', (column) => column.notNull())
    .addColumn('approver_json', 'text', (column) => column.notNull())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('request_votes_key', ['request_id', 'approver_id'])
    .execute();
}

async function createProbes(db: AnySchema): Promise<void> {
  await db.schema
    .createTable('probes')
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('resource', 'text', (column) => column.notNull())
    .addColumn('column_key', 'text', (column) => column.notNull())
    .addColumn('use', 'text', (column) => column.notNull())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('spent', 'integer', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('probes_by_budget')
    .on('probes')
    .columns(['subject', 'resource', 'column_key', 'use', 'at_ms'])
    .execute();
  await db.schema.createIndex('probes_by_expiry').on('probes').column('expires_at_ms').execute();
}

async function createLabelBindings(db: AnySchema): Promise<void> {
  await db.schema
    .createTable('label_bindings')
    .addColumn('resource', 'text', (column) => column.notNull())
    .addColumn('database_identity', 'text', (column) => column.notNull())
    .addColumn('column_key', 'text', (column) => column.notNull())
    // The name under which a rule found the column, or empty for what was derived.
    .addColumn('name_json', 'text', (column) => column.notNull())
    .addColumn('label', 'text')
    .addColumn('category', 'text')
    .addPrimaryKeyConstraint('label_bindings_key', ['resource', 'database_identity', 'column_key', 'name_json'])
    .execute();
}

async function createWorkflowEntries(db: AnySchema): Promise<void> {
  await db.schema
    .createTable('workflow_entries')
    .addColumn('sequence', 'bigint', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('workflow', 'text')
    .addColumn('resource', 'text', (column) => column.notNull())
    .addColumn('entry_json', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('workflow_entries_by_workflow')
    .on('workflow_entries')
    .columns(['workflow', 'resource', 'sequence'])
    .execute();
}
