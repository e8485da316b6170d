/**
 * Databases that misbehave in a session: whatever they send, the client gets a FATAL error in PostgreSQL's words or a
 * clean answer, never a classified value, and nothing that nobody asked for.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  bind,
  cstring,
  execute,
  int16,
  int32,
  message,
  parse,
  query,
  reportOf,
  type ServerMessage,
  sync,
} from '../harness/evil-client.ts';
import { type EvilConnection, type EvilServer, startEvilServer } from '../harness/evil-server.ts';
import { type EvilSite, SSN, startEvilSite } from '../harness/evil-site.ts';

/** `ssn` is masked; `name` is not. */
const TEXT = 'SELECT name, ssn FROM people ORDER BY id';
/** One of the columns, so that a wrong count of them can be had by adding one. */
const cell = (text: string) => Buffer.concat([int32(Buffer.byteLength(text)), Buffer.from(text)]);
const row = (...texts: readonly string[]) => message('D', int16(texts.length), ...texts.map(cell));
const report = (type: 'E' | 'N', fields: Readonly<Record<string, string>>) =>
  message(type, ...Object.entries(fields).map(([letter, text]) => cstring(letter + text)), Buffer.alloc(1));
const notification = message('A', int32(1), cstring('channel'), cstring(SSN));

let site: EvilSite;
let evil: EvilServer;
beforeAll(async () => {
  site = await startEvilSite({
    limits: { maxFrameBytes: 1_048_576 },
    resources: async (shop) => {
      evil = await startEvilServer({ host: shop.upstream.host, port: shop.upstream.port });
      return [{ ...shop, name: 'evil', upstream: { ...shop.upstream, port: evil.port } }];
    },
  });
});
afterAll(async () => {
  site.recordIsWhole();
  await site.stop();
  await evil.stop();
});
afterEach(() => site.unharmed());

/** In the place of the first row of the answer. */
const CUES: Readonly<Record<string, (bytes: Buffer) => boolean>> = {
  D: (bytes) => bytes.includes('Ada'),
};

/** What the database says, once, in the place of its first message of this type after the login. */
function inPlaceOf(cue: string, act: (bytes: Buffer, connection: EvilConnection) => Buffer | 'pass'): void {
  let isLoggedIn = false;
  let isDone = false;
  evil.script = {
    onMessage: (type, bytes, connection) => {
      if (!isLoggedIn) {
        isLoggedIn = type === 'Z';
        return 'pass';
      }
      if (isDone || type !== cue || CUES[cue]?.(bytes) === false) return 'pass';
      isDone = true;
      return act(bytes, connection);
    },
  };
}

/** Everything that the client of such a database gets, for one statement. */
async function answers(
  extended: boolean,
): Promise<{ readonly messages: readonly ServerMessage[]; readonly ended: boolean }> {
  const client = await site.session('evil');
  client.send(...(extended ? [parse('', TEXT), bind('', ''), execute(''), sync()] : [query(TEXT)]));
  const messages: ServerMessage[] = [];
  try {
    messages.push(...(await client.collect('Z')));
    return { messages, ended: client.closed };
  } finally {
    await client.close();
  }
}

const gone = (_bytes: Buffer, connection: EvilConnection): Buffer => {
  connection.close();
  return Buffer.alloc(0);
};
const instead =
  (...bytes: readonly Buffer[]) =>
  (): Buffer =>
    Buffer.concat(bytes);
const before =
  (...bytes: readonly Buffer[]) =>
  (original: Buffer): Buffer =>
    Buffer.concat([...bytes, original]);

type Attack = readonly [
  name: string,
  cue: string,
  act: (bytes: Buffer, connection: EvilConnection) => Buffer,
  sqlState: string,
];

