import type { Context, EntityJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { LabelledColumn } from '@sluice/contract/vocabulary';
import type { StatementFacts } from './decision.ts';
import { columnEntity } from './entities.ts';
import type { Answer } from './permissions.ts';

type ColumnAction = 'reveal' | 'mask' | 'shape' | 'fault' | 'writeDown' | 'hold';

/** The questions about columns of one statement: they share its callers, resource and class. */
export class ColumnQuestions {
  readonly #facts: StatementFacts;
  readonly #put: (action: string, resource: EntityJson, context: Context) => Answer;
  /** Columns with the same label and category are one question: a wide result has few. Lives as long as the decision. */
  readonly #answers = new Map<string, Answer>();

  constructor(facts: StatementFacts, put: (action: string, resource: EntityJson, context: Context) => Answer) {
    this.#facts = facts;
    this.#put = put;
  }

  ask(action: ColumnAction, column: LabelledColumn, context: Context = {}): Answer {
    const key = JSON.stringify([action, column.label, column.category, context]);
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const entity = columnEntity(this.#facts.resource, column.label, column.category);
    const answer = this.#put(action, entity, { ...context, statementClass: this.#facts.statementClass });
    this.#answers.set(key, answer);
    return answer;
  }

  mayReveal(column: LabelledColumn): boolean {
    return this.ask('reveal', column).kind === 'permitted';
  }
}
