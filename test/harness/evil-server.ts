/**
 * A database that misbehaves on command. It stands between the gateway and a real PostgreSQL and passes everything on,
 * until it meets its cue: then it says what the test made up. The gateway's own connection (the catalog) is left alone,
 * so that a session gets as far as the attack.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

const SSL_REQUEST = 80_877_103;
const CATALOG = 'sluice catalog';

/** What a script works with on one connection of a session. */
export type EvilConnection = {
  /** Bytes for the gateway. */
  send(...bytes: readonly Buffer[]): void;
  /** Closes towards the gateway; the real server notices too. */
  close(): void;
  /** Resets the connection towards the gateway. */
  reset(): void;
  /** The next bytes from the gateway. */
  next(): Promise<Buffer>;
};

/**
 * `login`: instead of the real server, from the first byte behind the StartupMessage.
 * `onMessage`: at each message of the real server in a session; what it returns goes out in its place.
 */
export type EvilScript = {
  readonly login?: (connection: EvilConnection) => Promise<void> | void;
  readonly onMessage?: (type: string, bytes: Buffer, connection: EvilConnection) => Buffer | 'pass';
};

export type EvilServer = {
  readonly port: number;
  /** What it does from now on with new connections of sessions; null: nothing evil. */
  script: EvilScript | null;
  /** Every byte that the gateway sent on scripted connections. */
  heard(): Buffer;
  stop(): Promise<void>;
};

export async function startEvilServer(upstream: { readonly host: string; readonly port: number }): Promise<EvilServer> {
  const open = new Set<Socket>();
  const heard: Buffer[] = [];
  const state: { script: EvilScript | null } = { script: null };
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      const isCatalog = first.includes(CATALOG);
      const script = isCatalog ? null : state.script;
      // No TLS here: whoever demands it is told so.
      if (first.length === 8 && first.readInt32BE(4) === SSL_REQUEST) return void socket.end('N');
      if (script !== null) socket.on('data', (chunk: Buffer) => heard.push(chunk));
      if (script?.login !== undefined) return void script.login(connectionOf(socket));
      relay(socket, first, script);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  function relay(socket: Socket, first: Buffer, script: EvilScript | null): void {
    const real = connect(upstream);
    open.add(real);
    real.write(first);
    real.on('error', () => socket.destroy());
    socket.on('close', () => real.destroy());
    real.on('close', () => {
      open.delete(real);
      socket.end();
    });
    socket.on('data', (chunk: Buffer) => real.write(chunk));
    const connection = connectionOf(socket);
    let rest: Buffer = Buffer.alloc(0);
    real.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
        const end = 1 + rest.readInt32BE(1);
        const bytes = rest.subarray(0, end);
        const answer = script?.onMessage?.(rest.toString('latin1', 0, 1), bytes, connection) ?? 'pass';
        if (!socket.destroyed && socket.writable) socket.write(answer === 'pass' ? bytes : answer);
        rest = rest.subarray(end);
      }
    });
  }

  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    get script() {
      return state.script;
    },
    set script(next) {
      heard.length = 0;
      state.script = next;
    },
    heard: () => Buffer.concat(heard),
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

function connectionOf(socket: Socket): EvilConnection {
  return {
    send: (...bytes) => void socket.write(Buffer.concat(bytes)),
    close: () => void socket.end(),
    reset: () => void socket.resetAndDestroy(),
    next: async () => ((await once(socket, 'data')) as [Buffer])[0],
  };
}
