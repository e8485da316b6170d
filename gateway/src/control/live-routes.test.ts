/** Who watches a live session, at the bounds: too slow, too many, no longer allowed. */
import { join } from 'node:path';
import type { SessionDetail } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LiveWatch, MAX_WATCHERS_PER_SESSION } from '../evidence/live-watch.ts';
import { principal, statementCompleted, statementDecided, temporaryDirectory } from '../evidence/log.fixture.ts';
import { openEvidenceLog } from '../evidence/log.ts';
import { MAX_CELL_CHARACTERS, type SessionRecording } from '../evidence/recording.ts';
import { Recordings } from '../evidence/recordings.ts';
import type { SegmentedLog } from '../evidence/segmented-log.ts';
import type { Caller, ControlEnvironment } from './authentication.ts';
import { EventStreams, MAX_EVENT_STREAMS_PER_PRINCIPAL, MAX_QUEUED_BYTES, MAX_QUEUED_EVENTS } from './event-streams.ts';
import { addLiveRoutes } from './live-routes.ts';

const NOW_MS = 1_700_000_000_000;
const SESSION = 's1';
const COLUMNS = [{ name: 'note', typeOid: 25, masked: false }];
const ROWS = 100;
const ROW = ['x'.repeat(MAX_CELL_CHARACTERS)];

let directory: ReturnType<typeof temporaryDirectory>;
let log: SegmentedLog;
let recordings: Recordings;
let recording: SessionRecording;
let watches: LiveWatch;
let app: Hono<ControlEnvironment>;
let caller: Caller;
let streams: EventStreams;
const responses: Response[] = [];

beforeEach(async () => {
  directory = temporaryDirectory();
  log = await openEvidenceLog({ directory: join(directory.path, 'log'), now: Date.now });
  const onFailure = (_: string, error: SluiceError) => {
    throw error;
  };
  recordings = new Recordings({ directory: join(directory.path, 'recordings'), log, onFailure });
  recording = recordings.open(SESSION);
  watches = new LiveWatch(log, recordings);
  streams = new EventStreams();
  caller = callerOf('auditor');
  app = new Hono<ControlEnvironment>();
  app.onError((error) => new Response(error instanceof SluiceError ? error.code : String(error), { status: 500 }));
  app.use(async (context, next) => {
    context.set('caller', caller);
    await next();
  });
  addLiveRoutes(
    app,
    {
      now: () => NOW_MS,
      sessions: {
        list: () => Promise.resolve([]),
        useOf: () => Promise.resolve(null),
        show: (sessionId, { partyId }) => Promise.resolve(partyId === null ? detail(sessionId) : null),
      },
      live: {
        // As late as it can be found that nobody more may watch.
        watch: (_, id) => Promise.resolve((watcher) => watches.watch(id, 0, watcher)),
        kill: () => Promise.reject(new Error('nobody is killed here')),
      },
    },
    {
      partyOf: ({ principal: { id, groups } }) => (groups.includes('auditor') ? null : id),
      streams,
    },
  );
});

afterEach(async () => {
  for (const response of responses.splice(0)) if (!response.bodyUsed) await response.body?.cancel();
  await recordings.close();
  await log.close();
  directory[Symbol.dispose]();
});

function callerOf(subject: string, livesMs = 3_600_000): Caller {
  return {
    principal: principal(subject, { groups: ['auditor'] }),
    signIn: { id: null, issuedAtMs: NOW_MS },
    tokenExpiresAtMs: NOW_MS + livesMs,
  };
}

function detail(sessionId: string): SessionDetail {
  return {
    session: {
      ...{
        sessionId,
        principal: principal('analyst'),
        resource: 'orders-db',
        protocol: 'postgres',
        application: 'psql',
      },
      ...{ from: '127.0.0.1:5000', via: 'native', openedAt: '2026-01-01T00:00:00.000Z', closedAt: null },
      ...{ closeReason: null, statements: 0, highestLabel: 'public', workflow: null, plan: null },
      ...{ openedEntry: 0, closedEntry: null },
    },
    statements: [],
  };
}

async function watch(by: Caller, sessionId = SESSION): Promise<Response> {
  caller = by;
  const response = await app.request(`/api/v1/sessions/${sessionId}/events`);
  responses.push(response);
  return response;
}

/** One statement of the session with its rows, until it is on the disk. */
async function runStatement(id: number, text = 'select note from notes'): Promise<void> {
  await log.append(statementDecided(SESSION, id, text), 'write');
  recording.resultStarted(id, COLUMNS);
  for (let row = 0; row < ROWS; row += 1) recording.row(id, ROW);
  recording.statementEnded(id, { tag: `SELECT ${ROWS}`, rows: ROWS, error: null });
  const end = { tag: `SELECT ${ROWS}`, rows: ROWS, maskedCells: 0, durationUs: 1, error: null };
  await log.append({ kind: 'statement.completed', sessionId: SESSION, statementId: id, ...end }, 'fsync');
  await recording.flush();
}

