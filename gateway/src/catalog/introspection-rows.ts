/** Turns the JSON rows of introspection.ts into facts. A row of another shape is an error: the upstream is not trusted. */
import { z } from 'zod';
import type { ForeignKeyFacts, FunctionFacts, RelationFacts, TypeFacts } from '../analysis/postgres/facts.ts';

const Oid = z.int().min(0).max(4_294_967_295);
const Attribute = z.int().min(-32_768).max(32_767);
/** `int2vector` printed and split: numbers as texts; empty for an empty vector. */
const Vector = z
  .array(z.string())
  .nullable()
  .transform((items) => (items ?? []).filter((item) => item !== '').map(Number));
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullable()
    .transform((items) => items ?? []);

const ForeignKey = z.object({
  relation: Oid,
  attributes: z.array(Attribute),
  referenced: Oid,
  referencedAttributes: z.array(Attribute),
  onUpdate: z.string(),
  onDelete: z.string(),
}) satisfies z.ZodType<ForeignKeyFacts>;

const Relation = z.object({
  oid: Oid,
  schema: z.string(),
  name: z.string(),
  kind: z.enum(['r', 'p', 'v', 'm', 'f', 'S', 'i', 'I', 't', 'c']),
  rowSecurity: z.boolean(),
  hadChildren: z.boolean(),
  columns: list(
    z.object({
      attribute: Attribute,
      name: z.string(),
      typeOid: Oid,
      dropped: z.boolean(),
      notNull: z.boolean(),
      generated: z.enum(['s', 'v']).nullable(),
      expression: z.string().nullable(),
    }),
  ),
  ancestors: list(Oid),
  descendants: list(Oid),
  partitionKey: z.object({ attributes: Vector, expressions: z.string().nullable() }).nullable(),
  storedQuery: z.string().nullable(),
  hasRules: z.boolean(),
  triggers: list(
    z.object({
      name: z.string(),
      functionOid: Oid,
      type: z.int(),
      attributes: Vector,
      condition: z.string().nullable(),
    }),
  ),
  checks: list(
    z.object({
      name: z.string(),
      attributes: list(Attribute),
      expression: z.string(),
      validated: z.boolean(),
      inherited: z.boolean(),
    }),
  ),
  uncheckedNotNulls: list(Attribute),
  uniques: list(
    z.object({
      attributes: Vector,
      keys: z.int(),
      expressions: z.string().nullable(),
      predicate: z.string().nullable(),
      nullsNotDistinct: z.boolean(),
      primary: z.boolean(),
      single: z.boolean(),
      valid: z.boolean(),
    }),
  ),
  longestRow: z.int().nullable(),
  indexes: list(z.object({ attributes: Vector, expressions: z.array(z.string()) })),
  indexExpressions: list(z.string()),
  unprovenExpressions: list(z.string()),
  indexOf: Oid.nullable(),
  statistics: list(z.string()),
  indexFunctions: list(Oid),
  foreignKeys: list(ForeignKey),
  referencedBy: list(ForeignKey),
  temporary: z.boolean(),
});

export function parseRelation(json: string): RelationFacts {
  const row = Relation.parse(JSON.parse(json));
  return {
    ...row,
    partitionKey: row.partitionKey === null ? [] : partitionKey(row.partitionKey),
    // Attribute 0 stands for an expression; included columns follow the keys.
    uniques: row.uniques.map(({ keys, ...unique }) => ({
      ...unique,
      attributes: unique.attributes.slice(0, keys).filter((attribute) => attribute > 0),
    })),
  };
}

/** Columns, with those that expressions of the key read; a whole row in one is every column. */
function partitionKey(key: { attributes: number[]; expressions: string | null }): RelationFacts['partitionKey'] {
  const read = [...(key.expressions ?? '').matchAll(/:varattno (-?\d+)/g)].map(([, attribute]) => Number(attribute));
  if (read.some((attribute) => attribute <= 0)) return 'every';
  return [...new Set([...key.attributes.filter((attribute) => attribute > 0), ...read])];
}

const Function = z.object({
  oid: Oid,
  schema: z.string(),
  name: z.string(),
  signature: z.string(),
  kind: z.enum(['f', 'p', 'a', 'w']),
  language: z.string(),
  returnsSet: z.boolean(),
  returnType: Oid,
  securityDefiner: z.boolean(),
  settings: list(z.string()),
  argumentTypes: Vector,
  allNames: z.array(z.string()).nullable(),
  allTypes: Vector,
  modes: z.array(z.enum(['i', 'o', 'b', 'v', 't'])).nullable(),
  argumentDefaults: z.string().nullable(),
  body: z.string(),
  bodyTree: z.string().nullable(),
  extension: z.object({ name: z.string(), version: z.string() }).nullable(),
  result: z.string(),
  volatility: z.enum(['i', 's', 'v']),
  strict: z.boolean(),
  owner: z.string(),
  library: z.string().nullable(),
  hasSupport: z.boolean(),
  aggregateParts: list(Oid),
});

export function parseFunction(json: string): FunctionFacts {
  const { allNames, allTypes, modes, aggregateParts, ...row } = Function.parse(JSON.parse(json));
  // Modes: i in, o out, b inout, v variadic, t table. Null when all are inputs.
  const names = (allNames ?? []).filter((_, index) => modes === null || 'ibv'.includes(modes[index] ?? 'i'));
  return {
    ...row,
    argumentNames: row.argumentTypes.map((_, index) => names[index] ?? ''),
    parameters: (allTypes.length === 0 ? row.argumentTypes : allTypes).map((type, index) => ({
      name: allNames?.[index] ?? '',
      mode: modes?.[index] ?? 'i',
      type,
    })),
    aggregateParts: aggregateParts.filter((oid) => oid !== 0),
  };
}

const Type = z.object({
  oid: Oid,
  schema: z.string(),
  name: z.string(),
  kind: z.string(),
  underlying: Oid,
  relation: Oid,
  checks: list(z.string()),
  extension: z.string().nullable(),
}) satisfies z.ZodType<TypeFacts, unknown>;

export function parseType(json: string): TypeFacts {
  return Type.parse(JSON.parse(json));
}
