/** What an auditor reads of statements that were held: at the gateway, and in the bundle of the session without it. */
import { join } from 'node:path';
import type { SessionDetail } from '@sluice/contract/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBundle } from '../../../agent-tunnel/src/evidence/read-bundle.ts';
import { temporaryDirectory } from '../../../gateway/src/evidence/log.fixture.ts';
import { AuditSite, RESOURCE } from './site.ts';

const copy = (id: number) => `INSERT INTO reporting.daily (note) SELECT ssn FROM shop.customers WHERE id = ${id}`;

const out = temporaryDirectory();
let site: AuditSite;
let sessionId: string;
let bundle: string;
beforeAll(async () => {
  site = await AuditSite.start();
  const live = await site.connect(await site.api('analyst'));
  sessionId = live.sessionId;
  await live.client.query('SELECT name, ssn FROM shop.customers ORDER BY id');
  await decided('deny', live.client.query(copy(1)), 'no ticket');
  await decided('approve', live.client.query(copy(2)), 'ticket 4711');
  // Seen before: its entry says only what differs.
  await live.client.query('SELECT name, ssn FROM shop.customers ORDER BY id');
  await live.client.end();
  bundle = join(out.path, 'mine.sluice-bundle');
  await site.sluice('audrey', 'evidence', 'export', sessionId, '--out', bundle);
});
afterAll(async () => {
  await site.stop();
  out[Symbol.dispose]();
});

async function decided(decision: 'approve' | 'deny', held: Promise<unknown>, note: string): Promise<void> {
  const dana = await site.api('dana');
  const ended = held.catch((error: Error) => error);
  for (;;) {
    const [request] = await dana.requests('pending');
    if (request === undefined) continue;
    await dana.decide(request.id, decision, note, request.bindingHash);
    break;
  }
  await ended;
}

const by = { name: 'Dana Protection' };

describe('a statement that was held', () => {
  it('is shown with who decided, and with what became of it', async () => {
    const { statements } = await (await site.api('audrey')).session(sessionId);
    expect(statements).toMatchObject([
      { outcome: 'ran', request: null },
      { outcome: 'denied', request: { outcome: 'denied', decisions: [{ decision: 'denied', by, note: 'no ticket' }] } },
      {
        outcome: 'ran',
        request: {
          outcome: 'consumed',
          consumedBy: { sessionId, statementId: 3, outcome: 'ran' },
          decisions: [{ by }],
        },
      },
      { outcome: 'ran', request: null },
    ]);
    const { stdout } = await site.sluice('audrey', 'sessions', 'replay', sessionId);
    expect(stdout).toMatch(/denied by Dana Protection \(user\) after .* s \(entry \d+\): no ticket\n {2}not run\n/);
    expect(stdout).toMatch(/approved by Dana Protection \(user\) after .*: ticket 4711\n {2}INSERT 0 1 · [\d.]+ ms\n/);
    expect((await site.sluice('audrey', 'audit', 'column', RESOURCE, 'shop.customers.ssn')).stdout).toMatch(
      /copied +denied/,
    );
  });
});

describe('the bundle of a session', () => {
  it('replays without a gateway as the gateway replays it', async () => {
    const asked = await site.sluice('audrey', 'sessions', 'replay', sessionId);
    const offline = await site.sluice('audrey', 'sessions', 'replay', bundle, '--gateway', 'https://127.0.0.1:1');
    expect(offline).toMatchObject({ code: 0, stdout: asked.stdout });
    expect(offline.stderr).toContain(`intact  ${bundle}: session ${sessionId}`);
    const detail: SessionDetail = JSON.parse(
      (await site.sluice('audrey', 'sessions', 'replay', bundle, '--json')).stdout,
    );
    expect(detail).toEqual(await (await site.api('audrey')).session(sessionId));
    expect(detail.statements[0]?.seen).toEqual([
      ['Ana', null],
      ['Bo', null],
    ]);
  });

  it('with more statements than the bound is not read', async () => {
    const trust = { keys: [], witnesses: 0 };
    await expect(readBundle(bundle, trust, 3)).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
    expect((await readBundle(bundle, trust, 4)).detail.statements).toHaveLength(4);
  });

  it('shows nothing to somebody who trusts another key', async () => {
    const key = 'sluice/000102030405060708090a0b0c0d0e0f+87e7b609+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c';
    const refused = await site.sluice('audrey', 'sessions', 'replay', bundle, '--key', key);
    expect(refused).toMatchObject({ stdout: '' });
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('no trusted key');
  });
});
