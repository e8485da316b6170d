/** Renders docs/errors.md from the table of the contract. */
import { ERRORS, type ErrorCode } from '@sluice/contract/errors';

const HEAD = `# Errors

Generated from \`gateway/contract/src/errors.ts\` by \`npm run docs\`; a test keeps it up to date.

Every error that Sluice reports has one stable code. Each protocol tells it in its own words: PostgreSQL clients get the
SQLSTATE, with the code and the remedy in the message's fields; API clients get problem+json with the HTTP status;
the \`sluice\` command prints the remedy and exits with the exit code (sysexits: 64 usage, 65 data, 69 unavailable, 70 defect,
75 held or try again, 76 protocol, 77 refused, 78 configuration).

The message says what happened and why. It never holds a secret, the inner text of a policy, or a value that was masked.
`;

/** The whole document, with a final newline. */
export function renderErrors(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { sqlState, httpStatus, exitCode, meaning, remedy }]) =>
      `| \`${code}\` | ${sqlState} | ${httpStatus} | ${exitCode} | ${cell(meaning)} | ${cell(remedy)} |`,
  );
  const table = [
    '| code | SQLSTATE | HTTP | exit | what happened | what to do |',
    '|---|---|---|---|---|---|',
    ...rows,
  ];
  return `${HEAD}\n${table.join('\n')}\n`;
}

export const ERROR_CODES = Object.keys(ERRORS) as ErrorCode[];

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
