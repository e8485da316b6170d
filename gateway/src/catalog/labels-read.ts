import { readFile, stat } from 'node:fs/promises';
import { type ConfigProblem, configInvalid } from '../config/problem.ts';
import { fileProblem } from '../config/read-directory.ts';
import type { LabelRule, LabelRules } from './labels.ts';
import { parseLabelCsv } from './labels-csv.ts';
import { parseDbtManifest } from './labels-dbt.ts';

/** Longest label file, in bytes: dbt manifests of big projects have tens of megabytes. */
export const MAX_LABEL_FILE_BYTES = 268_435_456;
/** Most rules of one resource. */
export const MAX_LABEL_RULES = 500_000;

/** A label source of a resource's configuration, its path absolute. */
export type LabelSource = { readonly csv?: string; readonly dbt?: string };

/**
 * Reads every label source of a resource.
 * @throws SluiceError CONFIG_INVALID listing every problem of every file
 */
export async function readLabelRules(resource: string, sources: readonly LabelSource[]): Promise<readonly LabelRule[]> {
  const results = await Promise.all(sources.map(readSource));
  const problems = results.flatMap((result) => result.problems);
  const rules = results.flatMap((result) => result.rules);
  const [file = ''] = sources.flatMap((source) => source.csv ?? source.dbt ?? []);
  const tooMany = {
    file,
    line: 1,
    column: 1,
    message: `more than ${MAX_LABEL_RULES} labels`,
    remedy: 'Label whole tables with "*" instead of each column.',
  };
  if (rules.length > MAX_LABEL_RULES) throw configInvalid(`the labels of ${resource}`, [...problems, tooMany]);
  if (problems.length > 0) throw configInvalid(`the labels of ${resource}`, problems);
  return rules;
}

async function readSource(source: LabelSource): Promise<LabelRules> {
  const file = source.csv ?? source.dbt;
  if (file === undefined) return { rules: [], problems: [] };
  const text = await readText(file);
  if (typeof text !== 'string') return { rules: [], problems: [text] };
  return source.csv === undefined ? parseDbtManifest(file, text) : parseLabelCsv(file, text);
}

async function readText(file: string): Promise<string | ConfigProblem> {
  try {
    const { size } = await stat(file);
    if (size > MAX_LABEL_FILE_BYTES) throw new Error(`is longer than ${MAX_LABEL_FILE_BYTES} bytes`);
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (cause) {
    return { file, line: 1, column: 1, ...fileProblem(cause) };
  }
}
