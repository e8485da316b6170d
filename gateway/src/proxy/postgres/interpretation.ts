import type { SluiceError } from '@sluice/contract/errors';
import type { Flows, StatementClass } from '../../analysis/flows.ts';
import type { RefusalRule } from '../../analysis/postgres/refusal-rules.ts';
import type { CopyFormat } from '../../protocol/postgres/copy-format.ts';
import type { CopyOut, Understood } from './plan.ts';
import type { SessionContext } from './session-context.ts';
import { NO_EFFECTS, type StatementEffects, unknownEffects } from './statement-effects.ts';
import { opaque, understood } from './understand.ts';

/** The statement cannot be prepared. `refusal` null: the server refused, and the client has its words. */
export class Stopped extends Error {
  readonly refusal: SluiceError | null;

  constructor(refusal: SluiceError | null) {
    super(refusal?.message ?? 'refused by the server');
    this.refusal = refusal;
  }
}

/** What a statement is, once the gate, the server and the analyser have looked at it. */
export type Interpretation = {
  readonly understood: Understood;
  readonly copyOut: CopyOut | null;
  readonly copyIn: boolean;
  /** Of COPY FROM STDIN: how its data is written. */
  readonly copyData?: CopyFormat;
  readonly effects: StatementEffects;
  readonly writes: boolean;
  /** Whether it may be reused for the same text: false when it depends on what a name stands for now. */
  readonly cacheable: boolean;
  /** The server analyses what is inside it when it runs, not when it is bound. */
  readonly utility: boolean;
  /** Its rows come in binary by the simple protocol, too: FETCH from a BINARY cursor. */
  readonly binaryRows?: boolean;
  /** What the server says when it runs, because a name that it speaks of (FETCH, EXECUTE) stands for nothing; else null. */
  readonly missing?: SluiceError | null;
  /** False once a name that it speaks of stands for something else; null when it speaks of none. */
  readonly stillMeans: (() => boolean) | null;
};

/** A statement that touches no column: policy decides by its class alone. */
export function plain(
  context: SessionContext,
  statementKind: string,
  statementClass: StatementClass,
  fingerprint: string,
  effects: StatementEffects = NO_EFFECTS,
  cacheable = true,
): Interpretation {
  const flows: Flows = {
    statementClass,
    statementKind,
    outputs: [],
    shaping: new Set(),
    writes: [],
    faultable: new Set(),
    relations: new Set(),
    holds: [],
  };
  return {
    understood: understood(context, { kind: 'flows', flows, treeHash: null }, statementKind, fingerprint),
    copyOut: null,
    copyIn: false,
    effects,
    writes: false,
    cacheable,
    utility: false,
    stillMeans: null,
  };
}

/** Not understood. It runs only for those whom policy trusts, and may then have changed anything. */
export function refused(
  context: SessionContext,
  why: { readonly rule: RefusalRule; readonly message: string; readonly remedy: string },
  statementKind: string,
  fingerprint: string,
): Interpretation {
  return {
    understood: opaque(context, why, statementKind, fingerprint),
    copyOut: null,
    copyIn: false,
    effects: unknownEffects(fingerprint),
    writes: false,
    cacheable: false,
    utility: false,
    stillMeans: null,
  };
}
