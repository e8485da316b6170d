import { SluiceError } from '@sluice/contract/errors';
import { decodeBackend } from '../../protocol/postgres/backend.ts';
import type { Opened } from './names.ts';
import { formatOf, type Understood } from './plan.ts';
import type { SessionContext } from './session-context.ts';

const ROW_DESCRIPTION = 0x54;

/**
 * Compares the server's description of an answer with the plan. RowDescription's origins decide nothing, but where
 * they name a classified column that the plan lets through clear, something is wrong; and where it gives a column
 * another type than the plan has, or another format than `formats` of Bind, masks were made for something else. Throws
 * `SESSION_TRIPWIRE`.
 */
export function checkDescription(
  context: SessionContext,
  { plan, understood }: Pick<Opened, 'plan' | 'understood'>,
  body: Buffer | null,
  formats: readonly number[] | null = null,
): void {
  if (body === null) return;
  const checked = CHECKED.get(understood);
  const isAskedAlike =
    checked !== undefined && (checked.formats === formats || checked.formats?.join() === formats?.join());
  if (isAskedAlike && checked.body.equals(body)) return;
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
  CHECKED.set(understood, { formats, body: Buffer.from(body) });
}

/** The server repeats a code that it does not know, and refuses it with the first row. */
function isAsked(formats: readonly number[], index: number, described: number): boolean {
  return described === formatOf(formats, index) || described === (formats.length === 1 ? formats[0] : formats[index]);
}

/** The description that a verdict was compared with last, and the formats that were asked for. */
const CHECKED = new WeakMap<Understood, { readonly formats: readonly number[] | null; readonly body: Buffer }>();
