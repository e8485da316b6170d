import { SluiceError } from '@sluice/contract/errors';
import type { ReportFields } from '../../protocol/postgres/backend.ts';
import { encodeErrorResponse } from '../../protocol/postgres/backend-encode.ts';
import type { Exchange, Executed } from './exchange.ts';
import { errorResponse, scrubbed, shifted, withoutDetail } from './reports.ts';
import { SERVER_MESSAGE_RULES } from './server-messages.ts';

/** The error that the client is told, instead of the server's `fields` about what is at the head of the queue. */
export function errorBytes(head: Exchange | undefined, fields: ReportFields, sensitive: boolean): Buffer {
  const told =
    head?.kind === 'execute' ? head.brokenOff?.() : head !== undefined && 'refusal' in head ? head.refusal : undefined;
  const words = told ?? head?.inOwnWords?.({ sqlState: fields.get('C') ?? '', message: fields.get('M') ?? '' });
  if (words !== undefined) return errorResponse(words);
  const named = head?.kind === 'bind' && head.inClientNames !== undefined ? head.inClientNames(fields) : fields;
  const placed = head?.charactersBefore === undefined ? named : shifted(named, head.charactersBefore);
  return encodeErrorResponse(scrubbed(head?.printsRows === true ? withoutDetail(placed) : placed, sensitive));
}

/** Whether what the server says about the head of the queue could hold classified values. */
export function isSensitive(head: Exchange | undefined, sensitiveTransaction: boolean): boolean {
  if (head?.sensitive === true) return true;
  if (!sensitiveTransaction) return false;
  // What earlier statements left behind comes up where the transaction ends, and nowhere else.
  return head === undefined || head.kind === 'sync' || (head.kind === 'execute' && head.runsDeferred === true);
}

/** COPY data comes only where the plan says so, and is asked for only of a statement that returns nothing. */
export function expectsCopy(head: Executed, letter: string): boolean {
  const rule = head.rule();
  return letter === 'H' ? rule?.kind === 'copy' : rule === null;
}

export function unasked(letter: string): SluiceError {
  return new SluiceError(
    'UPSTREAM_PROTOCOL',
    `the database sent ${SERVER_MESSAGE_RULES[letter]?.name ?? letter} when nothing had asked for it`,
  );
}

/** A message as bytes: type, length, body (manual 55.2.1). */
export function frame(type: number, body: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(5 + body.length);
  bytes.writeUInt8(type, 0);
  bytes.writeInt32BE(4 + body.length, 1);
  body.copy(bytes, 5);
  return bytes;
}
