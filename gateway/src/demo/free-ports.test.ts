import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { assertPortsFree } from './free-ports.ts';

describe('assertPortsFree', () => {
  it('names the taken port, what it was for, and the way out', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const address = squatter.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(assertPortsFree({ tunnel: port })).rejects.toMatchObject({
      code: 'CONFIG_PORT_TAKEN',
      message: expect.stringContaining(`${port} (tunnel)`),
      remedy: expect.stringContaining('--port-base'),
    });
    squatter.close();
    await once(squatter, 'close');
    await expect(assertPortsFree({ tunnel: port })).resolves.toBeUndefined();
  });
});
