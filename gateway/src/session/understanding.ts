import type { FlowView, Label, Principal, Reason } from '@sluice/contract/vocabulary';
import type { ResourceFacts, StatementFacts } from '../policy/decision.ts';
import type { ColumnFlow } from '../workflow/column-flows.ts';

/** What the protocol's analyser and the catalog made of a statement. Cached by the proxies between runs. */
export type Understanding =
  | {
      readonly kind: 'understood';
      readonly facts: StatementFacts;
      readonly flows: readonly FlowView[];
      readonly highestLabel: Label;
      readonly fingerprint: string;
      /** Columns written with values that come from no column, or whose rows are removed; absent for none. */
      readonly written?: readonly string[];
      /** For a session that is bound to a workflow. */
      readonly columnFlows?: readonly ColumnFlow[];
    }
  | {
      readonly kind: 'opaque';
      readonly reason: Reason;
      readonly statementKind: string;
      readonly fingerprint: string;
      /** Where in the text that the server parsed the construct is that was not understood, in bytes. */
      readonly byte?: number | null;
      /** What of it is known all the same, for the record; absent for nothing. */
      readonly known?: { readonly flows: readonly FlowView[]; readonly highestLabel: Label };
      /** Who asks, of what: policy may trust somebody with statements that are not understood. Null: nobody. */
      readonly trust: { readonly principal: Principal; readonly resource: ResourceFacts } | null;
    };
