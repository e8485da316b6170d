import { SluiceError } from '@sluice/contract/errors';
import type { ZodType } from 'zod';
import { authorizationHeaders, isBound, type TokenSource } from '../identity/access-token.ts';
import type { ContractCall, ContractTransport, EventNames } from './contract-calls.ts';
import { type HttpOptions, type HttpResponse, readBody, send } from './https.ts';
import { problemError } from './problem.ts';
import { parseEvents } from './server-sent-events.ts';

/** The contract's calls over HTTPS. Every answer is checked against its schema. */
export class HttpsTransport implements ContractTransport {
  readonly #gateway: URL;
  readonly #http: HttpOptions;
  readonly #token: TokenSource | null;

  /** `gateway` is its origin. Without a token only `meta` is answered. */
  constructor(gateway: URL, http: HttpOptions, token: TokenSource | null) {
    this.#gateway = gateway;
    this.#http = http;
    this.#token = token;
  }

  async json<T>(call: ContractCall, schema: ZodType<T>): Promise<T> {
    const response = await this.#send(call, 'application/json');
    return check(schema, parseJson(await readBody(response, this.#http), call.path), call.path);
  }

  /** Until the gateway or the signal ends the stream; `live` is called once it works. */
  async *events<T>(
    call: ContractCall,
    schema: ZodType<T>,
    { names, form }: EventNames,
    signal: AbortSignal,
    live?: () => void,
  ): AsyncGenerator<T> {
    const response = await this.#send(call, 'text/event-stream', signal);
    live?.();
    for await (const { event, data } of parseEvents(response.stream)) {
      if (!names.includes(event)) continue;
      const value = parseJson(data, call.path);
      const isNamed = form === 'kind' && typeof value === 'object' && value !== null;
      yield check(schema, isNamed ? { ...value, kind: event } : value, call.path);
    }
  }

  async text(call: ContractCall): Promise<string> {
    return await readBody(await this.#send(call, '*/*'), this.#http);
  }

  async bytes(call: ContractCall): Promise<AsyncIterable<Uint8Array>> {
    return (await this.#send(call, '*/*')).stream;
  }

  /** Throws what the gateway answers instead of a success. */
  async #send(call: ContractCall, accept: string, signal?: AbortSignal): Promise<HttpResponse> {
    const url = new URL(`/api/v1/${call.path}`, this.#gateway);
    for (const [name, value] of Object.entries(call.query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const body = call.body === undefined ? null : JSON.stringify(call.body);
    const token = this.#token === null ? null : await this.#token();
    const ask = async () => {
      const headers = {
        accept,
        ...(token !== null && (await authorizationHeaders(token, { method: call.method, url }))),
        ...(call.body !== undefined && { 'content-type': 'application/json' }),
      };
      return await send({ method: call.method, url, headers, body, signal }, this.#http);
    };
    const response = await ask();
    if (isSuccess(response)) return response;
    const error = await this.#errorOf(response);
    const isLate = error.code === 'AUTH_PROOF_INVALID' && isBound(token) && token.key.follow(response.headers.date);
    if (!isLate) throw error;
    // Once: by the gateway's clock. Nothing was done for the request that was refused.
    const again = await ask();
    if (isSuccess(again)) return again;
    throw await this.#errorOf(again);
  }

  async #errorOf(response: HttpResponse): Promise<SluiceError> {
    return problemError(response.status, await readBody(response, this.#http));
  }
}

function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status <= 299;
}

function parseJson(body: string, what: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new SluiceError('PROTOCOL_VIOLATION', `the gateway's answer to ${what} is not JSON`, { cause: error });
  }
}

function check<T>(schema: ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SluiceError('PROTOCOL_VIOLATION', `the gateway's answer to ${what} does not follow the contract`, {
    cause: parsed.error,
    remedy: 'Use the `sluice` of the same version as the gateway.',
  });
}
