import { type ExportedEntry, timestampOf } from './exported-entry.ts';

/**
 * An entry as one line of JSON: `log`, `sequence`, `time`, the entry's own fields, and `session` with who, where and from
 * where. The fields of an entry are those of docs/evidence-format.md.
 */
export function jsonLine({ logId, sequence, atUs, entry, session }: ExportedEntry): string {
  return JSON.stringify({
    ...{ log: logId, sequence, time: timestampOf(atUs), ...entry },
    ...(session === null || entry.kind === 'session.opened' ? {} : { session }),
  });
}
