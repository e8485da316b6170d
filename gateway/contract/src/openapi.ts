/** The API as an OpenAPI 3.1 document, from the table of endpoints and the schemas: nothing of it is written by hand. */
import { type ZodType, z } from 'zod';
import * as api from './api.ts';
import * as audit from './audit.ts';
import { ENDPOINTS, type Endpoint, type QueryType } from './endpoints.ts';
import { ERRORS } from './errors.ts';
import * as profiles from './profiles.ts';
import * as vocabulary from './vocabulary.ts';
import * as workflows from './workflows.ts';

const MODULES: readonly object[] = [vocabulary, api, audit, profiles, workflows];
const PROBLEM = 'Problem';

/** A value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = { readonly [name: string]: Json };

/** `version`: of the gateway that serves it. */
export function openApiDocument(version: string): JsonObject {
  const { names, schemas } = namedSchemas();
  const paths: Record<string, Record<string, Json>> = {};
  for (const [name, endpoint] of Object.entries<Endpoint>(ENDPOINTS)) {
    const path = `/api/v1/${endpoint.path}`;
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(name, endpoint, names) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Sluice',
      version,
      description: 'The API of a gateway. Fields may be added to answers; names that are there stay.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'An access token of an issuer of `meta`. One that is bound to a key comes by the scheme DPoP instead, with a proof in the header DPoP (RFC 9449).',
        },
      },
      responses: {
        [PROBLEM]: {
          description: 'What went wrong (RFC 9457), with a stable code: docs/errors.md.',
          content: { 'application/problem+json': { schema: refTo(PROBLEM) } },
        },
      },
      schemas: { ...reachable(schemas, [PROBLEM, ...namesIn(paths)]), [PROBLEM]: problemSchema(schemas) },
    },
  };
}

function operation(name: string, endpoint: Endpoint, names: Names): Json {
  const { path, query = {}, body, answer, isOpen } = endpoint;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => ({
    ...{ name: parameter, in: 'path', required: true, schema: { type: 'string' } },
  }));
  const inQuery = Object.entries(query).map(([parameter, type]) => ({
    ...{ name: parameter, in: 'query', required: !type.endsWith('?'), schema: { type: QUERY_TYPES[type] } },
  }));
  return {
    operationId: name,
    tags: [path.split('/')[0] ?? path],
    ...(isOpen === true && { security: [] }),
    ...(inPath.length + inQuery.length > 0 && { parameters: [...inPath, ...inQuery] }),
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: refTo(nameOf(body, names)) } } },
    }),
    responses: {
      [String(endpoint.status ?? 200)]: success(answer, names),
      default: { $ref: `#/components/responses/${PROBLEM}` },
    },
  };
}

const QUERY_TYPES: Readonly<Record<QueryType, string>> = {
  string: 'string',
  'string?': 'string',
  number: 'integer',
  'number?': 'integer',
  'boolean?': 'boolean',
};

function success(answer: Endpoint['answer'], names: Names): Json {
  switch (answer.kind) {
    case 'json':
      return described('The answer.', 'application/json', refTo(nameOf(answer.schema, names)));
    case 'events':
      // OpenAPI has no words for the parts of a stream: the schema is that of each event's data.
      return {
        ...described(
          `Server-sent events named ${answer.names.join(', ')}, until either side leaves; the schema is ${
            answer.form === 'data' ? 'that of their data' : 'that of their data with the event’s name as `kind`'
          }.`,
          'text/event-stream',
          refTo(nameOf(answer.schema, names)),
        ),
        'x-events': [...answer.names],
      };
    case 'text':
      return described('A file of the record; docs/evidence-format.md.', 'text/plain', { type: 'string' });
    case 'bytes':
      return described('A bundle; docs/evidence-format.md.', 'application/octet-stream', {});
  }
}

function described(description: string, mediaType: string, schema: JsonObject): JsonObject {
  return { description, content: { [mediaType]: { schema } } };
}

type Names = ReadonlyMap<ZodType, string>;

/** Every schema that the contract exports, by its name without `Schema`, as what travels: before defaults are filled in. */
function namedSchemas(): { readonly names: Names; readonly schemas: Readonly<Record<string, JsonObject>> } {
  const registry = z.registry<{ id: string }>();
  const names = new Map<ZodType, string>();
  for (const [exported, value] of MODULES.flatMap((module) => Object.entries(module))) {
    if (!(value instanceof z.ZodType) || names.has(value)) continue;
    const id = exported.replace(/Schema$/, '');
    names.set(value, id);
    registry.add(value, { id });
  }
  const made = z.toJSONSchema(registry, { io: 'input', uri: (id) => `#/components/schemas/${id}` }).schemas;
  const entries = Object.entries(made).map(([name, { $schema: _dialect, $id: _id, ...schema }]) => {
    return [name, JSON.parse(JSON.stringify(schema)) as JsonObject] as const;
  });
  return { names, schemas: Object.fromEntries(entries) };
}

/** Throws when the table names a schema that no module of the contract exports. */
function nameOf(schema: ZodType, names: Names): string {
  const name = names.get(schema);
  if (name === undefined) throw new Error('an endpoint uses a schema that no module of the contract exports');
  return name;
}

function refTo(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

/** Those of these names, and what they refer to. */
function reachable(schemas: Readonly<Record<string, JsonObject>>, wanted: readonly string[]): JsonObject {
  const kept: Record<string, JsonObject> = {};
  const left = [...wanted];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    const schema = schemas[name];
    if (schema === undefined || name in kept) continue;
    kept[name] = schema;
    left.push(...namesIn(schema));
  }
  return Object.fromEntries(Object.entries(kept).sort(([left], [right]) => (left < right ? -1 : 1)));
}

function namesIn(value: Json): readonly string[] {
  return [...JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name = '']) => name);
}

/** With all codes: a client that knows them by heart sees when there are more. */
function problemSchema(schemas: Readonly<Record<string, JsonObject>>): JsonObject {
  const { properties, ...rest } = schemas[PROBLEM] ?? {};
  return {
    ...rest,
    properties: { ...(properties as JsonObject), code: { type: 'string', examples: Object.keys(ERRORS) } },
  };
}
