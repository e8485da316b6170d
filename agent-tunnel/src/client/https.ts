/**
 * HTTP requests with a private authority. Node's `fetch` cannot be given one, so requests go through `node:https`.
 */
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import { SluiceError } from '@sluice/contract/errors';
import { openThroughProxy, type ProxySettings, proxyFor } from './proxy.ts';

export type HttpRequest = {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal?: AbortSignal | undefined;
};

/** A certificate (chain) and its private key, PEM. */
export type ClientCertificate = { readonly cert: string; readonly key: string };

export type HttpOptions = {
  /** PEM of authorities to trust instead of the system's; null for the system's. */
  readonly ca: string | null;
  readonly proxy?: ProxySettings | null;
  /** What a server that asks for a client certificate is shown. */
  readonly certificate?: ClientCertificate | null;
  /** Until the response's headers, and between two chunks of its body. */
  readonly idleTimeoutMs: number;
  readonly maxBodyBytes: number;
  /** Told of the head of every answer. */
  readonly heard?: (url: URL, headers: http.IncomingHttpHeaders) => void;
};

export const DEFAULT_HTTP: Omit<HttpOptions, 'ca'> = { idleTimeoutMs: 30_000, maxBodyBytes: 32 * 1024 * 1024 };

export type HttpResponse = {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly stream: http.IncomingMessage;
};

/**
 * Sends a request and resolves with the response's head; its body is `stream`. Redirects are not followed.
 * Plain HTTP is for loopback only: a token never leaves the machine unencrypted.
 *
 * Throws `GATEWAY_UNREACHABLE` or `CONFIG_INVALID`.
 */
export async function send(request: HttpRequest, options: HttpOptions): Promise<HttpResponse> {
  const { url, method, headers, body, signal } = request;
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) {
    throw new SluiceError('CONFIG_INVALID', `${url.origin} is not an https address`, {
      remedy: 'Give an https:// address; plain http is for loopback only.',
    });
  }
  const proxied = url.protocol === 'https:' ? await throughProxy(url, options, signal) : null;
  return new Promise((resolve, reject) => {
    const settings: https.RequestOptions = {
      ...(proxied !== null && { createConnection: () => proxied }),
      method,
      headers: { ...headers, ...(body !== null && { 'content-length': Buffer.byteLength(body) }) },
    };
    if (signal !== undefined) settings.signal = signal;
    if (options.ca !== null) settings.ca = options.ca;
    Object.assign(settings, options.certificate ?? {});
    const outgoing = (url.protocol === 'https:' ? https : http).request(url, settings);
    outgoing.setTimeout(options.idleTimeoutMs, () =>
      outgoing.destroy(new Error(`no answer within ${options.idleTimeoutMs / 1_000} s`)),
    );
    outgoing.on('response', (stream) => {
      options.heard?.(url, stream.headers);
      resolve({ status: stream.statusCode ?? 0, headers: stream.headers, stream });
    });
    outgoing.on('error', (error) => reject(signal?.aborted === true ? signal.reason : unreachable(url, error)));
    outgoing.end(body ?? undefined);
  });
}

/** A connection of its own for one request, or null for the direct way. */
async function throughProxy(
  url: URL,
  options: HttpOptions,
  signal: AbortSignal | undefined,
): Promise<TLSSocket | null> {
  const proxy = proxyFor(url, options.proxy);
  if (proxy === null) return null;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const deadline = AbortSignal.timeout(options.idleTimeoutMs);
  const until = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  const socket = await openThroughProxy(proxy, { host, port: Number(url.port || 443) }, until);
  return tls.connect({
    socket,
    ...(isIP(host) === 0 ? { servername: host } : { host }),
    ...(options.ca !== null && { ca: options.ca }),
    ...options.certificate,
  });
}

/** The whole body as text. Throws `LIMIT_FRAME_BYTES` beyond the bound, `GATEWAY_UNREACHABLE` when it breaks off. */
export async function readBody(response: HttpResponse, options: HttpOptions): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.stream) {
      bytes += chunk.length;
      if (bytes > options.maxBodyBytes)
        throw new SluiceError('LIMIT_FRAME_BYTES', `the answer is longer than ${options.maxBodyBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    throw new SluiceError('GATEWAY_UNREACHABLE', 'the answer broke off', { cause: error });
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A `fetch` for openid-client over {@link send}: same authority, same bounds. */
export function fetchThrough(options: HttpOptions): (url: string, init: FetchInit) => Promise<Response> {
  return async (url, init) => {
    const body = init.body === undefined || init.body === null ? null : String(init.body);
    const response = await send(
      { method: init.method, url: new URL(url), headers: init.headers, body, signal: init.signal },
      options,
    );
    const text = await readBody(response, options);
    const headers = new Headers();
    for (const [name, value] of Object.entries(response.headers))
      headers.set(name, Array.isArray(value) ? value.join(', ') : (value ?? ''));
    const empty = response.status === 204 || response.status === 304;
    return new Response(empty ? null : text, { status: response.status, headers });
  };
}

type FetchInit = {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
};

export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d+){3}$/.test(url.hostname);
}

/** What went wrong on the way, in words, with what usually mends it. */
export function unreachable(url: URL, error: Error & { code?: string }): SluiceError {
  const code = error.code ?? '';
  if (
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT)/.test(
      code,
    )
  ) {
    return new SluiceError(
      'GATEWAY_UNREACHABLE',
      `the certificate of ${url.host} is not signed by a trusted authority (${code})`,
      {
        cause: error,
        remedy: 'Give the authority of your gateway: `--ca FILE` or SLUICE_CA.',
      },
    );
  }
  const why =
    code === 'ECONNREFUSED'
      ? 'nothing listens there'
      : code === 'ENOTFOUND'
        ? 'the name is unknown'
        : error.message || code || 'no reason given';
  return new SluiceError('GATEWAY_UNREACHABLE', `${url.host} did not answer: ${why}`, { cause: error });
}
