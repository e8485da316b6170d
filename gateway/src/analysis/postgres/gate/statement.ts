/**
 * What the gate says about a statement before the server sees it: its kind, and what has to be done to understand it.
 */

import type { RefusalRule } from '../refusal-rules.ts';
import type { NewRelation } from './ast.ts';

/** Columns of a relation that a definition statement looks at, changes the meaning of, or takes the label from. */
export type Touched = {
  /** Quoted as the client wrote it: `"crm"."customers"` or `"customers"`. */
  readonly relation: string;
  /** `every` column, the columns of the `primary-key`, or these. */
  readonly columns: 'every' | 'primary-key' | readonly string[];
};

/** A name that must not be user-defined for an expression in a definition to be harmless. */
export type BuiltInName = { readonly kind: 'function' | 'operator' | 'type'; readonly name: string };

/** Columns that a definition makes, or gives another name. Relations that exist as quoted by the client. */
export type MadeColumns =
  /** CREATE TABLE; `like`: relations whose columns it gets, too. */
  | {
      readonly how: 'create';
      readonly makes: NewRelation;
      readonly columns: readonly string[];
      readonly like: readonly string[];
    }
  | { readonly how: 'add'; readonly relation: string; readonly columns: readonly string[] }
  | { readonly how: 'rename'; readonly relation: string; readonly from: string; readonly to: string };

/** The options of COPY, defaults filled in. */
export type CopyOptions =
  | { readonly format: 'text'; readonly delimiter: string; readonly nullString: string; readonly header: boolean }
  | {
      readonly format: 'csv';
      readonly delimiter: string;
      readonly nullString: string;
      readonly header: boolean;
      readonly quote: string;
      readonly escape: string;
    }
  | { readonly format: 'binary' };

/** EXECUTE of a prepared statement. */
export type PreparedCall = {
  readonly name: string;
  /** A SELECT of the arguments, to be analysed; null when they are literals. */
  readonly argumentsText: string | null;
};

/** EXPLAIN's, as far as they decide what it tells. */
export type ExplainOptions = {
  readonly executes: boolean;
  readonly costs: boolean;
  /** Of buffers or memory; null where the server's default counts. */
  readonly buffers: boolean | null;
  /** MEMORY is named, so the server knows it. */
  readonly memory: boolean;
  /** GENERIC_PLAN: parameters have no values. */
  readonly generic: boolean;
};

/** What the session has to look up before a definition is judged. Names as `Touched.relation` has them. */
export type LookUp =
  /** Held, unless that is the role that the session has already. */
  | { readonly what: 'owner'; readonly role: string }
  /** Touches every column of the tables and views of the schema. */
  | { readonly what: 'tables-of'; readonly schema: string }
  /** Touches every column that holds values of the domain. */
  | { readonly what: 'domain'; readonly domain: string }
  /** Touches no column of the tables with expressions in indexes and statistics, which the statement computes. */
  | { readonly what: 'computing-tables' }
  /** Held, unless the extension is there: then IF NOT EXISTS makes it nothing. */
  | { readonly what: 'extension'; readonly extension: string };

export type DefinitionHandling = {
  readonly handling: 'definition';
  readonly statementClass: 'ddl' | 'maintenance' | 'write';
  /** If one of these columns is classified, policy sees its value flow to a new place. */
  readonly touches: readonly Touched[];
  /** If one of these is user-defined, the statement is held. */
  readonly names: readonly BuiltInName[];
  /** Held for these reasons, whatever it touches. */
  readonly holds: readonly string[];
  /** Missing for none. */
  readonly lookUps?: readonly LookUp[];
  /** Missing for none. */
  readonly made?: MadeColumns;
  /** The schema that gets another name: held when it has classified columns. */
  readonly renamedSchema?: string;
};

