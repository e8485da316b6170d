/**
 * What looks classified by itself: numbers with check digits, credentials by their marks. Never a mere count of digits.
 * Linear in the text; a detector is data, and asked only where a resource lists it.
 */
import type { Label } from '@sluice/contract/vocabulary';
import { isBsn, isCodiceFiscale, isCpf, isDni, isIbanSum, isLuhn, isNhs, isNir, isPesel } from './checksums.ts';

export const DETECTORS = [
  'payment-card',
  'iban',
  'us-ssn',
  'nl-bsn',
  'uk-nhs',
  'pl-pesel',
  'br-cpf',
  'fr-nir',
  'es-dni',
  'it-codice-fiscale',
  'credential',
  'email',
] as const;
export type DetectorName = (typeof DETECTORS)[number];

/** `category` unless the configuration names another. `is`: of a candidate in upper case, without its separators. */
type Detector = {
  readonly category: string;
  readonly is?: (candidate: string) => boolean;
  /** In the text as it stands. */
  readonly pattern?: RegExp;
};

const TABLE: Readonly<Record<DetectorName, Detector>> = {
  'payment-card': { category: 'pci.card', is: isPaymentCard },
  iban: { category: 'pii.iban', is: isIban },
  'us-ssn': {
    category: 'pii.ssn',
    pattern: /(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w-])/,
  },
  'nl-bsn': {
    category: 'pii.national-id',
    is: (text) => /^\d{9}$/.test(text) && text !== '000000000' && isBsn(text),
  },
  'uk-nhs': {
    category: 'pii.health-id',
    is: (text) => /^[1-9]\d{9}$/.test(text) && isNhs(text),
  },
  'pl-pesel': {
    category: 'pii.national-id',
    is: (text) => /^\d{11}$/.test(text) && isPesel(text),
  },
  'br-cpf': {
    category: 'pii.national-id',
    is: (text) => /^\d{11}$/.test(text) && isCpf(text),
  },
  'fr-nir': {
    category: 'pii.national-id',
    is: (text) => /^[1-478]\d{4}(?:\d\d|2[AB])\d{8}$/.test(text) && isNir(text),
  },
  'es-dni': {
    category: 'pii.national-id',
    is: (text) => /^[\dXYZ]\d{7}[A-Z]$/.test(text) && isDni(text),
  },
  'it-codice-fiscale': {
    category: 'pii.national-id',
    is: (text) =>
      /^[A-Z]{6}[\dLMNP-V]{2}[A-EHLMPRST][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z]$/.test(text) && isCodiceFiscale(text),
  },
  credential: {
    category: 'secret',
    pattern:
      /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----|(?<![\w-])eyJ[\w-]{8,4096}\.eyJ[\w-]{8,4096}\.[\w-]{8}|(?<![A-Z\d])(?:AKIA|ASIA)[A-Z\d]{16}(?![A-Z\d])|(?<!\w)(?:gh[pousr]_\w{36}|github_pat_\w{50}|glpat-[\w-]{20}|xox[abposr]-[\w-]{20}|sk_live_\w{20}|AIza[\w-]{35})/,
  },
  email: {
    category: 'pii.email',
    pattern: /(?<![\w.+-])[\w.+-]{1,64}@[a-z\d](?:[a-z\d-]{0,62}\.){1,8}[a-z]{2,24}(?![\w-])/i,
  },
};

/** In the place of a column's schema: a detector has found the value. */
export const DETECTED = 'detected';

/** A detector that a resource lists. */
export type ChosenDetector = {
  readonly detector: DetectorName;
  readonly label: Label;
  readonly category?: string | undefined;
};
export type Detected = {
  readonly detector: DetectorName;
  readonly label: Label;
  readonly category: string;
};

export class Detectors {
  readonly #chosen: readonly (Detected & {
    readonly test: (text: string, candidates: () => readonly string[]) => boolean;
  })[];

  constructor(chosen: readonly ChosenDetector[]) {
    this.#chosen = chosen.map(({ detector, label, category }) => {
      const { is, pattern, category: usual } = TABLE[detector];
      return {
        ...{ detector, label, category: category ?? usual },
        test: (text, candidates) =>
          pattern?.test(text) === true || (is !== undefined && candidates().some((candidate) => is(candidate))),
      };
    });
  }

  get isEmpty(): boolean {
    return this.#chosen.length === 0;
  }

  /** The first that is listed; null for none. */
  get first(): Detected | null {
    return this.#chosen[0] ?? null;
  }

  /** The first of them that finds something. */
  find(text: string): Detected | null {
    let known: readonly string[] | null = null;
    const candidates = (): readonly string[] => {
      known ??= candidatesIn(text);
      return known;
    };
    return this.#chosen.find(({ test }) => test(text, candidates)) ?? null;
  }
}

/** Shortest and longest number of the table, in characters without separators. */
const SHORTEST = 9;
const LONGEST = 34;
/** Groups of one number: an IBAN on paper has up to nine. */
const MOST_GROUPS = 9;

/** Numbers that could be one of the table: words with a digit, and such words joined over single blanks, points and hyphens. */
function candidatesIn(text: string): readonly string[] {
  const words: { readonly word: string; readonly start: number }[] = [];
  const upper = text.toUpperCase();
  for (const { 0: word, index } of upper.matchAll(/[A-Z\d]+/g)) words.push({ word, start: index });
  const found: string[] = [];
  for (let first = 0; first < words.length; first++) {
    let joined = '';
    let end = -1;
    for (const { word, start } of words.slice(first, first + MOST_GROUPS)) {
      if (end !== -1 && (start !== end + 1 || !' .-'.includes(upper.charAt(end)))) break;
      joined += word;
      if (joined.length > LONGEST || !/\d/.test(joined)) break;
      if (joined.length >= SHORTEST) found.push(joined);
      end = start + word.length;
    }
  }
  return found;
}

/** First digits (IIN, ISO/IEC 7812) of the great networks, with their lengths. */
const CARDS: readonly (readonly [prefix: RegExp, lengths: readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(?:6011|64[4-9]|65)/, [16, 17, 18, 19]],
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]],
  [/^(?:30[0-5]|36|3[89])/, [14, 15, 16, 17, 18, 19]],
  [/^62/, [16, 17, 18, 19]],
];

function isPaymentCard(candidate: string): boolean {
  if (!/^\d{13,19}$/.test(candidate)) return false;
  return (
    CARDS.some(([prefix, lengths]) => lengths.includes(candidate.length) && prefix.test(candidate)) && isLuhn(candidate)
  );
}

/** Lengths by country (the registry of ISO 13616). */
const IBAN_LENGTHS = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 ' +
    'FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 ' +
    'MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 ' +
    'SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

function isIban(candidate: string): boolean {
  return (
    IBAN_LENGTHS.get(candidate.slice(0, 2)) === candidate.length && /^..\d\d/.test(candidate) && isIbanSum(candidate)
  );
}
