import type { Principal } from '@sluice/contract/vocabulary';
import type { Decision } from '../policy/decision.ts';
import type { Understanding } from './understanding.ts';

/** A statement of a session that is bound to a workflow or a plan. */
export type StatementOfWork = {
  readonly statementId: number;
  readonly text: string;
  readonly understanding: Understanding;
};

/**
 * What a session is bound to, as far as decisions depend on it: a policy's decision goes in, and the same one or a
 * stricter one comes out. The same for the same statement as long as neither policy nor baseline has changed.
 */
export interface Work {
  readonly workflow: string | null;
  /** With who made it: the planner's chain. */
  readonly plan: { readonly id: string; readonly by: Principal } | null;
  /** What a statement brings in for the first time is on record when this resolves. Throws `EVIDENCE_UNWRITABLE`. */
  decide(statement: StatementOfWork, decision: Decision): Promise<Decision>;
  /** The same where nothing has to be recorded first; null when something has to. */
  decideAtOnce(statement: Omit<StatementOfWork, 'statementId'>, decision: Decision): Decision | null;
  /** What an approval of a statement in this session binds beside the statement, sorted by name. */
  bound(): readonly (readonly [name: string, value: string])[];
}
