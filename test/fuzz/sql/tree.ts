/**
 * Generated SQL as a tree, so that a failure can be made smaller without a grammar: an expression can become NULL or one
 * of its own parts of the same type, an optional piece can go.
 */
export type Sql = {
  readonly parts: readonly (string | Sql)[];
  /** Type of an expression; null for other pieces of a statement. */
  readonly type: string | null;
  /** The statement stays sensible without it. */
  readonly optional: boolean;
};

/** A piece that is neither an expression nor optional. */
export function sql(strings: TemplateStringsArray, ...values: readonly (string | Sql)[]): Sql {
  return { parts: interleave(strings, values), type: null, optional: false };
}

export function expression(type: string, piece: Sql): Sql {
  return { ...piece, type };
}

export function optional(piece: Sql): Sql {
  return { ...piece, optional: true };
}

export const NOTHING: Sql = { parts: [], type: null, optional: false };

/** Pieces with a separator between them; each is optional, but for the first. */
export function list(pieces: readonly Sql[], separator = ', '): Sql {
  const parts = pieces.map((piece, index) => (index === 0 ? piece : optional(sql`${separator}${piece}`)));
  return { parts, type: null, optional: false };
}

export function render(piece: Sql): string {
  return piece.parts.map((part) => (typeof part === 'string' ? part : render(part))).join('');
}

/** Every tree that is this one with one piece made smaller, the biggest cuts first. */
export function smallerOnes(root: Sql): readonly Sql[] {
  const found: { readonly tree: Sql; readonly size: number }[] = [];
  collect(root, (replacement) => replacement, found);
  return found.sort((a, b) => a.size - b.size).map(({ tree }) => tree);
}

function collect(node: Sql, rebuild: (replacement: Sql) => Sql, found: { tree: Sql; size: number }[]): void {
  const offer = (replacement: Sql): void => {
    const tree = rebuild(replacement);
    found.push({ tree, size: render(tree).length });
  };
  if (node.optional && node.parts.length > 0) offer(NOTHING);
  if (node.type !== null) {
    const nothing = `NULL::${node.type}`;
    if (render(node) !== nothing) offer({ parts: [nothing], type: node.type, optional: false });
    for (const inner of innerOfType(node, node.type)) offer(inner);
  }
  for (const [index, part] of node.parts.entries()) {
    if (typeof part === 'string') continue;
    const inPlace = (replacement: Sql): Sql => rebuild({ ...node, parts: node.parts.with(index, replacement) });
    collect(part, inPlace, found);
  }
}

function innerOfType(node: Sql, type: string): readonly Sql[] {
  return node.parts.flatMap((part) => {
    if (typeof part === 'string') return [];
    return part.type === type ? [part] : innerOfType(part, type);
  });
}

function interleave(strings: TemplateStringsArray, values: readonly (string | Sql)[]): readonly (string | Sql)[] {
  return strings.flatMap((text, index) => {
    const value = values[index];
    return value === undefined ? [text] : [text, value];
  });
}
