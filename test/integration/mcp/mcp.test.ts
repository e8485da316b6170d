/** `sluice mcp`, spoken to by the SDK's own client: the tools, masks with their reasons, approvals, bounds. */
import { readdir } from 'node:fs/promises';
import { LATEST_PROTOCOL_VERSION } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toolFingerprint } from '../../../agent-tunnel/src/mcp/fingerprint.ts';
import { type Agent, type Shop, SSN, startShop, textOf } from './shop.ts';

let shop: Shop;
let agent: Agent;
beforeAll(async () => {
  shop = await startShop();
  agent = await shop.agent();
});
afterAll(() => shop?.stop());

it('offers six tools, in the words of its fingerprint', async () => {
  const { tools } = await agent.client.listTools();
  expect(tools.map(({ name }) => name)).toEqual([
    ...['list_resources', 'describe_schema', 'check_statement'],
    ...['run_statement', 'ask_approval', 'approval_state'],
  ]);
  expect(agent.client.getServerVersion()).toMatchObject({ name: 'sluice' });
  expect(LATEST_PROTOCOL_VERSION).toBe('2025-11-25');
  const printed = await shop.home.sluice(['mcp', '--fingerprint']);
  expect(printed).toMatchObject({ code: 0, stdout: `${toolFingerprint()}\n` });
});

it('lists the resources that it was started for, and no others', async () => {
  expect((await agent.call('list_resources')).structuredContent).toEqual({
    untrusted: true,
    resources: [{ name: 'shop', protocol: 'postgres', database: 'shop', connect: 'allow' }],
  });
});

it('describes the schema with labels', async () => {
  const answer = await agent.call('describe_schema', { resource: 'shop', table: 'customers' });
  expect(answer.structuredContent).toMatchObject({
    tables: [
      {
        schema: 'public',
        table: 'customers',
        columns: expect.arrayContaining([{ name: 'ssn', label: 'regulated', category: 'pii.ssn' }]),
      },
    ],
    cut: [],
  });
});

it('tells what would become of a statement, and runs nothing', async () => {
  const answer = await agent.call('check_statement', {
    resource: 'shop',
    statement: 'INSERT INTO copies SELECT id, ssn FROM customers',
  });
  expect(answer.structuredContent).toMatchObject({
    effect: 'hold',
    statements: [
      {
        flows: expect.arrayContaining([
          { from: ['public.customers.ssn (regulated, pii.ssn)'], to: 'public.copies.note' },
        ]),
      },
    ],
  });
  expect((await agent.run('SELECT count(*) FROM copies')).rows).toEqual([['0']]);
});

describe('a statement', () => {
  it('returns its rows, masked, with a note on what and why', async () => {
    const result = await agent.call('run_statement', {
      resource: 'shop',
      statement: 'SELECT id, name, ssn FROM customers WHERE id = 1',
    });
    expect(result.structuredContent).toMatchObject({
      outcome: 'done',
      columns: ['id', 'name', 'ssn'],
      masked_columns: [{ position: 3, name: 'ssn', reason: expect.stringContaining('customers.ssn (regulated') }],
      rows: [['1', 'Name 1', null]],
      command: 'SELECT 1',
      notes: [
        {
          about: 'mask',
          message: 'customers.ssn (regulated, pii.ssn) is masked because of its label (policy mask-classified)',
          remedy: expect.stringContaining('data-protection'),
        },
      ],
    });
    expect(textOf(result)).toMatch(/^Done: 1 rows of 3 columns\. Values are masked;/);
    expect(textOf(result)).not.toContain(SSN);
  });

  it('says of each column whether it is masked, by its place, whatever it is called', async () => {
    expect(await agent.run('SELECT ssn AS name, id, name, ssn AS tax FROM customers WHERE id = 1')).toMatchObject({
      columns: ['name', 'id', 'name', 'tax'],
      masked_columns: [
        { position: 1, name: 'name', reason: expect.stringContaining("in the answer's column name") },
        { position: 4, name: 'tax', reason: expect.stringContaining("in the answer's column tax") },
      ],
    });
    expect(await agent.run('SELECT name FROM customers WHERE id = 1')).toMatchObject({ masked_columns: [] });
  });

  it('that policy refuses says why', async () => {
    const result = await agent.call('run_statement', {
      resource: 'shop',
      statement: "SELECT id FROM customers WHERE ssn < '5'",
    });
    expect(result.isError).toBe(true);
    expect(result.structuredContent).toMatchObject({
      outcome: 'refused',
      error: { code: 'REFUSED_BY_POLICY', message: expect.stringContaining('customers.ssn (regulated, pii.ssn)') },
    });
  });

  it('that the database does not take is an error, and the next one runs', async () => {
    expect(await agent.run('SELECT 1/0')).toMatchObject({
      outcome: 'failed',
      error: { code: 'DATABASE_ERROR', sqlstate: '22012', message: 'division by zero' },
    });
    expect(await agent.run('SELECT 1')).toMatchObject({ outcome: 'done', rows: [['1']] });
  });

  it('changes what it may change, and its transaction ends with it', async () => {
    expect(await agent.run("INSERT INTO copies VALUES (1, 'own words') RETURNING id")).toMatchObject({
      outcome: 'done',
      rows: [['1']],
    });
    expect(await agent.run('BEGIN')).toMatchObject({
      outcome: 'done',
      notes: [expect.objectContaining({ message: expect.stringContaining('rolled back') })],
    });
    expect((await agent.run('SELECT count(*) FROM copies')).rows).toEqual([['1']]);
    await agent.run('DELETE FROM copies');
  });
});

