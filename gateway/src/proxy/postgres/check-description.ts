import { SluiceError } from '@sluice/contract/errors';
import { decodeBackend } from '../../protocol/postgres/backend.ts';
import type { Opened } from './names.ts';
import { formatOf } from './plan.ts';
import { isSame } from './same-bytes.ts';
import type { SessionContext } from './session-context.ts';

const ROW_DESCRIPTION = 0x54;

/**
 * Compares the server's description of an answer, `source[start, end)`, with the plan. RowDescription's origins decide
 * nothing, but where they name a classified column that the plan lets through clear, something is wrong; and where it
 * gives a column another type than the plan has, or another format than `formats` of Bind, masks were made for something
 * else. Throws `SESSION_TRIPWIRE`.
 */
export function checkDescription(
  context: SessionContext,
  { plan, understood }: Pick<Opened, 'plan' | 'understood'>,
  formats: readonly number[] | null,
  source: Buffer,
  start: number,
  end: number,
): void {
  const { checked } = plan;
  if (
    checked !== null &&
    checked.understood === understood &&
    (checked.formats === formats || checked.formats?.join() === formats?.join()) &&
    isSame(checked.body, source, start, end)
  )
    return;
  const body = Buffer.from(source.subarray(start, end));
  const message = decodeBackend(ROW_DESCRIPTION, body);
  const planned = plan.facts.columns;
  const isPlanned =
    message.kind === 'RowDescription' &&
    message.fields.length === planned?.length &&
    message.fields.every(
      ({ typeOid, format }, index) =>
        typeOid === planned[index]?.typeOid && (formats === null || isAsked(formats, index, format)),
    );
  if (!isPlanned) {
    throw new SluiceError(
      'SESSION_TRIPWIRE',
      'the database describes another answer than the one that was decided about',
    );
  }
  context.checkOrigins(understood, message.fields);
  plan.checked = { understood, formats, body };
}

/** The server repeats a code that it does not know, and refuses it with the first row. */
function isAsked(formats: readonly number[], index: number, described: number): boolean {
  return described === formatOf(formats, index) || described === (formats.length === 1 ? formats[0] : formats[index]);
}