/** A function or procedure that does not exist yet. Types as quoted names, to be looked up. */
export type NewRoutine = {
  /** Null where search_path decides. */
  readonly schema: string | null;
  readonly name: string;
  readonly kind: 'f' | 'p';
  readonly language: 'sql' | 'plpgsql';
  readonly body: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly mode: 'i' | 'o' | 'b' | 'v' | 't';
    readonly type: string;
  }[];
  /** Null where only the parameters say what comes back. */
  readonly returnType: string | null;
  readonly returnsSet: boolean;
};

/** A trigger that does not exist yet. Names quoted; `function` as it is, its schema null where search_path decides. */
export type NewTrigger = {
  readonly name: string;
  readonly relation: string;
  readonly function: { readonly schema: string | null; readonly name: string };
  /** `pg_trigger.tgtype`, as in TriggerFacts. */
  readonly type: number;
};

export type Handling =
  /** SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES, TABLE: parse it upstream, analyse its trees. */
  | { readonly handling: 'analyse' }
  /** EXPLAIN: parse `innerText` upstream in its place, then `explainFlows`. */
  | {
      readonly handling: 'explain';
      readonly innerText: string;
      readonly options: ExplainOptions;
      /** The same statement without costs, buffers and ANALYZE; null where it has none, or ANALYZE would change data. */
      readonly plainText: string | null;
    }
  /** CREATE TABLE AS, SELECT INTO, CREATE VIEW, CREATE MATERIALIZED VIEW: parse `innerText`, then `creationFlows`. */
  | {
      readonly handling: 'create-from-query';
      readonly innerText: string;
      readonly target: string;
      readonly makes: NewRelation;
      readonly columnNames: readonly string[];
    }
  /** DECLARE: parse `innerText`; the verdict belongs to the cursor's name. */
  | {
      readonly handling: 'declare-cursor';
      readonly cursor: string;
      readonly innerText: string;
      readonly hold: boolean;
      /** Fetched by the simple protocol, its rows come in binary. */
      readonly binary: boolean;
    }
  /** COPY (query) TO STDOUT: parse `innerText`; its outputs are the columns of the copy. */
  | { readonly handling: 'copy-query'; readonly innerText: string; readonly options: CopyOptions }
  /** COPY table TO STDOUT: parse the text that `copyProbe` makes, a SELECT of the same columns. */
  | {
      readonly handling: 'copy-table-out';
      readonly relation: string;
      readonly columns: readonly string[] | null;
      readonly options: CopyOptions;
    }
  /**
   * COPY table FROM STDIN: parse the text that `copyProbe` makes, an INSERT with the same targets and consequences.
   * `names` come from its WHERE clause; `copyProbe` refuses when one of them is user-defined.
   */
  | {
      readonly handling: 'copy-table-in';
      readonly relation: string;
      readonly columns: readonly string[] | null;
      readonly names: readonly BuiltInName[];
      readonly options: CopyOptions;
    }
  /** PREPARE: parse `innerText` with these parameter types; the verdict belongs to the statement's name. */
  | {
      readonly handling: 'prepare';
      readonly name: string;
      readonly innerText: string;
      readonly parameterTypes: readonly string[];
    }
  /** EXECUTE: the verdict of that name. */
  | { readonly handling: 'execute-prepared'; readonly prepared: PreparedCall }
  /** EXPLAIN EXECUTE: the verdict of that name, then `explainFlows`. */
  | {
      readonly handling: 'explain-prepared';
      readonly prepared: PreparedCall;
      readonly options: ExplainOptions;
      readonly plainText: string | null;
    }
  /** CREATE TABLE … AS EXECUTE: the verdict of that name, then `creationFlows`. */
  | {
      readonly handling: 'create-from-prepared';
      readonly prepared: PreparedCall;
      readonly target: string;
      readonly makes: NewRelation;
      readonly columnNames: readonly string[];
    }
  /** DEALLOCATE; null for ALL. */
  | { readonly handling: 'deallocate'; readonly name: string | null }
  /** FETCH and MOVE: the verdict of that cursor. MOVE returns no rows. */
  | { readonly handling: 'fetch'; readonly cursor: string; readonly moves: boolean }
  /** CLOSE; null for ALL. */
  | { readonly handling: 'close-cursor'; readonly cursor: string | null }
  | { readonly handling: 'transaction'; readonly transaction: TransactionKind; readonly savepoint: string }
  /** SET and RESET of an allowed setting. `name` null for RESET ALL; `value` null for DEFAULT and RESET. Names in lower case. */
  | { readonly handling: 'set'; readonly name: string | null; readonly value: string | null; readonly local: boolean }
  /** SET client_min_messages: never sent upstream, where it would silence the oracle; the gateway filters notices itself. */
  | { readonly handling: 'set-client-min-messages'; readonly value: string | null; readonly local: boolean }
  /** SET ROLE and SET SESSION AUTHORIZATION: to be compared with the role that the session has; `none` for NONE. */
  | { readonly handling: 'set-role'; readonly setting: 'role' | 'session_authorization'; readonly role: string }
  /** SHOW; `all` for SHOW ALL. */
  | { readonly handling: 'show'; readonly name: string }
  | { readonly handling: 'discard'; readonly target: 'all' | 'plans' | 'sequences' | 'temp' }
  /** LISTEN, UNLISTEN, SET CONSTRAINTS: session commands without data. */
  | { readonly handling: 'session' }
  /** NOTIFY: channel and payload are literals. */
  | { readonly handling: 'notify'; readonly channel: string; readonly payload: string }
  /** Definitions, maintenance, TRUNCATE, LOCK: nothing to parse upstream; `definitionAnalysis` judges it by facts. */
  | DefinitionHandling
  /** CREATE FUNCTION and CREATE PROCEDURE in SQL or PL/pgSQL: `definition` judges what stands around the body, `newRoutineAnalysis` the body. */
  | {
      readonly handling: 'create-routine';
      readonly definition: DefinitionHandling;
      readonly routine: NewRoutine;
    }
  /** CREATE TRIGGER: `definition` judges its table and condition, `newTriggerAnalysis` what its function does to rows of that table. */
  | {
      readonly handling: 'create-trigger';
      readonly definition: DefinitionHandling;
      readonly trigger: NewTrigger;
    }
  /** DO: its statements are parsed one by one, then `programAnalysis`. */
  | { readonly handling: 'do'; readonly language: string; readonly body: string }
  /** CALL with literals and parameters as arguments: `callAnalysis` of the only procedure of that name. `schema` null: as the path finds it. */
  | { readonly handling: 'call'; readonly schema: string | null; readonly name: string }
  /** REFRESH MATERIALIZED VIEW: parse `probeText`, a SELECT of all its columns, then `refreshFlows`. */
  | { readonly handling: 'refresh'; readonly probeText: string; readonly relation: string }
  | { readonly handling: 'refuse'; readonly rule: RefusalRule; readonly message: string; readonly remedy: string };

export type TransactionKind = 'begin' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'rollback-to';

export type GateStatement = {
  /** The statement alone, without the semicolon; what the gateway sends in its place when a query holds several. */
  readonly text: string;
  /** Where it stands in the client's text, in bytes of UTF-8. */
  readonly startByte: number;
  readonly endByte: number;
  /** The grammar's name, e.g. `SelectStmt`. */
  readonly kind: string;
} & { readonly verdict: Handling };

export type GateResult =
  /** Empty for a text without statements. */
  | { readonly kind: 'statements'; readonly statements: readonly GateStatement[] }
  /** The grammar rejects it. Let the server say so (Parse runs nothing); if the server accepts it, refuse. */
  | { readonly kind: 'syntax-error'; readonly message: string }
  /** Too long, too deeply nested, or the parser did not survive it. */
  | { readonly kind: 'refused'; readonly rule: RefusalRule; readonly message: string; readonly remedy: string };

export function refuse(rule: RefusalRule, message: string, remedy: string): Handling {
  return { handling: 'refuse', rule, message, remedy };
}
