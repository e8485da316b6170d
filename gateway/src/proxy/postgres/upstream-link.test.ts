import { SluiceError } from '@sluice/contract/errors';
import { beforeEach, describe, expect, it } from 'vitest';
import { passAll } from '../../masking/plan.ts';
import type { Executed, Outcome } from './exchange.ts';
import { UpstreamLink } from './upstream-link.ts';

/** Type, length and body of a message, by hand. */
function message(type: string, body: string | Buffer = ''): Buffer {
  const bytes = Buffer.from(body);
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + bytes.length);
  return Buffer.concat([Buffer.from(type), length, bytes]);
}

/** The letters of the messages in there. */
function typesOf(bytes: Buffer): string {
  let types = '';
  for (let at = 0; at < bytes.length; at += 1 + bytes.readInt32BE(at + 1))
    types += bytes.toString('latin1', at, at + 1);
  return types;
}

const READY = message('Z', 'I');
const PARSED = message('1');
const BOUND = message('2');
const ROW = message('D', Buffer.from([0, 1, 0, 0, 0, 1, 0x41]));
const DONE = message('C', 'SELECT 1\0');

describe('UpstreamLink', () => {
  let client: Buffer[];
  let minMessages: string;
  let link: UpstreamLink;
  const told = (): string => Buffer.concat(client).toString('latin1');

  beforeEach(() => {
    client = [];
    minMessages = 'notice';
    link = new UpstreamLink(
      {
        pauseServer: () => undefined,
        occupy: () => false,
        resumeServer: () => undefined,
        failed: (error) => {
          throw error;
        },
        toClient: (bytes) => client.push(bytes),
        toServer: () => undefined,
        send: () => undefined,
        flushToServer: () => undefined,
        wantsRow: () => false,
        onRow: () => undefined,
        clientMinMessages: () => minMessages,
        onNestedTree: () => undefined,
        notification: ({ payload }) => (payload === 'own' ? Buffer.from('shown') : null),
      },
      { maxFrameBytes: 65_536, maxMaskedRowBytes: 65_536 },
    );
  });

  const execute = (more: Partial<Executed> = {}): Executed => ({
    kind: 'execute',
    audience: 'client',
    statementId: 1,
    rule: () => ({ kind: 'rows', plan: passAll(1), deliver: true }),
    onOutcome: () => undefined,
    ...more,
  });

  it('forwards what the client asked for and withholds what the gateway asked for', () => {
    link.ask(Buffer.alloc(0), { kind: 'parse', audience: 'gateway' }, { kind: 'bind', audience: 'client' }, execute(), {
      kind: 'sync',
      audience: 'client',
    });
    link.receive(Buffer.concat([PARSED, BOUND, ROW, DONE, READY]));
    expect(told()).toBe(Buffer.concat([BOUND, ROW, DONE, READY]).toString('latin1'));
  });

  it.each([
    ['an error of the commit comes instead of it', [message('E', 'SERROR\0VERROR\0C23505\0\0')], 'EZ'],
    ['notices of the commit come before it', [message('N', 'SNOTICE\0VNOTICE\0C00000\0Mx\0\0')], 'NCZ'],
    ['a parameter comes behind it', [message('S', 'TimeZone\0UTC\0')], 'CSZ'],
    ['nothing else does', [], 'CZ'],
  ])('a statement that is committed first is told of when the transaction ends: %s', (_name, answers, order) => {
    link.ask(
      Buffer.alloc(0),
      execute({ commitsFirst: true, rule: () => null }),
      { kind: 'close', audience: 'gateway' },
      { kind: 'sync', audience: 'client' },
    );
    link.receive(Buffer.concat([DONE, message('3')]));
    expect(told()).toBe('');
    link.receive(Buffer.concat([...answers, READY]));
    expect(typesOf(Buffer.concat(client))).toBe(order);
  });

  it.each([
    ['by an error of the commit', (): void => link.receive(message('E', 'SERROR\0VERROR\0C23505\0\0')), '23505'],
    ['by the end of the transaction', (): void => link.receive(READY), null],
    [
      'by nothing: the connection ended',
      (): void => link.end(new SluiceError('UPSTREAM_CLOSED', 'gone')),
      'outcome unknown',
    ],
  ])(
    'what became of a statement that is committed first is known when the transaction ends, %s',
    (_name, end, error) => {
      const outcomes: { readonly tag: string; readonly error: string | null }[] = [];
      link.ask(
        Buffer.alloc(0),
        execute({ commitsFirst: true, rule: () => null, onOutcome: (outcome) => outcomes.push(outcome) }),
        { kind: 'close', audience: 'gateway' },
        { kind: 'sync', audience: 'client' },
      );
      link.receive(Buffer.concat([DONE, message('3')]));
      expect(outcomes).toEqual([]);
      end();
      expect(outcomes).toEqual([expect.objectContaining({ error })]);
    },
  );

  it('a statement that is committed first is told of before what is asked behind it', () => {
    link.ask(Buffer.alloc(0), execute({ commitsFirst: true, rule: () => null }), {
      kind: 'parse',
      audience: 'gateway',
    });
    link.answer(message('I'));
    link.receive(DONE);
    link.receive(PARSED);
    expect(typesOf(Buffer.concat(client))).toBe('CI');
  });

  it('tells what was answered before the server ended the session, also in the same chunk', () => {
    const last = message('E', 'SFATAL\0VFATAL\0C57P01\0Mthe end\0\0');
    link.ask(Buffer.alloc(0), { kind: 'bind', audience: 'client' }, execute(), { kind: 'sync', audience: 'client' });
    expect(() => link.receive(Buffer.concat([BOUND, ROW, DONE, READY, last]))).toThrow('ended the session');
    expect(told()).toBe(Buffer.concat([BOUND, ROW, DONE, READY, last]).toString('latin1'));
  });

  it('gives its own answers in their place, also behind an answer in the same chunk', () => {
    link.answer(message('1'));
    expect(told()).toBe(PARSED.toString('latin1'));
    link.ask(Buffer.alloc(0), { kind: 'bind', audience: 'client' });
    link.answer(message('3'));
    link.ask(Buffer.alloc(0), { kind: 'sync', audience: 'client' });
    link.receive(Buffer.concat([BOUND, READY]));
    expect(told()).toBe(Buffer.concat([PARSED, BOUND, message('3'), READY]).toString('latin1'));
  });

  it('lets its own answers wait for those of the server behind them, in one write with them', () => {
    link.collectAnswers();
    link.answer(message('1'));
    link.ask(Buffer.alloc(0), { kind: 'bind', audience: 'client' }, { kind: 'sync', audience: 'client' });
    link.tellAnswers();
    expect(client).toEqual([]);
    link.receive(Buffer.concat([BOUND, READY]));
    expect(client).toEqual([Buffer.concat([PARSED, BOUND, READY])]);
  });

  it('lets no answer of its own wait when the server owes none behind it', async () => {
    link.collectAnswers();
    link.answer(message('1'));
    expect(client).toEqual([]);
    link.tellAnswers();
    expect(told()).toBe(PARSED.toString('latin1'));
    link.collectAnswers();
    link.answer(message('3'));
    await link.settled();
    expect(told()).toBe(Buffer.concat([PARSED, message('3')]).toString('latin1'));
  });

  it('tells errors of what was asked quietly to nobody, and of what comes after it again', async () => {
    const failing = { kind: 'parse', audience: 'gateway' } as const;
    const quiet = link.quietly(async () => {
      await Promise.resolve();
      link.send({ kind: 'Flush' }, failing);
    });
    const error = message('E', 'SERROR\0VERROR\0C42601\0Mno\0\0');
    await new Promise(setImmediate);
    link.receive(Buffer.concat([error, READY]));
    await quiet;
    expect(client).toEqual([]);
    link.send({ kind: 'Flush' }, { ...failing });
    link.receive(error);
    expect(told()).toContain('C42601');
  });

  it('reads the tag of each CommandComplete, alike or not', () => {
    const outcomes: Outcome[] = [];
    const one = execute({ onOutcome: (outcome) => outcomes.push(outcome) });
    link.ask(Buffer.alloc(0), one, one, one);
    link.receive(Buffer.concat([DONE, DONE, message('C', 'SELECT 2\0')]));
    expect(outcomes.map(({ tag }) => tag)).toEqual(['SELECT 1', 'SELECT 1', 'SELECT 2']);
    link.ask(Buffer.alloc(0), one);
    expect(() => link.receive(message('C', 'SELECT 3'))).toThrow('final NUL');
  });

  it('replaces the words of a statement that was made to fail by the refusal', () => {
    link.ask(
      Buffer.alloc(0),
      { kind: 'bind', audience: 'client', refusal: new SluiceError('REFUSED_BY_POLICY', 'no') },
      { kind: 'sync', audience: 'client' },
    );
    link.receive(
      Buffer.concat([
        message('E', 'SERROR\0VERROR\0C26000\0Mprepared statement "sluice$refused" does not exist\0\0'),
        READY,
      ]),
    );
    expect(told()).toContain('C42501');
    expect(told()).toContain('sluice: no');
    expect(told()).not.toContain('sluice$refused');
  });

  it('skips up to the Sync that was asked for, not up to its answer', () => {
    link.ask(Buffer.alloc(0), execute());
    link.receive(message('E', 'SERROR\0VERROR\0C22012\0Mdivision by zero\0\0'));
    expect(link.skipping).toBe(true);
    link.ask(Buffer.alloc(0), { kind: 'sync', audience: 'client' });
    expect(link.skipping).toBe(false);
  });

  it('fails everything that the server skips after an error, up to Sync', () => {
    const outcomes: Outcome[] = [];
    let failed = 0;
    link.ask(
      Buffer.alloc(0),
      { kind: 'bind', audience: 'client', onFailed: () => (failed += 1) },
      execute({ onOutcome: (outcome) => outcomes.push(outcome) }),
      { kind: 'sync', audience: 'client' },
    );
    link.answer(message('1'));
    link.receive(message('E', 'SERROR\0VERROR\0C22012\0Mdivision by zero\0\0'));
    expect(link.skipping).toBe(false);
    expect([failed, outcomes.map((outcome) => outcome.error)]).toEqual([1, ['skipped']]);
    link.receive(READY);
    expect(link.skipping).toBe(false);
  });

  it('keeps only severity and SQLSTATE of an error that could hold a classified value', () => {
    link.ask(Buffer.alloc(0), execute({ sensitive: true }), { kind: 'sync', audience: 'client' });
    link.receive(
      message('E', 'SERROR\0VERROR\0C23505\0Mduplicate key\0DKey (ssn)=(123-45-6789) already exists.\0nssn_key\0\0'),
    );
    expect(told()).toContain('C23505');
    expect(told()).not.toMatch(/123-45-6789|ssn_key|duplicate/);
  });

  it('scrubs what comes up at the end of the transaction too, and nothing else of later statements', () => {
    link.ask(Buffer.alloc(0), execute({ sensitive: true }), { kind: 'sync', audience: 'client' }, execute(), {
      kind: 'sync',
      audience: 'client',
    });
    link.receive(
      Buffer.concat([DONE, message('Z', 'T'), message('E', 'SERROR\0VERROR\0C22012\0Mplain 1\0\0'), message('Z', 'T')]),
    );
    link.ask(Buffer.alloc(0), execute({ runsDeferred: true }), { kind: 'sync', audience: 'client' });
    link.receive(Buffer.concat([message('E', 'SERROR\0VERROR\0C23503\0Msecret 1\0\0'), READY]));
    link.ask(Buffer.alloc(0), execute({ sensitive: true }), { kind: 'sync', audience: 'client' });
    link.receive(Buffer.concat([DONE, message('E', 'SERROR\0VERROR\0C23503\0Msecret 2\0\0'), READY]));
    link.ask(Buffer.alloc(0), execute({ runsDeferred: true }), { kind: 'sync', audience: 'client' });
    link.receive(Buffer.concat([message('E', 'SERROR\0VERROR\0C23503\0Mplain 2\0\0'), READY]));
    expect(told()).not.toMatch(/secret/);
    expect(told()).toMatch(/plain 1[^]*plain 2/);
  });

  it.each([
    ['LOG', 'notice', false],
    ['DEBUG1', 'debug5', false],
    ['NOTICE', 'notice', true],
    ['NOTICE', 'warning', false],
    ['WARNING', 'warning', true],
    ['INFO', 'error', true],
  ])('a notice of severity %s with client_min_messages=%s is forwarded: %s', (severity, level, forwarded) => {
    minMessages = level;
    link.ask(Buffer.alloc(0), execute());
    link.receive(message('N', `S${severity}\0V${severity}\0C00000\0Mhello\0\0`));
    expect(told().includes('hello')).toBe(forwarded);
  });

  it('hands trees to the exchange and never to the client; nested ones are counted', () => {
    const trees: string[] = [];
    minMessages = 'debug5';
    link.ask(Buffer.alloc(0), { kind: 'parse', audience: 'client', onTree: (tree) => trees.push(tree) });
    link.receive(
      message('N', 'SLOG\0VLOG\0C00000\0Mrewritten parse tree:\0D({QUERY})\0Fprint.c\0L1\0Relog_node_display\0\0'),
    );
    link.receive(
      message(
        'N',
        'SLOG\0VLOG\0C00000\0Mrewritten parse tree:\0D({NESTED})\0WSQL function "f"\0Fprint.c\0L1\0Relog_node_display\0\0',
      ),
    );
    expect(trees).toEqual(['({QUERY})']);
    expect(told()).toBe('');
  });

  it('takes no RAISE for a tree', () => {
    const trees: string[] = [];
    link.ask(Buffer.alloc(0), { kind: 'parse', audience: 'client', onTree: (tree) => trees.push(tree) });
    link.receive(
      message('N', 'SLOG\0VLOG\0C00000\0Mrewritten parse tree:\0D({FORGED})\0Fpl_exec.c\0L1\0Rexec_stmt_raise\0\0'),
    );
    expect(trees).toEqual([]);
  });

  it('withholds notifications but those that its owner writes anew', () => {
    link.ask(Buffer.alloc(0), execute());
    link.receive(message('A', Buffer.concat([Buffer.alloc(4), Buffer.from('channel\0payload\0')])));
    expect(told()).toBe('');
    link.receive(message('A', Buffer.concat([Buffer.alloc(4), Buffer.from('channel\0own\0')])));
    expect(told()).toBe('shown');
  });

  it.each(['D', 'T', '1', '2', '3', 'C', 's', 'I', 'n', 't', 'G', 'H', 'c', 'd', 'Z'])(
    'ends the session when the server sends %s unasked',
    (type) => {
      const body = type === 'Z' ? 'I' : type === 'D' ? Buffer.from([0, 0]) : '';
      expect(() => link.receive(message(type, body))).toThrow(SluiceError);
    },
  );

  it.each(['R', 'K', 'W', 'V', 'v', 'q', '!', '\xff'])(
    'ends the session when the server sends a %s, which has no place there',
    (type) => {
      link.ask(Buffer.alloc(0), execute());
      const bytes = message('X', 'anything');
      bytes.writeUInt8(type.charCodeAt(0), 0);
      expect(() => link.receive(bytes)).toThrow(SluiceError);
      expect(told()).toBe('');
    },
  );

  it('forwards the parameters that servers report, and withholds others', () => {
    const known = message('S', 'TimeZone\0UTC\0');
    link.receive(
      Buffer.concat([message('S', 'extension.secret\x00078-05-1120\0'), known, message('S', '__proto__\0x\0')]),
    );
    expect(told()).toBe(known.toString('latin1'));
  });

  it.each([
    ['client_encoding', 'LATIN1'],
    ['standard_conforming_strings', 'off'],
  ])('ends the session when the server reports %s = %s', (name, value) => {
    expect(() => link.receive(message('S', `${name}\0${value}\0`))).toThrow(/statements are read/);
    expect(told()).toBe('');
  });

  it('collects rows of its own questions and shows the client none', () => {
    const rows: (string | null)[][] = [];
    link.ask(
      Buffer.alloc(0),
      execute({
        audience: 'gateway',
        statementId: null,
        rule: () => ({ kind: 'collect', columns: 1 }),
        onRow: (cells) => rows.push(cells.map((cell) => cell?.toString() ?? null)),
      }),
    );
    link.receive(Buffer.concat([ROW, ROW, DONE]));
    expect(rows).toEqual([['A'], ['A']]);
    expect(told()).toBe('');
  });

  it('rejects those who wait when the connection ends', async () => {
    link.ask(Buffer.alloc(0), execute());
    const waiting = link.settled();
    link.end(new SluiceError('UPSTREAM_CLOSED', 'gone'));
    await expect(waiting).rejects.toThrow('gone');
  });
});
