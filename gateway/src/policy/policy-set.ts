/**
 * Cedar text → a checked set of policies, or every problem in it with its place.
 */
import { createHash } from 'node:crypto';
import {
  checkParsePolicySet,
  checkParseSchema,
  type DetailedError,
  type EntityUidJson,
  type PolicyJson,
  policySetTextToParts,
  policyToJson,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs';
import {
  COUNT_FORM,
  MAX_ROWS_FORM,
  PROBE_FORM,
  type ProbeBudget,
  parseMaxRows,
  parseProbeBudget,
  parseSmallestGroup,
} from './bound-annotations.ts';
import { MASK_FORMS, parseMask } from './mask-annotation.ts';
import type { MaskKind } from './mask-kind.ts';

/** One `*.cedar` file. `file` is how problems name it. */
export type PolicySource = { readonly file: string; readonly text: string };

/** Something wrong in a policy file; `line` and `column` count from 1. */
export type PolicyProblem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly remedy: string;
};

/** A policy by its `@id`, with what its annotations say to people. */
export type Policy = {
  readonly id: string;
  /** The Cedar text of this one policy. */
  readonly text: string;
  /** `@message`: follows the names of the columns in a reason. Null: worded by the engine. */
  readonly message: string | null;
  /** `@remedy`: what to do, or whom to ask; `{approvers}` stands for the approver groups; see also fitting-words.ts. Null: worded by the engine. */
  readonly remedy: string | null;
  /** `@mask`. Null: the policy does not choose one. */
  readonly mask: MaskKind | null;
  /** `@probe`: how many values may be compared. Null: none. */
  readonly probe: ProbeBudget | null;
  /** `@count`: the smallest group whose size may be told. Null: it names none. */
  readonly smallestGroup: number | null;
  /** `@max_rows`: most rows that a statement held by it may change once approved. Null: it names none. */
  readonly maxRows: number | null;
};

/** A set that parsed, type-checked against the schema, and whose ids are unique. */
export type PolicySet = {
  readonly schema: string;
  readonly policies: ReadonlyMap<string, Policy>;
  /** Hash of schema and policies: 16 hex digits. */
  readonly version: string;
};

export type PolicySetResult =
  | { readonly ok: true; readonly set: PolicySet }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** Most policies in a set, over all files. */
export const MAX_POLICIES = 2_000;

/** Annotations that mean something to Sluice; another one is most likely a misspelling. */
const ANNOTATIONS = ['id', 'message', 'remedy', 'mask', 'probe', 'count', 'max_rows', 'description'] as const;

/** Cedar keeps these names for the sets that it numbers itself. */
const RESERVED_ID = /^(default-deny|policy-error|not-understood|policy\d+)$/;

/**
 * Parses and checks all policy files together. Never throws for bad text: it reports every problem.
 * @param schema Cedar schema text, `sluice.cedarschema`
 */
export function parsePolicySet(schema: string, sources: readonly PolicySource[]): PolicySetResult {
  const schemaAnswer = checkParseSchema(schema);
  if (schemaAnswer.type === 'failure') {
    return {
      ok: false,
      problems: schemaAnswer.errors.map((error) => fromCedar({ file: 'schema', text: schema }, error)),
    };
  }
  const problems: PolicyProblem[] = [];
  const policies = new Map<string, Policy>();
  for (const source of sources) {
    problems.push(...checkText(schema, source));
    for (const found of splitPolicies(source)) {
      const taken = policies.has(found.policy.id);
      problems.push(...found.problems);
      if (taken)
        problems.push(
          found.at(`another policy has the @id "${found.policy.id}" already`, 'Give it an @id of its own.'),
        );
      else policies.set(found.policy.id, found.policy);
    }
  }
  if (policies.size > MAX_POLICIES) {
    const file = sources.at(-1)?.file ?? '';
    problems.push({
      file,
      line: 1,
      column: 1,
      message: `more than ${MAX_POLICIES} policies`,
      remedy: 'Merge policies that differ only in a group or category.',
    });
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, set: { schema, policies, version: hashOf(schema, policies) } };
}

/** Syntax first; types only when the syntax is right. */
function checkText(schema: string, source: PolicySource): PolicyProblem[] {
  const syntax = checkParsePolicySet({ staticPolicies: source.text });
  if (syntax.type === 'failure') return syntax.errors.map((error) => fromCedar(source, error));
  const answer = validate({ schema, policies: { staticPolicies: source.text } });
  if (answer.type === 'failure') return answer.errors.map((error) => fromCedar(source, error));
  // Warnings count as problems: "this policy can never apply" is a rule that somebody believes to be in force.
  return [...answer.validationErrors, ...answer.validationWarnings].map(({ error }) => fromCedar(source, error));
}

type FoundPolicy = {
  readonly policy: Policy;
  readonly problems: readonly PolicyProblem[];
  readonly at: (message: string, remedy: string) => PolicyProblem;
};

/** Cedar numbers the policies of a text by itself; only the split parts tell the annotations, `@id` among them. */
function splitPolicies(source: PolicySource): FoundPolicy[] {
  const answer = policySetTextToParts(source.text);
  if (answer.type === 'failure') return [];
  let searchFrom = 0;
  const placed = answer.policies
    .map((text) => ({ text, offset: source.text.indexOf(text) }))
    .sort((a, b) => a.offset - b.offset)
    .map(({ text }) => {
      const offset = Math.max(0, source.text.indexOf(text, searchFrom));
      searchFrom = offset + text.length;
      return { text, offset };
    });
  return placed.map(({ text, offset }, index) => readPolicy(source, text, offset, index));
}

