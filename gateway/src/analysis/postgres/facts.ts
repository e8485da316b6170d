/**
 * What the analyser must know about the schema and cannot read from a statement's tree. Plain data, keyed by OID,
 * fetched on the client's own upstream session (catalog/introspection.ts), so that uncommitted definitions are seen.
 */

import type { BlockDefinition } from './gate/block-definitions.ts';
import type { PathNames } from './gate/path-names.ts';

/** `pg_class.relkind`. */
export type RelationKind = 'r' | 'p' | 'v' | 'm' | 'f' | 'S' | 'i' | 'I' | 't' | 'c';

export type ColumnFacts = {
  /** `pg_attribute.attnum`, from 1; system attributes are not listed. */
  readonly attribute: number;
  /** Empty for a dropped column. */
  readonly name: string;
  readonly typeOid: number;
  readonly dropped: boolean;
  readonly notNull: boolean;
  /** `s` stored, `v` virtual, null for an ordinary column. */
  readonly generated: 's' | 'v' | null;
  /** Node text of the generation or default expression (`pg_attrdef.adbin`). */
  readonly expression: string | null;
};

export type TriggerFacts = {
  readonly name: string;
  readonly functionOid: number;
  /** `pg_trigger.tgtype`: bit 0 row, 1 before, 2 insert, 3 delete, 4 update, 5 truncate, 6 instead. */
  readonly type: number;
  /** Columns of UPDATE OF; empty means every UPDATE. */
  readonly attributes: readonly number[];
  /** Node text of the WHEN condition (`tgqual`). */
  readonly condition: string | null;
};

export type CheckFacts = {
  readonly name: string;
  readonly attributes: readonly number[];
  readonly expression: string;
  readonly validated: boolean;
  /** False for NO INHERIT: rows of children need not pass it. */
  readonly inherited: boolean;
};

/** A unique or exclusion index. `expressions` and `predicate` are node texts. */
export type UniqueFacts = {
  readonly attributes: readonly number[];
  readonly expressions: string | null;
  readonly predicate: string | null;
  readonly nullsNotDistinct: boolean;
  readonly primary: boolean;
  /** Whether no two rows that a snapshot shows have equal values: unique at once, complete, of columns alone. */
  readonly single: boolean;
  /** False where nobody knows that the rows that are there have different values: left behind by a failed CONCURRENTLY. */
  readonly valid: boolean;
};

/** Any index. Attribute 0 is an expression. `expressions`: node texts of expressions and condition, each a list. */
export type IndexFacts = { readonly attributes: readonly number[]; readonly expressions: readonly string[] };

/** A foreign key, seen from either end. `action` letters as in pg_constraint: a no action, r restrict, c cascade, n set null, d set default. */
export type ForeignKeyFacts = {
  readonly relation: number;
  readonly attributes: readonly number[];
  readonly referenced: number;
  readonly referencedAttributes: readonly number[];
  readonly onUpdate: string;
  readonly onDelete: string;
};

export type RelationFacts = {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: RelationKind;
  readonly columns: readonly ColumnFacts[];
  /** All relations that this one inherits from or is a partition of, at any distance. */
  readonly ancestors: readonly number[];
  /** All children and partitions, at any distance. */
  readonly descendants: readonly number[];
  /** False where it never had any since it was last vacuumed or analysed (`pg_class.relhassubclass`); the planner goes by that. */
  readonly hadChildren?: boolean;
  /** Attributes that the partition key reads; `every` for one over whole rows; empty for an ordinary relation. */
  readonly partitionKey: readonly number[] | 'every';
  /** Node text of the stored query (`pg_rewrite.ev_action` of `_RETURN`) of a view or materialised view. */
  readonly storedQuery: string | null;
  /** Whether it has rules other than `_RETURN`. */
  readonly hasRules: boolean;
  readonly rowSecurity: boolean;
  /** Enabled triggers, but not those that make foreign keys and deferred uniqueness work. */
  readonly triggers: readonly TriggerFacts[];
  readonly checks: readonly CheckFacts[];
  /** Columns that are NOT NULL in new rows only (NOT VALID, since 18): rows that are there may hold NULL. */
  readonly uncheckedNotNulls: readonly number[];
  readonly uniques: readonly UniqueFacts[];
  /** Foreign keys of this relation. */
  readonly foreignKeys: readonly ForeignKeyFacts[];
  /** Foreign keys of others (or itself) that point here. */
  readonly referencedBy: readonly ForeignKeyFacts[];
  /** Bytes of a row at most, its header aside, when all long values have moved out of it; null: some may not be moved (storage PLAIN). */
  readonly longestRow: number | null;
  readonly indexes: readonly IndexFacts[];
  /** Node texts of index expressions and conditions, each a list: computed for every new row. */
  readonly indexExpressions: readonly string[];
  /** Those of indexes that are not valid: nobody knows whether they can be computed for the rows that are there. */
  readonly unprovenExpressions: readonly string[];
  /** The relation that this index belongs to; null for what is no index. */
  readonly indexOf: number | null;
  /** Node texts of the expressions of extended statistics, each a list: computed by ANALYZE. */
  readonly statistics: readonly string[];
  /** Whether it has functions in index expressions or predicates that are not built in; each is a function OID. */
  readonly indexFunctions: readonly number[];
};

