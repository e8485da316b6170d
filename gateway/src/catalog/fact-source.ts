import type { FunctionFacts } from '../analysis/postgres/facts.ts';
import type { PreparedProgram } from '../analysis/postgres/gate/plpgsql-body.ts';
import type { FactRows } from './read-facts.ts';
import type { SharedFacts } from './shared-facts.ts';

/** How facts reach the server: on the client's own upstream session, between its statements. */
export interface FactSource {
  /** What is committed, where that is what this session acts on; null while it has definitions of its own. */
  readonly committed: SharedFacts | null;
  /** Runs a query of introspection.ts and answers its rows, in text format. */
  rows(sql: string): Promise<FactRows>;
  /** Has the server parse a text with these parameter types and answers the printed trees; null when it reports an error. Runs nothing. */
  trees(text: string, parameterTypes: readonly number[]): Promise<readonly string[] | null>;
  /** Splits a body into statements whose variables are parameters; null when that is not possible. */
  prepareBody(facts: FunctionFacts): Promise<PreparedProgram | null>;
}