function eventsIn(body: string, kind: string): readonly { readonly rows?: unknown }[] {
  return body
    .split('\n\n')
    .filter((event) => event.startsWith(`event: ${kind}\n`))
    .map((event): { rows?: unknown } => JSON.parse(event.slice(event.indexOf('data: ') + 6)));
}

describe('who watches', () => {
  it('too slowly is shown fewer rows and told how many there were, and the session loses none', async () => {
    const response = await watch(caller);
    const statements = 20;
    for (let id = 1; id <= statements; id += 1) await runStatement(id);
    await log.append({ kind: 'session.closed', sessionId: SESSION, statements, reason: 'client left' }, 'fsync');
    const body = await response.text();
    expect(body.length).toBeLessThan(MAX_QUEUED_BYTES);
    expect(eventsIn(body, 'statement')).toHaveLength(statements);
    expect(eventsIn(body, 'completed').map(({ rows }) => rows)).toEqual(Array.from({ length: statements }, () => ROWS));
    expect(eventsIn(body, 'closed')).toHaveLength(1);
    const shown = eventsIn(body, 'rows').flatMap(({ rows }) => rows).length;
    expect(shown).toBeGreaterThan(0);
    expect(shown).toBeLessThan(statements * ROWS);
    const recorded = await recordings.read(SESSION);
    expect([...(recorded?.statements.values() ?? [])].map(({ rows }) => rows.length)).toEqual(
      Array.from({ length: statements }, () => ROWS),
    );
  });

  it.each([
    ['events', MAX_QUEUED_EVENTS, 'select 1'],
    ['bytes', 16, `select '${'x'.repeat(MAX_QUEUED_BYTES / 8)}'`],
  ])('and leaves more %s waiting than the bound is cut off, and the session goes on', async (_, statements, text) => {
    const response = await watch(caller);
    for (let id = 1; id <= statements; id += 1) {
      await log.append(statementDecided(SESSION, id, text), 'write');
      await log.append(statementCompleted(SESSION, id), 'fsync');
    }
    await expect(response.text()).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
    expect(log.healthy).toBe(true);
    // Nobody is left watching: as many as ever may.
    for (let who = 0; who < MAX_WATCHERS_PER_SESSION; who += 1)
      expect((await watch(callerOf(`w${who}`))).status).toBe(200);
  });

  it('is one of so many at most, whoever is refused takes no place, and whoever leaves makes room', async () => {
    const open: Response[] = [];
    for (let who = 0; who < MAX_WATCHERS_PER_SESSION; who += 1) open.push(await watch(callerOf(`w${who}`)));
    for (let attempt = 0; attempt <= MAX_EVENT_STREAMS_PER_PRINCIPAL; attempt += 1) {
      const refused = await watch(callerOf('late'));
      expect([refused.status, await refused.text()]).toEqual([500, 'LIMIT_REACHED']);
    }
    expect((await watch(callerOf('late'), 'another')).status).toBe(200);
    await open[3]?.body?.cancel();
    expect((await watch(callerOf('late'))).status).toBe(200);
    expect((await watch(callerOf('later'))).status).toBe(500);
  });

  it('is told nothing any more once the token has ended', async () => {
    const response = await watch(callerOf('auditor', 50));
    const ended = response.text();
    const body = await ended;
    await runStatement(1);
    expect(body).toBe(': listening\n\n');
    for (let who = 0; who < MAX_WATCHERS_PER_SESSION; who += 1)
      expect((await watch(callerOf(`w${who}`))).status).toBe(200);
  });

  it('is told nothing any more once the sign-in was revoked, and others are', async () => {
    const [revoked, another] = [await watch(callerOf('ana')), await watch(callerOf('bob'))];
    streams.end(({ principal: { id } }) => id === principal('ana').id);
    expect(await revoked.text()).toBe(': listening\n\n');
    await runStatement(1);
    await log.append({ kind: 'session.closed', sessionId: SESSION, statements: 1, reason: 'client left' }, 'fsync');
    expect(eventsIn(await another.text(), 'statement')).toHaveLength(1);
    // Nobody is left watching: as many as ever may.
    for (let who = 0; who < MAX_WATCHERS_PER_SESSION; who += 1)
      expect((await watch(callerOf(`w${who}`))).status).toBe(200);
  });

  it('and may not read the session does not learn that there is one', async () => {
    const stranger = await watch({
      principal: principal('stranger'),
      signIn: { id: null, issuedAtMs: NOW_MS },
      tokenExpiresAtMs: NOW_MS + 60_000,
    });
    expect(await stranger.text()).toBe('NOT_FOUND');
  });
});
