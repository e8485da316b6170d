/**
 * What a run reached: the node kinds of the server's trees, the kinds of errors that the generator makes by mistake, and
 * the parts of the walker that never ran. The gateway writes V8's counters when NODE_V8_COVERAGE names a folder.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EvilClient, message, parse, query, reportOf, sync } from '../../harness/evil-client.ts';

/** Counts node kinds of statements as the database prints their trees. */
export class NodeCensus {
  readonly #counts = new Map<string, number>();
  readonly #client: EvilClient;

  private constructor(client: EvilClient) {
    this.#client = client;
  }

  static async open(client: EvilClient): Promise<NodeCensus> {
    await client.query('SET debug_print_rewritten = on; SET debug_pretty_print = off; SET client_min_messages = log');
    return new NodeCensus(client);
  }

  async take(text: string): Promise<void> {
    this.#client.send(query('BEGIN'), parse('', text), message('S'), query('ROLLBACK'));
    for (let ends = 0; ends < 3 && !this.#client.closed; ends++) {
      for (const sent of await this.#client.collect('Z')) {
        if (sent.type !== 'N') continue;
        for (const [, tag] of (reportOf(sent)['D'] ?? '').matchAll(/\{([A-Z_]+)/g))
          if (tag !== undefined) this.#counts.set(tag, (this.#counts.get(tag) ?? 0) + 1);
      }
    }
  }

  lines(): readonly string[] {
    return [...this.#counts].toSorted((a, b) => b[1] - a[1]).map(([tag, count]) => `${tag} ${count}`);
  }

  async close(): Promise<void> {
    this.#client.send(sync());
    await this.#client.close();
  }
}

type Range = { readonly startOffset: number; readonly endOffset: number; readonly count: number };
type Counters = {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly functionName: string; readonly ranges: readonly Range[] }[];
  }[];
};

/** `file:line text` of the parts below this folder of our sources that no process entered. */
export function unreached(countersFolder: string, below: string): readonly string[] {
  const byFile = new Map<string, Uint8Array[]>();
  for (const name of readdirSync(countersFolder)) {
    const read = JSON.parse(readFileSync(join(countersFolder, name), 'utf8')) as Counters;
    for (const { url, functions } of read.result) {
      if (!url.includes(below)) continue;
      const path = fileURLToPath(url);
      const reached = new Uint8Array(readFileSync(path, 'utf8').length).fill(1);
      // Inner ranges come behind the outer ones and say more exactly.
      for (const { ranges } of functions)
        for (const { startOffset, endOffset, count } of ranges) reached.fill(count > 0 ? 1 : 0, startOffset, endOffset);
      byFile.set(path, [...(byFile.get(path) ?? []), reached]);
    }
  }
  return [...byFile].toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([path, runs]) => linesOf(path, runs));
}

function linesOf(path: string, runs: readonly Uint8Array[]): readonly string[] {
  const text = readFileSync(path, 'utf8');
  const found: string[] = [];
  let offset = 0;
  let code = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const first = offset + line.search(/\S|$/);
    const isCode = /[a-z]/i.test(line) && !/^\s*(\/\/|\/?\*)/.test(line);
    if (isCode) code++;
    if (isCode && !runs.some((reached) => reached[first] === 1 && reached[offset + line.length - 1] === 1))
      found.push(`${path.split('/').slice(-2).join('/')}:${index + 1} ${line.trim()}`);
    offset += line.length + 1;
  }
  return [`${path.split('/').slice(-2).join('/')}: ${code - found.length} of ${code} lines`, ...found];
}
