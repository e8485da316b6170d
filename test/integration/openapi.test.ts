/** The API's description, and the API: what a gateway answers is what its document says. */
import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_HTTP, type HttpOptions, readBody, send } from '../../agent-tunnel/src/client/https.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';

const ANA = { username: 'ana', name: 'Ana', email: 'ana@corp.test', password: 'pw', groups: ['analysts', 'auditor'] };

type Operation = {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, object>> }>>;
};
type Document = { readonly paths: Readonly<Record<string, { readonly get?: Operation; readonly post?: Operation }>> };

let server: PostgresServer;
let gateway: TestGateway;
let http: HttpOptions;
let document: Document;
let validator: Ajv2020;
/** Values of parameters, by the first segment of the path and the parameter's name, or by the name alone. */
let known: Readonly<Record<string, string>>;
beforeAll(async () => {
  server = await startPostgres();
  await server.admin("CREATE ROLE sluice LOGIN PASSWORD 'upstream'");
  await server.admin('CREATE DATABASE shop OWNER sluice');
  gateway = await startGateway({
    users: [ANA],
    resources: [
      {
        ...{ name: 'shop', labelsCsv: 'schema,table,column,label,category\n', unclassified: 'public' },
        upstream: { host: server.host, port: server.port, database: 'shop' },
        credential: { username: 'sluice', password: 'upstream' },
      },
    ],
  });
  http = { ...DEFAULT_HTTP, ca: await readFile(gateway.caFile, 'utf8') };
  document = JSON.parse((await ask('GET', '/api/v1/openapi.json', null)).body) as Document;
  validator = new Ajv2020({ strictSchema: false, validateFormats: false });
  validator.addSchema({ ...document, $id: 'openapi' }, undefined, false, false);
  const session = await gateway.mintSession('ana', 'shop');
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port: gateway.postgresPort, database: 'shop' },
    ...{ user: session.username, password: session.secret, ssl: { ca: http.ca ?? '' } },
  });
  await client.connect();
  await client.query('SELECT 1');
  await client.end();
  const [ran] = await (await gateway.apiFor('ana')).sessions(1);
  known = { name: 'shop', workflow: 'nightly', resource: 'shop', 'sessions id': ran?.sessionId ?? '' };
});
afterAll(async () => {
  await gateway?.stop();
  await server?.stop();
});

it('every answer of the gateway is as its document says, a refusal as well', async () => {
  const token = await gateway.tokenOf('ana');
  const answered: string[] = [];
  for (const [template, { get: operation }] of Object.entries(document.paths)) {
    if (operation === undefined || operation.operationId.startsWith('watch')) continue;
    const path = template.replace(/\{(\w+)\}/g, (_whole, name: string) => {
      const area = template.split('/')[3] ?? '';
      return encodeURIComponent(known[`${area} ${name}`] ?? known[name] ?? 'none');
    });
    const query = (operation.parameters ?? [])
      .filter((parameter) => parameter.in === 'query' && parameter.required)
      .map(({ name }) => `${name}=${QUERY[name] ?? ''}`);
    const { status, type, body } = await ask('GET', `${path}${query.length > 0 ? `?${query.join('&')}` : ''}`, token);
    expect(fits(operation, status, type, body)).toEqual([]);
    if (status === 200) answered.push(operation.operationId);
  }
  expect(answered).toEqual(
    expect.arrayContaining([
      ...['meta', 'whoami', 'listResources', 'listProfiles', 'listFunctions', 'describeSchema', 'listSessions'],
      ...['showSession', 'listRequests', 'listGrants', 'listHolds', 'evidenceStatus'],
      ...['auditColumns', 'auditHolds', 'auditRetention', 'listWorkflows', 'listPlans'],
    ]),
  );
});

it('what is asked without a token, or in a way that is not in the document, is answered by a problem', async () => {
  for (const [path, operations] of Object.entries(document.paths)) {
    const operation = operations.post;
    if (operation === undefined) continue;
    const { status, type, body } = await ask('POST', path.replace(/\{\w+\}/g, 'none'), null);
    expect(status).toBe(401);
    expect(fits(operation, status, type, body)).toEqual([]);
  }
  const minting = document.paths['/api/v1/sessions']?.post;
  const { status, type, body } = await ask('POST', '/api/v1/sessions', await gateway.tokenOf('ana'), { resource: 7 });
  expect(status).toBe(400);
  if (minting !== undefined) expect(fits(minting, status, type, body)).toEqual([]);
});

it('a session is minted with the status and the answer of the document', async () => {
  const minting = document.paths['/api/v1/sessions']?.post;
  const { status, type, body } = await ask('POST', '/api/v1/sessions', await gateway.tokenOf('ana'), {
    resource: 'shop',
  });
  expect(status).toBe(201);
  expect(minting === undefined ? ['missing'] : fits(minting, status, type, body)).toEqual([]);
});

/** Values of query parameters that have to be there. */
const QUERY: Readonly<Record<string, string>> = {
  ...{ index: '0', old: '0', resource: 'shop', column: 'public.t.c', party: 'ana', workflow: 'nightly' },
};

/** What is wrong with an answer, by the document. */
function fits(operation: Operation, status: number, type: string, body: string): readonly string[] {
  const problem = { content: { 'application/problem+json': { schema: {} } } };
  const response = operation.responses[String(status)] ?? problem;
  const content = response.content ?? {};
  if (!(type in content)) return [`${operation.operationId} ${status}: the type is ${type}`];
  if (!type.endsWith('json')) return [];
  const pointer =
    response === problem
      ? '#/components/schemas/Problem'
      : `#/paths/${operationPath(operation)}/responses/${status}/content/application~1json/schema`;
  const validate = validator.getSchema(`openapi${pointer}`);
  if (validate === undefined) return [`there is no schema at ${pointer}`];
  return validate(JSON.parse(body)) === true
    ? []
    : [`${operation.operationId} ${status}: ${validator.errorsText(validate.errors)}`];
}

function operationPath(operation: Operation): string {
  for (const [path, operations] of Object.entries(document.paths)) {
    const escaped = encodeURIComponent(path.replaceAll('~', '~0').replaceAll('/', '~1'));
    if (operations.get === operation) return `${escaped}/get`;
    if (operations.post === operation) return `${escaped}/post`;
  }
  return '';
}

async function ask(method: string, path: string, token: string | null, json?: object) {
  const headers = {
    ...(token !== null && { authorization: `Bearer ${token}` }),
    ...(json !== undefined && { 'content-type': 'application/json' }),
  };
  const body = json === undefined ? null : JSON.stringify(json);
  const response = await send({ method, url: new URL(path, gateway.url), headers, body }, http);
  const type = (response.headers['content-type'] ?? '').split(';')[0] ?? '';
  return { status: response.status, type, body: await readBody(response, http) };
}
