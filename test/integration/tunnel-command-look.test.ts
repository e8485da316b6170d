import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RequestView, SessionDetail, StatementView } from '@sluice/contract/api';
import type { FlowView, Reason } from '@sluice/contract/vocabulary';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signInForDemo } from '../../gateway/src/demo/identity-provider-client.ts';
import { openEvidenceLog } from '../../gateway/src/evidence/log.ts';
import { isOnPath, type ProgramResult, runProgram } from '../harness/program.ts';
import { type Home, MAIN, makeHome } from '../harness/sluice.ts';
import { type StubGateway, startStubGateway } from '../harness/stub-gateway.ts';
import { ANALYST } from '../harness/tunnel-port.ts';

const APPROVER = { username: 'protector', password: 'correct horse' };
const SSN = { schema: 'public', table: 'customers', column: 'ssn', label: 'regulated', category: 'pii.ssn' } as const;
const COPY_FLOW: FlowView = { kind: 'write', target: 'reporting.daily.ssn', targetLabel: 'internal', sources: [SSN] };
const REASON: Reason = {
  effect: 'hold',
  policyId: 'hold-writes-down',
  message: 'customers.ssn would lose its label',
  remedy: 'Ask data-protection.',
  columns: [SSN],
};

const REQUEST: RequestView = {
  id: 'r1',
  state: 'pending',
  bindingHash: 'ab'.repeat(32),
  resource: 'orders-db',
  sessionId: 's1',
  asker: {
    ...ANALYST,
    id: 'https://idp.test|nightly-executor',
    kind: 'agent',
    name: 'nightly-executor',
    chain: [...ANALYST.chain, { id: 'https://idp.test|nightly-executor', kind: 'agent', name: 'nightly-executor' }],
  },
  statement: 'INSERT INTO reporting.daily\nSELECT ssn FROM customers /*\u202E harmless \u2066*/',
  flows: [COPY_FLOW],
  reasons: [REASON],
  label: 'regulated',
  createdAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2026-01-01T00:15:00.000Z',
  decidedBy: null,
  decidedAt: null,
  note: '',
  quotation: null,
  countsRows: true,
  rowBound: null,
  approvalsNeeded: 1,
  approvals: 0,
  notBefore: null,
  approvalHash: null,
  preview: null,
};

function statement(statementId: number, fields: Partial<StatementView>): StatementView {
  return {
    ...{
      statementId,
      at: `2026-01-01T00:00:0${statementId % 10}.000Z`,
      text: 'select 1',
      effect: 'allow',
      reasons: [],
      flows: [],
      requestId: null,
    },
    ...{
      tag: 'SELECT 1',
      rows: 1,
      maskedCells: 0,
      durationUs: 1_500,
      error: null,
      columns: [],
      seen: [],
      truncated: false,
      decidedEntry: statementId * 2,
      completedEntry: null,
      outcome: 'ran',
      request: null,
    },
    ...fields,
  };
}

const SESSION: SessionDetail = {
  session: {
    ...{
      sessionId: 's1',
      principal: ANALYST,
      resource: 'orders-db',
      protocol: 'postgres',
      application: 'psql',
      from: '127.0.0.1:5',
      via: 'tunnel',
    },
    ...{
      openedAt: '2026-01-01T00:00:00.000Z',
      closedAt: null,
      closeReason: null,
      statements: 2,
      highestLabel: 'regulated',
    },
    ...{ workflow: null, plan: null, openedEntry: 1, closedEntry: null },
  },
  statements: [
    statement(1, {
      text: 'select name, ssn from customers',
      effect: 'mask',
      reasons: [{ ...REASON, effect: 'mask', message: 'ssn is masked' }],
      flows: [{ kind: 'output', target: 'ssn', targetLabel: null, sources: [SSN] }],
      columns: [
        { name: 'name', masked: false },
        { name: 'ssn', masked: true },
      ],
      seen: [
        ['Ada\x1b[2J', null],
        ['Bob', '***'],
      ],
      rows: 250,
      maskedCells: 250,
      truncated: true,
    }),
    statement(2, { text: 'select 1/0', error: 'division by zero', tag: null, rows: 0 }),
  ],
};
const LONG: SessionDetail = {
  session: { ...SESSION.session, sessionId: 'long' },
  statements: Array.from({ length: 250 }, (_, index) => statement(index + 1, { text: `select ${index}` })),
};

