import type { FunctionView } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import type { FunctionFacts } from '../../analysis/postgres/facts.ts';
import { judgeFunction } from '../../analysis/postgres/function-judgement.ts';
import { BUILT_INS, type BuiltIn } from '../../analysis/postgres/functions/built-in.ts';
import { NO_NEEDS } from '../../analysis/postgres/needs.ts';
import { definitionHash } from '../../catalog/function-definition.ts';
import { USER_FUNCTIONS_QUERY } from '../../catalog/introspection.ts';
import { Authorization } from '../../upstream/authorization.ts';
import type { SaltedPasswords } from '../../upstream/salted-passwords.ts';
import { aside } from './aside.ts';
import type { PostgresResource } from './postgres-proxy.ts';
import type { SessionContext } from './session-context.ts';
import { gatherFacts } from './understand.ts';

const LIST_TIMEOUT_MS = 60_000;
/** Functions of one database that are listed; with more, the list ends with an error instead of half of them. */
export const MAX_LISTED_FUNCTIONS = 20_000;

/**
 * The functions of a database and how each is judged: those of users and extensions, and on request the server's own.
 * Nothing is run. Errors: `LIMIT_REACHED`, `UPSTREAM_…`.
 */
export async function listFunctions(
  resource: PostgresResource,
  principal: Principal,
  options: { readonly builtIns: boolean; readonly passwords: SaltedPasswords },
): Promise<readonly FunctionView[]> {
  const authorization = Authorization.forCatalog({ name: resource.name, protocol: 'postgres' });
  const asideOptions = {
    authorization,
    principal,
    purpose: 'sluice functions',
    timeoutMs: LIST_TIMEOUT_MS,
    passwords: options.passwords,
  };
  return await aside(resource, asideOptions, async (context) => {
    const major = context.upstream.serverMajor;
    const builtIns = options.builtIns ? await builtInViews(context, major) : [];
    return [...builtIns, ...(await userViews(context))];
  });
}

async function userViews(context: SessionContext): Promise<readonly FunctionView[]> {
  const rows = await context.factSource.rows(USER_FUNCTIONS_QUERY);
  if (rows.length > MAX_LISTED_FUNCTIONS)
    throw new SluiceError('LIMIT_REACHED', `the database has more than ${MAX_LISTED_FUNCTIONS} functions`);
  const found = rows.map(([oid, triggers]) => ({
    oid: Number(oid),
    triggers: (triggers ?? '').split(',').filter(Boolean).map(Number),
  }));
  await context.freshenFacts();
  await context.facts.fetch({ ...NO_NEEDS, functions: found.map(({ oid }) => oid) }, context.factSource);
  const known = found.flatMap(({ oid, triggers }) => {
    const facts = context.facts.function(oid);
    return facts === null || facts === undefined ? [] : [{ facts, triggers }];
  });
  const views: FunctionView[] = [];
  for (const { facts, triggers } of known) views.push(await userView(context, facts, triggers));
  return views;
}

async function userView(
  context: SessionContext,
  facts: FunctionFacts,
  triggers: readonly number[],
): Promise<FunctionView> {
  const { catalog } = context.ports;
  const answer = await gatherFacts(context, () =>
    judgeFunction(facts.oid, context.facts, catalog.declarations, context.upstream.serverMajor, triggers),
  );
  const judgement =
    answer.kind === 'judged'
      ? answer.judgement
      : { judged: 'refused' as const, raises: true, reason: answer.message, reads: new Set<never>(), writes: [] };
  return {
    signature: facts.signature,
    kind: KINDS[facts.kind],
    language: facts.language,
    extension: facts.extension === null ? null : `${facts.extension.name} ${facts.extension.version}`,
    securityDefiner: facts.securityDefiner,
    returnsSet: facts.returnsSet,
    judged: judgement.judged,
    raises: judgement.raises,
    reason: judgement.reason,
    reads: [...judgement.reads].map((key) => catalog.classification.describe(key)),
    writes: [...judgement.writes],
    definition: definitionHash(facts),
  };
}

const KINDS = { f: 'function', p: 'procedure', a: 'aggregate', w: 'window' } as const;

/** The server's own, with the hash of those that a declaration could allow. */
async function builtInViews(context: SessionContext, major: number): Promise<readonly FunctionView[]> {
  const listed = BUILT_INS.filter((one) => one.firstMajor <= major && one.lastMajor >= major);
  await context.facts.fetch(
    { ...NO_NEEDS, functions: listed.filter((one) => one.class === 'refused').map(({ oid }) => oid) },
    context.factSource,
  );
  return listed.map((one) => builtInView(one, context.facts.function(one.oid) ?? null, context));
}

function builtInView(one: BuiltIn, facts: FunctionFacts | null, context: SessionContext): FunctionView {
  const declared = facts !== null && context.ports.catalog.declarations.function(facts) !== undefined;
  return {
    signature: `pg_catalog.${one.signature}`,
    kind: one.kind,
    language: 'internal',
    extension: null,
    securityDefiner: false,
    returnsSet: one.returnsSet,
    judged: declared ? 'declared' : one.class === 'refused' ? 'refused' : 'reviewed',
    raises: one.class !== 'total',
    reason: declared ? 'The configuration declares it.' : `${one.class}: ${one.reason}`,
    reads: [],
    writes: [],
    definition: facts === null ? null : definitionHash(facts),
  };
}