export type FunctionFacts = {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /**
   * `schema.name(argument types)`, as declarations in the configuration spell it: types of pg_catalog by their plain
   * name, others with their schema, whatever the search_path.
   */
  readonly signature: string;
  /** `pg_proc.prokind`: f function, p procedure, a aggregate, w window. */
  readonly kind: 'f' | 'p' | 'a' | 'w';
  readonly language: string;
  readonly returnsSet: boolean;
  readonly returnType: number;
  readonly securityDefiner: boolean;
  /** `proconfig`, e.g. `search_path=pg_catalog`. */
  readonly settings: readonly string[];
  /** Input arguments only. */
  readonly argumentTypes: readonly number[];
  /** Node text of the default expressions of the last arguments (`proargdefaults`). */
  readonly argumentDefaults: string | null;
  /** Names of the input arguments, empty where unnamed. */
  readonly argumentNames: readonly string[];
  /** All parameters in order, also those that only give values back; `mode` as in pg_proc. */
  readonly parameters: readonly {
    readonly name: string;
    readonly mode: 'i' | 'o' | 'b' | 'v' | 't';
    readonly type: number;
  }[];
  /** `prosrc`: the text of a string body, or the symbol of a C function. */
  readonly body: string;
  /** Node text of a SQL-standard body (`prosqlbody`). */
  readonly bodyTree: string | null;
  /** The extension that owns it (`pg_depend.deptype` e), and its installed version. */
  readonly extension: { readonly name: string; readonly version: string } | null;
  /** The type that it returns, by name. */
  readonly result: string;
  readonly volatility: 'i' | 's' | 'v';
  readonly strict: boolean;
  readonly owner: string;
  /** `probin`: where a function in C comes from. */
  readonly library: string | null;
  /** A planner support function goes with it, which runs while a statement is planned. */
  readonly hasSupport: boolean;
  /** Set when the body is prepared as a trigger of this relation. */
  readonly triggerRelation?: RelationFacts | null;
  /** An anonymous block, which may define something; missing for functions. */
  readonly isBlock?: true;
  /** Support functions of an aggregate: transition, final, combine, … as OIDs. */
  readonly aggregateParts: readonly number[];
};

export type TypeFacts = {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** `pg_type.typtype`: b base, c composite, d domain, e enum, m multirange, p pseudo, r range. */
  readonly kind: string;
  /** Base type of a domain, element type of an array, else 0. */
  readonly underlying: number;
  /** Relation of a composite type, else 0. */
  readonly relation: number;
  /** Node texts of a domain's checks (`pg_constraint.conbin`). */
  readonly checks: readonly string[];
  readonly extension: string | null;
};

/** One statement of a function body as the server analysed it, its argument names replaced by parameters. */
export type BodyStatement = {
  /** Node texts, as printed in notices (line breaks undone). */
  readonly trees: readonly string[];
  /** Names that were replaced by parameters. Valid only if nothing in the trees bears one of them. */
  readonly replaced: readonly string[];
};

/** The body of a function written as a string, in SQL or PL/pgSQL. */
export type FunctionBody = {
  readonly statements: readonly BodyStatement[];
  /** Parameters after the arguments (for a trigger: after the columns of NEW and of OLD) that stand for local variables. */
  readonly locals: number;
  /** Columns of NEW that a trigger assigns. */
  readonly assigns: readonly string[] | 'every';
  /** Types of the arguments and of the local variables. */
  readonly types: readonly number[];
  /** What search_path decides in it; missing where nobody looked. */
  readonly byPath?: PathNames;
  /** See PreparedProgram. */
  readonly definitions?: readonly BlockDefinition[] | 'dependent';
};

/** Facts as far as they were fetched: `undefined` means not asked yet, `null` that the server knows no such thing. */
export interface SchemaFacts {
  relation(oid: number): RelationFacts | null | undefined;
  function(oid: number): FunctionFacts | null | undefined;
  type(oid: number): TypeFacts | null | undefined;
  /** The function behind an operator. */
  operator(oid: number): number | null | undefined;
  /** Trees of a text that a function would run, parsed with the names of now; null when it could not be parsed. */
  text(sql: string): readonly string[] | null | undefined;
  /** The analysed body of a function in a language of strings; null when it could not be prepared. Depends on search_path and temporary objects. */
  body(oid: number, triggerRelation: number | null): FunctionBody | null | undefined;
  /** A relation by its quoted name, resolved with the session's search_path; null when there is none. */
  relationNamed(quotedName: string): number | null | undefined;
  /** User-defined (not built-in) functions, operators and types that bear one of these names, by `kind:name`. */
  userNames(kind: 'function' | 'operator' | 'type', name: string): boolean | undefined;
}

/** What has to be fetched before the analysis can go on. Asked all at once per round. */
export type NeededFacts = {
  readonly relations: readonly number[];
  readonly functions: readonly number[];
  readonly types: readonly number[];
  readonly operators: readonly number[];
  readonly texts: readonly string[];
  readonly bodies: readonly { readonly oid: number; readonly triggerRelation: number | null }[];
  readonly relationNames: readonly string[];
  readonly userNames: readonly { readonly kind: 'function' | 'operator' | 'type'; readonly name: string }[];
};

/** First OID of objects that people create (FirstNormalObjectId). */
export const FIRST_USER_OID = 16_384;
/** Objects below have the same OID on every server (FirstGenbkiObjectId); those above were numbered by initdb. */
export const FIRST_ASSIGNED_OID = 10_000;
/** The result of a declared function counts as a column of a relation with this number plus the function's OID: no OID is as large. */
export const DECLARED_RESULTS = 2 ** 32;
