import { describe, expect, it } from 'vitest';
import {
  ColumnNames,
  MAX_PATTERN_CHARACTERS,
  MAX_PATTERNS,
  MAX_STARS,
  NAMED_CATEGORIES,
  patternProblem,
  wordsOf,
} from './names.ts';

const SSN = { category: 'pii.ssn', label: 'regulated', patterns: ['ssn', 'social_security*', '*_ssn'] } as const;

describe('words of a name', () => {
  it.each([
    ['ssn', ['ssn']],
    ['SSN', ['ssn']],
    ['customer_ssn', ['customer', 'ssn']],
    ['customerSsn', ['customer', 'ssn']],
    ['customerSSN', ['customer', 'ssn']],
    ['SSNNumber', ['ssn', 'number']],
    ['ssn2', ['ssn', '2']],
    ['2ndSsn', ['2', 'nd', 'ssn']],
    ['__ssn__', ['ssn']],
    ['Customer SSN', ['customer', 'ssn']],
    ['customer.ssn-old', ['customer', 'ssn', 'old']],
    ['ｓｓｎ', ['ssn']],
    ['straßeName', ['straße', 'name']],
    ['電話番号', ['電話番号']],
    ['', []],
    ['***', []],
  ])('%s', (name, words) => {
    expect(wordsOf(name)).toEqual(words);
  });

  it('are read up to a bound', () => {
    expect(wordsOf(`${'a'.repeat(300)}_ssn`)).toEqual(['a'.repeat(256)]);
  });
});

describe('a name', () => {
  const names = new ColumnNames([SSN]);

  it.each(['ssn', 'SSN', '_ssn', 'customer_ssn', 'customerSSN', 'home "ssn', 'social_security', 'socialSecurityNo'])(
    'that matches is called classified: %s',
    (name) => {
      expect(names.find(name)).toMatchObject({ label: 'regulated', category: 'pii.ssn' });
    },
  );

  it.each(['', 'ssns', 'assn', 'ssn_verified', 'lesson', 'my_social_security', 'customerssn', 'session'])(
    'that does not match is an ordinary one: %s',
    (name) => {
      expect(names.find(name)).toBeNull();
    },
  );

  it.each([
    ['a*b*c', 'a_x_b_y_c', true],
    ['ab*ba', 'aba', false],
    ['ab*ba', 'abba', true],
    ['*mid*', 'amidst', true],
    ['*ab*ab', 'xab', false],
    ['*_old_*', 'name_old_2', true],
    ['homePhone*', 'home_phone_2', true],
    ['ipv4*', 'ipv4Address', true],
    ['**ab**', 'xaby', true],
  ])('%s and %s: %s', (pattern, name, matches) => {
    const found = new ColumnNames([{ category: 'pii', label: 'confidential', patterns: [pattern] }]).find(name);
    expect(found !== null).toBe(matches);
    if (matches) expect(found).toEqual({ category: 'pii', label: 'confidential', pattern });
  });

  it('has the highest of the labels that are proposed for it', () => {
    const low = { category: 'pii', label: 'confidential', patterns: ['*ssn*'] } as const;
    expect(new ColumnNames([low, SSN]).find('ssn')).toMatchObject({ label: 'regulated' });
    expect(new ColumnNames([low, SSN]).find('ssns')).toMatchObject({ label: 'confidential' });
  });

  it('means nothing unless the resource lists some', () => {
    expect(new ColumnNames([]).find('ssn')).toBeNull();
  });

  it('that is made to be slow is looked through at once', () => {
    const patterns = Array.from({ length: MAX_PATTERNS }, () => `${'*a'.repeat(MAX_STARS - 1)}*b`);
    const worst = new ColumnNames([{ category: 'pii', label: 'regulated', patterns }]);
    for (let column = 0; column < 1_600; column += 1) expect(worst.find('a'.repeat(10_000))).toBeNull();
  });
});

describe('shipped patterns', () => {
  const shipped = new ColumnNames(NAMED_CATEGORIES.map((category) => ({ category, label: 'regulated' })));

  it.each([
    ['ssn', 'pii.ssn'],
    ['customerSocialSecurityNumber', 'pii.ssn'],
    ['passport_no', 'pii.national-id'],
    ['nhsNumber', 'pii.health-id'],
    ['debtor_iban', 'pii.iban'],
    ['card_number', 'pci.card'],
    ['contactEmail', 'pii.email'],
    ['phone', 'pii.phone'],
    ['DateOfBirth', 'pii.birth'],
    ['last_name', 'pii.name'],
    ['address_line2', 'pii.address'],
    ['password_hash', 'secret'],
  ])('%s is %s', (name, category) => {
    expect(shipped.find(name)?.category).toBe(category);
  });

  it.each([
    ...['id', 'name', 'amount', 'created_at', 'company', 'span', 'japan', 'phone_calls', 'email_sent', 'token_count'],
    ...['ssn_verified', 'card_id', 'address_id', 'status', 'note', 'secretary', 'birthdays_sent', 'panel'],
  ])('%s is an ordinary name', (name) => {
    expect(shipped.find(name)).toBeNull();
  });

  it.each(NAMED_CATEGORIES)('%s alone is switched on by its category', (category) => {
    const names = new ColumnNames([{ category, label: 'confidential' }]);
    expect(names.find('ssn') === null).toBe(category !== 'pii.ssn');
  });
});

it.each([
  ['ssn', null],
  ['*_ssn', null],
  ['steuer_id', null],
  ['*', 'needs two letters'],
  ['*a*', 'needs two letters'],
  ['a b', 'may hold'],
  ['s.*n', 'may hold'],
  ['', 'may hold'],
  ['*aa*_*_*', null],
  ['*aa*_*_**', 'more than 4 stars'],
  ['a'.repeat(MAX_PATTERN_CHARACTERS), null],
  ['a'.repeat(MAX_PATTERN_CHARACTERS + 1), 'more than 64'],
])('the pattern %s is checked', (pattern, problem) => {
  if (problem === null) expect(patternProblem(pattern)).toBeNull();
  else expect(patternProblem(pattern)).toContain(problem);
});
