/** Names of a PL/pgSQL program: variables, and the parameters or queries that stand for them. */
import type { FunctionFacts, RelationFacts } from '../facts.ts';
import { type Ast, astAt, isAst, listOf, quoteIdentifier, stringOf } from './ast.ts';
import type { Grammar } from './grammar.ts';
import type { Declared, Program } from './plpgsql-program.ts';
import { type Edit, replaceAt } from './sql-body.ts';

const TEXT = 25;
const TRIGGER = 2279;
/** The server finds the type from the use. */
const ANY_TYPE = 0;
/** Longest text of a statement after replacing, characters: a row stands for its query, and queries can nest. */
const MAX_REPLACED_CHARACTERS = 64 * 1024;

/** The type of a parameter that only the server knows: by its name, or the column that has it. */
export type UnresolvedType = {
  /** Counted from 0. */
  readonly parameter: number;
  readonly kind: 'type' | 'column';
  readonly name: string;
};

/** A variable: a parameter, a row that a query fills, or one that is not understood. */
type Variable =
  | { readonly kind: 'parameter'; readonly position: number }
  | { readonly kind: 'row'; query: string | null }
  | { readonly kind: 'unknown' };

/**
 * Parameters are, in this order: the arguments (for a trigger: the columns of NEW, those of OLD, NEW and OLD as rows), then
 * the local variables.
 */
export class ProgramNames {
  /** Of all parameters; 0 where `unresolved` says how to look it up, or the server finds it (`typesIn`). */
  readonly types: readonly number[];
  readonly unresolved: readonly UnresolvedType[];
  readonly #grammar: Grammar;
  readonly #relation: RelationFacts | null;
  readonly #width: number;
  readonly #arguments: number;
  /** Of a trigger function looked at without a table: columns of NEW and OLD by `new.name`. Null for any other. */
  readonly #rowColumns: Map<string, number> | null;
  readonly #add: (type: number) => number;
  readonly #variables = new Map<string, Variable>();

