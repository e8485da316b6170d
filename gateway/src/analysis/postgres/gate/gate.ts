/** Splits a text into statements and judges each. Pure over the grammar that a worker hands in. */
import type { Grammar } from './grammar.ts';
import { judge } from './judge.ts';
import { MAX_NESTING, nestsTooDeeply } from './nesting.ts';
import type { GateResult, GateStatement } from './statement.ts';

/** Statements in one text, at most. */
export const MAX_STATEMENTS = 1_000;

/** What is refused before the grammar sees it; null when the grammar may. */
export function refusedUnread(text: string, maxBytes: number): Extract<GateResult, { kind: 'refused' }> | null {
  if (Buffer.byteLength(text) > maxBytes) {
    return {
      kind: 'refused',
      rule: 'statement-length',
      message: `The statement is longer than ${maxBytes} bytes.`,
      remedy: 'Split it, or send values as parameters or with COPY.',
    };
  }
  if (nestsTooDeeply(text)) {
    return {
      kind: 'refused',
      rule: 'statement-nesting',
      message: `The statement nests more than ${MAX_NESTING} levels deep.`,
      remedy: 'Flatten its parentheses.',
    };
  }
  return null;
}

export function gate(grammar: Grammar, text: string): GateResult {
  const parsed = grammar.parse(text);
  if (parsed === null) return { kind: 'syntax-error', message: 'syntax error' };
  if (parsed.length > MAX_STATEMENTS) {
    return {
      kind: 'refused',
      rule: 'statement-count',
      message: `The query holds more than ${MAX_STATEMENTS} statements.`,
      remedy: 'Send them in several queries.',
    };
  }
  const bytes = Buffer.from(text);
  const statements: GateStatement[] = parsed.map(({ statement, startByte, endByte }) => {
    const own = bytes.subarray(startByte, endByte).toString();
    return { text: own, startByte, endByte, ...judge(grammar, statement, own) };
  });
  return { kind: 'statements', statements };
}
