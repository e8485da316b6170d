/**
 * A worker thread around libpg-query. It is stopped from outside when it takes too long, and replaced after every
 * failure but a syntax error: a WASM instance that ran out of stack stays broken.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { FunctionFacts } from '../../analysis/postgres/facts.ts';
import { type Ast, isAst } from '../../analysis/postgres/gate/ast.ts';
import { gate } from '../../analysis/postgres/gate/gate.ts';
import type { Grammar, Token } from '../../analysis/postgres/gate/grammar.ts';
import {
  type PreparedProgram,
  preparePlpgsqlBody,
  statementsByPath,
} from '../../analysis/postgres/gate/plpgsql-body.ts';
import { prepareSqlBody } from '../../analysis/postgres/gate/sql-body.ts';
import type { GateAnswer, GateQuestion } from './gate-pool.ts';
import { ownThreadId } from './thread-time.ts';

type ParserModule = { readonly loadModule: () => Promise<void>; readonly parseSync: (text: string) => unknown };
type ScannerModule = ParserModule & {
  readonly parsePlPgSQLSync: (text: string) => unknown;
  readonly scanSync: (text: string) => { readonly tokens: readonly unknown[] };
};

const port = parentPort;
if (port === null) throw new Error('the gate worker runs in a worker thread only');

const { grammarMajor } = workerData as { readonly grammarMajor: 15 | 16 | 17 | 18 };
const scanner = (await import('libpg-query-18')) as ScannerModule;
const parser = await loadParser(grammarMajor);
await scanner.loadModule();
await parser.loadModule();

async function loadParser(major: 15 | 16 | 17 | 18): Promise<ParserModule> {
  switch (major) {
    case 15:
      return await import('libpg-query-15');
    case 16:
      return await import('libpg-query-16');
    case 17:
      return await import('libpg-query-17');
    case 18:
      return scanner;
  }
}

const grammar: Grammar = {
  parse(text) {
    // The package refuses what is empty to its trim(); so is a text of comments alone to the grammar.
    if (text.trim() === '') return [];
    let result: unknown;
    try {
      result = parser.parseSync(text);
    } catch (error) {
      if (error instanceof Error && error.constructor.name === 'SqlError') return null;
      throw error;
    }
    const statements = isAst(result) && Array.isArray(result['stmts']) ? result['stmts'].filter(isAst) : [];
    const length = Buffer.byteLength(text);
    return statements.map((raw) => {
      const startByte = numberOf(raw['stmt_location']);
      const bytes = numberOf(raw['stmt_len']);
      return {
        statement: isAst(raw['stmt']) ? raw['stmt'] : ({} satisfies Ast),
        startByte,
        endByte: bytes === 0 ? length : startByte + bytes,
      };
    });
  },
  parsePlpgsql(text) {
    try {
      return scanner.parsePlPgSQLSync(text);
    } catch (error) {
      // The parser's answer to a body that it does not know; anything else breaks this worker.
      if (error instanceof Error && error.constructor.name !== 'RuntimeError' && !(error instanceof RangeError))
        return null;
      throw error;
    }
  },
  scan: (text) => scanner.scanSync(text).tokens.filter(isAst).map(tokenOf),
};

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function tokenOf(token: Ast): Token {
  const name = String(token['tokenName']);
  return {
    start: numberOf(token['start']),
    end: numberOf(token['end']),
    text: String(token['text']),
    isComment: name === 'SQL_COMMENT' || name === 'C_COMMENT',
  };
}

function prepareBody(facts: FunctionFacts): PreparedProgram | null {
  if (facts.language === 'plpgsql') return preparePlpgsqlBody(grammar, facts, facts.triggerRelation ?? null);
  const statements = prepareSqlBody(grammar, facts);
  if (statements === null) return null;
  return { statements, locals: 0, assigns: [], unresolved: [], byPath: statementsByPath(grammar, statements) };
}

port.on('message', (question: GateQuestion) => {
  let answer: GateAnswer;
  try {
    answer =
      question.kind === 'judge'
        ? { kind: 'judged', result: gate(grammar, question.text) }
        : { kind: 'prepared', program: prepareBody(question.facts) };
  } catch (error) {
    // Whatever it was, this instance is not trusted any more: the pool replaces it.
    answer = { kind: 'broken', message: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(answer);
});
port.postMessage({ kind: 'ready', threadId: ownThreadId() } satisfies GateAnswer);
