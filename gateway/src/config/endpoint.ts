import { isIPv6 } from 'node:net';
import { z } from 'zod';

/** Where to listen. `host` without brackets. */
export type Endpoint = { readonly host: string; readonly port: number };

const PATTERN = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)):(\d{1,5})$/;

/**
 * `127.0.0.1:6432`, `localhost:6432` or `[::1]:6432`. Port 0 lets the system choose. Null for anything else; a port
 * alone is refused, because "every interface" should be written down (`0.0.0.0:6432`).
 */
export function parseEndpoint(text: string): Endpoint | null {
  const [, ipv6, name, digits = ''] = PATTERN.exec(text) ?? [];
  const host = ipv6 ?? name;
  const port = Number(digits);
  if (host === undefined || port > 65_535) return null;
  if (ipv6 !== undefined && !isIPv6(ipv6)) return null;
  return { host, port };
}

export const EndpointSchema = z
  .string()
  .meta({ pattern: PATTERN.source, examples: ['127.0.0.1:6432', '[::1]:6432'] })
  .transform((text, context) => {
    const endpoint = parseEndpoint(text);
    if (endpoint !== null) return endpoint;
    context.addIssue({
      code: 'custom',
      message: `"${text}" is not "host:port"`,
      params: { remedy: 'Write an address and a port: 127.0.0.1:6432, or [::1]:6432 for IPv6.' },
    });
    return z.NEVER;
  });
