import type { Why, WhyColumn, WhyStatement } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import { EFFECTS, type Effect, type Principal, type Reason } from '@sluice/contract/vocabulary';
import type { ColumnKey, Flows } from '../../analysis/flows.ts';
import type { PolicyEngine } from '../../policy/decision.ts';
import { decide } from '../../session/pipeline.ts';
import { Authorization } from '../../upstream/authorization.ts';
import type { SaltedPasswords } from '../../upstream/salted-passwords.ts';
import { aside } from './aside.ts';
import { understoodWithValues } from './carried-values.ts';
import type { Examined } from './examine.ts';
import { misfits } from './mask-reasons.ts';
import { placeAt } from './place.ts';
import type { Plan } from './plan.ts';
import type { PostgresResource } from './postgres-proxy.ts';
import { Preparer } from './preparer.ts';
import type { SessionContext } from './session-context.ts';

const EXPLAIN_TIMEOUT_MS = 20_000;
/** Statements of one question. */
const MAX_EXPLAINED_STATEMENTS = 50;
/** Columns of one statement of which the origin of the label is told. */
const MAX_EXPLAINED_COLUMNS = 200;

/**
 * What would be decided about statements, and why, without running them: `sluice why`. The server parses each on a
 * connection of its own; nothing is bound or executed, so a statement that needs what an earlier one would have
 * created is told as one that the database does not accept.
 *
 * Errors: `REFUSED_BY_POLICY` when the principal may not connect, `USAGE` with the server's words when there is one
 * statement and the server does not accept it, `UPSTREAM_…`.
 */
export async function explainStatement(
  resource: PostgresResource,
  principal: Principal,
  text: string,
  ports: { readonly policy: PolicyEngine; readonly passwords: SaltedPasswords },
): Promise<Why> {
  const facts = { name: resource.name, protocol: 'postgres' as const };
  const authorization = Authorization.from(principal, facts, ports.policy.decideConnect(principal, facts));
  const options = {
    authorization,
    principal,
    purpose: 'sluice why',
    timeoutMs: EXPLAIN_TIMEOUT_MS,
    passwords: ports.passwords,
  };
  return await aside(resource, options, async (context, told) => {
    const preparer = new Preparer(context);
    const examined = await preparer.split(text);
    if (examined.length === 0) throw new SluiceError('USAGE', 'the text holds no statement');
    if (examined.length > MAX_EXPLAINED_STATEMENTS)
      throw new SluiceError('USAGE', `the text holds more than ${MAX_EXPLAINED_STATEMENTS} statements`);
    const statements: WhyStatement[] = [];
    for (const one of examined)
      statements.push(await explainOne(context, preparer, one, { text, told, policy: ports.policy }));
    const [only] = statements;
    if (only !== undefined && statements.length === 1 && only.reasons.some(({ policyId }) => policyId === BY_SERVER))
      throw new SluiceError('USAGE', only.reasons[0]?.message ?? 'the database does not accept the statement');
    return {
      effect: strongest(statements.map(({ effect }) => effect)),
      reasons: statements.flatMap(({ reasons }) => reasons),
      flows: statements.flatMap(({ flows }) => flows),
      policyVersion: ports.policy.version,
      statements,
    };
  });
}

type Asked = { readonly text: string; readonly told: () => string; readonly policy: PolicyEngine };

async function explainOne(
  context: SessionContext,
  preparer: Preparer,
  examined: Examined,
  { text, told, policy }: Asked,
): Promise<WhyStatement> {
  const { gate } = examined;
  const own = gate.kind === 'statement' ? gate.statement.text : examined.text;
  const startByte = gate.kind === 'statement' ? gate.statement.startByte : 0;
  const blankBytes = Buffer.byteLength(own) - Buffer.byteLength(own.trimStart());
  const about = {
    text: own.trim(),
    line: placeAt(text, startByte + blankBytes).line,
    kind: gate.kind === 'statement' ? gate.statement.kind : 'unknown',
  };
  const before = told().length;
  const prepared = await preparer.prepare(examined, [], { keep: false });
  if (prepared.kind === 'failed') {
    // What the server said, and our own refusals, come with the answer to Sync.
    context.sync();
    await context.link.settled();
    const reason = serverReason(told().slice(before));
    return { ...about, effect: 'refuse', reasons: [reason], permitted: [], flows: [], columns: [], parameters: [] };
  }
  const { plan } = prepared;
  const { flows } = plan.understood;
  const { understanding } = understoodWithValues(context, { plan, understood: plan.understood, bind: null });
  const decision = decide(understanding, policy);
  const understood = understanding.kind === 'understood' ? understanding : null;
  return {
    ...about,
    kind: understood?.facts.statementKind ?? about.kind,
    effect: decision.effect,
    reasons: [...decision.reasons, ...misfits(plan, decision, context.ports.masks)],
    permitted: understood === null ? [] : [...policy.explainPermitted(understood.facts)],
    flows: [...(understood?.flows ?? [])],
    columns: flows === null ? [] : columnsOf(context, flows),
    parameters: [...(await parameterTypes(context, plan))],
  };
}

/** The rule of reasons that are the server's. */
const BY_SERVER = 'server';

function serverReason(told: string): Reason {
  // ErrorResponse: fields of one letter and a text that ends in NUL.
  const words = /\0M([^\0]*)/.exec(told)?.[1] ?? 'no reason given';
  const message = words.startsWith('sluice: ')
    ? words.slice('sluice: '.length)
    : `the database does not accept the statement: ${words}`;
  return {
    effect: 'refuse',
    policyId: BY_SERVER,
    message,
    remedy:
      'Correct the statement. Statements before it in the same text were not run, so what they create is not there.',
    columns: [],
  };
}

function strongest(effects: readonly Effect[]): Effect {
  return effects.reduce((a, b) => (EFFECTS.indexOf(b) > EFFECTS.indexOf(a) ? b : a), 'allow');
}

/** Every classified column that the statement touches, and where its label is from. */
function columnsOf({ ports }: SessionContext, flows: Flows): WhyColumn[] {
  const { classification } = ports.catalog;
  const keys = new Set<ColumnKey>();
  for (const output of flows.outputs) for (const key of output.sources) keys.add(key);
  for (const key of [...flows.shaping, ...flows.faultable]) keys.add(key);
  for (const write of flows.writes) {
    for (const key of write.sources) keys.add(key);
    if (write.target !== null) keys.add(write.target);
  }
  return [...keys]
    .sort()
    .slice(0, MAX_EXPLAINED_COLUMNS)
    .map((key) => ({ ...classification.describe(key), origins: [...classification.origins(key)] }));
}

/** Names of the types that the server gave to $1, $2 … */
async function parameterTypes(context: SessionContext, plan: Plan): Promise<readonly string[]> {
  const oids = plan.facts.parameterTypes;
  if (oids.length === 0) return [];
  const items = oids.map((oid) => `pg_catalog.format_type(${oid}, NULL)`);
  const [row] = await context.factSource.rows(`SELECT ${items.join(', ')}`);
  return (row ?? []).map((name, index) => name ?? String(oids[index]));
}
