/** An HTTP proxy that only connects (RFC 9110, 9.3.6), and demands a user and a password when it has one. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import net, { type Socket } from 'node:net';

export type ConnectProxy = {
  readonly port: number;
  /** `host:port` of each that it connected to. */
  readonly targets: readonly string[];
  close(): Promise<void>;
};

export async function startConnectProxy(login: string | null): Promise<ConnectProxy> {
  const targets: string[] = [];
  const sockets = new Set<Socket>();
  const wanted = login === null ? null : `Basic ${Buffer.from(login).toString('base64')}`;
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request, client: Socket, head: Buffer) => {
    sockets.add(client);
    client.on('error', () => client.destroy());
    if (wanted !== null && request.headers['proxy-authorization'] !== wanted) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n');
      return;
    }
    const authority = request.url ?? '';
    targets.push(authority);
    const { hostname, port } = new URL(`http://${authority}`);
    const upstream = net.connect(Number(port), hostname.replace(/^\[|\]$/g, ''));
    sockets.add(upstream);
    upstream.on('error', () => client.destroy());
    upstream.once('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      client.pipe(upstream).pipe(client);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    targets,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
