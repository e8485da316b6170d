/** The text of `src/client/contract-calls.ts`: one method for each endpoint of the contract. */
import * as api from '@sluice/contract/api';
import * as audit from '@sluice/contract/audit';
import { ENDPOINTS, type Endpoint } from '@sluice/contract/endpoints';
import * as profiles from '@sluice/contract/profiles';
import * as workflows from '@sluice/contract/workflows';
import type { ZodType } from 'zod';

/** Names of a module that are used, and whether as values (true) or as types only. */
type Used = Map<string, Map<string, boolean>>;

const MODULES = { api, audit, profiles, workflows } as const;

/** Throws when the table names a schema that no module of the contract exports. */
export function contractCalls(): string {
  const used: Used = new Map();
  const methods = Object.entries<Endpoint>(ENDPOINTS).map(([name, endpoint]) => method(name, endpoint, used));
  const imports = [...used]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([module, names]) => {
      const list = [...names]
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([name, isValue]) => (isValue ? name : `type ${name}`));
      return `import { ${list.join(', ')} } from '@sluice/contract/${module}';\n`;
    });
  return `/**
 * Generated from the contract's table of endpoints: \`npm run generate\`. Not to be edited.
 */
${imports.join('')}import type { input, output, ZodType } from 'zod';

/** A call as the table describes it; the transport sends it and checks the answer. */
export type ContractCall = {
  readonly method: 'GET' | 'POST';
  /** Below \`/api/v1/\`, encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: object;
};

/** Names of events that the contract knows; \`kind\`: the name is also the value's \`kind\`. */
export type EventNames = { readonly names: readonly string[]; readonly form: 'data' | 'kind' };

export interface ContractTransport {
  json<T>(call: ContractCall, schema: ZodType<T>): Promise<T>;
  events<T>(
    call: ContractCall,
    schema: ZodType<T>,
    events: EventNames,
    signal: AbortSignal,
    live?: () => void,
  ): AsyncGenerator<T>;
  text(call: ContractCall): Promise<string>;
  bytes(call: ContractCall): Promise<AsyncIterable<Uint8Array>>;
}

/** One method for each endpoint. Throws what the gateway answers, \`GATEWAY_UNREACHABLE\`, \`PROTOCOL_VIOLATION\`. */
export class ContractCalls {
  readonly #transport: ContractTransport;

  constructor(transport: ContractTransport) {
    this.#transport = transport;
  }
${methods.join('')}}

function segments(strings: TemplateStringsArray, ...parameters: readonly string[]): string {
  return strings.map((text, index) => text + encodeURIComponent(parameters[index] ?? '')).join('');
}
`;
}

function method(name: string, endpoint: Endpoint, used: Used): string {
  const parameters = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => parameter);
  const path = endpoint.path.replaceAll('{', '\u0024{');
  const query = Object.entries(endpoint.query ?? {});
  const isRequired = query.some(([, type]) => !type.endsWith('?'));
  const { answer } = endpoint;
  const body = endpoint.body === undefined ? null : nameOf(endpoint.body, false, used);
  const takes = [
    ...parameters.map((parameter) => `${parameter}: string`),
    ...(body === null ? [] : [`body: input<typeof ${body}>`]),
    ...(query.length === 0 ? [] : [`query: { ${query.map(parameterType).join('; ')} }${isRequired ? '' : ' = {}'}`]),
    ...(answer.kind === 'events' ? ['signal: AbortSignal', 'live?: () => void'] : []),
  ];
  const call = [
    `method: '${endpoint.method}'`,
    `path: ${parameters.length === 0 ? `'${path}'` : `segments\`${path}\``}`,
    ...(query.length === 0 ? [] : ['query']),
    ...(body === null ? [] : ['body']),
  ];
  const gives = [`{ ${call.join(', ')} }`];
  let result = answer.kind === 'text' ? 'Promise<string>' : 'Promise<AsyncIterable<Uint8Array>>';
  if (answer.kind === 'json' || answer.kind === 'events') {
    const schema = nameOf(answer.schema, true, used);
    gives.push(schema);
    result = `${answer.kind === 'json' ? 'Promise' : 'AsyncGenerator'}<output<typeof ${schema}>>`;
  }
  if (answer.kind === 'events')
    gives.push(`{ names: ${JSON.stringify(answer.names)}, form: '${answer.form}' }`, 'signal', 'live');
  return `
  /** \`${endpoint.method} /api/v1/${endpoint.path}\` */
  ${name}(${takes.join(', ')}): ${result} {
    return this.#transport.${answer.kind}(${gives.join(', ')});
  }
`;
}

function parameterType([name, type]: readonly [string, string]): string {
  const optional = type.endsWith('?');
  return `readonly ${name}${optional ? '?' : ''}: ${type.replace('?', '')}${optional ? ' | undefined' : ''}`;
}

function nameOf(schema: ZodType, isValue: boolean, used: Used): string {
  for (const [module, exported] of Object.entries(MODULES)) {
    for (const [name, value] of Object.entries(exported)) {
      if (value !== schema) continue;
      const names = used.get(module) ?? new Map<string, boolean>();
      names.set(name, isValue || names.get(name) === true);
      used.set(module, names);
      return name;
    }
  }
  throw new Error('an endpoint uses a schema that no module of the contract exports');
}
