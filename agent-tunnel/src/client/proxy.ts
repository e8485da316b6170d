/** The way through an HTTP proxy: CONNECT (RFC 9110, 9.3.6). */
import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import { SluiceError } from '@sluice/contract/errors';

export type ProxySettings = {
  /** `http://` or `https://`, with user and password where the proxy demands them. */
  readonly url: URL;
  /** Hosts that are reached directly: names, `.domains`, addresses, with or without a port; `*` for all. */
  readonly except: readonly string[];
};

/** Longest head of a proxy's answer, bytes. */
const MAX_HEAD_BYTES = 16_384;

/** The proxy for a target, or null for the direct way. */
export function proxyFor(target: URL, settings: ProxySettings | null | undefined): URL | null {
  if (settings === null || settings === undefined) return null;
  const host = target.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = target.port || '443';
  const isExcepted = settings.except.some((entry) => {
    if (entry === '*') return true;
    const [, name = '', onPort] =
      /^\[?(.+?)\]?(?::(\d+))?$/.exec(/^[0-9a-f:]+:[0-9a-f:]*$/i.test(entry) ? `[${entry}]` : entry) ?? [];
    const domain = name.toLowerCase().replace(/^\*?\./, '');
    return (onPort === undefined || onPort === port) && (host === domain || host.endsWith(`.${domain}`));
  });
  return isExcepted ? null : settings.url;
}

/**
 * A connection to `host:port` through the proxy. Throws `GATEWAY_UNREACHABLE`, which never quotes the proxy's password,
 * or the signal's reason.
 */
export async function openThroughProxy(
  proxy: URL,
  target: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<Socket> {
  const port = Number(proxy.port || (proxy.protocol === 'https:' ? 443 : 80));
  const host = proxy.hostname.replace(/^\[|\]$/g, '');
  const socket =
    proxy.protocol === 'https:'
      ? tls.connect({ host, port, ...(net.isIP(host) === 0 && { servername: host }) })
      : net.connect({ host, port });
  const stop = () => socket.destroy(signal.reason instanceof Error ? signal.reason : undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) throw signal.reason;
    const authority = `${net.isIPv6(target.host) ? `[${target.host}]` : target.host}:${target.port}`;
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${credentials(proxy)}\r\n`);
    const status = await readStatus(socket, proxy);
    if (status >= 200 && status <= 299) return socket;
    throw refused(proxy, authority, status);
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function credentials({ username, password }: URL): string {
  if (username === '') return '';
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Proxy-Authorization: Basic ${Buffer.from(login).toString('base64')}\r\n`;
}

/** Takes exactly the head off the socket: what follows is the target's. */
function readStatus(socket: Socket, proxy: URL): Promise<number> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const settle = (finish: () => void) => {
      socket.off('readable', attempt).off('error', failed).off('end', left).off('close', left);
      finish();
    };
    const failed = (error: Error) =>
      settle(() => reject(error instanceof SluiceError ? error : unreachable(proxy, error)));
    const left = () => settle(() => reject(unreachable(proxy, new Error('it closed the connection'))));
    const attempt = () => {
      const chunk: unknown = socket.read();
      if (!Buffer.isBuffer(chunk)) return;
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) {
        if (head.length > MAX_HEAD_BYTES) failed(new Error('its answer has no end'));
        return;
      }
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(head.toString('latin1', 0, end))?.[1];
      if (head.length > end + 4) socket.unshift(head.subarray(end + 4));
      if (status === undefined) failed(new Error('it does not speak HTTP'));
      else settle(() => resolve(Number(status)));
    };
    socket.on('readable', attempt).on('error', failed).on('end', left).on('close', left);
    // Stays: a socket without a listener would end the process on an error.
    socket.on('error', () => undefined);
  });
}

function refused(proxy: URL, authority: string, status: number): SluiceError {
  if (status === 407) {
    return new SluiceError('GATEWAY_UNREACHABLE', `the proxy ${proxy.host} demands a user and a password of its own`, {
      remedy: 'Put them into its address: SLUICE_PROXY=http://USER:PASSWORD@HOST:PORT',
    });
  }
  return new SluiceError(
    'GATEWAY_UNREACHABLE',
    `the proxy ${proxy.host} does not connect to ${authority} (status ${status})`,
    { remedy: 'Ask who runs the proxy to allow it, or name the gateway in NO_PROXY.' },
  );
}

function unreachable(proxy: URL, cause: Error): SluiceError {
  return new SluiceError('GATEWAY_UNREACHABLE', `the proxy ${proxy.host} did not answer: ${cause.message}`, {
    cause,
    remedy: 'Check SLUICE_PROXY or HTTPS_PROXY, and NO_PROXY.',
  });
}
