/**
 * A relay between the gateway and the database that reads what the gateway sends, with a parser of its own, written
 * from the protocol's manual and small enough to be looked through.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A message upstream that names or runs something. */
export type Sent =
  /** Of the start-up packet. */
  | { readonly kind: 'startup'; readonly application: string }
  | { readonly kind: 'query'; readonly text: string }
  | { readonly kind: 'parse'; readonly statement: string; readonly text: string }
  | { readonly kind: 'bind'; readonly portal: string; readonly statement: string }
  | { readonly kind: 'execute'; readonly portal: string }
  | { readonly kind: 'other'; readonly type: string };

export type UpstreamTap = {
  readonly port: number;
  /** One list for each connection, in the order of their bytes. */
  readonly connections: readonly (readonly Sent[])[];
  stop(): Promise<void>;
};

export async function startUpstreamTap(database: {
  readonly host: string;
  readonly port: number;
}): Promise<UpstreamTap> {
  const connections: Sent[][] = [];
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(database);
    const messages: Sent[] = [];
    connections.push(messages);
    const read = reader(messages);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (chunk: Buffer) => {
      read(chunk);
      far.write(chunk);
    });
    far.pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    connections,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** The start-up packet has no type: `Int32 length · …`. Then messages: `Byte1 type · Int32 length · body`. */
function reader(messages: Sent[]): (chunk: Buffer) => void {
  let pending: Buffer = Buffer.alloc(0);
  let started = false;
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const head = started ? 1 : 0;
      if (pending.length < head + 4) return;
      const end = head + pending.readInt32BE(head);
      if (pending.length < end) return;
      if (started) messages.push(messageOf(pending.toString('latin1', 0, 1), pending.subarray(5, end)));
      else messages.push({ kind: 'startup', application: applicationOf(pending.subarray(8, end)) });
      started = true;
      pending = pending.subarray(end);
    }
  };
}

/** Names and values in turn, each with a zero behind it. */
function applicationOf(parameters: Buffer): string {
  const words = parameters.toString('utf8').split('\0');
  return words[words.indexOf('application_name') + 1] ?? '';
}

function messageOf(type: string, body: Buffer): Sent {
  const [first = '', second = ''] = body.toString('utf8').split('\0', 2);
  switch (type) {
    case 'Q':
      return { kind: 'query', text: first };
    case 'P':
      return { kind: 'parse', statement: first, text: second };
    case 'B':
      return { kind: 'bind', portal: first, statement: second };
    case 'E':
      return { kind: 'execute', portal: first };
    default:
      return { kind: 'other', type };
  }
}