const ATTACKS: readonly Attack[] = [
  ['dies at Parse', '1', gone, '08006'],
  ['dies at Bind', '2', gone, '08006'],
  ['dies before a row', 'D', gone, '08006'],
  [
    'dies in the middle of a row',
    'D',
    (bytes, connection) => (connection.send(bytes.subarray(0, 9)), gone(bytes, connection)),
    '08006',
  ],
  ['resets', 'D', (_bytes, connection) => (connection.reset(), Buffer.alloc(0)), '08006'],
  ['says goodbye', 'D', instead(report('E', { S: 'FATAL', V: 'FATAL', C: '57P01', M: 'shutting down' })), '57P01'],
  ['sends garbage', 'D', instead(Buffer.from('ffffffffffffffffff', 'hex')), '08006'],
  ['sends HTTP', 'D', instead(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')), '54000'],
  ['sends a message of no kind', 'D', instead(message('!', Buffer.from('x'))), '08006'],
  ['sends an error without its end', 'D', instead(message('E', Buffer.from('SERROR\0C22012\0Mno'))), '08006'],
  ['sends an empty error', 'D', instead(message('E')), '08006'],
  [
    'sends an error twice',
    'D',
    instead(
      report('E', { S: 'ERROR', V: 'ERROR', C: '22012', M: 'a' }),
      report('E', { S: 'ERROR', V: 'ERROR', C: '22012', M: 'b' }),
    ),
    '08006',
  ],
  ['sends a negative length', 'D', instead(Buffer.from('C'), int32(-1)), '08006'],
  ['sends a row of negative length', 'D', instead(Buffer.from('D'), int32(-1)), '08006'],
  ['sends a description of 2 GB', 'T', instead(Buffer.from('T'), int32(0x7fff_ffff)), '54000'],
  ['sends a row with a column too many', 'D', instead(row('Ada', SSN, SSN)), '08006'],
  ['sends a row with a column too few', 'D', instead(row(SSN)), '08006'],
  ['sends a row with no column', 'D', instead(row()), '08006'],
  ['sends a row that counts -1 columns', 'D', instead(message('D', int16(-1), cell(SSN))), '08006'],
  [
    'sends a cell that is longer than its row',
    'D',
    instead(message('D', int16(2), cell('Ada'), int32(500), Buffer.from(SSN))),
    '08006',
  ],
  ['sends a cell of length -2', 'D', instead(message('D', int16(2), int32(-2), cell(SSN))), '08006'],
  [
    'sends bytes behind the last cell',
    'D',
    instead(message('D', int16(2), cell('Ada'), cell('x'), Buffer.from(SSN))),
    '08006',
  ],
  ['sends COPY data in the place of a row', 'D', instead(message('d', Buffer.from(SSN))), '08006'],
  ['starts a COPY', 'D', instead(message('H', Buffer.from([0, 0, 0]))), '08006'],
  ['asks for COPY data', 'D', instead(message('G', Buffer.from([0, 0, 0]))), '08006'],
  ['goes over to COPY BOTH', 'D', instead(message('W', Buffer.from([0, 0, 0]))), '08006'],
  ['authenticates again', 'D', instead(message('R', int32(0))), '08006'],
  ['asks for a password', 'D', instead(message('R', int32(3))), '08006'],
  ['gives keys again', 'D', instead(message('K', int32(1), int32(2))), '08006'],
  ['answers a function call', 'D', instead(message('V', cell(SSN))), '08006'],
  ['negotiates the protocol', 'D', instead(message('v', int32(0), int32(0))), '08006'],
  ['describes other columns in the middle', 'D', before(message('T', int16(0))), '08006'],
  ['parses what nobody sent', 'D', before(message('1')), '08006'],
  ['is ready too early', 'D', before(message('Z', Buffer.from('I'))), '08006'],
  ['is ready twice', 'Z', before(message('Z', Buffer.from('I'))), '08006'],
  ['completes twice', 'C', before(message('C', cstring('SELECT 9'))), '08006'],
  ['completes without an end', 'C', instead(message('C', Buffer.from('SELECT 2'))), '08006'],
  ['completes with more behind the end', 'C', instead(message('C', cstring('SELECT 2'), cstring(SSN))), '08006'],
  ['is ready in an unknown state', 'Z', instead(message('Z', Buffer.from('Q'))), '08006'],
  ['names a parameter without an end', 'D', before(message('S', Buffer.from('x'))), '08006'],
  [
    'names a parameter with more behind it',
    'D',
    before(message('S', cstring('a'), cstring('b'), cstring(SSN))),
    '08006',
  ],
  ['has no ParseComplete but two BindCompletes', '1', instead(message('2'), message('2')), '08006'],
  ['describes one column', 'T', instead(message('T', int16(1), cstring('name'), Buffer.alloc(18))), '42501'],
];

describe.each([
  ['simple', false],
  ['extended', true],
])('a database that, in the %s protocol,', (_protocol, extended) => {
  it.each(ATTACKS)('%s ends this session and no other', async (_name, cue, act, sqlState) => {
    inPlaceOf(cue, act);
    const { messages } = await answers(extended);
    const error = messages.findLast(({ type }) => type === 'E');
    expect(error && reportOf(error)).toMatchObject({ C: sqlState });
    // No bytes of anybody's behind the last complete message, and nothing classified in any.
    expect(Buffer.concat(messages.map(({ body }) => body)).includes(SSN)).toBe(false);
    expect(messages.every(({ type }) => '12CDEINSTZn'.includes(type))).toBe(true);
  });
});

describe('what is withheld, though the session goes on', () => {
  const CLEAN = { types: 'TDDCZ', hasSecret: false };
  const seen = async () => {
    const { messages } = await answers(false);
    const bytes = Buffer.concat(messages.map(({ body }) => body));
    return { types: messages.map(({ type }) => type).join(''), hasSecret: bytes.includes(SSN) };
  };

  it('20,000 notifications', async () => {
    inPlaceOf('D', before(...Array.from({ length: 20_000 }, () => notification)));
    expect(await seen()).toEqual(CLEAN);
  });

  it('20,000 log lines', async () => {
    const line = report('N', { S: 'LOG', V: 'LOG', C: '00000', M: SSN });
    inPlaceOf('D', before(...Array.from({ length: 20_000 }, () => line)));
    expect(await seen()).toEqual(CLEAN);
  });

  it('a tree that RAISE has made up, beside the real one', async () => {
    inPlaceOf(
      '1',
      before(
        report('N', {
          S: 'LOG',
          V: 'LOG',
          C: '00000',
          M: 'rewritten parse tree:',
          D: '({QUERY})',
          F: 'pl_exec.c',
          R: 'exec_stmt_raise',
        }),
      ),
    );
    expect(await seen()).toEqual(CLEAN);
  });

  it('a warning of a statement that touches classified columns: its text', async () => {
    inPlaceOf(
      'D',
      before(report('N', { S: 'WARNING', V: 'WARNING', C: '01000', M: SSN, D: SSN, H: SSN, W: SSN, t: SSN })),
    );
    expect(await seen()).toEqual({ ...CLEAN, types: 'TNDDCZ' });
  });
});

describe('a database that prints no tree', () => {
  const isTree = (bytes: Buffer) => bytes.includes('elog_node_display');

  it.each<[name: string, inItsPlace: Buffer]>([
    ['at all', Buffer.alloc(0)],
    [
      'but one that RAISE has made up',
      report('N', {
        S: 'LOG',
        V: 'LOG',
        C: '00000',
        M: 'rewritten parse tree:',
        D: '({QUERY :commandType 1})',
        F: 'pl_exec.c',
        R: 'exec_stmt_raise',
      }),
    ],
    [
      'but an empty one',
      report('N', {
        S: 'LOG',
        V: 'LOG',
        C: '00000',
        M: 'rewritten parse tree:',
        D: '',
        F: 'print.c',
        R: 'elog_node_display',
      }),
    ],
    [
      'but one that ends in its middle',
      report('N', {
        S: 'LOG',
        V: 'LOG',
        C: '00000',
        M: 'rewritten parse tree:',
        D: '({QUERY :commandType 1 :rtable ({',
        F: 'print.c',
        R: 'elog_node_display',
      }),
    ],
  ])('%s: every statement is refused, and nothing runs', async (_name, inItsPlace) => {
    evil.script = { onMessage: (type, bytes) => (type === 'N' && isTree(bytes) ? inItsPlace : 'pass') };
    const client = await site.session('evil');
    for (const text of [TEXT, 'SELECT 1', 'SELECT count(*) FROM notes', "INSERT INTO notes VALUES (99, 'x')"]) {
      const messages = await client.query(text);
      const error = messages.find(({ type }) => type === 'E');
      expect(error && reportOf(error)).toMatchObject({ S: 'ERROR', C: '42501' });
      expect(messages.some(({ type }) => type === 'D')).toBe(false);
    }
    await client.close();
    expect(await site.server.admin('SELECT 1 FROM notes WHERE id = 99', 'shop')).toEqual([]);
  });
});

it('the record says of each statement what became of it', async () => {
  const withoutOutcome = async () => {
    const open = new Set<string>();
    for (const entry of await site.entries()) {
      if (entry.kind === 'statement.decided' && entry.effect !== 'refuse') {
        open.add(`${entry.sessionId} ${entry.statementId}`);
      }
      if (entry.kind === 'statement.completed') open.delete(`${entry.sessionId} ${entry.statementId}`);
    }
    return [...open];
  };
  // The last answer goes out a moment before its entry.
  await expect.poll(withoutOutcome).toEqual([]);
});
