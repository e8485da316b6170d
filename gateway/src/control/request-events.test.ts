import type { RequestView } from '@sluice/contract/api';
import type { Principal } from '@sluice/contract/vocabulary';
import { describe, expect, it } from 'vitest';
import { principal } from '../evidence/log.fixture.ts';
import type { RequestDesk } from './dependencies.ts';
import { EventStreams, MAX_EVENT_STREAMS, MAX_QUEUED_EVENTS } from './event-streams.ts';
import { RequestEvents } from './request-events.ts';

const NOW_MS = 1_700_000_000_000;
const officer = principal('officer');
const view: RequestView = {
  id: 'req_1',
  state: 'pending',
  bindingHash: 'aa',
  resource: 'orders-db',
  sessionId: 's1',
  asker: principal('analyst'),
  statement: 'insert',
  flows: [],
  reasons: [],
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

type Listener = Parameters<RequestDesk['subscribe']>[0];

class Desk implements RequestDesk {
  readonly listeners = new Set<Listener>();

  list = () => Promise.resolve([]);
  show = () => Promise.resolve(view);
  decide = () => Promise.resolve(view);

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(mayView: (viewer: Principal) => boolean = () => true): void {
    for (const listener of this.listeners) listener(view, mayView);
  }
}

function callerOf(who: Principal, livesMs = 60_000) {
  return { principal: who, signIn: { id: null, issuedAtMs: NOW_MS }, tokenExpiresAtMs: NOW_MS + livesMs };
}

describe('event streams', () => {
  it('of a reader that falls behind by the bound break, and are forgotten', async () => {
    const desk = new Desk();
    const response = new RequestEvents(desk, () => false, new EventStreams()).stream(callerOf(officer), NOW_MS);
    // The greeting is in the queue too.
    for (let event = 1; event < MAX_QUEUED_EVENTS; event += 1) desk.tell();
    expect(desk.listeners.size).toBe(1);
    desk.tell();
    await expect(response.text()).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
    expect(desk.listeners.size).toBe(0);
  });

  it('end when the token does', async () => {
    const desk = new Desk();
    const response = new RequestEvents(desk, () => false, new EventStreams()).stream(callerOf(officer, -1), NOW_MS);
    expect(await response.text()).toBe(': listening\n\n');
    expect(desk.listeners.size).toBe(0);
  });

  it('end when their sign-in is revoked, those of others do not', async () => {
    const desk = new Desk();
    const streams = new EventStreams();
    const events = new RequestEvents(desk, () => true, streams);
    const [ended, other] = [officer, principal('other')].map((who) => events.stream(callerOf(who), NOW_MS));
    streams.end(({ principal: { id } }) => id === officer.id);
    expect(await ended?.text()).toBe(': listening\n\n');
    expect(desk.listeners.size).toBe(1);
    await other?.body?.cancel();
    expect(desk.listeners.size).toBe(0);
  });

  it('show an auditor everything, others what they may see', async () => {
    const desk = new Desk();
    const events = new RequestEvents(desk, ({ principal: who }) => who.groups.includes('auditor'), new EventStreams());
    const open = (who: Principal) => events.stream(callerOf(who, 50), NOW_MS).text();
    const [audited, stranger] = [open(principal('auditor', { groups: ['auditor'] })), open(officer)];
    desk.tell((viewer) => viewer.id === 'nobody');
    expect(await audited).toContain('event: request\n');
    expect(await stranger).toBe(': listening\n\n');
  });

  it('are bounded in number, of everybody together', async () => {
    const desk = new Desk();
    const events = new RequestEvents(desk, () => false, new EventStreams());
    const open = Array.from({ length: MAX_EVENT_STREAMS }, (_, id) =>
      events.stream(callerOf(principal(`p${id}`)), NOW_MS),
    );
    expect(() => events.stream(callerOf(officer), NOW_MS)).toThrow(expect.objectContaining({ code: 'LIMIT_REACHED' }));
    await open[0]?.body?.cancel();
    expect(events.stream(callerOf(officer), NOW_MS).status).toBe(200);
    for (const response of open.slice(1)) await response.body?.cancel();
    expect(desk.listeners.size).toBe(1);
  });
});
