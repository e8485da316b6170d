/**
 * Whether a type's input function takes a text, for certain and whatever the settings. Narrow: types and forms that are
 * not listed are not sure.
 */

const ANY_TEXT = /^/;
const DIGITS = /^-?\d{1,9}$/;
const DATE = String.raw`(?:[1-9]\d{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])`;
const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?`;

const FORMS: ReadonlyMap<number, RegExp> = new Map([
  [16, /^(?:t|f|true|false)$/],
  [20, /^-?\d{1,18}$/],
  [21, /^-?\d{1,4}$/],
  [23, DIGITS],
  [25, ANY_TEXT],
  [1042, ANY_TEXT],
  [1043, ANY_TEXT],
  [701, /^-?\d{1,15}(?:\.\d{1,15})?$/],
  [1700, /^-?\d{1,100}(?:\.\d{1,100})?$/],
  [2950, /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/],
  [1082, new RegExp(`^${DATE}$`)],
  [1114, new RegExp(`^${DATE}[ T]${TIME}$`)],
  [1184, new RegExp(String.raw`^${DATE}[ T]${TIME}(?:Z|[+-](?:0\d|1[0-3])(?::[0-5]\d)?)?$`)],
]);

export function isSureInput(typeOid: number, text: string): boolean {
  return FORMS.get(typeOid)?.test(text) ?? false;
}
