/** Somebody who took the place of a tunnel and speaks PostgreSQL well enough to be told a password. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net, { type Server, type Socket } from 'node:net';

export type Squatter = {
  /** 0 for a socket. */
  readonly port: number;
  /** Everything that programs sent. */
  heard(): Buffer;
  close(): Promise<void>;
};

/** `where`: a port of loopback, or the path of a socket. Asks for SCRAM-SHA-256 and pretends that the proof was right. */
export async function squat(where: { readonly port: number } | { readonly path: string }): Promise<Squatter> {
  const heard: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server: Server = net.createServer((socket) => {
    sockets.add(socket);
    let step = 0;
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      heard.push(chunk);
      step += 1;
      // AuthenticationSASL, AuthenticationSASLContinue, AuthenticationSASLFinal (manual, 55.7)
      if (step === 1) socket.write(authentication(10, 'SCRAM-SHA-256\0\0'));
      else if (step === 2) {
        const nonce = /r=([^,]+)/.exec(chunk.toString('latin1'))?.[1] ?? '';
        const salt = randomBytes(16).toString('base64');
        socket.write(authentication(11, `r=${nonce}squatter,s=${salt},i=4096`));
      } else if (step === 3) socket.write(authentication(12, `v=${randomBytes(32).toString('base64')}`));
    });
  });
  server.listen('path' in where ? where.path : { port: where.port, host: '127.0.0.1' });
  await once(server, 'listening');
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    heard: () => Buffer.concat(heard),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** `R | i32 length | i32 kind | rest` */
function authentication(kind: number, rest: string): Buffer {
  const bytes = Buffer.alloc(9 + rest.length);
  bytes.write('R', 0);
  bytes.writeInt32BE(8 + rest.length, 1);
  bytes.writeInt32BE(kind, 5);
  bytes.write(rest, 9, 'latin1');
  return bytes;
}
