import type { Flows } from '../../analysis/flows.ts';
import type { TransactionStep } from './client-min-messages.ts';
import type { Plan } from './plan.ts';

/** What a statement changes for later ones of the session, once the server has confirmed it. */
export type StatementEffects = {
  /** Settings may have changed: texts may mean something else now. */
  readonly settings: boolean;
  /** Definitions may have changed, for every session of the resource. */
  readonly schema: boolean;
  readonly names: NameEffect | null;
  /** COMMIT, ROLLBACK [TO]: settings and definitions of the transaction may be undone. */
  readonly reverts: boolean;
  /** Of transaction statements. */
  readonly transaction: TransactionStep | null;
};

/** What becomes of the session's names. */
export type NameEffect =
  | { readonly kind: 'declare-cursor'; readonly cursor: string; readonly plan: Plan; readonly binary: boolean }
  | { readonly kind: 'close-cursor'; readonly cursor: string | null }
  | { readonly kind: 'prepare'; readonly name: string; readonly plan: Plan }
  | { readonly kind: 'deallocate'; readonly name: string | null }
  | { readonly kind: 'discard-all' }
  /** CREATE TABLE AS and its like: `target` as quoted for the server; the writes to new columns are in their order. */
  | { readonly kind: 'create-relation'; readonly target: string; readonly flows: Flows }
  /** SET, RESET; `name` null for RESET ALL, `value` null for DEFAULT. */
  | { readonly kind: 'setting'; readonly name: string | null; readonly value: string | null }
  | { readonly kind: 'client-min-messages'; readonly value: string; readonly local: boolean }
  /** A statement that was not understood: whatever is approved later is bound to its having run. */
  | { readonly kind: 'not-understood'; readonly fingerprint: string };

export const NO_EFFECTS: StatementEffects = Object.freeze({
  settings: false,
  schema: false,
  names: null,
  reverts: false,
  transaction: null,
});

/** Of a statement that was not understood and ran all the same: anything may have changed but the names that the gateway knows. */
export function unknownEffects(fingerprint: string): StatementEffects {
  return {
    settings: true,
    schema: true,
    names: { kind: 'not-understood', fingerprint },
    reverts: true,
    transaction: null,
  };
}
