import type { Why } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import type { PolicyEngine } from '../../policy/decision.ts';
import { decide } from '../../session/pipeline.ts';
import { Authorization } from '../../upstream/authorization.ts';
import type { SaltedPasswords } from '../../upstream/salted-passwords.ts';
import { aside } from './aside.ts';
import { misfits } from './mask-reasons.ts';
import type { PostgresResource } from './postgres-proxy.ts';
import { Preparer } from './preparer.ts';

const EXPLAIN_TIMEOUT_MS = 20_000;

/**
 * What would be decided about a statement, and why, without running it: `sluice why`. The server parses it on a
 * connection of its own; nothing is bound or executed.
 *
 * Errors: `REFUSED_BY_POLICY` when the principal may not connect, `USAGE` with the server's words when it does not
 * accept the statement, `UPSTREAM_…`.
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
    const statements = await preparer.split(text);
    const [statement] = statements;
    if (statement === undefined || statements.length > 1) throw new SluiceError('USAGE', 'give exactly one statement');
    const prepared = await preparer.prepare(statement, [], { keep: false });
    if (prepared.kind === 'failed')
      throw new SluiceError(
        'USAGE',
        `the database does not accept the statement: ${/(?:^|\0)M([^\0]*)/.exec(told())?.[1] ?? 'no reason given'}`,
      );
    const { understanding } = prepared.plan.understood;
    const decision = decide(understanding, ports.policy);
    return {
      effect: decision.effect,
      reasons: [...decision.reasons, ...misfits(prepared.plan, decision, resource.ports.masks)],
      flows: understanding.kind === 'understood' ? [...understanding.flows] : [],
      policyVersion: decision.policyVersion,
    };
  });
}
