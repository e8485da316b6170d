import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { SluiceError } from '@sluice/contract/errors';

/** The demo's own small client of the API: JSON in, JSON out, over the demo's authority. */
export class DemoApi {
  readonly #origin: { readonly host: string; readonly port: number };
  readonly #ca: string;

  constructor(origin: { readonly host: string; readonly port: number }, caFile: string) {
    this.#origin = origin;
    this.#ca = readFileSync(caFile, 'utf8');
  }

  /** Throws SluiceError `GATEWAY_UNREACHABLE` with the answer's text for anything but success. */
  async call(method: 'GET' | 'POST', path: string, token: string, body?: unknown): Promise<unknown> {
    const text = await new Promise<string>((resolve, reject) => {
      const call = request(
        {
          ...this.#origin,
          method,
          path,
          ca: this.#ca,
          servername: 'localhost',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const answer = Buffer.concat(chunks).toString('utf8');
            if ((response.statusCode ?? 500) >= 300)
              reject(
                new SluiceError(
                  'GATEWAY_UNREACHABLE',
                  `${method} ${path} answered ${response.statusCode ?? 0}: ${answer}`,
                ),
              );
            else resolve(answer);
          });
        },
      );
      call.on('error', reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
    return JSON.parse(text);
  }
}
