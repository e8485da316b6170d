/**
 * What a held statement would do, found by the gateway from what would run: for the approver. On a connection of its own,
 * with the settings of the session, in a transaction that is rolled back. docs/approvals.md, "The preview".
 */
import type { EffectPreview } from '@sluice/contract/api';
import type { Flows } from '../../../analysis/flows.ts';
import { treeHash } from '../../../analysis/postgres/tree-hash.ts';
import { Authorization } from '../../../upstream/authorization.ts';
import { connectPostgres, type PostgresTarget } from '../../../upstream/connect-postgres.ts';
import { type Answer, type BoundText, QueryConnection } from '../../../upstream/query-connection.ts';
import type { SaltedPasswords } from '../../../upstream/salted-passwords.ts';
import type { Opened } from '../names.ts';
import { formatOf } from '../plan.ts';
import { isTreeNotice } from '../reports.ts';
import type { SessionContext } from '../session-context.ts';
import { MAX_DRY_RUN_ROWS, whyNotDryRun } from './dry-run-safety.ts';
import { sampleOf } from './sample.ts';

/** Previews under way at once, of one gateway; a statement that is held meanwhile gets none. */
export const MAX_PREVIEWS = 4;
/** All of one preview, milliseconds. Its client waits for it. */
const PREVIEW_TIMEOUT_MS = 5_000;
/** One statement of it, and one wait for a lock, milliseconds. */
const STATEMENT_TIMEOUT_MS = 2_000;
const LOCK_TIMEOUT_MS = 250;
/** Tables that are listed. */
const MAX_TABLES = 50;

const PLANNED: ReadonlySet<string> = new Set([
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'CreateTableAsStmt',
]);
const DRY: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

type Found = Pick<EffectPreview, 'estimatedRows' | 'dryRunRows' | 'whyNoDryRun' | 'sample'> & {
  /** `schema.table` → rows. */
  readonly changed: ReadonlyMap<string, number> | null;
};

export class EffectPreviews {
  readonly #target: PostgresTarget;
  readonly #passwords: SaltedPasswords;
  readonly #underWay: { count: number };
  readonly #onError: (error: unknown) => void;

  constructor(options: {
    readonly target: PostgresTarget;
    readonly passwords: SaltedPasswords;
    /** Shared by all resources of a gateway. */
    readonly underWay: { count: number };
    readonly onError: (error: unknown) => void;
  }) {
    this.#target = options.target;
    this.#passwords = options.passwords;
    this.#underWay = options.underWay;
    this.#onError = options.onError;
  }

  /** Never rejects: what could not be found is said in words. */
  async of(context: SessionContext, opened: Opened): Promise<EffectPreview> {
    const { flows } = opened.understood;
    const found = await this.#found(context, opened);
    const { changed, ...rest } = found;
    return { tables: flows === null ? [] : tablesOf(context, flows, changed), ...rest };
  }

  async #found(context: SessionContext, opened: Opened): Promise<Found> {
    const settings = settingsOf(context);
    if (settings === null) return nothing('its session has run statements that were not understood');
    if (this.#underWay.count >= MAX_PREVIEWS) return nothing('too many previews were made at the same time');
    const { kind } = statementKindOf(opened);
    if (!PLANNED.has(kind)) return nothing('statements of this kind are not run for a preview');
    this.#underWay.count += 1;
    let connection: QueryConnection | null = null;
    try {
      const { session, ports } = context;
      const signal = AbortSignal.timeout(PREVIEW_TIMEOUT_MS);
      const authorization = Authorization.from(
        session.principal,
        session.resource,
        ports.policy.decideConnect(session.principal, session.resource),
      );
      const connected = await connectPostgres(authorization, this.#target, settings, {
        passwords: this.#passwords,
        signal,
      });
      const open = new QueryConnection(connected, () => undefined);
      connection = open;
      signal.addEventListener('abort', () => open.close(), { once: true });
      return await look(open, context, opened, kind);
    } catch (error) {
      this.#onError(error);
      return nothing('the database could not be asked in time');
    } finally {
      this.#underWay.count -= 1;
      connection?.close();
    }
  }
}

