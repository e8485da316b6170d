import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DETECTORS, type DetectorName, Detectors } from './detectors.ts';

function found(detector: DetectorName, text: string): boolean {
  return new Detectors([{ detector, label: 'regulated' }]).find(text) !== null;
}

/** Published examples, none of anybody. */
const EXAMPLES: readonly (readonly [DetectorName, string])[] = [
  ['payment-card', '4111111111111111'],
  ['payment-card', '5555555555554444'],
  ['payment-card', '378282246310005'],
  ['payment-card', '6011111111111117'],
  ['payment-card', '3530111333300000'],
  ['payment-card', '30569309025904'],
  ['payment-card', '4111-1111-1111-1111'],
  ['payment-card', '4111 1111 1111 1111'],
  ['iban', 'GB29NWBK60161331926819'],
  ['iban', 'DE89 3704 0044 0532 0130 00'],
  ['iban', 'nl91abna0417164300'],
  ['iban', 'FR14 2004 1010 0505 0001 3M02 606'],
  ['us-ssn', '123-45-6789'],
  ['nl-bsn', '111222333'],
  ['uk-nhs', '943 476 5919'],
  ['pl-pesel', '44051401359'],
  ['br-cpf', '529.982.247-25'],
  ['fr-nir', '2 55 08 14 168 025 38'],
  ['es-dni', '12345678Z'],
  ['es-dni', 'X1234567L'],
  ['it-codice-fiscale', 'RSSMRA85T10A562S'],
  ['credential', '-----BEGIN RSA PRIVATE KEY-----'],
  ['credential', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'],
  ['credential', 'AKIAIOSFODNN7EXAMPLE'],
  ['email', 'ada@example.com'],
];

describe('a detector', () => {
  it.each(EXAMPLES)('%s finds %s, also in a sentence', (detector, value) => {
    expect(found(detector, value)).toBe(true);
    expect(found(detector, `on 3 May: ${value}, as told (2)`)).toBe(true);
  });
  it.each<[DetectorName, string]>([
    ['payment-card', '4111111111111112'],
    ['payment-card', '1111111111111117'],
    ['payment-card', '0000000000000000'],
    ['payment-card', '94111111111111111'],
    ['payment-card', '411111111111'],
    ['iban', 'GB29NWBK60161331926818'],
    ['iban', 'GB29NWBK6016133192681'],
    ['iban', 'XX29NWBK60161331926819'],
    ['us-ssn', '123456789'],
    ['us-ssn', '000-45-6789'],
    ['us-ssn', '666-45-6789'],
    ['us-ssn', '923-45-6789'],
    ['us-ssn', '123-00-6789'],
    ['us-ssn', '123-45-0000'],
    ['us-ssn', '1123-45-6789'],
    ['us-ssn', '123-45-6789-1'],
    ['nl-bsn', '111222334'],
    ['nl-bsn', '000000000'],
    ['uk-nhs', '9434765918'],
    ['pl-pesel', '44051401358'],
    ['pl-pesel', '44991401359'],
    ['br-cpf', '111.111.111-11'],
    ['br-cpf', '529.982.247-26'],
    ['fr-nir', '255081416802539'],
    ['es-dni', '12345678A'],
    ['it-codice-fiscale', 'RSSMRA85T10A562T'],
    ['credential', 'the private key of the house'],
    ['email', 'meet @ noon.'],
  ])('%s does not find %s', (detector, value) => {
    expect(found(detector, value)).toBe(false);
  });
  it('finds a number beside another one', () => {
    expect(found('payment-card', '2024 4111111111111111 2025')).toBe(true);
    expect(found('payment-card', '2024 4111 1111 1111 1111 99')).toBe(true);
  });
  it('has the label and category that it is given, else the category of its kind', () => {
    const [example] = EXAMPLES;
    const as = (category?: string) =>
      new Detectors([{ detector: 'payment-card', label: 'confidential', category }]).find(example?.[1] ?? '');
    expect(as()).toMatchObject({ label: 'confidential', category: 'pci.card' });
    expect(as('pci.pan')).toMatchObject({ category: 'pci.pan' });
  });
  it('finds every published example among all of them, and none in words and small numbers', () => {
    const all = new Detectors(DETECTORS.map((detector) => ({ detector, label: 'regulated' as const })));
    for (const [, value] of EXAMPLES) expect(all.find(value)).not.toBeNull();
    const words = fc.array(fc.oneof(fc.stringMatching(/^[a-z]{1,12}$/), fc.nat(99_999).map(String)), { maxLength: 3 });
    fc.assert(
      fc.property(words, (text) => all.find(text.join('; ')) === null),
      { numRuns: 50 },
    );
  });
  it('answers to any text', () => {
    const all = new Detectors(DETECTORS.map((detector) => ({ detector, label: 'regulated' as const })));
    const anyText = fc.string({ unit: 'binary', maxLength: 400 });
    const answered = fc.property(anyText, (text) => all.find(text) !== undefined);
    expect(() => fc.assert(answered, { numRuns: 50 })).not.toThrow();
  });
});
