/**
 * In which spellings a value is remembered, and looked for inside a longer text. Linear in the text.
 */

/** Shorter values say little of a person, and are written by chance: they are not remembered. */
export const MIN_SHOWN_CHARACTERS = 6;
/** The same for what is a number, in digits: counts, years, prices and keys of small tables have fewer. */
export const MIN_SHOWN_DIGITS = 7;
/** A value of more words is remembered whole, and found where it is written as a whole. */
export const MAX_SHOWN_WORDS = 4;

/** Digits in groups, as people write cards, accounts and telephone numbers. */
const GROUPED_DIGITS = /^[+(]*\d[\d ().\-/]*$/;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;
const SEPARATORS = /[^0-9]+/g;
const BLANKS = /[\s\u0000-\u001f]+/g;

/** Upper and lower case, and blanks of whatever kind, are no difference. */
export function normalised(text: string): string {
  return text.normalize('NFKC').replace(BLANKS, ' ').trim().toLowerCase();
}

/** `12.50` is `12.5`. */
function withoutTrailingZeros(number: string): string {
  if (!number.includes('.')) return number;
  const end = lastOther(number, '0');
  return number.slice(0, number[end] === '.' ? end : end + 1);
}

/** Position of the last character that is none of these; -1 for none. In one pass, which a pattern would not be. */
function lastOther(text: string, marks: string): number {
  let end = text.length - 1;
  while (end >= 0 && marks.includes(text.charAt(end))) end -= 1;
  return end;
}

/** What a shown value is remembered as; empty when it says too little. */
export function spellingsOf(text: string): readonly string[] {
  const whole = normalised(text);
  if (whole.length < MIN_SHOWN_CHARACTERS) return [];
  if (!GROUPED_DIGITS.test(whole) && !NUMBER.test(whole)) return [whole];
  const number = NUMBER.test(whole) ? withoutTrailingZeros(whole) : whole;
  const digits = number.replace(SEPARATORS, '');
  if (digits.length < MIN_SHOWN_DIGITS) return [];
  return digits === whole ? [whole] : [whole, digits];
}

/** Ends a word; of the marks inside addresses, numbers and names (`@ . - ' + _`) only those at its ends are dropped. */
const BETWEEN_WORDS = /[\s\u0000-\u001f,;:"()[\]{}<>=|\\/&?!`*#$%^~]+/;
const AT_ENDS = "'.-+_";
const DIGIT_RUN = /\d[\d \-./]*\d/g;

/**
 * Offers every spelling in which a remembered value could stand in the text, until `visit` says that it is one. `words`:
 * the most words that a remembered value has.
 */
export function findSpelling<T>(text: string, words: number, visit: (spelling: string) => T | null): T | null {
  const whole = normalised(text);
  if (whole.length < MIN_SHOWN_CHARACTERS) return null;
  return (
    visit(whole) ??
    visit(whole.replace(SEPARATORS, '')) ??
    (NUMBER.test(whole) ? visit(withoutTrailingZeros(whole).replace(SEPARATORS, '')) : null) ??
    findAmongWords(whole, words, visit) ??
    findAmongDigits(whole, visit)
  );
}

function firstOther(text: string, marks: string): number {
  let start = 0;
  while (start < text.length && marks.includes(text.charAt(start))) start += 1;
  return start;
}

function findAmongWords<T>(whole: string, most: number, visit: (spelling: string) => T | null): T | null {
  const words = whole
    .split(BETWEEN_WORDS)
    .map((word) => word.slice(firstOther(word, AT_ENDS), lastOther(word, AT_ENDS) + 1))
    .filter((word) => word !== '');
  for (let first = 0; first < words.length; first++) {
    let spelling = '';
    for (let last = first; last < words.length && last < first + most; last++) {
      spelling += last === first ? words[last] : ` ${words[last]}`;
      const found = visit(spelling);
      if (found !== null) return found;
    }
  }
  return null;
}

/** Numbers with and without their separators; two numbers beside each other are taken apart as well. */
function findAmongDigits<T>(whole: string, visit: (spelling: string) => T | null): T | null {
  for (const [run] of whole.matchAll(DIGIT_RUN)) {
    const found = visit(run.replace(SEPARATORS, '')) ?? findAmongParts(run, visit);
    if (found !== null) return found;
  }
  return null;
}

function findAmongParts<T>(run: string, visit: (spelling: string) => T | null): T | null {
  if (!run.includes(' ')) return null;
  for (const part of run.split(' ')) {
    const found = visit(part.replace(SEPARATORS, ''));
    if (found !== null) return found;
  }
  return null;
}