  constructor(grammar: Grammar, facts: FunctionFacts, relation: RelationFacts | null, program: Program) {
    this.#grammar = grammar;
    this.#relation = relation;
    this.#width = relation === null ? 0 : Math.max(0, ...relation.columns.map((column) => column.attribute));
    const types: number[] = [];
    const unresolved: UnresolvedType[] = [];
    const add = (type: number | Omit<UnresolvedType, 'parameter'>): number => {
      if (typeof type !== 'number') unresolved.push({ ...type, parameter: types.length });
      types.push(typeof type === 'number' ? type : 0);
      return types.length - 1;
    };
    this.#add = add;
    this.#rowColumns = relation === null && facts.returnType === TRIGGER ? new Map() : null;
    if (relation === null) {
      for (const [index, name] of facts.argumentNames.entries()) {
        const position = add(facts.argumentTypes[index] ?? TEXT);
        if (name !== '') this.#declare(name, { kind: 'parameter', position });
      }
    } else {
      const columns = Array.from(
        { length: this.#width },
        (_, index) => relation.columns.find((one) => one.attribute === index + 1 && !one.dropped)?.typeOid ?? TEXT,
      );
      for (const type of [...columns, ...columns]) add(type);
      const row = { kind: 'type', name: rowTypeOf(relation) } as const;
      add(row);
      add(row);
    }
    this.#arguments = types.length;
    const outputs = new Map(
      facts.parameters.filter(({ mode }) => mode === 'o' || mode === 't').map(({ name, type }) => [name, type]),
    );
    const inputs = new Set(relation === null && this.#rowColumns === null ? facts.argumentNames : ['new', 'old']);
    const seen = new Set<string>();
    for (const declared of program.variables) {
      // Arguments are among the variables too, once.
      if (inputs.has(declared.name) && !seen.has(declared.name)) {
        seen.add(declared.name);
        continue;
      }
      const output = seen.has(declared.name) ? undefined : outputs.get(declared.name);
      seen.add(declared.name);
      const type = output ?? typeOf(declared, facts, types, this.#variables);
      const known = this.#variables.get(declared.name);
      // A name in two blocks, with one type: whichever it means, whatever any of them holds may be in it.
      if (known?.kind === 'parameter' && type !== null && sameType(type, known.position, types, unresolved)) continue;
      if (type !== null) this.#declare(declared.name, { kind: 'parameter', position: add(type) });
      else this.#declare(declared.name, declared.type === '' ? { kind: 'row', query: null } : { kind: 'unknown' });
    }
    this.types = types;
    this.unresolved = unresolved;
  }

  /** Parameters that are no arguments, after all statements were replaced. */
  get locals(): number {
    return this.types.length - this.#arguments;
  }

  /** Types for one statement, after all were replaced: the server finds only those of parameters that stand in it. */
  typesIn(text: string): readonly number[] {
    if (this.#rowColumns === null) return this.types;
    const used = new Set([...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number) - 1));
    const open = new Set(this.#rowColumns.values());
    return this.types.map((type, position) => (open.has(position) && !used.has(position) ? TEXT : type));
  }

  /** The rows of this statement fill a variable that has no type of its own. */
  filled(name: string, query: string): void {
    const variable = this.#variables.get(name);
    if (variable?.kind !== 'row') return;
    const isQuery = /^\s*(select|with|values|table|\()/i.test(query);
    // Two queries may give it rows of different columns.
    if (variable.query === null && isQuery) variable.query = query;
    else this.#variables.set(name, { kind: 'unknown' });
  }

  /**
   * The statement with its variables replaced, and their names; null when it mentions one that is not understood. A
   * variable is known in its own block only. Whoever walks the statement makes sure that the names mean nothing else.
   */
  replace(text: string): { readonly text: string; readonly names: readonly string[] } | null {
    const parsed = this.#grammar.parse(text);
    const [only] = parsed ?? [];
    if (parsed?.length !== 1 || only === undefined) return null;
    const edits: Edit[] = [];
    if (!this.#visit(only.statement, edits)) return null;
    const bytes = Buffer.from(text);
    const replaced = replaceAt(this.#grammar, bytes, 0, bytes.length, edits);
    if (replaced === null || replaced.length > MAX_REPLACED_CHARACTERS) return null;
    return { text: replaced, names: [...new Set(edits.map(({ name }) => name))] };
  }

  /** A name that means two different things is not understood. */
  #declare(name: string, variable: Variable): void {
    this.#variables.set(name, this.#variables.has(name) ? { kind: 'unknown' } : variable);
  }

  #visit(value: unknown, edits: Edit[]): boolean {
    if (Array.isArray(value)) return value.every((item) => this.#visit(item, edits));
    if (!isAst(value)) return true;
    // `$1` counts all parameters of the function, ours are others.
    if (astAt(value, 'ParamRef') !== null) return false;
    const reference = astAt(value, 'ColumnRef');
    if (reference === null) return Object.values(value).every((item) => this.#visit(item, edits));
    const edit = this.#edit(reference);
    if (edit === null) return false;
    if (edit !== undefined) edits.push(edit);
    return true;
  }

  /** Undefined: no variable. Null: a variable in a form that is not handled. */
  #edit(reference: Ast): Edit | null | undefined {
    const fields = listOf(reference, 'fields');
    const names = fields.map(stringOf);
    const [first = '', second = ''] = names;
    const byte = typeof reference['location'] === 'number' ? reference['location'] : 0;
    if (this.#relation !== null && (first === 'new' || first === 'old')) return this.#triggerRow(byte, first, names);
    if (this.#rowColumns !== null && (first === 'new' || first === 'old'))
      return this.#anyRow(this.#rowColumns, byte, names);
    const variable = this.#variables.get(first);
    if (variable === undefined || first === '') return undefined;
    if (variable.kind === 'unknown' || names.length > 2) return null;
    if (variable.kind === 'parameter') {
      const place = `$${variable.position + 1}`;
      return { byte, name: first, tokens: 1, replacement: names.length === 1 ? place : `(${place})` };
    }
    const { query } = variable;
    if (query === null) return null;
    // One row of the query stands for the variable: the server finds its columns and their types.
    if (names.length === 1)
      return { byte, name: first, tokens: 1, replacement: `(SELECT sluice_row FROM (${query}) AS sluice_row LIMIT 1)` };
    if (second === '') return null;
    return {
      byte,
      name: first,
      tokens: 3,
      replacement: `(SELECT sluice_row.${quoteIdentifier(second)} FROM (${query}) AS sluice_row LIMIT 1)`,
    };
  }

  /** A column of a row of any table. The row as a whole could be anything. */
  #anyRow(columns: Map<string, number>, byte: number, names: readonly string[]): Edit | null {
    const [row = '', name = ''] = names;
    if (names.length !== 2 || name === '') return null;
    const key = `${row}.${name}`;
    const position = columns.get(key) ?? this.#add(ANY_TYPE);
    columns.set(key, position);
    return { byte, name: row, tokens: 3, replacement: `$${position + 1}` };
  }

  #triggerRow(byte: number, row: 'new' | 'old', names: readonly string[]): Edit | null {
    const [, second = ''] = names;
    const offset = row === 'old' ? this.#width : 0;
    const whole = 2 * this.#width + (row === 'old' ? 2 : 1);
    if (names.length === 1) return { byte, name: row, tokens: 1, replacement: `$${whole}` };
    if (names.length !== 2) return null;
    // NEW.*
    if (second === '') return { byte, name: row, tokens: 1, replacement: `($${whole})` };
    const column = this.#relation?.columns.find((one) => !one.dropped && one.name === second);
    return column === undefined ? null : { byte, name: row, tokens: 3, replacement: `$${column.attribute + offset}` };
  }
}

function sameType(
  type: number | Omit<UnresolvedType, 'parameter'>,
  position: number,
  types: readonly number[],
  unresolved: readonly UnresolvedType[],
): boolean {
  if (typeof type === 'number') return types[position] === type;
  const other = unresolved.find(({ parameter }) => parameter === position);
  return other?.kind === type.kind && normalisedType(other.name) === normalisedType(type.name);
}

/** `int` and `integer` are one; a loop's own variable is an integer. */
function normalisedType(name: string): string {
  return name.toLowerCase() === 'int' ? 'integer' : name.toLowerCase();
}

/** Types by the names that the program uses; null for one without. */
function typeOf(
  { type }: Declared,
  facts: FunctionFacts,
  types: readonly number[],
  variables: ReadonlyMap<string, Variable>,
): number | Omit<UnresolvedType, 'parameter'> | null {
  if (type === '') return null;
  const copied = /^(.+)%type$/i.exec(type)?.[1];
  if (copied !== undefined) {
    const other = variables.get(copied.toLowerCase());
    if (other?.kind === 'parameter' && (types[other.position] ?? 0) !== 0) return types[other.position] ?? null;
    return other === undefined && copied.includes('.') ? { kind: 'column', name: copied } : null;
  }
  const row = /^(.+)%rowtype$/i.exec(type)?.[1];
  return TYPE_NAME.test(row ?? type) && facts.language === 'plpgsql' ? { kind: 'type', name: row ?? type } : null;
}

/** Names that the server reads as a type without complaint, should there be none. */
const TYPE_NAME = /^[\w."]+( varying| precision)?( ?\(\d+(, ?\d+)?\))?( with(out)? time zone)?( ?\[\d*\])*$/i;

/** The row type of a relation, by a name that every search_path finds. */
function rowTypeOf(relation: RelationFacts): string {
  return `${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.name)}`;
}
