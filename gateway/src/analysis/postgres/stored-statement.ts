/**
 * A statement as the server stores it (`pg_proc.prosqlbody`): resolved, and not rewritten. What the rewriter does to a
 * read is done here: each view in FROM becomes the query that is stored for it (rewriteHandler.c, ApplyRetrieveRule).
 * What the rewriter does to writes, row locks and tables with row security is not done, and refused.
 */
import type { RelationFacts } from './facts.ts';
import { neededNode, nodeAt, nodesAt, numberAt } from './tree-node.ts';
import { isNode, type TreeNode, type TreeValue } from './tree-text.ts';
import { Opaque, type Walker } from './walk/walker.ts';

/** CmdType */
const SELECT = 1;
/** RTEKind */
const RELATION = '0';
const SUBQUERY = '1';
/** Views within views. */
const MAX_VIEW_DEPTH = 64;
/** Queries that a statement may become. */
const MAX_QUERIES = 2_000;

export type StoredStatement = {
  readonly query: TreeNode;
  /** Node texts of the queries of the views in it, in the order in which they were met. */
  readonly views: readonly string[];
};

/**
 * The one query of a stored body, with views in place. While facts about a relation are missing, the walker notes them,
 * and the result is not whole. Throws Opaque for what is not served.
 */
export function rewriteStored(walker: Walker, body: TreeValue): StoredStatement {
  const statements = Array.isArray(body) && body.length === 1 && Array.isArray(body[0]) ? body[0] : [];
  const [query] = statements;
  if (statements.length !== 1 || !isNode(query) || query.tag !== 'QUERY')
    throw new Opaque('tree-malformed', 'The stored statement is not one query.', 'Report the statement.');
  const rewriter = new Rewriter(walker);
  return { query: rewriter.query(query, 0), views: rewriter.views };
}

class Rewriter {
  readonly views: string[] = [];
  readonly #walker: Walker;
  #queries = 0;

  constructor(walker: Walker) {
    this.#walker = walker;
  }

  query(query: TreeNode, depth: number): TreeNode {
    if (++this.#queries > MAX_QUERIES || depth > MAX_VIEW_DEPTH)
      throw new Opaque('too-large', 'The views in the statement are too many or too deep.', 'Query the tables below.');
    if (numberAt(query, 'commandType') !== SELECT) throw notServed('changes data');
    if (nodesAt(query, 'rowMarks').length > 0) throw notServed('locks rows');
    const inFrom = new Set<number>();
    const from = nodeAt(query, 'jointree');
    if (from !== null) collectFrom(from, inFrom);
    const fields = new Map<string, TreeValue>();
    for (const [field, value] of query.fields) {
      if (field !== 'rtable') {
        fields.set(field, this.#value(value, depth));
        continue;
      }
      const entries = nodesAt(query, field);
      fields.set(
        field,
        // Others are OLD and NEW of a stored view (before 16), to which nothing refers.
        entries.map((entry, index) => this.#entry(entry, inFrom.has(index + 1), depth)),
      );
    }
    return { tag: query.tag, fields };
  }

  #entry(entry: TreeNode, isRead: boolean, depth: number): TreeNode {
    if (entry.fields.get('rtekind') !== RELATION) return this.#node(entry, depth);
    if (!isRead) return entry;
    const facts = this.#walker.facts.relation(numberAt(entry, 'relid'));
    // Unknown to the server: the walk says so. Not fetched yet: the result is thrown away.
    if (facts === undefined || facts === null) return entry;
    if (facts.rowSecurity)
      throw new Opaque(
        'row-security-unseen',
        `${facts.schema}.${facts.name} has row security, whose conditions the gateway does not see on this database.`,
        'Ask the administrator to connect the gateway in a way in which the database can show its trees.',
      );
    return facts.kind === 'v' ? this.#view(entry, facts, depth) : this.#node(entry, depth);
  }

  #view(entry: TreeNode, facts: RelationFacts, depth: number): TreeNode {
    const stored = facts.storedQuery === null ? null : this.#walker.stored(facts.storedQuery);
    const [query] = Array.isArray(stored) && stored.length === 1 ? stored : [];
    if (facts.storedQuery === null || !isNode(query))
      throw new Opaque(
        'view-query',
        `The query of ${facts.schema}.${facts.name} cannot be read.`,
        'Query the tables under it.',
      );
    this.views.push(facts.storedQuery);
    const fields = new Map(entry.fields);
    // Sub-queries name no relation.
    for (const field of ['relid', 'relkind', 'rellockmode', 'tablesample', 'inh', 'perminfoindex'])
      fields.delete(field);
    return { tag: entry.tag, fields: fields.set('rtekind', SUBQUERY).set('subquery', this.query(query, depth + 1)) };
  }

  #value(value: TreeValue, depth: number): TreeValue {
    if (isNode(value)) return value.tag === 'QUERY' ? this.query(value, depth) : this.#node(value, depth);
    return Array.isArray(value) ? value.map((item: TreeValue) => this.#value(item, depth)) : value;
  }

  #node(node: TreeNode, depth: number): TreeNode {
    const fields = new Map<string, TreeValue>();
    for (const [field, value] of node.fields) fields.set(field, this.#value(value, depth));
    return { tag: node.tag, fields };
  }
}

function collectFrom(node: TreeNode, found: Set<number>): void {
  switch (node.tag) {
    case 'FROMEXPR':
      for (const item of nodesAt(node, 'fromlist')) collectFrom(item, found);
      return;
    case 'JOINEXPR':
      collectFrom(neededNode(node, 'larg'), found);
      collectFrom(neededNode(node, 'rarg'), found);
      return;
    case 'RANGETBLREF':
      found.add(numberAt(node, 'rtindex'));
      return;
    default:
      throw new Opaque('join-tree', `FROM holds a ${node.tag}.`, 'Report the statement.');
  }
}

function notServed(what: string): Opaque {
  return new Opaque(
    'reads-only',
    `The statement ${what}, and this database only lets the gateway look at reads.`,
    'Ask the administrator to connect the gateway in a way in which the database can show its trees.',
  );
}
