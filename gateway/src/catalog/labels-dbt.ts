/**
 * Labels from dbt's `target/manifest.json`: models, seeds, snapshots and sources, and their columns.
 *
 * | where | what | read as |
 * |---|---|---|
 * | `meta.classification` or `meta.label` | `regulated` | the label |
 * | `meta.category` | `pii.ssn` | the category |
 * | `meta.sluice` | `{label, category}` | the same, in one place |
 * | `meta.pii` or `meta.contains_pii` | `true` | regulated, category `pii` |
 * | a tag | `regulated`, `label:regulated` | the label |
 * | a tag | `pii`, `pii.ssn`, `phi.…`, `pci.…`, `category:…` | the category |
 *
 * `meta` and `tags` may stand on the column or in its `config`. A category without a label counts as regulated. On a
 * model or source they hold for all of its columns that say nothing themselves.
 */
import { LABELS, type Label } from '@sluice/contract/vocabulary';
import { z } from 'zod';
import { nearest } from '../config/nearest.ts';
import type { ConfigProblem } from '../config/problem.ts';
import { ANY, CATEGORY_PATTERN, type LabelRule, type LabelRules, parseLabel } from './labels.ts';

const Described = {
  meta: z.record(z.string(), z.unknown()).nullish(),
  tags: z.union([z.string(), z.array(z.string())]).nullish(),
};
const WithConfig = { ...Described, config: z.looseObject(Described).nullish() };
const ColumnSchema = z.looseObject({ ...WithConfig, name: z.string().min(1) });
const NodeSchema = z.looseObject({
  ...WithConfig,
  resource_type: z.string(),
  schema: z.string().nullish(),
  name: z.string().min(1),
  alias: z.string().nullish(),
  identifier: z.string().nullish(),
  columns: z.record(z.string(), ColumnSchema).nullish(),
});
const ManifestSchema = z.looseObject({
  nodes: z.record(z.string(), z.looseObject({ resource_type: z.string() })),
  sources: z.record(z.string(), z.looseObject({ resource_type: z.string() })).default({}),
});

type Describes = z.infer<z.ZodObject<typeof WithConfig>>;
type Classified = { readonly label: Label; readonly category: string | null };
type Fault = { readonly message: string; readonly remedy: string };

/** Nodes that become relations of the database. Tests, analyses and operations do not. */
const RELATIONS: readonly string[] = ['model', 'seed', 'snapshot', 'source'];

/** Places are the lines on which a node's id first stands. */
export function parseDbtManifest(file: string, text: string): LabelRules {
  const manifest = ManifestSchema.safeParse(parseJson(text));
  if (!manifest.success) {
    const remedy = 'Run `dbt parse` or `dbt compile` and name the target/manifest.json that it writes.';
    return { rules: [], problems: [{ file, line: 1, column: 1, message: 'this is not a dbt manifest', remedy }] };
  }
  const rules: LabelRule[] = [];
  const problems: ConfigProblem[] = [];
  for (const [id, node] of Object.entries({ ...manifest.data.nodes, ...manifest.data.sources })) {
    if (!RELATIONS.includes(node.resource_type)) continue;
    for (const result of readNode(file, id, node)) {
      if ('label' in result) rules.push(result);
      else
        problems.push({
          file,
          line: lineOf(text, id),
          column: 1,
          message: `${id}: ${result.message}`,
          remedy: result.remedy,
        });
    }
  }
  return { rules, problems };
}

function readNode(file: string, id: string, input: unknown): (LabelRule | Fault)[] {
  const parsed = NodeSchema.safeParse(input);
  if (!parsed.success)
    return [{ message: 'its shape is not one of a dbt model or source', remedy: 'Write the manifest again with dbt.' }];
  const node = parsed.data;
  const ruleFor = (column: string, found: Classified): LabelRule => ({
    schema: node.schema ?? 'public',
    table: node.identifier ?? node.alias ?? node.name,
    column,
    ...found,
    path: null,
    origin: `${file}: ${id}`,
  });
  const results: (LabelRule | Fault)[] = [];
  const whole = classificationOf(node);
  if (whole !== null) results.push('message' in whole ? whole : ruleFor(ANY, whole));
  for (const column of Object.values(node.columns ?? {})) {
    const found = classificationOf(column);
    if (found === null) continue;
    results.push(
      'message' in found
        ? { ...found, message: `column ${column.name}: ${found.message}` }
        : ruleFor(column.name, found),
    );
  }
  return results;
}

/** Null when nothing is said about classification. */
function classificationOf(described: Describes): Classified | Fault | null {
  const labels: string[] = [];
  const categories: string[] = [];
  for (const { meta, tags } of [described, described.config ?? {}]) {
    readMeta(meta ?? {}, labels, categories);
    for (const tag of typeof tags === 'string' ? [tags] : (tags ?? [])) readTag(tag, labels, categories);
  }
  const [category = null] = categories;
  if (category !== null && !CATEGORY_PATTERN.test(category)) {
    return {
      message: `"${category.slice(0, 40)}" is not a category`,
      remedy: 'Write words with dots between them: pii.ssn.',
    };
  }
  if (labels.length === 0) return category === null ? null : { label: 'regulated', category };
  const parsed = labels.map(parseLabel);
  const unknown = labels[parsed.indexOf(null)];
  if (unknown !== undefined) {
    const guess = nearest(unknown, LABELS);
    return {
      message: `unknown label "${unknown.slice(0, 40)}"`,
      remedy: guess === null ? `Labels are ${LABELS.join(', ')}.` : `Did you mean "${guess}"?`,
    };
  }
  // Said twice and differently: the higher one.
  const label = LABELS.toReversed().find((candidate) => parsed.includes(candidate)) ?? 'regulated';
  return { label, category };
}

function readMeta(meta: Readonly<Record<string, unknown>>, labels: string[], categories: string[]): void {
  const own = meta['sluice'];
  const nested: Readonly<Record<string, unknown>> = typeof own === 'object' && own !== null ? { ...own } : {};
  for (const label of [meta['classification'], meta['label'], nested['label']]) {
    if (label !== undefined && label !== null) labels.push(typeof label === 'string' ? label : JSON.stringify(label));
  }
  for (const category of [meta['category'], nested['category']]) {
    if (typeof category === 'string') categories.push(category);
  }
  if (meta['pii'] === true || meta['contains_pii'] === true) categories.push('pii');
}

/** Other tags are dbt's own business: teams, schedules, layers. */
function readTag(tag: string, labels: string[], categories: string[]): void {
  const [, prefix, rest = ''] = /^(label|classification|category):(.*)$/.exec(tag) ?? [];
  if (prefix === 'category') categories.push(rest);
  else if (prefix !== undefined) labels.push(rest);
  else if (parseLabel(tag) === 'confidential' || parseLabel(tag) === 'regulated') labels.push(tag);
  else if (/^(pii|phi|pci)(\.|$)/.test(tag)) categories.push(tag);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Reported by the caller as "not a manifest": JSON.parse's own message quotes the file.
    return undefined;
  }
}

function lineOf(text: string, id: string): number {
  const offset = text.indexOf(`${JSON.stringify(id)}:`);
  return offset < 0 ? 1 : text.slice(0, offset).split('\n').length;
}