describe('bounds', () => {
  it('rows beyond max_rows are cut, and said to be', async () => {
    expect(await agent.run('SELECT id FROM customers ORDER BY id', { max_rows: 30 })).toMatchObject({ cut: [] });
    const cut = await agent.run('SELECT id FROM customers ORDER BY id', { max_rows: 29 });
    expect(cut.rows).toHaveLength(29);
    expect(cut.cut).toEqual(['there are more rows than max_rows']);
  });

  it('long cells and long answers are cut', async () => {
    const long = await agent.run("SELECT repeat('x', 100000)");
    expect(long.rows[0]?.[0]).toBe(`${'x'.repeat(2_000)}…`);
    expect(long.cut).toEqual(['1 cells are longer than 2000 characters, and end with …']);
    const many = await agent.run("SELECT repeat('x', 1900) FROM generate_series(1, 1000)", { max_rows: 1_000 });
    expect(many.rows.length).toBe(68);
    expect(many.cut).toEqual(['there are more rows than fit into 131072 bytes']);
  });

  it('rows of a change that was cut are changed all the same', async () => {
    const cut = await agent.run('INSERT INTO copies SELECT n FROM generate_series(1, 50) AS n RETURNING id', {
      max_rows: 5,
    });
    expect(cut).toMatchObject({ outcome: 'done', cut: ['there are more rows than max_rows'] });
    expect((await agent.run('SELECT count(*) FROM copies')).rows).toEqual([['50']]);
    await agent.run('DELETE FROM copies');
  });
});

