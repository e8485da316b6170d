/**
 * Entries as OpenTelemetry log records, in the JSON encoding of OTLP (opentelemetry.io/docs/specs/otlp, "JSON Protobuf
 * Encoding"): 64-bit integers as decimal strings, keys in lowerCamelCase.
 */
import type { ExportedEntry } from './exported-entry.ts';
import { jsonLine } from './json-line.ts';

type Value = { readonly stringValue: string } | { readonly intValue: string } | { readonly boolValue: boolean };
type Attribute = { readonly key: string; readonly value: Value };

const INFO = 9;
const WARN = 13;
const ERROR = 17;

export function otlpLogs(entries: readonly ExportedEntry[], version: string): Readonly<Record<string, unknown>> {
  return {
    resourceLogs: [
      {
        resource: { attributes: resourceAttributes(version) },
        scopeLogs: [{ scope: { name: 'sluice.evidence', version }, logRecords: entries.map(logRecord) }],
      },
    ],
  };
}

export function resourceAttributes(version: string): readonly Attribute[] {
  return [text('service.name', 'sluice-gateway'), text('service.version', version)];
}

function logRecord(exported: ExportedEntry): Readonly<Record<string, unknown>> {
  const { entry, session, sequence, logId, atUs } = exported;
  const severity = severityOf(entry);
  return {
    timeUnixNano: `${BigInt(Math.floor(atUs)) * 1_000n}`,
    severityNumber: severity,
    severityText: severity === ERROR ? 'ERROR' : severity === WARN ? 'WARN' : 'INFO',
    eventName: `sluice.${entry.kind}`,
    body: { stringValue: jsonLine(exported) },
    attributes: [
      text('sluice.log.id', logId),
      { key: 'sluice.log.sequence', value: { intValue: String(sequence) } },
      ...('sessionId' in entry ? [text('session.id', entry.sessionId)] : []),
      ...('statementId' in entry
        ? [{ key: 'sluice.statement.id', value: { intValue: String(entry.statementId) } }]
        : []),
      ...('requestId' in entry && entry.requestId !== null ? [text('sluice.request.id', entry.requestId)] : []),
      ...('effect' in entry ? [text('sluice.effect', entry.effect)] : []),
      ...(session === null
        ? []
        : [
            ...[text('db.namespace', session.resource), text('db.system.name', session.protocol)],
            ...[text('user.id', session.principal.id), text('user.name', session.principal.name)],
          ]),
    ],
  };
}

function severityOf(entry: ExportedEntry['entry']): number {
  if (entry.kind === 'tripwire' || entry.kind === 'log.failed') return ERROR;
  const isStopped = entry.kind === 'statement.decided' && (entry.effect === 'refuse' || entry.effect === 'hold');
  return isStopped || entry.kind === 'login.failed' || entry.kind === 'session.refused' ? WARN : INFO;
}

function text(key: string, value: string): Attribute {
  return { key, value: { stringValue: value } };
}
