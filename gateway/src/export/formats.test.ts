import { describe, expect, it } from 'vitest';
import type { Entry } from '../evidence/entry.ts';
import { principal, sessionOpened, statementCompleted, statementDecided } from '../evidence/log.fixture.ts';
import type { ExportedEntry } from './exported-entry.ts';
import { jsonLine } from './json-line.ts';
import { ocsfEvent } from './ocsf.ts';
import { otlpLogs } from './otlp-logs.ts';
import { octetCounted, syslogMessage } from './syslog-message.ts';

const AT_US = 1_764_500_000_123_456;
const ana = principal('ana');
const bot = principal('bot', { kind: 'agent', behalfOf: [ana] });

function exported(entry: Entry, who = ana): ExportedEntry {
  const {
    kind: _kind,
    sessionId: _id,
    ...session
  } = sessionOpened('c_one', who) as Extract<Entry, { kind: 'session.opened' }>;
  return { logId: 'abc', sequence: 7, atUs: AT_US, entry, session };
}

describe('a line of JSON', () => {
  it('has the place, the time and whose session it is', () => {
    expect(JSON.parse(jsonLine(exported(statementCompleted('c_one', 2))))).toMatchObject({
      log: 'abc',
      sequence: 7,
      time: '2025-11-30T10:53:20.123456Z',
      kind: 'statement.completed',
      session: { principal: { name: 'ana' }, resource: 'orders-db' },
    });
  });
});

describe('an OCSF event', () => {
  it('of a statement is Datastore Activity, with who did it for whom', () => {
    const event = ocsfEvent(exported(statementDecided('c_one', 2, 'select 1'), bot), '1.2.3');
    expect(event).toMatchObject({
      class_uid: 6_005,
      category_uid: 6,
      activity_id: 1,
      type_uid: 600_501,
      status_id: 1,
      time: 1_764_500_000_123,
      metadata: { version: '1.3.0', uid: 'abc:7', sequence: 7, product: { name: 'Sluice', version: '1.2.3' } },
      actor: { user: { uid: bot.id, name: 'bot' }, invoked_by: 'ana', session: { uid: 'c_one' } },
      src_endpoint: { ip: '127.0.0.1', port: 5_000 },
      query_info: { query_string: 'select 1' },
      database: { name: 'orders-db' },
    });
  });

  it('of a session is Authentication, of a failed one with that status', () => {
    expect(ocsfEvent(exported(sessionOpened('c_one', ana)), '1')).toMatchObject({
      class_uid: 3_002,
      type_uid: 300_201,
    });
    const failed: Entry = { kind: 'login.failed', resource: 'r', from: '[::1]:9', code: 'LOGIN_FAILED', claimed: 'x' };
    expect(ocsfEvent({ ...exported(failed), session: null }, '1')).toMatchObject({
      class_uid: 3_002,
      status_id: 2,
      src_endpoint: { ip: '::1', port: 9 },
      user: { name: 'x' },
    });
  });

  it('of anything else is Entity Management, and keeps the entry whole', () => {
    const entry: Entry = { kind: 'request.expired', requestId: 'r_1' };
    expect(ocsfEvent({ ...exported(entry), session: null }, '1')).toMatchObject({
      class_uid: 3_004,
      entity: { name: 'request.expired', type: 'request', uid: 'r_1' },
      unmapped: entry,
    });
  });
});

describe('a syslog message', () => {
  it('follows RFC 5424, and is counted in octets', () => {
    const message = syslogMessage(exported(statementDecided('c_one', 2)), '{"é":1}');
    expect(message.toString('utf8')).toMatch(
      /^<110>1 2025-11-30T10:53:20\.123456Z [!-~]+ sluice-gateway \d+ statement\.decided - \uFEFF\{"é":1\}$/,
    );
    const framed = octetCounted(message);
    expect(framed.toString('latin1').startsWith(`${message.length} <110>1 `)).toBe(true);
    expect(framed).toHaveLength(message.length + String(message.length).length + 1);
  });

  it('warns of what was refused', () => {
    const refused = { ...statementDecided('c_one', 2), effect: 'refuse' } as Entry;
    expect(syslogMessage(exported(refused), '').toString('utf8')).toMatch(/^<108>1 /);
  });
});

describe('an OTLP log record', () => {
  it('has 64-bit integers as strings, and the entry as its body', () => {
    const [resource] = otlpLogs([exported(statementDecided('c_one', 2))], '1')['resourceLogs'] as readonly {
      scopeLogs: readonly { logRecords: readonly Record<string, unknown>[] }[];
    }[];
    expect(resource?.scopeLogs[0]?.logRecords).toEqual([
      expect.objectContaining({
        timeUnixNano: '1764500000123456000',
        severityNumber: 9,
        eventName: 'sluice.statement.decided',
        attributes: expect.arrayContaining([
          { key: 'sluice.log.sequence', value: { intValue: '7' } },
          { key: 'db.namespace', value: { stringValue: 'orders-db' } },
        ]),
      }),
    ]);
  });
});
