/**
 * Connections whose other side is gone without a word. Keep-alive finds them while nothing was sent; with bytes under
 * way Linux asks no more and repeats them instead, for a quarter of an hour.
 */
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { SluiceError } from '@sluice/contract/errors';

/** How long bytes may go unconfirmed, or the connection's own address be missing on this machine. */
export const UNANSWERED_MS = 20_000;
/** How often connections are looked at; one is cut at most so much later than {@link UNANSWERED_MS}. */
export const LOOK_MS = 5_000;

/** Looks after which one that neither reads nor writes has nothing under way. The first may come right after a write. */
const CALM_LOOKS = 2;

/** Of /proc/net/tcp: timers of a socket. */
const REPEATS = 1;
const PROBES = 4;

type Watched = {
  /** `bytesRead` and `bytesWritten` at the last look. */
  read: number;
  written: number;
  /** Looks since then that found nothing under way too long. */
  calm: number;
  /** Since when nothing comes through, milliseconds of `now`; null while all is well. */
  since: number | null;
};

/** Watches connections, at intervals and only while there are any; keeps no process alive. */
export class UnansweredWatch {
  readonly #sockets = new Map<Socket, Watched>();
  readonly #now: () => number;
  readonly #stuck: (sockets: readonly Socket[]) => Promise<ReadonlySet<Socket>>;
  #timer: NodeJS.Timeout | null = null;

  /** `now`: milliseconds of a clock that never goes back. */
  constructor(now: () => number = () => performance.now(), stuck = stuckSockets) {
    this.#now = now;
    this.#stuck = stuck;
  }

  /** Until it is closed. One that is stuck is destroyed with `GATEWAY_UNREACHABLE`. */
  add(socket: Socket): void {
    this.#sockets.set(socket, { read: socket.bytesRead, written: socket.bytesWritten, calm: 0, since: null });
    socket.once('close', () => {
      this.#sockets.delete(socket);
      if (this.#sockets.size > 0 || this.#timer === null) return;
      clearInterval(this.#timer);
      this.#timer = null;
    });
    this.#timer ??= setInterval(() => void this.look(), LOOK_MS).unref();
  }

  /** One look at all of them. */
  async look(): Promise<void> {
    // What is read from is alive, and what is idle is keep-alive's business: the system's table may be long.
    const silent = [...this.#sockets].filter(([socket, watched]) => isSilent(socket, watched));
    if (silent.length === 0) return;
    const stuck = await this.#stuck(silent.map(([socket]) => socket));
    for (const [socket, watched] of silent) {
      watched.calm = stuck.has(socket) ? 0 : watched.calm + 1;
      if (watched.calm > 0) watched.since = null;
      else if (watched.since === null) watched.since = this.#now();
      else if (this.#now() - watched.since >= UNANSWERED_MS)
        socket.destroy(
          new SluiceError('GATEWAY_UNREACHABLE', `what was sent was not confirmed for ${UNANSWERED_MS / 1_000} s`),
        );
    }
  }
}

function isSilent(socket: Socket, watched: Watched): boolean {
  const hasRead = socket.bytesRead !== watched.read;
  if (hasRead) watched.since = null;
  if (hasRead || socket.bytesWritten !== watched.written) watched.calm = 0;
  watched.read = socket.bytesRead;
  watched.written = socket.bytesWritten;
  return !hasRead && watched.calm < CALM_LOOKS;
}

/** Those whose address this machine has no more, or whose bytes the system repeats (told by Linux alone). */
async function stuckSockets(sockets: readonly Socket[]): Promise<ReadonlySet<Socket>> {
  const addresses = new Set(Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address)));
  const ports = await repeatingPorts();
  return new Set(
    sockets.filter(({ localAddress = '', localPort = 0, remotePort = 0 }) => {
      const address = localAddress.replace(/^::ffff:/, '').replace(/%.*$/, '');
      return (address !== '' && !addresses.has(address)) || ports.has(`${localPort}:${remotePort}`);
    }),
  );
}

async function repeatingPorts(): Promise<ReadonlySet<string>> {
  // Not Linux: there is no such table, and the system gives up by itself much earlier.
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  return new Set(tables.flatMap(portsOfRepeating));
}

/**
 * `LOCAL:REMOTE` ports of sockets that repeat bytes nobody confirms.
 *
 * ```text
 * sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
 *  0: 0100007F:A1B2 0100007F:1D13 01 00000010:00000000 01:00000066 00000007     0        0 31337
 * ```
 *
 * Numbers are hexadecimal but `uid`, `timeout` and `inode`; `timeout` counts probes that nobody answered.
 */
export function portsOfRepeating(table: string): readonly string[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((row) => {
      const [, local = '', remote = '', , queues = '', timer = '', repeats = '', , probes = ''] = row
        .trim()
        .split(/\s+/);
      const waiting = Number.parseInt(queues, 16) > 0;
      const kind = Number.parseInt(timer, 16);
      // One probe is under way to anybody who reads slowly; the second means that the first was not answered.
      const isStuck =
        (kind === REPEATS && Number.parseInt(repeats, 16) > 0) || (kind === PROBES && Number.parseInt(probes, 10) > 1);
      return waiting && isStuck ? [`${portOf(local)}:${portOf(remote)}`] : [];
    });
}

function portOf(address: string): number {
  return Number.parseInt(address.slice(address.lastIndexOf(':') + 1), 16);
}
