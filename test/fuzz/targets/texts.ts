/** Texts: the server's trees, statements before the grammar, labels, configuration, frames of the tunnel, events. */
import { setImmediate } from 'node:timers/promises';
import { parseEvents } from '../../../agent-tunnel/src/client/server-sent-events.ts';
import { analyseTrees } from '../../../gateway/src/analysis/postgres/analyse.ts';
import type { SchemaFacts } from '../../../gateway/src/analysis/postgres/facts.ts';
import { withoutLiterals } from '../../../gateway/src/analysis/postgres/gate/literals.ts';
import { MAX_NESTING, nestsTooDeeply } from '../../../gateway/src/analysis/postgres/gate/nesting.ts';
import { treeHash } from '../../../gateway/src/analysis/postgres/tree-hash.ts';
import {
  isNode,
  joinPrintedLines,
  parseTree,
  type TreeValue,
} from '../../../gateway/src/analysis/postgres/tree-text.ts';
import { parseLabelCsv } from '../../../gateway/src/catalog/labels-csv.ts';
import { parseDbtManifest } from '../../../gateway/src/catalog/labels-dbt.ts';
import { parseYaml } from '../../../gateway/src/config/yaml-documents.ts';
import { decodeFrameLength, decodeOpenFrame, FRAME_HEADER_BYTES } from '../../../gateway/src/tunnel/frame.ts';
import { assertSame, cuts, type Target, unlessRefused } from '../target.ts';

const NOTHING_KNOWN: SchemaFacts = {
  relation: () => undefined,
  function: () => undefined,
  type: () => undefined,
  body: () => undefined,
  operator: () => undefined,
  text: () => undefined,
  relationNamed: () => undefined,
  userNames: () => undefined,
};
const OLDEST = 14;

/** A small tree by hand; real ones of 15 and 18 are in the corpus. */
const TREE =
  '({QUERY :commandType 1 :querySource 0 :canSetTag true :utilityStmt <> :resultRelation 0 :hasAggs false :cteList <> :rtable ({RANGETBLENTRY :alias <> :eref {ALIAS :aliasname people :colnames ("id" "ssn")} :rtekind 0 :relid 16390 :relkind r :inh true :securityQuals <>}) :jointree {FROMEXPR :fromlist ({RANGETBLREF :rtindex 1}) :quals <>} :targetList ({TARGETENTRY :expr {VAR :varno 1 :varattno 2 :vartype 25 :vartypmod -1 :varcollid 100 :varlevelsup 0 :location 7} :resno 1 :resname ssn :ressortgroupref 0 :resorigtbl 16390 :resorigcol 2 :resjunk false}) :setOperations <> :stmt_location 0 :stmt_len 0})';

export const treeText: Target = {
  name: 'tree-text',
  seeds: [TREE],
  tokens: [
    '{',
    '}',
    '(',
    ')',
    '<>',
    ':',
    ' [ ',
    ' ]',
    '\\',
    '"',
    '{VAR :varno 1',
    ':commandType 5',
    'CONST',
    ':constvalue 4 [ 1 0 0 0 0 0 0 0 ]',
    '\n',
  ],
  maxBytes: 40_000,
  check: (input) => {
    const text = input.toString('utf8');
    const joined = joinPrintedLines(text);
    const parsed = parseTree(joined ?? text);
    if (parsed.kind === 'malformed') return;
    countNodes(parsed.value, 0);
    treeHash([joined ?? text]);
    const major = OLDEST + ((input[0] ?? 0) % 5);
    analyseTrees({
      treeTexts: [text],
      outputNames: ['ssn'],
      facts: NOTHING_KNOWN,
      declarations: { function: () => undefined },
      serverMajor: major,
      statementKind: 'SelectStmt',
    });
  },
};

/** What was parsed has to be a tree: finite, and not deeper than promised. */
function countNodes(value: TreeValue, depth: number): void {
  if (depth > 2_100) throw new Error('a tree is deeper than its bound');
  if (isNode(value)) for (const field of value.fields.values()) countNodes(field, depth + 1);
  else if (Array.isArray(value)) for (const item of value) countNodes(item, depth + 1);
}

