/**
 * The gateway as a model of the server: for a principal who touches public columns only, every order of messages is
 * answered as the database itself answers it; and what goes upstream is what was decided.
 */
import { join } from 'node:path';
import { readBlocks } from '../../../gateway/src/evidence/read-log.ts';
import { cellsOf, EvilClient, message, query, reportOf, type ServerMessage } from '../../harness/evil-client.ts';
import { startGateway } from '../../harness/gateway.ts';
import { startPostgres } from '../../harness/postgres-server.ts';
import { Random } from '../random.ts';
import { type Piece, PUBLIC_SCHEMA, sequence } from './sequences.ts';
import { type Sent, startUpstreamTap } from './upstream-tap.ts';

export type ProtocolRun = {
  readonly seed: number;
  readonly isOver: (sequences: number) => boolean;
  readonly print: (line: string) => void;
};

const RESOURCE = 'public-db';
const OWN_PREFIX = 'sluice$';
/** Statements that the gateway runs for itself. */
const OWN_STATEMENTS: ReadonlySet<string> = new Set(['catalog', 'clock', 'refused'].map((name) => OWN_PREFIX + name));

/** Lines that tell what was wrong; empty when nothing was. */
export async function runProtocol(run: ProtocolRun): Promise<readonly string[]> {
  await using server = await startPostgres({ major: 15, settings: { timezone: 'UTC' } });
  await server.admin(`CREATE ROLE app LOGIN PASSWORD 'app'`);
  for (const database of ['direct', 'guarded']) {
    await server.admin(`CREATE DATABASE ${database}`);
    await server.admin(PUBLIC_SCHEMA, database);
  }
  const tap = await startUpstreamTap(server);
  const gateway = await startGateway({
    resources: [
      {
        name: RESOURCE,
        upstream: { host: '127.0.0.1', port: tap.port, database: 'guarded' },
        credential: { username: 'app', password: 'app' },
        labelsCsv: 'schema,table,column,label\n',
        unclassified: 'public',
      },
    ],
    users: [{ username: 'ada', name: 'Ada', email: 'ada@test.example', password: 'ada', groups: [] }],
  });
  const problems: string[] = [];
  try {
    const minted = await gateway.mintSession('ada', RESOURCE);
    const random = new Random(run.seed);
    for (let count = 0; !run.isOver(count); count++) {
      const pieces = sequence(random);
      const direct = await EvilClient.login(server.port, { user: 'app', password: 'app', database: 'direct' });
      const guarded = await EvilClient.login(gateway.postgresPort, {
        user: minted.username,
        password: minted.secret,
        database: RESOURCE,
      });
      const [expected, found] = await Promise.all([answersTo(direct, pieces), answersTo(guarded, pieces)]);
      const difference = expected.findIndex((line, index) => line !== found[index]);
      if (difference >= 0 || expected.length !== found.length) {
        const at = difference < 0 ? expected.length : difference;
        problems.push(
          [
            ...pieces.map(({ says }) => `  ${says}`),
            `  expected: ${expected[at] ?? 'nothing'}`,
            `  found: ${found[at] ?? 'nothing'}`,
          ].join('\n'),
        );
        run.print(problems.at(-1) ?? '');
      }
      await Promise.all([direct.close(), guarded.close()]);
    }
    await gateway.end('SIGTERM');
    const decided = await allowedTexts(join(gateway.directory, 'data', 'evidence'));
    for (const messages of tap.connections) problems.push(...undecided(messages, decided));
  } finally {
    await gateway.stop();
    await tap.stop();
  }
  return problems;
}

const END = 'the end of the sequence';

/** Sends everything at once, and a last question after it; the answers up to that question's. */
async function answersTo(client: EvilClient, pieces: readonly Piece[]): Promise<readonly string[]> {
  client.send(...pieces.map(({ bytes }) => bytes), message('S'), query('ROLLBACK'), query(`SELECT '${END}'`));
  const lines: string[] = [];
  for (;;) {
    const answers = await client.collect('Z');
    lines.push(...answers.map(lineOf));
    if (client.closed || answers.some((sent) => sent.type === 'D' && cellsOf(sent)[0] === END)) return lines;
  }
}

function lineOf(sent: ServerMessage): string {
  if (sent.type === 'E' || sent.type === 'N') {
    const { S, C, M, P } = reportOf(sent);
    // The gateway's own answer to a parameter in a simple query has no position; a wrong Bind names the upstream's name.
    const position = C === '42P02' ? '' : (P ?? '');
    const words = C === '08P01' ? M?.replace(/statement "[^"]*"/, 'statement') : M;
    return `${sent.type} ${S} ${C} ${words} ${position}`;
  }
  // The OID of the table differs between the databases.
  if (sent.type === 'T') return `T ${sent.body.toString('latin1').replaceAll(/[^ -~]+.{0,18}/gs, ' ')}`;
  return `${sent.type} ${sent.body.toString('latin1')}`;
}

/** Texts of statements that policy let pass. */
async function allowedTexts(directory: string): Promise<ReadonlySet<string>> {
  const allowed = new Set<string>();
  for await (const { entries } of readBlocks(directory, { from: 0, until: Number.MAX_SAFE_INTEGER })) {
    for (const { entry } of entries)
      if (entry.kind === 'statement.decided' && (entry.effect === 'allow' || entry.effect === 'mask'))
        allowed.add(entry.text.trim());
  }
  return allowed;
}

/** Literals of a statement that comes again become parameters (ADR 16). */
function shapeOf(text: string): string {
  return text.replace(/\$\d+|'[^']*'|-?\d+(?:\.\d+)?/g, '?');
}

/** What was run upstream although no entry says that it may. */
function undecided(messages: readonly Sent[], allowed: ReadonlySet<string>): readonly string[] {
  const statements = new Map<string, string>();
  const portals = new Map<string, string>();
  // The gateway's own connection to the catalog carries no client's statement.
  if (messages.some((sent) => sent.kind === 'startup' && sent.application === 'sluice catalog')) return [];
  const problems: string[] = [];
  const require = (text: string, how: string): void => {
    const shape = shapeOf(text.trim());
    const known = [...allowed].some(
      (one) => one.includes(text.trim()) || (text.includes('$1') && shapeOf(one) === shape),
    );
    if (!known) problems.push(`${how} upstream without a decision: ${text}`);
  };
  for (const sent of messages) {
    switch (sent.kind) {
      case 'query':
        require(sent.text, 'Query');
        break;
      case 'parse':
        statements.set(sent.statement, sent.text);
        break;
      case 'bind':
        portals.set(sent.portal, sent.statement);
        break;
      case 'execute': {
        const statement = portals.get(sent.portal);
        if (statement === undefined) problems.push(`Execute of a portal that was never bound: ${sent.portal}`);
        else if (!OWN_STATEMENTS.has(statement)) require(statements.get(statement) ?? '', `Execute of ${statement}`);
        break;
      }
      case 'startup':
        break;
      case 'other':
        if (sent.type === 'F') problems.push('a FunctionCall went upstream');
        break;
    }
  }
  return problems;
}
