/** A man in the middle: takes the gateway's TLS with a certificate of its own, and relays to the real database over TLS. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, TLSSocket } from 'node:tls';
import type { Certificate } from '../../gateway/src/demo/local-authority.ts';
import { sslRequest } from './evil-client.ts';

export type EvilRelay = { readonly port: number; stop(): Promise<void> };

export async function startEvilRelay(upstream: { host: string; port: number }, own: Certificate): Promise<EvilRelay> {
  const secureContext = createSecureContext({ cert: own.certificatePem, key: own.privateKeyPem });
  const open = new Set<Socket>();
  const track = (socket: Socket): Socket => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    return socket.on('close', () => open.delete(socket));
  };
  const relay = async (socket: Socket) => {
    await once(socket, 'data');
    socket.write('S');
    const near = track(new TLSSocket(socket, { isServer: true, secureContext }));
    const plain = track(connect(upstream));
    plain.write(sslRequest());
    await once(plain, 'data');
    const far = track(connectTls({ socket: plain, rejectUnauthorized: false }));
    near.pipe(far).pipe(near);
  };
  const server = createServer((socket) => void relay(track(socket)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
