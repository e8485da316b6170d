/** Check digits of numbers that name a person, an account or a card. Each takes the number without separators. */

/** Luhn (ISO/IEC 7812-1, annex B). */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digitAt(digits, digits.length - 1 - index);
    const counted = index % 2 === 0 ? digit : 2 * digit;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum % 10 === 0;
}

/** Letters are numbers from 10 (ISO 13616, ISO 7064 MOD 97-10); the first four characters come last. */
export function isIbanSum(iban: string): boolean {
  let rest = 0;
  for (const character of `${iban.slice(4)}${iban.slice(0, 4)}`) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** Sum of digits by weights. */
export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * digitAt(digits, index), 0);
}

/** Burgerservicenummer: the eleven test. */
export function isBsn(digits: string): boolean {
  return weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0;
}

/** NHS number: modulus 11. */
export function isNhs(digits: string): boolean {
  const check = 11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return (check === 11 ? 0 : check) === digitAt(digits, 9);
}

/** PESEL: a date, with the century in the month, and a check digit. */
export function isPesel(digits: string): boolean {
  const month = Number(digits.slice(2, 4)) % 20;
  const day = Number(digits.slice(4, 6));
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  return weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
}

/** Cadastro de Pessoas Físicas: two check digits; those of one digit repeated are none. */
export function isCpf(digits: string): boolean {
  if (new Set(digits).size === 1) return false;
  const first = (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11;
  const second = (weighted(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11;
  return first % 10 === digitAt(digits, 9) && second % 10 === digitAt(digits, 10);
}

/** Numéro d'inscription au répertoire: 13 places and the key of two; Corsica has a letter. */
export function isNir(number: string): boolean {
  const [digits, corsican] =
    number[6] === 'A'
      ? [`${number.slice(0, 6)}0${number.slice(7)}`, 1_000_000]
      : number[6] === 'B'
        ? [`${number.slice(0, 6)}0${number.slice(7)}`, 2_000_000]
        : [number, 0];
  const month = Number(digits.slice(3, 5));
  if (month < 1 || (month > 12 && month < 20)) return false;
  return 97 - ((Number(digits.slice(0, 13)) - corsican) % 97) === Number(digits.slice(13));
}

const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Documento nacional de identidad, and the number of foreigners, which begins with X, Y or Z. */
export function isDni(number: string): boolean {
  const first = 'XYZ'.indexOf(number.charAt(0));
  const digits = `${first === -1 ? number.charAt(0) : first}${number.slice(1, 8)}`;
  return DNI_LETTERS[Number(digits) % DNI_LETTERS.length] === number.charAt(8);
}

/** Values of characters at odd places of a codice fiscale: of 0–9, and of A–Z. */
const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** Codice fiscale: the last letter. */
export function isCodiceFiscale(code: string): boolean {
  let sum = 0;
  for (let index = 0; index < 15; index++) {
    const value = Number.parseInt(code.charAt(index), 36);
    const isDigit = value < 10;
    if (index % 2 === 1) sum += isDigit ? value : value - 10;
    else sum += ODD[isDigit ? value : value - 10] ?? 0;
  }
  return Number.parseInt(code.charAt(15), 36) - 10 === sum % 26;
}

function digitAt(digits: string, index: number): number {
  return digits.charCodeAt(index) - 0x30;
}
