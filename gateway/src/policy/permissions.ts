/**
 * Questions to Cedar, each asked once: "may this caller do this to that?" Total and synchronous.
 */
import { createHash } from 'node:crypto';
import {
  type Context,
  type EntityJson,
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs';
import { LRUCache } from 'lru-cache';
import type { MaskKind } from './mask-kind.ts';
import type { Policy, PolicySet } from './policy-set.ts';
import { strictestMask } from './strictest-mask.ts';

/** Answers kept. About 1 KiB each; a distinct (caller, action, label, context) costs Cedar about 200 µs once. */
export const MAX_CACHED_ANSWERS = 8_192;

/** Entities and uids of one question; the entities are the only ones that Cedar gets to see. */
export type Question = {
  readonly principal: EntityJson;
  readonly action: string;
  readonly resource: EntityJson;
  readonly context: Context;
};

export type Answer =
  /** `policies`: the permits that decided. `mask`: what they say about masking, the strictest of those that say anything. */
  | { readonly kind: 'permitted'; readonly policies: readonly Policy[]; readonly mask: MaskKind }
  /** `policies`: the forbids that decided; none when nothing permitted it. */
  | { readonly kind: 'denied'; readonly policies: readonly Policy[]; readonly of?: Link }
  /** Cedar could not decide. Must be taken for a no. */
  | { readonly kind: 'error'; readonly message: string; readonly of?: Link };

/** A member of a delegation chain: its place, the head's is 1, and its name. Of an answer: who may not, unless the principal itself. */
export type Link = { readonly position: number; readonly name: string };

/** A preparsed policy set with a bounded memory of its answers. */
export class Permissions {
  readonly #set: PolicySet;
  readonly #cedarId: string;
  readonly #answers = new LRUCache<string, Answer>({ max: MAX_CACHED_ANSWERS });

  /** @throws Error when Cedar refuses a set that `parsePolicySet` accepted (a defect). */
  constructor(set: PolicySet) {
    this.#set = set;
    // Cedar keeps preparsed sets by name for the life of the process. The version as name makes equal sets share one,
    // and different sets never answer for each other.
    this.#cedarId = `sluice-${set.version}`;
    const staticPolicies = Object.fromEntries([...set.policies.values()].map((policy) => [policy.id, policy.text]));
    const answers = [preparseSchema(this.#cedarId, set.schema), preparsePolicySet(this.#cedarId, { staticPolicies })];
    for (const answer of answers) {
      if (answer.type === 'failure') throw new Error(answer.errors.map((error) => error.message).join('; '));
    }
  }

  /** How many answers are remembered now. */
  get cached(): number {
    return this.#answers.size;
  }

  ask(question: Question): Answer {
    // The key is the whole question, so an answer can only be reused for exactly what Cedar was asked.
    const key = keyOf(question);
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const answer = this.#decide(question);
    // An error is not remembered: its cause may be passing, and a refusal need not be fast.
    if (answer.kind !== 'error') this.#answers.set(key, answer);
    return answer;
  }

  #decide({ principal, action, resource, context }: Question): Answer {
    try {
      const answer = statefulIsAuthorized({
        principal: principal.uid,
        action: { type: 'Sluice::Action', id: action },
        resource: resource.uid,
        context,
        preparsedSchemaName: this.#cedarId,
        validateRequest: true,
        preparsedPolicySetId: this.#cedarId,
        // Groups, labels and categories need no entity of their own: all of a column's categories are its direct parents.
        entities: [principal, resource],
      });
      if (answer.type === 'failure')
        return { kind: 'error', message: answer.errors.map((error) => error.message).join('; ') };
      const { decision, diagnostics } = answer.response;
      // Cedar skips a policy that fails, also a forbid: a yes next to an error is not a yes.
      const [failed] = diagnostics.errors;
      if (failed !== undefined) return { kind: 'error', message: `${failed.policyId}: ${failed.error.message}` };
      const policies = [...diagnostics.reason].sort().flatMap((id) => this.#set.policies.get(id) ?? []);
      if (decision !== 'allow') return { kind: 'denied', policies };
      return { kind: 'permitted', policies, mask: strictestMask(policies.flatMap((policy) => policy.mask ?? [])) };
    } catch (cause) {
      // A WebAssembly trap ends up here. Fail closed: no answer is a no.
      return { kind: 'error', message: cause instanceof Error ? cause.message : String(cause) };
    }
  }
}

function keyOf(question: Question): string {
  return createHash('sha256').update(JSON.stringify(question)).digest('base64');
}
