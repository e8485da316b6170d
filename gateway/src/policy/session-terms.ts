/** What a session is bound to, beyond its principal and resource. Only ever narrows what may run in it. */
export type SessionTerms = {
  /** Name of the workflow that it is a run of. */
  readonly workflow: string | null;
  /** Id of the plan whose statements it runs. */
  readonly plan: string | null;
};

export const NO_TERMS: SessionTerms = Object.freeze({ workflow: null, plan: null });

/**
 * What a session secret was minted for, and what its bearer asks for at login: the one fills in what the other leaves
 * open. Null when they differ: a secret for one workflow opens no session of another.
 */
export function joinTerms(minted: SessionTerms, asked: SessionTerms): SessionTerms | null {
  for (const key of ['workflow', 'plan'] as const)
    if (minted[key] !== null && asked[key] !== null && minted[key] !== asked[key]) return null;
  return { workflow: minted.workflow ?? asked.workflow, plan: minted.plan ?? asked.plan };
}
