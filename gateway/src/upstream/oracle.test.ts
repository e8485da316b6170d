/** Which oracle is chosen, by what a server says. A server on loopback that answers by hand-made bytes. */
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { SluiceError } from '@sluice/contract/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OracleChoice } from './oracle.ts';
import type { Oracle, PostgresConnection } from './postgres-connection.ts';
import type { QueryConnection } from './query-connection.ts';

/** Type, length and body of a message. */
function message(type: string, body: string | Buffer = ''): Buffer {
  const bytes = Buffer.from(body);
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + bytes.length);
  return Buffer.concat([Buffer.from(type), length, bytes]);
}

const READY = message('Z', 'I');
const PARSED = Buffer.concat([message('1'), READY]);
const TREE = message('N', 'SLOG\0Mrewritten parse tree:\0D({QUERY})\0Fprint.c\0Relog_node_display\0\0');
const RAISED = message('N', 'SLOG\0Mrewritten parse tree:\0D({QUERY})\0Fpl_exec.c\0Rexec_stmt_raise\0\0');
const PARSE = 0x50;

/** DataRow: one column, its length, its text. */
function row(text: string): Buffer {
  const cell = Buffer.from(text);
  const head = Buffer.alloc(6);
  head.writeInt16BE(1);
  head.writeInt32BE(cell.length, 2);
  return message('D', Buffer.concat([head, cell]));
}

const BACKEND = 4_711;
const loginError = (sqlState: string): SluiceError =>
  new SluiceError('UPSTREAM_AUTH', 'unsupported startup parameter: options', { facts: { sqlState } });

describe('OracleChoice', () => {
  let server: Server;
  let opened: QueryConnection[];
  /** What a Parse brings before ParseComplete, and the process that answers. */
  let says: { notices: readonly Buffer[]; processId: number };
  let asked: Oracle[];
  let ended: Promise<unknown>[];

  beforeEach(async () => {
    says = { notices: [TREE], processId: BACKEND };
    asked = [];
    opened = [];
    ended = [];
    server = createServer((socket) => {
      ended.push(once(socket, 'close'));
      socket.on('error', () => socket.destroy());
      socket.on('data', (bytes: Buffer) => {
        if (bytes[0] === PARSE) socket.write(Buffer.concat([...says.notices, PARSED]));
        else if (bytes[0] === 0x51)
          socket.write(Buffer.concat([row(String(says.processId)), message('C', 'SELECT 1\0'), READY]));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(async () => {
    for (const connection of opened) connection.close();
    server.close();
    await Promise.all(ended);
  });

  const connection = async (oracle: Oracle): Promise<PostgresConnection> => {
    asked.push(oracle);
    const address = server.address();
    const socket = connect(address !== null && typeof address === 'object' ? address.port : 0, '127.0.0.1');
    await once(socket, 'connect');
    return {
      ...{ socket, oracle, parameters: new Map(), processId: BACKEND },
      ...{ secretKey: Buffer.alloc(4), rest: Buffer.alloc(0), readInPlace: () => undefined },
    };
  };
  const open = async (choice: OracleChoice, dial = connection): Promise<QueryConnection> => {
    const made = await choice.open(dial, () => undefined);
    opened.push(made);
    return made;
  };

  it('is notices where trees arrive', async () => {
    const choice = new OracleChoice('auto', null);
    await open(choice);
    expect([choice.current, asked]).toEqual(['notices', ['notices']]);
  });

  it.each([
    ['no notice arrives', []],
    ['a notice arrives that somebody raised', [RAISED]],
  ])('is stored, on a connection of its own, where %s', async (_name, notices) => {
    says = { ...says, notices };
    const choice = new OracleChoice('auto', null);
    await open(choice);
    expect([choice.current, asked]).toEqual(['stored', ['notices', 'stored']]);
    expect(choice.reason).toContain('prints no tree');
  });

  it.each(['08P01', '0A000', '22023', '42501', '42704', '55P02'])(
    'is stored where the log-in fails with %s: the server does not take the settings',
    async (sqlState) => {
      const choice = new OracleChoice('auto', null);
      await open(choice, (oracle) =>
        oracle === 'notices' ? Promise.reject(loginError(sqlState)) : connection(oracle),
      );
      expect([choice.current, asked]).toEqual(['stored', ['stored']]);
      expect(choice.reason).toContain('unsupported startup parameter');
    },
  );

  it.each([
    ['a wrong password', loginError('28P01')],
    ['a server that is not there', new SluiceError('UPSTREAM_UNREACHABLE', 'refused')],
    ['something unforeseen', new TypeError('unforeseen')],
  ])('%s is told, and chooses nothing', async (_name, error) => {
    const choice = new OracleChoice('auto', null);
    await expect(open(choice, () => Promise.reject(error))).rejects.toBe(error);
    expect([choice.current, choice.reason]).toEqual(['notices', 'the server was not asked yet']);
  });

  it('is chosen anew at each connection', async () => {
    const choice = new OracleChoice('auto', null);
    says = { ...says, notices: [] };
    await open(choice);
    says = { ...says, notices: [TREE] };
    await open(choice);
    expect([choice.current, asked]).toEqual(['notices', ['notices', 'stored', 'notices']]);
  });

  it.each(['notices', 'stored'] as const)('is %s where the configuration says so, whatever arrives', async (wanted) => {
    says = { ...says, notices: wanted === 'stored' ? [TREE] : [] };
    const choice = new OracleChoice(wanted, null);
    await open(choice);
    expect([choice.current, asked]).toEqual([wanted, [wanted]]);
    expect(choice.reason).toContain(`oracle: ${wanted}`);
  });

  it('a server that answers as another process is a pooler, and refused with its connection closed', async () => {
    says = { ...says, processId: BACKEND + 1 };
    await expect(open(new OracleChoice('auto', null))).rejects.toMatchObject({ code: 'UPSTREAM_PROTOCOL' });
    await Promise.all(ended);
  });

  it('a pooler that keeps its connections is taken at the word of the configuration', async () => {
    says = { ...says, processId: BACKEND + 1 };
    const choice = new OracleChoice('auto', 'session');
    await open(choice);
    expect(choice.current).toBe('notices');
  });
});
