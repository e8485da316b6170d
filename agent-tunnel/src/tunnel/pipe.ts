import type { Duplex } from 'node:stream';

export type PipeTotals = {
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** What the way to the gateway broke with; not there when it ended in order. */
  readonly broke?: string;
};

/**
 * Copies both ways until both sides have ended, with back-pressure: a side that reads slowly slows the other one, and
 * at most one stream buffer a direction is held. A side's end is passed on as an end (half-close); a side's failure
 * ends both. Resolves, never rejects: a broken pipe is an ordinary way for a connection to end.
 */
export function pipeBoth(local: Duplex, remote: Duplex): Promise<PipeTotals> {
  return new Promise((resolve) => {
    let bytesUp = 0;
    let bytesDown = 0;
    let open = 2;
    let broke: string | null = null;
    const finish = () => {
      open -= 1;
      if (open === 0) resolve({ bytesUp, bytesDown, ...(broke !== null && { broke }) });
    };
    local.on('data', (chunk: Buffer) => {
      bytesUp += chunk.length;
    });
    remote.on('data', (chunk: Buffer) => {
      bytesDown += chunk.length;
    });
    remote.once('error', ({ message }) => {
      broke = message;
    });
    for (const [side, other] of [
      [local, remote],
      [remote, local],
    ] as const) {
      side.pipe(other, { end: false });
      // Not from within a read of the other side: Node's TLS throws away what it has received and not yet handed on.
      const end = () => void setImmediate(() => other.end());
      if (side.readableEnded) end();
      else side.once('end', end);
      side.on('error', () => other.destroy());
      const closed = () => {
        // Closed without an end: nothing more will come, and the other side must not wait for it.
        if (!side.readableEnded) other.destroy();
        else if (!other.writableEnded) other.end();
        finish();
      };
      if (side.closed) closed();
      else side.once('close', closed);
    }
  });
}
