import { ERRORS, SluiceError } from '@sluice/contract/errors';
import type { Style } from '../render/style.ts';
import { visibleLine, visibleText } from '../render/visible.ts';

/** What happened, why, what to do. */
export function renderError(error: unknown, style: Style): string {
  const told =
    error instanceof SluiceError
      ? error
      : new SluiceError('INTERNAL', error instanceof Error ? error.message : String(error), { cause: error });
  const meaning = told.code === 'INTERNAL' ? 'This is a defect of sluice.' : ERRORS[told.code].meaning;
  return (
    `${style.red('sluice:')} ${visibleText(told.message)}\n` +
    `  why: ${meaning} ${style.dim(`[${told.code}]`)}\n` +
    `  do:  ${visibleLine(told.remedy)}\n`
  );
}

/** The exit status of an error, after sysexits. */
export function exitStatusOf(error: unknown): number {
  return ERRORS[error instanceof SluiceError ? error.code : 'INTERNAL'].exitCode;
}