export const nesting: Target = {
  name: 'nesting',
  seeds: [
    'SELECT ((1)), \'(\', $a$ ( $a$, "(" -- (\n /* ( /* ( */ */',
    `SELECT ${'('.repeat(70)}1`,
    "SELECT E'\\'((', ARRAY[[1]]",
    "SELECT éE'\\' , (((",
  ],
  tokens: [
    '(',
    ')',
    '[',
    ']',
    "'",
    "''",
    '"',
    '$$',
    '$a$',
    '--',
    '\n',
    '/*',
    '*/',
    "E'",
    "U&'",
    '\\',
    '('.repeat(40),
    'é',
  ],
  maxBytes: 600,
  check: (input) => {
    const text = input.toString('utf8');
    const deep = nestsTooDeeply(text);
    const plain = !/['"$\\]|--|\/\*/.test(text);
    if (plain) assertSame(deep, deepest(text) > MAX_NESTING, 'nesting without strings and comments');
    const shape = withoutLiterals(text)?.shape ?? null;
    if (shape !== null && /['"\\$]/.test(shape)) throw new Error('a shape holds a quote');
  },
};

function deepest(text: string): number {
  let depth = 0;
  let most = 0;
  for (const character of text) {
    if (character === '(' || character === '[') most = Math.max(most, ++depth);
    else if (character === ')' || character === ']') depth = Math.max(0, depth - 1);
  }
  return most;
}

export const labelsCsv: Target = {
  name: 'labels-csv',
  seeds: [
    'schema,table,column,label,path\ncrm,customers,ssn,regulated,\ncrm,customers,profile,regulated,$.ssn\n',
    'table,column,label\n"a ""b""",c,public\r\n',
  ],
  tokens: [',', '"', '""', '\n', '\r\n', 'regulated', 'public', '$.a.b', '\ufeff', '#'],
  maxBytes: 600,
  check: (input) => {
    unlessRefused(() => parseLabelCsv('labels.csv', input.toString('utf8')));
  },
};

export const labelsDbt: Target = {
  name: 'labels-dbt',
  seeds: [
    '{"metadata":{},"nodes":{"model.a.b":{"resource_type":"model","schema":"s","name":"t","columns":{"c":{"name":"c","meta":{"classification":"regulated"},"tags":["pii"]}}}},"sources":{}}',
  ],
  tokens: ['{', '}', '[', ']', '"', ':', ',', '"meta":', '"columns":', 'null', '1e999', '"__proto__"', '\\u0000'],
  maxBytes: 1_500,
  check: (input) => {
    unlessRefused(() => parseDbtManifest('manifest.json', input.toString('utf8')));
  },
};

export const configYaml: Target = {
  name: 'config-yaml',
  seeds: [
    'kind: gateway\nlisten:\n  tunnel: 127.0.0.1:1\n---\nkind: resource\nname: a\n',
    'a: &x [1, 2]\nb: *x\n',
    '{"kind": "gateway"}',
  ],
  tokens: [
    '---\n',
    '...\n',
    ': ',
    '- ',
    '&a ',
    '*a',
    '<<: ',
    '!!js/function ',
    '!!binary ',
    '|\n',
    '>\n',
    '"',
    "'",
    '#',
    '%YAML 1.1\n',
    '\t',
    '? ',
  ],
  maxBytes: 800,
  check: (input) => {
    const { documents, problems } = parseYaml('sluice.yaml', input.toString('utf8'));
    if (documents.length + problems.length < 0) throw new Error('unreachable');
  },
};

export const tunnelFrames: Target = {
  name: 'tunnel-frames',
  seeds: [
    Buffer.concat([
      Buffer.from([0, 0, 0, 80]),
      Buffer.from('{"protocol":"sluice/1","resource":"orders-db","session":"s","token":"t"}'),
    ]),
  ],
  tokens: ['{', '}', '"', ':', ',', '"token":', '\\u0000', '\0\0\0\x02'],
  maxBytes: 400,
  check: (input) => {
    if (input.length < FRAME_HEADER_BYTES) return;
    const length = unlessRefused(() => decodeFrameLength(input.subarray(0, FRAME_HEADER_BYTES)));
    if (length !== null && (length < 2 || length > 1 << 20)) throw new Error('a length out of bounds was taken');
    unlessRefused(() => decodeOpenFrame(input.subarray(FRAME_HEADER_BYTES)));
  },
};

async function eventsOf(chunks: readonly Buffer[]): Promise<unknown> {
  const events: unknown[] = [];
  for await (const event of parseEvents(chunksOf(chunks))) events.push(event);
  return events;
}

async function* chunksOf(chunks: readonly Buffer[]): AsyncGenerator<Uint8Array> {
  // One turn of the loop in all: what is read does not depend on when it comes.
  await setImmediate();
  for (const chunk of chunks) yield chunk;
}

export const serverSentEvents: Target = {
  name: 'server-sent-events',
  seeds: ['event: request\ndata: {"id":1}\n\n: life\n\ndata: a\ndata: b\r\n\r\n', 'data:x\r\rdata:y\r\n\r\n'],
  tokens: ['data:', 'event:', '\n', '\r\n', '\r', '\n\n', ': ', 'é'],
  maxBytes: 200,
  check: async (input) => {
    const whole = await eventsOf([input]);
    for (const chunks of cuts(input))
      assertSame(await eventsOf(chunks), whole, 'events depend on where the stream is cut');
  },
};