function readPolicy(source: PolicySource, text: string, offset: number, index: number): FoundPolicy {
  const at = (message: string, remedy: string): PolicyProblem => ({
    file: source.file,
    ...placeOf(source.text, Buffer.byteLength(source.text.slice(0, offset))),
    message,
    remedy,
  });
  const problems: PolicyProblem[] = [];
  const json = policyToJson(text);
  const annotations = json.type === 'success' ? (json.json.annotations ?? {}) : {};
  const id = annotations['id'] ?? '';
  if (id === '')
    problems.push(at('this policy has no @id', 'Put @id("a-short-name") above it: reasons and the record name it.'));
  if (RESERVED_ID.test(id)) problems.push(at(`the @id "${id}" is reserved`, 'Choose another name.'));
  for (const name of Object.keys(annotations)) {
    if (!ANNOTATIONS.some((known) => known === name)) {
      problems.push(
        at(`unknown annotation @${name}`, `Known are ${ANNOTATIONS.map((known) => `@${known}`).join(', ')}.`),
      );
    }
  }
  const mask = annotations['mask'] === undefined ? null : parseMask(annotations['mask']);
  if (mask === 'invalid') problems.push(at(`@mask("${annotations['mask']}") is not a mask`, `Use ${MASK_FORMS}.`));
  const bounds = readBounds(annotations, at);
  problems.push(...bounds.problems);
  if (json.type === 'success') problems.push(...missingBounds(json.json, annotations, at));
  const policy: Policy = {
    id: id === '' ? `${source.file}#${index}` : id,
    text,
    message: annotations['message'] ?? null,
    remedy: annotations['remedy'] ?? null,
    mask: mask === 'invalid' ? null : mask,
    probe: bounds.probe,
    smallestGroup: bounds.smallestGroup,
    maxRows: bounds.maxRows,
  };
  return { policy, problems, at };
}

type At = FoundPolicy['at'];

function readBounds(
  annotations: Readonly<Record<string, string | null>>,
  at: At,
): Pick<Policy, 'probe' | 'smallestGroup' | 'maxRows'> & { readonly problems: readonly PolicyProblem[] } {
  const problems: PolicyProblem[] = [];
  const read = <T>(
    name: 'probe' | 'count' | 'max_rows',
    parse: (text: string) => T | 'invalid',
    form: string,
  ): T | null => {
    const text = annotations[name];
    if (text === undefined) return null;
    const parsed = parse(text ?? '');
    if (parsed !== 'invalid') return parsed;
    problems.push(at(`@${name}("${text ?? ''}") is not a bound`, `Write ${form}.`));
    return null;
  };
  const probe = read('probe', parseProbeBudget, PROBE_FORM);
  const smallestGroup = read('count', parseSmallestGroup, COUNT_FORM);
  const maxRows = read('max_rows', parseMaxRows, MAX_ROWS_FORM);
  return { probe, smallestGroup, maxRows, problems };
}

/** A permit of `probe` or `count` alone does nothing without its bounds; whoever wrote it believes that it does. */
function missingBounds(
  policy: PolicyJson,
  annotations: Readonly<Record<string, string | null>>,
  at: At,
): PolicyProblem[] {
  if (policy.effect !== 'permit') return [];
  const actions = namedActions(policy);
  const problems: PolicyProblem[] = [];
  const needs = (name: 'probe' | 'count', form: string): void => {
    if (annotations[name] === undefined)
      problems.push(
        at(`this policy permits ${actions.join(' and ')}, but has no @${name}`, `Add @${name} with ${form}.`),
      );
  };
  if (actions.includes('probe') || actions.includes('count')) needs('probe', PROBE_FORM);
  if (actions.includes('count')) needs('count', COUNT_FORM);
  return problems;
}

function namedActions({ action }: PolicyJson): readonly string[] {
  if (action.op === '==' && 'entity' in action) return [idOf(action.entity)];
  if (action.op !== 'in') return [];
  return 'entities' in action ? action.entities.map(idOf) : [idOf(action.entity)];
}

function idOf(entity: EntityUidJson): string {
  return '__entity' in entity ? entity.__entity.id : entity.id;
}

function fromCedar(source: PolicySource, error: DetailedError): PolicyProblem {
  const start = error.sourceLocations?.[0]?.start ?? 0;
  return {
    file: source.file,
    ...placeOf(source.text, start),
    message: error.message
      .replace(/^for policy `policy\d+`, /, '')
      .replace(/^failed to parse policies from string: /, ''),
    remedy: error.help ?? 'See docs/policies.md for what a policy can say.',
  };
}

/** Cedar's offsets count UTF-8 bytes; people count lines and characters. */
function placeOf(text: string, byteOffset: number): { line: number; column: number } {
  const before = Buffer.from(text).subarray(0, byteOffset).toString('utf8').split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

function hashOf(schema: string, policies: ReadonlyMap<string, Policy>): string {
  const hash = createHash('sha256');
  const parts = [schema, ...[...policies.keys()].sort().map((id) => policies.get(id)?.text ?? '')];
  // The length in front keeps two different sets from running into the same bytes.
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('hex').slice(0, 16);
}
