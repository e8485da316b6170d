/**
 * Columns that are called like something classified: `ssn`, `customerSsn`, `home_address`. A name is read as words, so
 * that snake_case and camelCase are the same; a pattern is such a name, with `*` for anything. No regular expression
 * comes from the configuration, and every match is linear in the name.
 */
import { type Label, labelRank } from '@sluice/contract/vocabulary';

/** Characters of a name that are looked at; PostgreSQL's names have 63 bytes. */
const MAX_NAME_CHARACTERS = 256;
export const MAX_PATTERN_CHARACTERS = 64;
/** `*` in one pattern. */
export const MAX_STARS = 4;
/** Patterns of one entry, and entries of one resource. */
export const MAX_PATTERNS = 100;
export const MAX_NAME_ENTRIES = 50;

/** The name itself, and with words in front. */
const ending = (...names: readonly string[]): readonly string[] => names.flatMap((name) => [name, `*_${name}`]);
const numbers = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => ending(name, `${name}_number`, `${name}_no`, `${name}_num`, `${name}_nr`));

/** Patterns that come with the product, by category. Only names that hardly ever mean something else. */
const SHIPPED = {
  'pii.ssn': [...numbers('ssn', 'social_security'), ...ending('socialsecurity', 'socialsecuritynumber')],
  'pii.national-id': [
    ...numbers('national_id', 'nationalid', 'tax_id', 'taxid', 'bsn', 'nino', 'pesel', 'cpf', 'dni', 'passport'),
    ...ending('national_insurance_number', 'codice_fiscale', 'driving_licence_number', 'driver_license_number'),
  ],
  'pii.health-id': [...numbers('nhs', 'mrn', 'medical_record', 'health_insurance')],
  'pii.iban': [...numbers('iban', 'bank_account'), ...ending('iban_code')],
  'pci.card': [
    ...numbers('credit_card', 'debit_card', 'creditcard', 'card_pan'),
    ...ending('card_number', 'cardnumber', 'card_no', 'card_num', 'cc_number', 'ccnumber', 'cvv', 'cvc', 'pan'),
  ],
  'pii.email': [...ending('email', 'e_mail', 'email_address', 'e_mail_address', 'mail_address')],
  'pii.phone': [...numbers('phone', 'telephone', 'mobile_phone', 'cell_phone'), ...ending('mobile_number', 'msisdn')],
  'pii.birth': [...ending('date_of_birth', 'dateofbirth', 'birth_date', 'birthdate', 'birthday', 'dob')],
  'pii.name': [
    ...ending('first_name', 'firstname', 'last_name', 'lastname', 'full_name', 'fullname', 'surname', 'maiden_name'),
    ...ending('given_name', 'family_name'),
  ],
  'pii.address': [
    ...ending('street_address', 'home_address', 'postal_address', 'residential_address'),
    ...['address_line*', '*_address_line*'],
  ],
  secret: [
    ...ending('password', 'passwd', 'password_hash', 'passphrase', 'secret', 'secret_key', 'client_secret'),
    ...ending('api_key', 'apikey', 'private_key', 'access_token', 'refresh_token', 'totp_seed'),
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Categories that have shipped patterns. */
export const NAMED_CATEGORIES: readonly string[] = Object.keys(SHIPPED);

/** An entry of a resource: a category with patterns of its own, or with those that are shipped for it. */
export type NamePatterns = {
  readonly category: string;
  readonly label: Label;
  readonly patterns?: readonly string[] | undefined;
};

/** What a name says about its column. */
export type ProposedLabel = { readonly label: Label; readonly category: string; readonly pattern: string };

export class ColumnNames {
  readonly #proposals: readonly (ProposedLabel & { readonly parts: readonly string[] })[];

  /** Highest label first; among equals, the order of the configuration. */
  constructor(entries: readonly NamePatterns[]) {
    this.#proposals = entries
      .flatMap(({ label, category, patterns = shippedFor(category) }) =>
        patterns.map((pattern) => ({ label, category, pattern, parts: partsOf(pattern) })),
      )
      .sort((a, b) => labelRank(b.label) - labelRank(a.label));
  }

  /** The highest label that is proposed for a column of this name; null for an ordinary name. */
  find(name: string): ProposedLabel | null {
    if (this.#proposals.length === 0) return null;
    const words = wordsOf(name).join('_');
    const found = this.#proposals.find(({ parts }) => isMatch(parts, words));
    return found === undefined ? null : { label: found.label, category: found.category, pattern: found.pattern };
  }
}

/** Null for a good pattern, else what is wrong: `*` alone would call every column so. */
export function patternProblem(pattern: string): string | null {
  if (pattern.length > MAX_PATTERN_CHARACTERS) return `has more than ${MAX_PATTERN_CHARACTERS} characters`;
  if (pattern.split('*').length > MAX_STARS + 1) return `has more than ${MAX_STARS} stars`;
  if (!/^[\p{L}\p{M}\p{N}_*]+$/u.test(pattern)) return 'may hold letters, digits, _ and *';
  return /[\p{L}\p{N}]{2}/u.test(pattern) ? null : 'needs two letters or digits side by side';
}

/** `customerSSN2` → `customer`, `ssn`, `2`. In lower case, and as compatibility forms of Unicode are read. */
export function wordsOf(name: string): readonly string[] {
  return spelled(name)
    .split('_')
    .filter((word) => word !== '');
}

function spelled(text: string): string {
  return text
    .slice(0, MAX_NAME_CHARACTERS)
    .normalize('NFKC')
    .replace(WORD_BEGINS, '_')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '_');
}

/** aB, ABc (before the B), a1, 1a. */
const WORD_BEGINS = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/gu;

/** What stands between the stars. Underscores at the ends of the whole are none of a name's words. */
function partsOf(pattern: string): readonly string[] {
  const parts = pattern.split('*').map(spelled);
  const last = parts.length - 1;
  return parts.map((part, index) => {
    const begun = index === 0 ? part.replace(/^_/, '') : part;
    return index === last ? begun.replace(/_$/, '') : begun;
  });
}

/** The first part begins the name, the last ends it, those between follow each other. */
function isMatch(parts: readonly string[], name: string): boolean {
  const [first = '', ...others] = parts;
  const last = others.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  const end = name.length - last.length;
  let at = first.length;
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

function shippedFor(category: string): readonly string[] {
  return Object.entries(SHIPPED).find(([known]) => known === category)?.[1] ?? [];
}
