/**
 * YAML files → typed documents of each kind, and every problem on the way.
 */
import type { z } from 'zod';
import { DOCUMENT_KINDS, DOCUMENT_SCHEMAS, type DocumentKind, documentJsonSchema } from './json-schema.ts';
import { nearest } from './nearest.ts';
import type { ConfigProblem } from './problem.ts';
import { parseYaml, type YamlDocument } from './yaml-documents.ts';
import { problemsOfIssues } from './zod-problems.ts';

/** A document that its schema accepted, with the YAML that it came from, for places. */
export type Parsed<Kind extends DocumentKind> = {
  readonly source: YamlDocument;
  readonly value: z.output<(typeof DOCUMENT_SCHEMAS)[Kind]>;
};

export type ParsedDocuments = { readonly [Kind in DocumentKind]: Parsed<Kind>[] };

export function parseDocuments(files: readonly { readonly file: string; readonly text: string }[]): {
  readonly documents: ParsedDocuments;
  readonly problems: readonly ConfigProblem[];
} {
  const documents: ParsedDocuments = {
    gateway: [],
    issuer: [],
    resource: [],
    approvers: [],
    grant: [],
    people: [],
    notification: [],
    workflow: [],
    profile: [],
  };
  const problems: ConfigProblem[] = [];
  for (const { file, text } of files) {
    const yaml = parseYaml(file, text);
    problems.push(...yaml.problems);
    for (const source of yaml.documents) problems.push(...parseDocument(source, documents));
  }
  return { documents, problems };
}

/** Adds the document to those of its kind, or says what is wrong with it. */
function parseDocument(source: YamlDocument, documents: ParsedDocuments): readonly ConfigProblem[] {
  const kind = kindOf(source);
  if (typeof kind !== 'string') return [kind];
  switch (kind) {
    case 'gateway':
      return add(source, kind, DOCUMENT_SCHEMAS.gateway, documents.gateway);
    case 'issuer':
      return add(source, kind, DOCUMENT_SCHEMAS.issuer, documents.issuer);
    case 'resource':
      return add(source, kind, DOCUMENT_SCHEMAS.resource, documents.resource);
    case 'approvers':
      return add(source, kind, DOCUMENT_SCHEMAS.approvers, documents.approvers);
    case 'grant':
      return add(source, kind, DOCUMENT_SCHEMAS.grant, documents.grant);
    case 'people':
      return add(source, kind, DOCUMENT_SCHEMAS.people, documents.people);
    case 'notification':
      return add(source, kind, DOCUMENT_SCHEMAS.notification, documents.notification);
    case 'workflow':
      return add(source, kind, DOCUMENT_SCHEMAS.workflow, documents.workflow);
    case 'profile':
      return add(source, kind, DOCUMENT_SCHEMAS.profile, documents.profile);
  }
}

function add<Schema extends z.ZodType>(
  source: YamlDocument,
  kind: DocumentKind,
  schema: Schema,
  target: { source: YamlDocument; value: z.output<Schema> }[],
): readonly ConfigProblem[] {
  const result = schema.safeParse(source.value);
  if (!result.success) return problemsOfIssues(source, result.error.issues, documentJsonSchema(kind));
  target.push({ source, value: result.data });
  return [];
}

function kindOf(source: YamlDocument): DocumentKind | ConfigProblem {
  const kinds = DOCUMENT_KINDS.join(', ');
  const { value } = source;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const message = 'this document is not a map of keys';
    return { file: source.file, ...source.placeOf([]), message, remedy: `Start it with "kind: …", one of ${kinds}.` };
  }
  const kind: unknown = 'kind' in value ? value.kind : undefined;
  const known = DOCUMENT_KINDS.find((name) => name === kind);
  if (known !== undefined) return known;
  const place = { file: source.file, ...source.placeOf(['kind']) };
  if (kind === undefined)
    return { ...place, message: 'this document has no kind', remedy: `Add "kind: …", one of ${kinds}.` };
  const guess = typeof kind === 'string' ? nearest(kind, DOCUMENT_KINDS) : null;
  const remedy = guess === null ? `Known are ${kinds}.` : `Did you mean "${guess}"?`;
  return { ...place, message: `unknown kind ${JSON.stringify(kind).slice(0, 60)}`, remedy };
}