describe('an approval', () => {
  /** Into a table of its own each: what was approved once labels it, and the next copy needs no approval. */
  const copyTo = (table: string) => `INSERT INTO ${table} SELECT id, ssn FROM customers WHERE id = 1`;

  it('is asked for in the agent’s words, waited for, given by another person, and used once', async () => {
    const dana = await shop.dana();
    const asked = agent.call('ask_approval', {
      resource: 'shop',
      statement: copyTo('copies'),
      reason: 'ticket 4711: "approve me" \\ now',
      wait_seconds: 100,
    });
    const request = await nextRequest(shop);
    expect(request).toMatchObject({
      statement: copyTo('copies'),
      quotation: 'ticket 4711: "approve me" \\ now',
      state: 'pending',
    });
    await dana.decide(request.id, 'approve', 'once', request.bindingHash);
    expect((await asked).structuredContent).toMatchObject({ outcome: 'done', command: 'INSERT 0 1' });
    expect(await shop.server.admin('SELECT note FROM copies', 'shop')).toEqual([{ note: SSN }]);
    expect((await dana.request(request.id)).state).toBe('consumed');
  });

  it('that nobody gives in time is a handle; its state can be read, and the statement run once it is approved', async () => {
    const dana = await shop.dana();
    const input = { resource: 'shop', statement: copyTo('second'), reason: 'handle', wait_seconds: 0 };
    const held = await agent.call('ask_approval', input);
    expect(held.structuredContent).toMatchObject({ outcome: 'held', request: { state: 'pending' } });
    const id = (held.structuredContent as { request: { id: string } }).request.id;
    // Asked again, in other words: the same request.
    const again = await agent.call('ask_approval', { ...input, reason: 'other words' });
    expect(again.structuredContent).toMatchObject({ outcome: 'held', request: { id } });

    const decided = agent.call('approval_state', { request_id: id, wait_seconds: 100 });
    const { bindingHash } = await dana.request(id);
    await dana.decide(id, 'approve', 'ok', bindingHash);
    expect((await decided).structuredContent).toMatchObject({ request: { id, state: 'approved', note: 'ok' } });
    expect(await agent.run(input.statement)).toMatchObject({ outcome: 'done', command: 'INSERT 0 1' });
    expect((await agent.call('approval_state', { request_id: id })).structuredContent).toMatchObject({
      request: { state: 'consumed' },
    });
  });

  it('that is waited for is told to a client that asked for progress, and may be given up', async () => {
    const dana = await shop.dana();
    const input = { resource: 'shop', statement: copyTo('fourth'), reason: 'progress', wait_seconds: 100 };
    const ask = (signal: AbortSignal) => {
      const told = Promise.withResolvers<object>();
      const options = { onprogress: told.resolve, timeout: 110_000, signal };
      const answer = agent.client.callTool({ name: 'ask_approval', arguments: input }, undefined, options);
      return { told: told.promise, answer };
    };
    const leave = new AbortController();
    const first = ask(leave.signal);
    const given = first.answer.then(
      () => null,
      (error: unknown) => error,
    );
    expect(await first.told).toEqual({
      progress: expect.any(Number),
      total: expect.any(Number),
      message: 'Waiting for another person to decide about the request.',
    });
    leave.abort(new Error('gone'));
    expect(String(await given)).toContain('gone');
    const request = await nextRequest(shop);
    expect(request).toMatchObject({ statement: input.statement, state: 'pending' });

    const second = ask(new AbortController().signal);
    await second.told;
    await dana.decide(request.id, 'approve', 'ok', request.bindingHash);
    expect(await second.answer).toMatchObject({ structuredContent: { outcome: 'done', command: 'INSERT 0 1' } });
  });

  it('that is denied is told with the approver’s note', async () => {
    const dana = await shop.dana();
    const asked = agent.call('ask_approval', {
      ...{ resource: 'shop', statement: copyTo('third'), reason: 'please', wait_seconds: 100 },
    });
    const { id, bindingHash } = await nextRequest(shop);
    await dana.decide(id, 'deny', 'not today', bindingHash);
    expect((await asked).structuredContent).toMatchObject({
      outcome: 'refused',
      request: { state: 'denied', note: 'not today' },
    });
  });
});

it('ends with its client, and leaves nothing behind', async () => {
  const hello = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  const done = await shop.home.sluice(['mcp', 'shop'], {
    input: `${JSON.stringify(hello)}\n`,
    env: await shop.signedIn(),
  });
  expect(done).toMatchObject({ code: 0, stderr: '' });
  // One line for each message, and nothing else.
  expect(JSON.parse(done.stdout)).toMatchObject({ id: 1, result: { tools: expect.any(Array) } });

  const other = await shop.agent();
  expect(await other.run('SELECT 1')).toMatchObject({ outcome: 'done' });
  const before = await readdir(shop.home.runtime);
  await other.client.close();
  const after = await readdir(shop.home.runtime);
  expect(before.length - after.length).toBeGreaterThan(0);
});

it('without a resource, or a gateway, says what is missing', async () => {
  expect(await shop.home.sluice(['mcp'])).toMatchObject({ code: 64, stdout: '' });
  const nowhere = await shop.home.sluice(['mcp', 'shop'], { env: { SLUICE_GATEWAY: '' } });
  expect(nowhere).toMatchObject({ code: 78, stdout: '', stderr: expect.stringContaining('no gateway is named') });
});

/** The one request that waits. */
async function nextRequest(of: Shop) {
  const dana = await of.dana();
  const stop = new AbortController();
  const live = Promise.withResolvers<void>();
  const events = dana.requestEvents(stop.signal, live.resolve);
  try {
    const next = events.next();
    await Promise.race([live.promise, next]);
    const [pending] = await dana.requests('pending');
    const first = pending ?? (await next).value;
    next.catch(() => undefined);
    if (first === undefined) throw new Error('the stream of requests ended');
    return first;
  } finally {
    stop.abort();
  }
}
