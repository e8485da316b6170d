import { once } from 'node:events';
import { createServer } from 'node:net';
import { SluiceError } from '@sluice/contract/errors';

/**
 * Looks whether every port is free on loopback, before anything is started.
 * Throws SluiceError `CONFIG_PORT_TAKEN` that names each taken port and what it was for.
 */
export async function assertPortsFree(ports: Readonly<Record<string, number>>): Promise<void> {
  const taken: string[] = [];
  for (const [purpose, port] of Object.entries(ports)) if (!(await isFree(port))) taken.push(`${port} (${purpose})`);
  if (taken.length === 0) return;
  throw new SluiceError(
    'CONFIG_PORT_TAKEN',
    `these ports of 127.0.0.1 are in use by another program: ${taken.join(', ')}`,
    {
      remedy: 'Stop that program (perhaps another demo), or choose other ports: npm start -- --port-base 20000',
    },
  );
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    // Whatever keeps us from listening would keep the demo from it.
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
