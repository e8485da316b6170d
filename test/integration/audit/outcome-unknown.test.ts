/**
 * The gateway is killed after an approval was used and the statement sent, before the database answered: what became of it
 * is unknown, every view says so, and nobody runs it again.
 */
import { join } from 'node:path';
import type { RequestView } from '@sluice/contract/api';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entriesOf } from '../../harness/evil-site.ts';
import { AuditSite, RESOURCE } from './site.ts';

const COPY = 'INSERT INTO reporting.daily (country, note) SELECT country, ssn FROM shop.customers WHERE id = 1';
const UNKNOWN = /outcome unknown/;

let site: AuditSite;
let sessionId: string;
let requestId: string;
let whileItRan: RequestView;
beforeAll(async () => {
  site = await AuditSite.start();
  await site.server.admin('CREATE UNIQUE INDEX ON reporting.daily (country)', 'shop');
  const live = await site.connect(await site.api('analyst'));
  sessionId = live.sessionId;
  await live.client.query('SELECT name, ssn FROM shop.customers ORDER BY id');
  const held = live.client.query(COPY).catch((error: Error) => error);
  requestId = await pendingRequest();

  // The database will not answer while somebody else may yet be the first with this row.
  const blocker = new pg.Client({ connectionString: site.server.uri('shop') });
  await blocker.connect();
  await blocker.query("BEGIN; INSERT INTO reporting.daily VALUES ('CH', 'mine')");
  const dana = await site.api('dana');
  const { bindingHash } = await dana.request(requestId);
  await dana.decide(requestId, 'approve', '', bindingHash);
  await site.server.untilActive('INSERT INTO reporting.daily%');
  whileItRan = await dana.request(requestId);
  await site.gateway.end('SIGKILL');
  await held;
  await blocker.end();
  await site.gateway.restart();
});
afterAll(() => site.stop());

async function pendingRequest(): Promise<string> {
  const dana = await site.api('dana');
  for (;;) {
    const [request] = await dana.requests('pending');
    if (request !== undefined) return request.id;
  }
}

describe('a statement whose end is not on record', () => {
  it('was running as long as its session was', () => {
    expect(whileItRan).toMatchObject({
      state: 'consumed',
      use: { sessionId, statementId: 2, outcome: 'running' },
    });
  });

  it('is unknown in the API, and its session is over', async () => {
    const audrey = await site.api('audrey');
    const { session, statements } = await audrey.session(sessionId);
    expect(session.closeReason).toMatch(/gateway stopped/);
    expect(statements).toMatchObject([
      { statementId: 1, effect: 'mask', outcome: 'ran' },
      { statementId: 2, effect: 'hold', requestId, outcome: 'unknown', completedEntry: null },
    ]);
    expect(await audrey.request(requestId)).toMatchObject({
      state: 'consumed',
      use: { sessionId, statementId: 2, outcome: 'unknown' },
    });
    // Whoever asked is told as well.
    expect((await (await site.api('analyst')).request(requestId)).use).toMatchObject({ outcome: 'unknown' });
  });

  it.each([
    ['sessions show', (): string[] => ['sessions', 'show', sessionId]],
    ['sessions replay', () => ['sessions', 'replay', sessionId]],
    ['requests show', () => ['requests', 'show', requestId]],
    ['audit column', () => ['audit', 'column', RESOURCE, 'shop.customers.ssn']],
    ['audit holds', () => ['audit', 'holds']],
    ['audit actor', () => ['audit', 'actor', 'analyst']],
    ['audit seen', () => ['audit', 'seen', 'analyst']],
  ])('is unknown in sluice %s', async (_, args) => {
    const { code, stdout } = await site.sluice('audrey', ...args());
    expect(code).toBe(0);
    expect(stdout).toMatch(UNKNOWN);
  });

  it('is not run again by itself, and its approval is used up', async () => {
    const dana = await site.api('dana');
    const { bindingHash } = await dana.request(requestId);
    await expect(dana.decide(requestId, 'approve', '', bindingHash)).rejects.toMatchObject({ code: 'REQUEST_STATE' });
    const entries = await entriesOf(join(site.gateway.directory, 'data'));
    expect(entries.filter((entry) => entry.kind === 'statement.decided' && entry.text === COPY)).toHaveLength(1);
    expect(entries.filter((entry) => entry.kind === 'request.consumed')).toHaveLength(1);
  });
});
