/** What a session is bound to, as commands are told it. */
import { readFile } from 'node:fs/promises';
import { SluiceError } from '@sluice/contract/errors';
import type { SessionTerms } from '../client/api-client.ts';

const PLAN_ID = /^plan_[\w-]{1,94}$/;
/** Longest file that is looked at for the id of a plan, characters. */
const MAX_PLAN_FILE_CHARACTERS = 1_000_000;

export type TermsOptions = { readonly workflow?: string; readonly plan?: string };

/**
 * `plan` is the id of a plan, or a file that holds it: what `sluice plan submit` printed, with or without `--json`.
 * Throws `USAGE`.
 */
export async function readTerms({ workflow, plan }: TermsOptions): Promise<SessionTerms> {
  return { workflow: workflow ?? null, plan: plan === undefined ? null : await readPlan(plan) };
}

async function readPlan(plan: string): Promise<string> {
  if (PLAN_ID.test(plan)) return plan;
  let text: string;
  try {
    text = (await readFile(plan, 'utf8')).slice(0, MAX_PLAN_FILE_CHARACTERS).trim();
  } catch (error) {
    throw new SluiceError('USAGE', `${plan} is neither the id of a plan nor a file that can be read`, {
      cause: error,
      remedy: 'Give what `sluice plan submit` printed, or a file with it.',
    });
  }
  const id = text.startsWith('{') ? idIn(text) : text;
  if (PLAN_ID.test(id)) return id;
  throw new SluiceError('USAGE', `${plan} does not hold the id of a plan`, {
    remedy: 'Write what `sluice plan submit` prints into it.',
  });
}

function idIn(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string' ? value.id : '';
  } catch (error) {
    throw new SluiceError('USAGE', 'the plan’s file is not JSON', { cause: error });
  }
}