let gateway: StubGateway;
let home: Home;
let asApprover: Readonly<Record<string, string>>;

beforeAll(async () => {
  gateway = await startStubGateway({
    principals: {
      users: [{ ...APPROVER, name: 'Pat Protector', email: 'pat@corp.test', groups: ['data-protection'] }],
      agents: [],
    },
    database: null,
    sessions: [SESSION, LONG],
    why: { effect: 'hold', reasons: [REASON], flows: [COPY_FLOW], policyVersion: 'p7' },
  });
  home = await makeHome({});
  const { accessToken } = await signInForDemo({ issuer: gateway.issuer, ...APPROVER });
  const file = (name: string) => path.join(home.directory, name);
  await writeFile(file('ca.pem'), gateway.port.ca);
  await writeFile(file('token'), accessToken);
  asApprover = {
    SLUICE_GATEWAY: gateway.port.gateway.origin,
    SLUICE_CA: file('ca.pem'),
    SLUICE_TOKEN_FILE: file('token'),
  };
});
afterAll(async () => {
  await gateway?.close();
  await home?.remove();
});

const sluice = (...args: readonly string[]): Promise<ProgramResult> => home.sluice(args, { env: asApprover });

describe('requests', () => {
  beforeEach(() => gateway.desk.put(REQUEST));

  it('ls shows what waits, and --json is the contract’s own', async () => {
    expect((await sluice('requests', 'ls')).stdout).toMatch(
      /^REQUEST .*\nr1 +pending +regulated +orders-db +Ada Analyst \(user\) → nightly-executor \(agent\)/,
    );
    expect(JSON.parse((await sluice('requests', 'ls', '--json')).stdout)).toEqual([REQUEST]);
    expect(JSON.parse((await sluice('requests', 'ls', '--state', 'denied', '--json')).stdout)).toEqual([]);
    expect((await sluice('requests', 'ls', '--state', 'maybe')).code).toBe(64);
  });

  it('show tells who asks for what, with flows and labels, and makes hidden characters visible', async () => {
    const { stdout } = await sluice('requests', 'show', 'r1');
    expect(stdout).toContain('Ada Analyst (user) → nightly-executor (agent)');
    expect(stdout).toContain('https://idp.test|analyst → https://idp.test|nightly-executor');
    expect(stdout).toContain(
      '▼ public.customers.ssn [regulated pii.ssn] → written to reporting.daily.ssn [internal]\n',
    );
    expect(stdout).toContain(
      '  │ INSERT INTO reporting.daily\n  │ SELECT ssn FROM customers /*‹U+202E› harmless ‹U+2066›*/\n  ! 2 hidden characters',
    );
    expect(stdout).not.toMatch(/[\u202E\u2066\x1b]/);
  });

  it('approving without a person at a terminal needs --yes; nothing is decided before', async () => {
    expect(await sluice('requests', 'approve', 'r1')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--yes'),
    });
    expect((await gateway.desk.show(ANALYST, 'r1')).state).toBe('pending');
    expect(await sluice('requests', 'approve', 'r1', '--yes', '--note', 'as agreed')).toMatchObject({
      code: 0,
      stdout: 'r1  approved\n',
    });
    expect(await gateway.desk.show(ANALYST, 'r1')).toMatchObject({
      state: 'approved',
      note: 'as agreed',
      decidedBy: { name: 'Pat Protector' },
    });
    expect(await sluice('requests', 'approve', 'r1', '--yes')).toMatchObject({
      code: 77,
      stderr: expect.stringContaining('[REQUEST_STATE]'),
    });
  });

  it.skipIf(!isOnPath('script'))('at a terminal the statement is shown and a whole yes is asked for', async () => {
    const atTerminal = (answer: string) => {
      const command = [process.execPath, MAIN, 'requests', 'approve', 'r1'].map((word) => `'${word}'`).join(' ');
      return runProgram('script', ['-qec', command, '/dev/null'], {
        env: { ...home.environment, ...asApprover, NO_COLOR: '' },
        input: `${answer}\n`,
      });
    };
    const refused = await atTerminal('y');
    expect(refused).toMatchObject({ code: 64, stdout: expect.stringContaining('nothing was decided') });
    expect(refused.stdout).toContain('‹U+202E›');
    expect((await gateway.desk.show(ANALYST, 'r1')).state).toBe('pending');
    const approved = await atTerminal('yes');
    expect(approved).toMatchObject({ code: 0, stdout: expect.stringContaining('\x1b[32mapproved') });
    expect((await gateway.desk.show(ANALYST, 'r1')).state).toBe('approved');
  });

  it('deny needs no second question', async () => {
    expect(await sluice('requests', 'deny', 'r1', '--json')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"denied"'),
    });
  });

  it('an unknown one is named', async () => {
    expect(await sluice('requests', 'show', 'nothing')).toMatchObject({
      code: 77,
      stderr: expect.stringContaining('[REQUEST_UNKNOWN]'),
    });
  });

  it('watch tells each change once, through a gateway that breaks off, until it is told to end', async () => {
    const watching = home.start(['requests', 'watch', '--json'], asApprover);
    await watching.until('stdout', /"id":"r1"/);
    gateway.desk.put({ ...REQUEST, id: 'r2' });
    await watching.until('stdout', /"id":"r2"/);
    gateway.port.dropApi();
    gateway.desk.put({ ...REQUEST, id: 'r2', state: 'expired' });
    await watching.until('stdout', /"id":"r2","state":"expired"/);
    expect(await watching.end('SIGINT')).toEqual({ code: 0, signal: null });
    const told = watching
      .output()
      .stdout.trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ id, state }) => `${id} ${state}`);
    expect(told).toEqual(['r1 pending', 'r2 pending', 'r2 expired']);
    expect(watching.output().stderr).toBe('');
  });
});