async function look(
  connection: QueryConnection,
  context: SessionContext,
  opened: Opened,
  kind: string,
): Promise<Found> {
  const bound = boundText(opened);
  await connection.query(
    `BEGIN; SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}; SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`,
  );
  const parsed = await connection.parse(bound.text, bound.parameterTypes);
  const trees = parsed.notices.filter(isTreeNotice).map((fields) => fields.get('D') ?? '');
  // Somebody else's eyes: what this transaction has made or changed is not there, and then it is another statement. Of
  // CREATE TABLE AS the server prints no tree before it runs.
  if (parsed.error !== null || (kind !== 'CreateTableAsStmt' && treeHash(trees) !== opened.understood.treeHash))
    return nothing('it depends on what only its own transaction can see');
  const explained = await connection.execute({ ...bound, text: `EXPLAIN (FORMAT JSON) ${bound.text}` });
  const estimatedRows = explained.error === null ? plannedRows(explained) : null;
  const why = await whyEstimateOnly(connection, context, opened, { kind, trees, estimatedRows });
  if (why !== null) return { ...nothing(why), estimatedRows };
  const ran = await connection.execute(bound);
  // The server's words stay with the server: they may hold values.
  if (ran.error !== null)
    return { ...nothing(`the dry run failed (SQLSTATE ${ran.error.get('C') ?? '?'})`), estimatedRows };
  const changed = await changedRows(connection);
  const sample = await sampleOf(connection, context, opened.understood.flows);
  await connection.query('ROLLBACK');
  const dryRunRows = Number(/ (\d+)$/.exec(ran.tag)?.[1] ?? 0);
  return { estimatedRows, dryRunRows, whyNoDryRun: null, sample, changed };
}

async function whyEstimateOnly(
  connection: QueryConnection,
  { inTransaction }: SessionContext,
  { understood }: Opened,
  about: { readonly kind: string; readonly trees: readonly string[]; readonly estimatedRows: number | null },
): Promise<string | null> {
  if (!DRY.has(about.kind)) return 'statements of this kind are not run for a preview';
  if (inTransaction) return 'it is in an open transaction, whose changes nobody else can see';
  if (about.estimatedRows === null) return 'its rows could not be estimated';
  if (about.estimatedRows > MAX_DRY_RUN_ROWS) return `it is expected to change more than ${MAX_DRY_RUN_ROWS} rows`;
  if (understood.restsOn === 'catalog') return 'it sets off a trigger, a cascade or a function that is not built in';
  return await whyNotDryRun(connection, about.trees);
}

async function changedRows(connection: QueryConnection): Promise<ReadonlyMap<string, number>> {
  const rows = await connection.query(
    'SELECT schemaname, relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_catalog.pg_stat_xact_user_tables ' +
      'WHERE n_tup_ins + n_tup_upd + n_tup_del > 0',
  );
  return new Map(rows.map(([schema, table, count]) => [`${schema ?? ''}.${table ?? ''}`, Number(count)]));
}

/** Rows that the plan's change, or its query, is expected to have. */
function plannedRows({ rows }: Answer): number | null {
  const [[json = null] = []] = rows;
  if (json === null) return null;
  const [explained]: { readonly Plan?: PlanNode }[] = JSON.parse(json);
  const top = explained?.Plan;
  if (top === undefined) return null;
  if (top['Node Type'] !== 'ModifyTable') return top['Plan Rows'];
  return (top.Plans ?? []).reduce((sum, node) => sum + node['Plan Rows'], 0);
}

type PlanNode = {
  readonly 'Node Type': string;
  readonly 'Plan Rows': number;
  readonly Plans?: readonly PlanNode[];
};

function tablesOf(
  { facts }: SessionContext,
  { relations, writes }: Flows,
  changed: Found['changed'],
): EffectPreview['tables'] {
  const written = new Set(writes.flatMap(({ target }) => (target === null ? [] : [Number.parseInt(target, 10)])));
  return [...new Set([...written, ...relations])].slice(0, MAX_TABLES).flatMap((oid) => {
    const relation = facts.relation(oid);
    if (relation === null || relation === undefined) return [];
    const { schema, name } = relation;
    const access = written.has(oid) ? 'write' : 'read';
    return [
      { schema, table: name, access, rowsChanged: changed === null ? null : (changed.get(`${schema}.${name}`) ?? 0) },
    ];
  });
}

function statementKindOf({ understood: { understanding } }: Opened): { readonly kind: string } {
  return {
    kind: understanding.kind === 'understood' ? understanding.facts.statementKind : understanding.statementKind,
  };
}

function boundText({ plan, bind }: Opened): BoundText {
  return {
    text: plan.text,
    parameterTypes: plan.facts.parameterTypes,
    parameterFormats: bind?.parameters.map((_, index) => formatOf(bind.parameterFormats, index)) ?? [],
    parameters: bind?.parameters ?? [],
  };
}

/** Null when not all that was changed is known. `sluice.…` is the gateway's own. */
function settingsOf({ startUpSettings, changedSettings }: SessionContext): (readonly [string, string])[] | null {
  const settings = [...new Map([...startUpSettings, ...changedSettings])];
  if (settings.some(([name]) => !/^[a-z_]+(?:\.[a-z_]+)?$/.test(name))) return null;
  return [
    ...settings.filter(([name]) => !name.startsWith('sluice.') && name !== 'application_name'),
    ['application_name', 'sluice preview'],
  ];
}

function nothing(whyNoDryRun: string): Found {
  return { estimatedRows: null, dryRunRows: null, whyNoDryRun, sample: null, changed: null };
}
