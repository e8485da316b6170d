import { decodeBackend, type FieldDescription } from '../../protocol/postgres/backend.ts';
import { encodeFrontend } from '../../protocol/postgres/frontend-encode.ts';
import { OWN_PREFIX } from './bounds.ts';
import type { SessionContext } from './session-context.ts';
import { storedTree } from './stored-oracle.ts';

const PARAMETER_DESCRIPTION = 0x74;
const ROW_DESCRIPTION = 0x54;
const INNER_STATEMENT = `${OWN_PREFIX}inner`;

/** What the server made of a statement at Parse, before anything ran. */
export type Parsed = {
  readonly trees: readonly string[];
  readonly parameterTypes: readonly number[];
  /** null: it returns no rows. */
  readonly columns: readonly FieldDescription[] | null;
};

/** Has the server parse and describe a statement under `name`; null when it refused, which the client has been told. */
export async function parseUpstream(
  context: SessionContext,
  name: string,
  text: string,
  declaredTypes: readonly number[],
  options: ParseOptions,
): Promise<Parsed | null> {
  const parsed = await parseAndDescribe(context, name, text, declaredTypes, options);
  if (parsed === null || context.upstream.oracle === 'notices') return parsed;
  return await asStored(context, name, text, declaredTypes, { options, parsed });
}

export type ParseOptions = {
  readonly needsFacts: boolean;
  /** With the oracle `stored`: its tree is read by storing it. */
  readonly stores?: boolean;
  readonly tellsNotices?: boolean;
  readonly charactersBefore?: (() => number | null) | undefined;
};

/** The same with the tree of the statement as the server stores it; without any tree where it is not to be stored. */
async function asStored(
  context: SessionContext,
  name: string,
  text: string,
  declaredTypes: readonly number[],
  { options, parsed }: { readonly options: ParseOptions; readonly parsed: Parsed },
): Promise<Parsed | null> {
  if (options.stores !== true) return { ...parsed, trees: [] };
  const { parameterTypes } = parsed;
  let described = parsed;
  if (parameterTypes.some((type, index) => type !== declaredTypes[index])) {
    // A stored statement has parameters of settled types: what runs is read with the same.
    if (name !== '')
      context.link.ask(encodeFrontend({ kind: 'Close', target: 'statement', name }), {
        kind: 'close',
        audience: 'gateway',
      });
    const again = await parseAndDescribe(context, name, text, parameterTypes, options);
    if (again === null) return null;
    described = again;
  }
  const tree = await storedTree(context, text, parameterTypes);
  return tree === null ? null : { ...described, parameterTypes, trees: [tree] };
}

async function parseAndDescribe(
  context: SessionContext,
  name: string,
  text: string,
  declaredTypes: readonly number[],
  options: ParseOptions,
): Promise<Parsed | null> {
  const { link } = context;
  const trees: string[] = [];
  let parameterTypes: readonly number[] = [];
  let columns: readonly FieldDescription[] | null = null;
  link.ask(encodeFrontend({ kind: 'Parse', name, text, parameterTypes: declaredTypes }), {
    kind: 'parse',
    audience: 'gateway',
    tellsNotices: options.tellsNotices ?? false,
    charactersBefore: options.charactersBefore,
    onTree: (tree) => trees.push(tree),
  });
  link.ask(encodeFrontend({ kind: 'Describe', target: 'statement', name }), {
    kind: 'describe',
    audience: 'gateway',
    simple: false,
    onParameters: (body) => {
      const message = decodeBackend(PARAMETER_DESCRIPTION, body);
      if (message.kind === 'ParameterDescription') parameterTypes = message.typeOids;
    },
    onRowDescription: (source, start, end) => {
      const message = decodeBackend(ROW_DESCRIPTION, source.subarray(start, end));
      columns = message.kind === 'RowDescription' ? message.fields : null;
    },
  });
  // After Parse: it holds the locks that keep definitions as they are.
  if (options.needsFacts) context.factSource.askForSnapshot();
  link.ask(encodeFrontend({ kind: 'Flush' }));
  await link.settled();
  return link.skipping ? null : { trees, parameterTypes, columns };
}

/**
 * The same for the statement inside another (EXPLAIN, COPY, DECLARE …), which is not kept. `charactersBefore`: of the
 * client's text; null when it does not stand there.
 */
export async function parseInner(
  context: SessionContext,
  text: string,
  declaredTypes: readonly number[],
  options: ParseOptions = { needsFacts: true },
): Promise<Parsed | null> {
  const parsed = await parseUpstream(context, INNER_STATEMENT, text, declaredTypes, options);
  if (parsed === null) return null;
  context.link.ask(encodeFrontend({ kind: 'Close', target: 'statement', name: INNER_STATEMENT }), {
    kind: 'close',
    audience: 'gateway',
  });
  return parsed;
}
