import type { BoundStatement } from '../../approval/request.ts';
import { EXPLAIN_SETTING } from './explanation.ts';
import { labelsDigest } from './labels-digest.ts';
import type { Opened } from './names.ts';
import { formatOf } from './plan.ts';
import type { SessionContext } from './session-context.ts';

/** Settings that change what a text or a parameter means, as the server reports them: a default may be changed by anybody. */
const REPORTED = ['DateStyle', 'IntervalStyle', 'TimeZone', 'client_encoding', 'standard_conforming_strings'] as const;
/** What is said about a statement, or about who sends it, changes nothing in it. */
const UNBOUND: ReadonlySet<string> = new Set([EXPLAIN_SETTING, 'application_name']);

/**
 * What an approval of this plan binds: computed from what is about to be sent, both when the request is made and
 * again when the approval is consumed.
 */
export function boundStatement(context: SessionContext, { plan, understood, bind }: Opened): BoundStatement {
  const { session, ports, upstream } = context;
  const { classification } = ports.catalog;
  const formats = bind?.parameterFormats ?? [];
  return {
    protocol: 'postgres',
    resource: session.resource.name,
    database: upstream.database,
    upstreamRole: upstream.role,
    sessionId: session.id,
    chain: session.principal.chain.map((actor) => actor.id),
    text: Buffer.from(plan.text, 'utf8'),
    parameters: (bind?.parameters ?? []).map((value, index) => ({
      typeOid: plan.facts.parameterTypes[index] ?? 0,
      format: formatOf(formats, index),
      value,
    })),
    resultFormats: bind?.resultFormats.map((format) => (format === 0 ? 0 : 1)) ?? [],
    settings: settingsOf(context),
    treeHash: understood.treeHash ?? '',
    policyVersion: ports.policy.version,
    labelsVersion: `${classification.rulesVersion}.${labelsDigest(understood.flows, classification)}`,
  };
}

/** What the session started with, what its client asked for at start-up, what it has changed since, what it is bound to; by name. */
function settingsOf({
  changedSettings,
  startUpSettings,
  upstream,
  session,
}: SessionContext): BoundStatement['settings'] {
  const reported = REPORTED.map((name) => [name.toLowerCase(), upstream.reported.get(name) ?? ''] as const);
  const settings = new Map([...reported, ...startUpSettings, ...changedSettings, ...(session.work?.bound() ?? [])]);
  return [...settings].filter(([name]) => !UNBOUND.has(name)).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
