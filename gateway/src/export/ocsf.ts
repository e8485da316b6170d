/**
 * Entries as events of the Open Cybersecurity Schema Framework, version 1.3.0 (schema.ocsf.io): sessions are
 * Authentication (3002), statements Datastore Activity (6005), requests and everything that is decided about Entity
 * Management (3004), the gateway's own life Application Lifecycle (6002). What has no field there is in `unmapped`.
 */
import type { Effect, Principal } from '@sluice/contract/vocabulary';
import type { Entry } from '../evidence/entry.ts';
import { type ExportedEntry, timestampOf, uidOf } from './exported-entry.ts';

const SCHEMA_VERSION = '1.3.0';
const UNKNOWN_USER = 0;
const SYSTEM_USER = 3;
const REGULAR_USER = 1;

type Shape = {
  readonly class: number;
  readonly activity: number;
  readonly severity: 'informational' | 'medium' | 'high';
  readonly isFailure?: boolean;
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
};

const SEVERITY = { informational: 1, medium: 3, high: 4 } as const;

/** One event as a JSON value. */
export function ocsfEvent(exported: ExportedEntry, version: string): Readonly<Record<string, unknown>> {
  const { entry, session, sequence, logId, atUs } = exported;
  const shape = shapeOf(exported);
  const principal = session?.principal ?? ('principal' in entry ? entry.principal : null);
  return {
    class_uid: shape.class,
    category_uid: Math.floor(shape.class / 1_000),
    activity_id: shape.activity,
    type_uid: shape.class * 100 + shape.activity,
    severity_id: SEVERITY[shape.severity],
    status_id: shape.isFailure === true ? 2 : 1,
    time: Math.floor(atUs / 1_000),
    time_dt: timestampOf(atUs),
    message: shape.message,
    metadata: {
      version: SCHEMA_VERSION,
      product: { name: 'Sluice', vendor_name: 'Sluice', version },
      uid: uidOf(exported),
      sequence,
      log_name: logId,
      event_code: entry.kind,
      ...('sessionId' in entry ? { correlation_uid: entry.sessionId } : {}),
    },
    ...(principal === null ? {} : { actor: actorOf(principal, entry) }),
    ...(session === null ? {} : { src_endpoint: endpointOf(session.from) }),
    ...shape.fields,
    unmapped: entry,
  };
}

function shapeOf({ entry, session }: ExportedEntry): Shape {
  switch (entry.kind) {
    case 'session.opened':
      return {
        ...{ class: 3_002, activity: 1, severity: 'informational', message: `session on ${entry.resource} opened` },
        fields: { user: userOf(entry.principal), service: { name: entry.resource }, is_remote: true },
      };
    case 'session.closed':
      return {
        ...{ class: 3_002, activity: 2, severity: 'informational', message: `session closed: ${entry.reason}` },
        fields: session === null ? {} : { user: userOf(session.principal), service: { name: session.resource } },
      };
    case 'session.refused':
      return {
        ...{ class: 3_002, activity: 1, severity: 'medium', isFailure: true },
        message: `session on ${entry.resource} refused`,
        fields: { user: userOf(entry.principal), service: { name: entry.resource } },
      };
    case 'login.failed':
      return {
        ...{ class: 3_002, activity: 1, severity: 'medium', isFailure: true, message: `sign-in failed: ${entry.code}` },
        fields: {
          user: { name: entry.claimed, type_id: UNKNOWN_USER },
          service: { name: entry.resource },
          src_endpoint: endpointOf(entry.from),
        },
      };
    case 'statement.decided':
      return {
        ...{ class: 6_005, activity: activityOf(entry.statementKind), ...verdictOf(entry.effect) },
        message: `${entry.statementKind}: ${entry.effect}`,
        fields: {
          type_id: 1,
          query_info: { uid: entry.fingerprint, ...(entry.text === '' ? {} : { query_string: entry.text }) },
          ...(session === null ? {} : { database: { name: session.resource, type_id: 1 } }),
          action_id: entry.effect === 'allow' || entry.effect === 'mask' ? 1 : 2,
        },
      };
    case 'statement.completed':
      return {
        ...{ class: 6_005, activity: 4, severity: 'informational', isFailure: entry.error !== null },
        message: entry.error === null ? entry.tag : `failed with ${entry.error}`,
        fields: {
          type_id: 1,
          duration: Math.round(entry.durationUs / 1_000),
          ...(session === null ? {} : { database: { name: session.resource, type_id: 1 } }),
        },
      };
    case 'gateway.started':
    case 'gateway.stopped':
      return {
        ...{ class: 6_002, activity: entry.kind === 'gateway.started' ? 3 : 4, severity: 'informational' },
        message: entry.kind,
        fields: { app: { name: 'sluice-gateway', vendor_name: 'Sluice' } },
      };
    case 'tripwire':
    case 'log.failed':
      return entity(entry, 99, 'high', true);
    default:
      return entity(entry, 3, 'informational', false);
  }
}

/** Requests, labels, keys and whatever else is decided about: an entity that was changed. */
function entity(entry: Entry, activity: number, severity: Shape['severity'], isFailure: boolean): Shape {
  const uid = 'requestId' in entry && typeof entry.requestId === 'string' ? { uid: entry.requestId } : {};
  return {
    ...{ class: 3_004, activity, severity, isFailure, message: entry.kind },
    fields: { entity: { name: entry.kind, type: entry.kind.split('.', 1)[0] ?? entry.kind, ...uid } },
  };
}

const ACTIVITIES: Readonly<Record<string, number>> = {
  SelectStmt: 1,
  UpdateStmt: 2,
  MergeStmt: 2,
  InsertStmt: 5,
  CopyStmt: 5,
  DeleteStmt: 7,
};

/** Of Datastore Activity; 4 is Query. */
function activityOf(statementKind: string): number {
  return ACTIVITIES[statementKind] ?? 4;
}

function verdictOf(effect: Effect): Pick<Shape, 'severity' | 'isFailure'> {
  const isStopped = effect === 'refuse' || effect === 'hold';
  return { severity: isStopped ? 'medium' : 'informational', isFailure: isStopped };
}

function userOf(principal: Principal): Readonly<Record<string, unknown>> {
  const type = principal.kind === 'user' ? REGULAR_USER : SYSTEM_USER;
  return {
    uid: principal.id,
    name: principal.name,
    type_id: type,
    groups: principal.groups.map((name) => ({ name })),
  };
}

function actorOf(principal: Principal, entry: Entry): Readonly<Record<string, unknown>> {
  const [first] = principal.chain;
  return {
    user: userOf(principal),
    ...('sessionId' in entry ? { session: { uid: entry.sessionId } } : {}),
    // On whose behalf: the chain's beginning, where that is somebody else.
    ...(first === undefined || first.id === principal.id ? {} : { invoked_by: first.name }),
  };
}

/** `address:port`, or `[address]:port`. */
function endpointOf(from: string): Readonly<Record<string, unknown>> {
  const match = /^\[?(.*?)\]?:(\d+)$/.exec(from);
  return match === null ? { name: from } : { ip: match[1], port: Number(match[2]) };
}
