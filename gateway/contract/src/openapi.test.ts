import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { ENDPOINTS, type Endpoint } from './endpoints.ts';
import { ERRORS } from './errors.ts';
import { type Json, openApiDocument } from './openapi.ts';

type Operation = {
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
};
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly properties?: Readonly<Record<string, object>> }>>;
  };
};
const made = openApiDocument('1.2.3');
const text = JSON.stringify(made);
const document = JSON.parse(text) as Document;

/** Of the document around the schemas: everything else that no JSON Schema knows is a mistake. */
const KEYWORDS = ['openapi', 'info', 'servers', 'security', 'paths', 'components'];

describe('the OpenAPI document', () => {
  it.each(Object.entries<Endpoint>(ENDPOINTS))('has %s, with its parameters, body and answer', (name, endpoint) => {
    const operation = document.paths[`/api/v1/${endpoint.path}`]?.[endpoint.method.toLowerCase()];
    expect(operation?.operationId).toBe(name);
    const parameters = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    expect(operation?.parameters?.map((parameter) => parameter.name) ?? []).toEqual([
      ...parameters,
      ...Object.keys(endpoint.query ?? {}),
    ]);
    expect(operation?.requestBody !== undefined).toBe(endpoint.body !== undefined);
    expect(Object.keys(operation?.responses ?? {})).toEqual([String(endpoint.status ?? 200), 'default']);
  });

  it('has nothing besides', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(operations).toHaveLength(Object.keys(ENDPOINTS).length);
  });

  it('asks for a token everywhere but where one finds out how to get one', () => {
    const open = Object.values(document.paths)
      .flatMap((path) => Object.values(path))
      .filter(({ security }) => security?.length === 0);
    expect(open.map(({ operationId }) => operationId)).toEqual(['meta']);
  });

  it('names every code of an error', () => {
    expect(document.components.schemas['Problem']?.properties?.['code']).toMatchObject({
      examples: Object.keys(ERRORS),
    });
  });

  it('refers to nothing that is not in it', () => {
    const referred = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference);
    expect(referred.length).toBeGreaterThan(100);
    expect(referred.filter((reference) => at(made, reference) === undefined)).toEqual([]);
  });

  it('has schemas that a validator of JSON Schema takes, strictly', () => {
    const validator = new Ajv2020({
      strict: true,
      strictTypes: false,
      strictTuples: false,
      validateFormats: false,
    }).addVocabulary(KEYWORDS);
    validator.addSchema({ ...document, $id: 'https://sluice.test/openapi' }, undefined, false, false);
    const names = Object.keys(document.components.schemas);
    const untaken = names.filter(
      (name) => validator.getSchema(`https://sluice.test/openapi#/components/schemas/${name}`) === undefined,
    );
    expect(untaken).toEqual([]);
  });
});

/** The value at a JSON pointer of the document. */
function at(value: Json, reference: string): Json | undefined {
  let found: Json | undefined = value;
  for (const name of reference.replace(/^#\//, '').split('/')) {
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined;
    found = (found as { readonly [name: string]: Json })[name];
  }
  return found;
}
