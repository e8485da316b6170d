import type { BoundStatement } from '../../approval/request.ts';
import { EXPLAIN_SETTING } from './explanation.ts';
import type { Opened } from './names.ts';
import { formatOf } from './plan.ts';
import type { SessionContext } from './session-context.ts';

/**
 * What an approval of this plan binds: computed from what is about to be sent, both when the request is made and
 * again when the approval is consumed.
 */
export function boundStatement(context: SessionContext, { plan, understood, bind }: Opened): BoundStatement {
  const { session, ports, upstream } = context;
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
    // What is said about a statement changes nothing in it.
    settings: [...context.changedSettings]
      .filter(([name]) => name !== EXPLAIN_SETTING)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    treeHash: understood.treeHash ?? '',
    policyVersion: ports.policy.version,
    labelsVersion: ports.catalog.labelsVersion,
  };
}