describe('sessions', () => {
  it('ls and show give a line each', async () => {
    expect((await sluice('sessions', 'ls')).stdout).toMatch(
      /^SESSION .*\ns1 +2026-01-01T00:00:00.000Z +open +orders-db +Ada Analyst \(user\) +2 +regulated\n/,
    );
    expect((await sluice('sessions', 'show', 's1')).stdout).toMatch(
      /\n1 +2026-01-01T00:00:01.000Z +mask +ran +250 +250 +select name, ssn from customers\n/,
    );
    expect(JSON.parse((await sluice('sessions', 'show', 's1', '--json')).stdout)).toEqual(SESSION);
  });

  it('replay shows each statement with its result as it was seen, at once in a pipe', async () => {
    const { stdout } = await sluice('sessions', 'replay', 's1', '--speed', '0.001');
    expect(stdout).toContain('+00:01.000  #1  mask');
    expect(stdout).toContain(
      '  name           ssn ▒\n  Ada‹U+001B›[2J  ▒\n  Bob            ▒ ***\n'
        .replace('  name           ssn', '  name            ssn')
        .replace('  Bob            ▒', '  Bob             ▒'),
    );
    expect(stdout).toContain('  SELECT 1 · 250 rows, the first 2 kept · 250 cells masked ▒ · 1.5 ms\n');
    expect(stdout).toContain('+00:02.000  #2  allow\n  │ select 1/0\n  0 rows · 1.5 ms\n  division by zero\n');
  });

  it.each([
    ['--from', ['--from', '2'], ['#2']],
    ['--at', ['--at', '2026-01-01T00:00:01.500Z'], ['#2']],
    ['--at of the first statement', ['--at', '2026-01-01T00:00:01.000Z'], ['#1', '#2']],
    ['--search in the text', ['--search', 'CUSTOMERS'], ['#1']],
    ['--search in what was seen', ['--search', 'bob'], ['#1']],
    ['--search in the error', ['--search', 'by zero'], ['#2']],
    ['all three', ['--from', '1', '--at', '2026-01-01T00:00:02Z', '--search', 'select'], ['#2']],
    ['a search for what is not there', ['--search', 'nowhere'], []],
  ])('replay jumps with %s', async (_, args, shown) => {
    const { code, stdout, stderr } = await sluice('sessions', 'replay', 's1', ...args);
    expect([code, stdout.match(/#\d+/g) ?? []]).toEqual([0, shown]);
    expect(stdout).toContain('Session s1');
    expect(stderr).toBe(shown.length === 2 ? '' : `${shown.length} of 2 statements\n`);
  });

  it.each([
    ['--from', 'first'],
    ['--at', 'yesterday'],
    ['--speed', '0'],
  ])('replay takes no nonsense for %s', async (option, value) => {
    expect(await sluice('sessions', 'replay', 's1', option, value)).toMatchObject({ code: 64, stdout: '' });
  });

  it('a long session is read to its end', async () => {
    const detail = JSON.parse((await sluice('sessions', 'show', 'long', '--json')).stdout);
    expect(detail.statements.map(({ statementId }: StatementView) => statementId)).toEqual(
      Array.from({ length: 250 }, (_, index) => index + 1),
    );
  });

  it('an unknown one is named', async () => {
    expect(await sluice('sessions', 'replay', 'nothing')).toMatchObject({
      code: 69,
      stderr: expect.stringContaining('[NOT_FOUND]'),
    });
  });
});

describe('why', () => {
  it('explains a verdict and ends with its status', async () => {
    const held = await sluice('why', 'orders-db', 'insert into reporting.daily select ssn from customers');
    expect(held.code).toBe(75);
    expect(held.stdout).toContain('hold  on orders-db, policy p7');
    expect(held.stdout).toContain('customers.ssn would lose its label [hold-writes-down]\n    → Ask data-protection.');
    expect(await sluice('why', '--json', 'orders-db', '--', '-- only a comment')).toMatchObject({
      code: 75,
      stdout: expect.stringContaining('"effect": "hold"'),
    });
    expect((await sluice('why', 'orders-db')).code).toBe(64);
  });
});

describe('evidence verify', () => {
  it('agrees with what the gateway wrote, and finds what somebody else wrote, without a gateway', async () => {
    const directory = path.join(home.directory, 'evidence');
    const log = await openEvidenceLog({ directory, now: Date.now, segmentBytes: 4_096 });
    for (let count = 0; count < 100; count += 1)
      await log.append({ kind: 'gateway.started', version: `1.0.${count}`, policyVersion: 'p1' }, 'write');
    await log.close();

    const intact = await home.sluice(['evidence', 'verify', directory]);
    expect(intact).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^intact .*: 100 entries, [3-9]\d* segments read\n {2}head 100:[0-9a-f]{64}\n/),
    });
    const [, head = ''] = /head (\S+)/.exec(intact.stdout) ?? [];
    expect(await home.sluice(['evidence', 'verify', directory, '--head', head, '--json'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"holdsNotedHead": true'),
    });
    expect(await home.sluice(['evidence', 'verify', directory, '--head', `100:${'0'.repeat(64)}`])).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('[EVIDENCE_BROKEN]'),
    });

    await writeFile(path.join(directory, 'segment-00000001.log'), 'nothing of the kind');
    expect(await home.sluice(['evidence', 'verify', directory])).toMatchObject({
      code: 65,
      stdout: expect.stringContaining('broken'),
      stderr: expect.stringContaining('segment-00000001.log'),
    });
    expect((await home.sluice(['evidence', 'verify', path.join(directory, 'nothing')])).code).toBe(69);
  });
});
