import { decodeBackend, type FieldDescription } from '../../protocol/postgres/backend.ts';
import { encodeFrontend } from '../../protocol/postgres/frontend-encode.ts';
import { OWN_PREFIX } from './bounds.ts';
import type { SessionContext } from './session-context.ts';

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
  options: {
    readonly needsFacts: boolean;
    readonly tellsNotices?: boolean;
    readonly charactersBefore?: (() => number | null) | undefined;
  },
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
    onRowDescription: (body) => {
      const message = body === null ? null : decodeBackend(ROW_DESCRIPTION, body);
      columns = message?.kind === 'RowDescription' ? message.fields : null;
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
  options: { readonly needsFacts: boolean; readonly charactersBefore?: () => number | null } = { needsFacts: true },
): Promise<Parsed | null> {
  const parsed = await parseUpstream(context, INNER_STATEMENT, text, declaredTypes, options);
  if (parsed === null) return null;
  context.link.ask(encodeFrontend({ kind: 'Close', target: 'statement', name: INNER_STATEMENT }), {
    kind: 'close',
    audience: 'gateway',
  });
  return parsed;
}
