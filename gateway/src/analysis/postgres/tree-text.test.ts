import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNode, joinPrintedLines, MAX_TREE_DEPTH, parseTree, type TreeNode, type TreeValue } from './tree-text.ts';

function parsed(text: string): TreeValue {
  const result = parseTree(text);
  if (result.kind !== 'tree') throw new Error(`${result.problem} at ${result.offset}`);
  return result.value;
}

function fields(text: string): ReadonlyMap<string, TreeValue> {
  const value = parsed(text);
  if (!isNode(value)) throw new Error('not a node');
  return value.fields;
}

describe('node text', () => {
  it('reads nodes, numbers, lists of nodes and nulls', () => {
    const tree = fields('{QUERY :commandType 1 :cteList <> :rtable ({RTE :relid 16384} {RTE :relid 5})}');
    expect(tree.get('commandType')).toBe('1');
    expect(tree.get('cteList')).toBeNull();
    expect(tree.get('rtable')).toMatchObject([{ tag: 'RANGETBLENTRY' }, { tag: 'RANGETBLENTRY' }]);
  });

  it('drops the marker of lists of numbers, and reads empty ones', () => {
    expect(fields('{A :x (i 1 -2) :y (b) :z (o 25)}')).toEqual(
      new Map<string, TreeValue>([
        ['x', ['1', '-2']],
        ['y', []],
        ['z', ['25']],
      ]),
    );
  });

  it('reads the bytes of a datum, signed or not', () => {
    expect(fields('{CONST :constvalue 6 [ 24 0 0 0 -1 255 ]}').get('constvalue')).toEqual({
      sequence: ['6', { bytes: [24, 0, 0, 0, 255, 255] }],
    });
  });

  it('tells the name <> from null', () => {
    expect(fields('{A :x \\<> :y <>}')).toEqual(
      new Map([
        ['x', '<>'],
        ['y', null],
      ]),
    );
  });

  it('unescapes braces, spaces and quotes in names', () => {
    expect(fields('{A :x a\\ \\{b\\}\\\\ :y ("c\\"} d")}')).toEqual(
      new Map<string, TreeValue>([
        ['x', 'a {b}\\'],
        ['y', ['c"} d']],
      ]),
    );
  });

  it('takes a bracket at the start of a value for part of a name', () => {
    expect(fields(String.raw`{A :x [\ 1\ ] :y ]\ [ :z [] :l ("[ 1 ]" "]") :v 1 [ 1 ]}`)).toEqual(
      new Map<string, TreeValue>([
        ['x', '[ 1 ]'],
        ['y', '] ['],
        ['z', '[]'],
        ['l', ['[ 1 ]', ']']],
        ['v', { sequence: ['1', { bytes: [1] }] }],
      ]),
    );
  });

  it.each([
    ['a node that does not end', '{A :x 1'],
    ['a list that does not end', '(1 2'],
    ['text after the end', '{A} {B}'],
    ['a string that does not end', '("a'],
    ['a datum that does not end', '{A :x 1 [ 1 2'],
    ['a byte that is none', '{A :x 1 [ 300 ]}'],
    ['a field twice', '{A :x 1 :x 2}'],
    ['something else than a field', '{A x}'],
    ['an escape of nothing', 'a\\'],
    ['nothing', ''],
  ])('calls %s malformed', (_, text) => {
    expect(parseTree(text).kind).toBe('malformed');
  });

  it('stops at its depth', () => {
    const nested = (depth: number): string => '('.repeat(depth) + ')'.repeat(depth);
    expect(parseTree(nested(MAX_TREE_DEPTH)).kind).toBe('tree');
    expect(parseTree(nested(MAX_TREE_DEPTH + 1)).kind).toBe('malformed');
  });

  it('never throws, whatever it is given', () => {
    const soup = fc
      .array(fc.constantFrom('{', '}', '(', ')', ':', 'A', 'x', ' ', '"', '\\', '[', ']', '<>', '1', '-'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string(), soup), (text) => {
        expect(['tree', 'malformed']).toContain(parseTree(text).kind);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads back what a printer wrote', () => {
    fc.assert(
      fc.property(node(), (tree) => {
        expect(parsed(print(tree))).toEqual(tree);
      }),
      { numRuns: 300 },
    );
  });
});

describe('line breaks of notices', () => {
  it('become the spaces that they were', () => {
    expect(joinPrintedLines('{QUERY :commandType 1\n:rtable <>}')).toBe('{QUERY :commandType 1 :rtable <>}');
  });

  it('after an escaped space stay inside the name', () => {
    expect(joinPrintedLines('{A :resname Access\\\nprivileges}')).toBe('{A :resname Access\\ privileges}');
  });

  it.each([75, 76, 77, 78, 126])(
    'a stretch of %i bytes without a space is read only if it cannot have been cut',
    (length) => {
      expect(joinPrintedLines(`{A :x ${'\\{'.repeat(length / 2).padEnd(length, 'x')} :y 1}`) !== null).toBe(
        length <= 76,
      );
    },
  );

  it('a break inside an escape does not end the stretch', () => {
    expect(joinPrintedLines(`:resname ${'\\{'.repeat(30)}\\\n${'{\\'.repeat(20)}{`)).toBeNull();
  });

  it('counts bytes, not characters', () => {
    expect(joinPrintedLines(`{A :x ${'漢'.repeat(26)}}`)).toBeNull();
    expect(joinPrintedLines(`{A :x ${'漢'.repeat(20)}}`)).not.toBeNull();
  });
});

/** A printer of its own, by the rules of outfuncs.c. */
function print(value: TreeValue): string {
  if (value === null) return '<>';
  if (typeof value === 'string') return `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
  if (isNode(value))
    return `{${value.tag}${[...value.fields].map(([name, field]) => ` :${name} ${typeof field === 'string' ? printToken(field) : print(field)}`).join('')}}`;
  if ('bytes' in value) return `[ ${value.bytes.join(' ')} ]`;
  if ('sequence' in value) return value.sequence.map(print).join(' ');
  return `(${value.map(print).join(' ')})`;
}

function printToken(token: string): string {
  return token.replaceAll(/[ \n\t(){}\\]/g, '\\$&').replace(/^(?:[<"\d]|[+-](?=[\d.]))/, '\\$&');
}

function node(): fc.Arbitrary<TreeNode> {
  const name = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'ab {}()"\\<>:é[]') });
  const { tree } = fc.letrec<{ tree: TreeNode; value: TreeValue }>((tie) => ({
    tree: fc
      .tuple(
        fc.constantFrom('QUERY', 'VAR', 'CONST'),
        fc.uniqueArray(fc.tuple(fc.constantFrom('x', 'y_1', 'z.a'), tie('value')), {
          selector: ([field]) => field,
          maxLength: 3,
        }),
      )
      .map(([tag, entries]) => ({ tag, fields: new Map(entries) })),
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constant(null),
      name,
      fc.array(fc.oneof({ maxDepth: 3 }, name, tie('tree')), { maxLength: 3 }),
    ),
  }));
  return tree;
}
