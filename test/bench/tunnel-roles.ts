/** Processes of the tunnel's bench, one role each: `node tunnel-roles.ts ROLE ...`. Prints its address as JSON once it listens. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import net, { type Socket } from 'node:net';
import { Tunnel } from '../../agent-tunnel/src/tunnel/tunnel.ts';
import { startTunnelPort } from '../harness/tunnel-port.ts';

const CHUNK = Buffer.alloc(64 * 1024, 7);

const [role, ...args] = process.argv.slice(2);
console.log(JSON.stringify(await start()));

async function start(): Promise<object> {
  switch (role) {
    case 'target':
      return { port: await listen(serve) };
    case 'pipe':
      return { port: await listen((socket) => pipeTo(socket, Number(args[0]))) };
    case 'gateway': {
      const port = await startTunnelPort({
        serve: (stream) => {
          const upstream = net.connect(Number(args[0]), '127.0.0.1').setNoDelay(true);
          stream.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
          upstream.on('error', () => stream.destroy());
          stream.pipe(upstream).pipe(stream);
        },
      });
      return { port: port.port, ca: port.ca };
    }
    case 'tunnel': {
      const [gateway = '', caFile = ''] = args;
      const tunnel = new Tunnel({
        gateway: new URL(gateway),
        ca: await readFile(caFile, 'utf8'),
        resource: 'bench',
        sessionId: 's1',
        token: async () => 'good',
        place: { kind: 'tcp', port: 0 },
      });
      const endpoint = await tunnel.open();
      return endpoint.kind === 'tcp' ? { port: endpoint.port } : {};
    }
    default:
      throw new Error(`there is no role ${role}`);
  }
}

async function listen(accept: (socket: Socket) => void): Promise<number> {
  const server = net.createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    accept(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

function pipeTo(socket: Socket, port: number): void {
  const upstream = net.connect(port, '127.0.0.1').setNoDelay(true);
  upstream.on('error', () => socket.destroy());
  socket.once('close', () => upstream.destroy());
  socket.pipe(upstream).pipe(socket);
}

/** The first four bytes say how many MiB to send; 0: everything comes back. The first of them is 0 as in PostgreSQL. */
function serve(socket: Socket): void {
  socket.once('data', (first) => {
    const mebibytes = first.readUInt32BE(0);
    if (mebibytes === 0) {
      socket.write(first);
      socket.pipe(socket);
      return;
    }
    let left = mebibytes * 16;
    const more = () => {
      while (left > 0) {
        left -= 1;
        if (!socket.write(CHUNK)) return void socket.once('drain', more);
      }
      socket.end();
    };
    more();
  });
}
