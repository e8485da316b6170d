/**
 * One YAML file → its documents, each able to tell where a value stands.
 */
import {
  type Alias,
  type Document,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
  type YAMLError,
} from 'yaml';
import type { ConfigProblem } from './problem.ts';

/** Keys and indexes from the document's root. */
export type Path = readonly (string | number)[];
export type Place = { readonly line: number; readonly column: number };

export type YamlDocument = {
  readonly file: string;
  /** Plain objects, arrays, strings, numbers, booleans and nulls. */
  readonly value: unknown;
  /** Where the value at `path` stands; of the nearest parent that exists when it does not. */
  readonly placeOf: (path: Path) => Place;
  /** Where the key itself stands. */
  readonly placeOfKey: (path: Path, key: string) => Place;
};

/** Most aliases that a document may resolve, so that nested ones cannot multiply. */
const MAX_ALIASES = 100;

/** Parses every document of a file; empty documents are left out. Bad YAML becomes problems. */
export function parseYaml(file: string, text: string): { documents: YamlDocument[]; problems: ConfigProblem[] } {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    version: '1.2',
    merge: false,
    stringKeys: true,
  });
  const documents: YamlDocument[] = [];
  const problems: ConfigProblem[] = [];
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const faults = [...document.errors, ...document.warnings].map((error) => problemOf(file, lines, error));
    problems.push(...faults);
    if (faults.length > 0 || isEmpty(document)) continue;
    const dangling = danglingAliases(document).map((alias) => ({
      file,
      ...placeOf(lines, alias),
      message: `there is no anchor &${alias.source} before *${alias.source}`,
      remedy: 'Write the value out, or quote the text if the asterisk belongs to it.',
    }));
    problems.push(...dangling);
    if (dangling.length > 0) continue;
    try {
      documents.push(readDocument(file, lines, document, document.toJS({ maxAliasCount: MAX_ALIASES })));
    } catch (error) {
      // `toJS` throws for too many aliases.
      const message = error instanceof Error ? error.message : String(error);
      problems.push({ file, ...placeOf(lines, document.contents), message, remedy: 'Write the values out.' });
    }
  }
  return { documents, problems };
}

function readDocument(file: string, lines: LineCounter, document: Document, value: unknown): YamlDocument {
  const nodeAt = (path: Path): Node | null => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(node)) return node;
    }
    return null;
  };
  return {
    file,
    value,
    placeOf: (path) => placeOf(lines, nodeAt(path)),
    placeOfKey: (path, key) => {
      const node = nodeAt(path);
      const pair = isMap(node)
        ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
        : undefined;
      return placeOf(lines, isNode(pair?.key) ? pair.key : node);
    },
  };
}

/** Nothing but comments: what stands between two lines `---`. */
function isEmpty(document: Document): boolean {
  return document.contents === null || (isScalar(document.contents) && document.contents.value === null);
}

function danglingAliases(document: Document): Alias[] {
  const found: Alias[] = [];
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) === undefined) found.push(alias);
    },
  });
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'range' in value;
}

function placeOf(lines: LineCounter, node: Node | null): Place {
  const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function problemOf(file: string, lines: LineCounter, error: YAMLError): ConfigProblem {
  const { line, col } = lines.linePos(error.pos[0]);
  return { file, line, column: col, ...inWords(error) };
}

function inWords(error: YAMLError): { message: string; remedy: string } {
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return { message: 'a tab indents this line', remedy: 'Indent with spaces: YAML does not allow tabs there.' };
    case 'DUPLICATE_KEY':
      return { message: 'this key is there twice', remedy: 'Keep one of them; separate documents with a line "---".' };
    default:
      return { message: error.message, remedy: 'Correct the YAML at this place.' };
  }
}
