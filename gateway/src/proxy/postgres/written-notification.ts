/**
 * NOTIFY written as a query: `SELECT pg_notify('channel', 'payload')`, with literals or parameters. Only what the client
 * itself wrote is taken from it, so a text that means something else (another `pg_notify`) announces nothing that
 * somebody else could have put there.
 */

/** Where it stands in a text; looked for before anything else, since every statement comes by here. */
const NAME = 'pg_notify';
/** Longer ones are not looked at: a payload ends at 8,000 bytes. */
const MAX_TEXT_CHARACTERS = 20_000;
const VALUE = String.raw`('(?:[^']|'')*'|\$[1-9]\d?)(?:\s*::\s*(?:text|varchar))?`;
const CALL = new RegExp(
  String.raw`^\s*select\s+(?:pg_catalog\s*\.\s*)?${NAME}\s*\(\s*${VALUE}\s*,\s*${VALUE}\s*\)\s*;?\s*$`,
  'i',
);

/** Whether a text could be one, which can be said without its parameters. */
export function mayNotify(text: string): boolean {
  return text.includes(NAME) && text.length <= MAX_TEXT_CHARACTERS;
}

/** Null for every other text. `parameters` as bound: text has the same bytes in both formats. */
export function writtenNotification(
  text: string,
  parameters: readonly (Buffer | null)[],
): { readonly channel: string; readonly payload: string } | null {
  if (!mayNotify(text)) return null;
  const [, first, second] = CALL.exec(text) ?? [];
  const channel = valueOf(first, parameters);
  const payload = valueOf(second, parameters);
  return channel === null || payload === null ? null : { channel, payload };
}

function valueOf(written: string | undefined, parameters: readonly (Buffer | null)[]): string | null {
  if (written === undefined) return null;
  if (written.startsWith("'")) return written.slice(1, -1).replaceAll("''", "'");
  return parameters[Number(written.slice(1)) - 1]?.toString('utf8') ?? null;
}
