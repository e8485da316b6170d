/**
 * Syslog messages (RFC 5424), framed for TLS by counting octets (RFC 5425 §4.3).
 */
import { hostname } from 'node:os';
import { type ExportedEntry, timestampOf } from './exported-entry.ts';

/** Facility 13, "log audit" (RFC 5424 §6.2.1). */
const FACILITY = 13;
const SEVERITIES = { error: 3, warning: 4, notice: 5, informational: 6 } as const;
/** Longest HOSTNAME and MSGID (RFC 5424 §6). */
const MAX_HOSTNAME = 255;
const MAX_MESSAGE_ID = 32;

/** `text` is the MSG part: UTF-8, behind the BOM that says so (§6.4). */
export function syslogMessage({ atUs, entry }: ExportedEntry, text: string): Buffer {
  const priority = FACILITY * 8 + SEVERITIES[severityOf(entry)];
  const host = printable(hostname(), MAX_HOSTNAME);
  const head = `<${priority}>1 ${timestampOf(atUs)} ${host} sluice-gateway ${process.pid} ${printable(entry.kind, MAX_MESSAGE_ID)} - \uFEFF`;
  return Buffer.from(`${head}${text}`, 'utf8');
}

export function octetCounted(message: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${message.length} `, 'latin1'), message]);
}

function severityOf(entry: ExportedEntry['entry']): keyof typeof SEVERITIES {
  switch (entry.kind) {
    case 'tripwire':
    case 'log.failed':
      return 'error';
    case 'login.failed':
    case 'session.refused':
      return 'warning';
    case 'statement.decided':
      return entry.effect === 'refuse' || entry.effect === 'hold' ? 'warning' : 'informational';
    case 'statement.completed':
      return entry.error === null ? 'informational' : 'notice';
    default:
      return 'informational';
  }
}

/** PRINTUSASCII without spaces; "-" for nothing (NILVALUE). */
function printable(text: string, longest: number): string {
  const kept = text.replace(/[^!-~]/g, '').slice(0, longest);
  return kept === '' ? '-' : kept;
}
