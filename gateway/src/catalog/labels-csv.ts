/**
 * Labels from a CSV file (RFC 4180) with a header: `schema,table,column,label[,category][,path]`, in any order.
 */
import { LABELS } from '@sluice/contract/vocabulary';
import { nearest } from '../config/nearest.ts';
import type { ConfigProblem } from '../config/problem.ts';
import { parseJsonPath } from '../masking/json-path.ts';
import { CATEGORY_PATTERN, type LabelRule, type LabelRules, parseLabel } from './labels.ts';

const REQUIRED = ['schema', 'table', 'column', 'label'] as const;
const KNOWN: readonly string[] = [...REQUIRED, 'category', 'path'];

/** Fields of one record, and the line on which it starts. */
type CsvRecord = { readonly line: number; readonly fields: readonly string[] };

/**
 * Every problem is reported with its line, and no rule is returned next to a problem that it may have caused.
 * Empty lines and lines that start with `#` are left out. `table` and `column` may be `*`.
 */
export function parseLabelCsv(file: string, text: string): LabelRules {
  const { records, problem } = readRecords(text.replace(/^\uFEFF/, ''));
  const at = (line: number, message: string, remedy: string): ConfigProblem => ({
    file,
    line,
    column: 1,
    message,
    remedy,
  });
  if (problem !== null)
    return {
      rules: [],
      problems: [
        at(problem.line, problem.message, 'Close the quotation mark; write a quotation mark inside quotes twice.'),
      ],
    };
  const [header, ...rows] = records;
  if (header === undefined)
    return { rules: [], problems: [at(1, 'the file is empty', 'Start it with schema,table,column,label,category.')] };
  const names = header.fields.map((name) => name.trim().toLowerCase());
  const headerProblems = checkHeader(names).map(({ message, remedy }) => at(header.line, message, remedy));
  if (headerProblems.length > 0) return { rules: [], problems: headerProblems };
  const rules: LabelRule[] = [];
  const problems: ConfigProblem[] = [];
  for (const row of rows) {
    const result = readRow(file, names, row);
    if ('message' in result) problems.push(at(row.line, result.message, result.remedy));
    else rules.push(result);
  }
  return { rules, problems };
}

type Fault = { readonly message: string; readonly remedy: string };

function checkHeader(names: readonly string[]): Fault[] {
  const faults: Fault[] = [];
  for (const name of REQUIRED) {
    if (!names.includes(name))
      faults.push({
        message: `the header has no column "${name}"`,
        remedy: 'Start the file with schema,table,column,label,category.',
      });
  }
  for (const [index, name] of names.entries()) {
    const guess = nearest(name, KNOWN);
    if (!KNOWN.includes(name))
      faults.push({
        message: `unknown column "${name}" in the header`,
        remedy: guess === null ? `Known are ${KNOWN.join(', ')}.` : `Did you mean "${guess}"?`,
      });
    else if (names.indexOf(name) !== index)
      faults.push({ message: `the header has "${name}" twice`, remedy: 'Remove one of them.' });
  }
  return faults;
}

function readRow(file: string, names: readonly string[], row: CsvRecord): LabelRule | Fault {
  if (row.fields.length !== names.length) {
    return {
      message: `${row.fields.length} fields instead of ${names.length}`,
      remedy: 'Give every field of the header, empty ones too; quote fields that hold a comma.',
    };
  }
  const field = (name: string): string => row.fields[names.indexOf(name)] ?? '';
  for (const name of REQUIRED) {
    if (field(name) === '') return { message: `${name} is empty`, remedy: 'Fill it in, or remove the line.' };
  }
  const label = parseLabel(field('label'));
  if (label === null) {
    const guess = nearest(field('label'), LABELS);
    return {
      message: `unknown label "${field('label').slice(0, 40)}"`,
      remedy: guess === null ? `Labels are ${LABELS.join(', ')}.` : `Did you mean "${guess}"?`,
    };
  }
  const category = field('category');
  if (category !== '' && !CATEGORY_PATTERN.test(category)) {
    return {
      message: `"${category.slice(0, 40)}" is not a category`,
      remedy: 'Write words with dots between them: pii.ssn.',
    };
  }
  const path = field('path');
  if (path !== '' && parseJsonPath(path) === null) {
    return {
      message: `"${path.slice(0, 40)}" is not a path`,
      remedy: 'Write members and elements: $.ssn, $.cards[*].number, $["a key"].',
    };
  }
  return {
    schema: field('schema'),
    table: field('table'),
    column: field('column'),
    label,
    category: category === '' ? null : category,
    path: path === '' ? null : path,
    origin: `${file}:${row.line}`,
  };
}

/** Splits into records; unquoted fields lose their surrounding blanks, quoted ones keep everything. */
function readRecords(text: string): { records: CsvRecord[]; problem: { line: number; message: string } | null } {
  const records: CsvRecord[] = [];
  let position = 0;
  let line = 1;
  while (position < text.length) {
    const start = line;
    const fields: string[] = [];
    const comment = text[position] === '#';
    for (;;) {
      if (comment || text[position] !== '"') {
        const end = nextOf(text, position, comment ? '\n' : ',\n');
        fields.push(text.slice(position, end).trim());
        position = end;
      } else {
        const end = closingQuote(text, position + 1);
        if (end === null) return { records, problem: { line: start, message: 'a quotation mark is not closed' } };
        const quoted = text.slice(position + 1, end);
        line += quoted.split('\n').length - 1;
        fields.push(quoted.replaceAll('""', '"'));
        position = nextOf(text, end + 1, ',\n');
        if (text.slice(end + 1, position).trim() !== '')
          return { records, problem: { line, message: 'text follows a closing quotation mark' } };
      }
      if (text[position] !== ',') break;
      position += 1;
    }
    position += 1;
    line += 1;
    if (!comment && !(fields.length === 1 && fields[0] === '')) records.push({ line: start, fields });
  }
  return { records, problem: null };
}

function nextOf(text: string, from: number, stops: string): number {
  let position = from;
  while (position < text.length && !stops.includes(text.charAt(position))) position += 1;
  return position;
}

function closingQuote(text: string, from: number): number | null {
  let position = text.indexOf('"', from);
  while (position !== -1 && text[position + 1] === '"') position = text.indexOf('"', position + 2);
  return position === -1 ? null : position;
}
