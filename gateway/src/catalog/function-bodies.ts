/** Bodies of functions in languages of strings: split into statements, parsed by the server, none of them run. */
import type { FunctionBody, FunctionFacts } from '../analysis/postgres/facts.ts';
import type { PreparedProgram } from '../analysis/postgres/gate/plpgsql-body.ts';
import type { FactSource } from './fact-source.ts';
import { typeNamesQuery } from './introspection.ts';

const TEXT = 25;

/** Null: the body holds what is not analysed, or what the server does not accept. */
export async function fetchBody(facts: FunctionFacts, source: FactSource): Promise<FunctionBody | null> {
  const program = await source.prepareBody(facts);
  if (program === null) return null;
  const types = await resolvedTypes(program, source);
  if (types === null) return null;
  const analysed: { trees: readonly string[]; replaced: readonly string[] }[] = [];
  for (const statement of program.statements) {
    const parameterTypes = statement.parameterTypes.map((type, index) => types.get(index) ?? type);
    const trees =
      (await source.trees(statement.text, parameterTypes)) ?? (await asTexts(source, statement.text, parameterTypes));
    if (trees === null || trees.length === 0) return null;
    analysed.push({ trees, replaced: statement.replaced });
  }
  const declared = program.statements[0]?.parameterTypes ?? [];
  return {
    statements: analysed,
    locals: program.locals,
    assigns: program.assigns,
    types: [...declared, ...types.values()].filter((type) => type !== 0),
    byPath: program.byPath,
    ...(program.definitions === undefined ? {} : { definitions: program.definitions }),
  };
}

/** Columns of a row of any table, where their use does not settle their types (`'order ' || NEW.id`): as texts. */
async function asTexts(source: FactSource, text: string, types: readonly number[]): Promise<readonly string[] | null> {
  if (!types.includes(0)) return null;
  return await source.trees(
    text,
    types.map((type) => (type === 0 ? TEXT : type)),
  );
}

/** Types of parameters by position; null when one of them does not exist. */
async function resolvedTypes(
  { unresolved }: PreparedProgram,
  source: FactSource,
): Promise<ReadonlyMap<number, number> | null> {
  const types = new Map<number, number>();
  if (unresolved.length === 0) return types;
  for (const [index, oid] of await source.rows(typeNamesQuery(unresolved))) {
    const asked = unresolved[Number(index)];
    if (asked === undefined || oid === null || oid === undefined) return null;
    types.set(asked.parameter, Number(oid));
  }
  return types;
}
