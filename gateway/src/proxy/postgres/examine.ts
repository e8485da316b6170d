import type { GateStatement } from '../../analysis/postgres/gate/statement.ts';
import type { RefusalRule } from '../../analysis/postgres/refusal-rules.ts';
import type { SessionContext } from './session-context.ts';

/** A statement as the gate sees it. */
export type Examined = {
  /** What would be sent upstream. */
  readonly text: string;
  /** One of several: how many characters of the client's text stand before it. */
  readonly charactersBefore?: () => number;
  readonly gate:
    | { readonly kind: 'statement'; readonly statement: GateStatement }
    /** Only whitespace and comments. */
    | { readonly kind: 'empty' }
    /** The grammar rejects it, and so should the server. */
    | { readonly kind: 'syntax-error' }
    | { readonly kind: 'refused'; readonly rule: RefusalRule; readonly message: string; readonly remedy: string };
};

/** Splits a text into statements and says of each what it is. Empty for a text without any. */
export async function examine(context: SessionContext, text: string): Promise<readonly Examined[]> {
  const result = await context.ports.gate.judge(text, context.upstream.serverMajor);
  switch (result.kind) {
    case 'syntax-error':
      return [{ text, gate: { kind: 'syntax-error' } }];
    case 'refused':
      return [{ text, gate: result }];
    case 'statements': {
      const [only] = result.statements;
      // A single statement goes as the client wrote it, so that positions in the server's errors are right.
      if (only !== undefined && result.statements.length === 1)
        return [{ text, gate: { kind: 'statement', statement: only } }];
      let from = 0;
      return result.statements.map((statement) => {
        const start = Math.max(text.indexOf(statement.text, from), from);
        from = start + statement.text.length;
        return {
          text: statement.text,
          charactersBefore: () => Array.from(text.slice(0, start)).length,
          gate: { kind: 'statement', statement },
        };
      });
    }
  }
}
