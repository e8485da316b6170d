/**
 * What the tunnel costs: the same bytes directly, through one plain TCP pipe of Node, through two haproxy processes with
 * TLS between them, and through tunnel and gateway port. No database and no gateway behind it: bytes only.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net, { type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '../harness/certificate.ts';
import { NoiseMeter } from './noise.ts';
import { startRole } from './role.ts';
import { percentile, type Spread, spreadOf } from './statistics.ts';

const HAPROXY = '/usr/sbin/haproxy';
const WARM_UP_TRIPS = 500;
const CONNECTS = 40;

type Way = { readonly name: string; readonly port: number };
type Measures = { readonly tripUs: number; readonly connectMs: number; readonly megabytesPerSecond: number };

export type TunnelCost = {
  readonly ways: readonly { readonly way: string; readonly measures: Readonly<Record<keyof Measures, Spread>> }[];
  readonly noise: ReturnType<NoiseMeter['report']>;
};

export async function benchTunnel(
  { rounds, quick }: { readonly rounds: number; readonly quick: boolean },
  say: (line: string) => void,
): Promise<TunnelCost> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  const running: ChildProcess[] = [];
  const noise = new NoiseMeter();
  try {
    const ways = await startWays(directory, running, say);
    const taken = new Map<string, Measures[]>(ways.map(({ name }) => [name, []]));
    // In turn, so that a busy minute of the machine meets all of them.
    for (let round = 0; round < rounds; round += 1) {
      for (const { name, port } of ways) {
        noise.sample();
        taken.get(name)?.push(await measure(port, quick ? 500 : 5_000, quick ? 32 : 256));
      }
    }
    const results = ways.map(({ name }) => {
      const all = taken.get(name) ?? [];
      const measures = {
        tripUs: spreadOf(all.map(({ tripUs }) => tripUs)),
        connectMs: spreadOf(all.map(({ connectMs }) => connectMs)),
        megabytesPerSecond: spreadOf(all.map(({ megabytesPerSecond }) => megabytesPerSecond)),
      };
      return { way: name, measures };
    });
    say(`${'way'.padEnd(22)} ${'round trip p50, µs'.padEnd(26)} ${'connect p50, ms'.padEnd(24)} MB/s`);
    for (const { way, measures } of results) {
      const cells = [words(measures.tripUs, 0).padEnd(26), words(measures.connectMs, 2).padEnd(24)];
      say(`${way.padEnd(22)} ${cells.join(' ')} ${words(measures.megabytesPerSecond, 0)}`);
    }
    say(`noise: the same arithmetic took up to ${noise.report().slowest.toFixed(2)} × its median between runs`);
    return { ways: results, noise: noise.report() };
  } finally {
    for (const child of running.toReversed()) child.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  }
}

async function startWays(directory: string, running: ChildProcess[], say: (line: string) => void): Promise<Way[]> {
  const role = (...args: readonly string[]) => startRole(running, ...args);
  const target = await role('target');
  const pipe = await role('pipe', String(target.port));
  const gateway = await role('gateway', String(target.port));
  const caFile = join(directory, 'ca.pem');
  await writeFile(caFile, gateway.ca ?? '');
  const tunnel = await role('tunnel', `https://127.0.0.1:${gateway.port}`, caFile);
  const ways = [
    { name: 'direct', port: target.port },
    { name: 'plain TCP pipe', port: pipe.port },
    { name: 'tunnel', port: tunnel.port },
  ];
  if (existsSync(HAPROXY)) {
    ways.push({ name: 'haproxy x 2 with TLS', port: await startHaproxies(directory, running, target.port) });
  } else {
    say('haproxy is not installed: not measured');
  }
  return ways;
}

async function startHaproxies(directory: string, running: ChildProcess[], target: number): Promise<number> {
  const { key, cert } = await makeCertificate();
  const pem = join(directory, 'haproxy.pem');
  await writeFile(pem, `${cert}${key}`, { mode: 0o600 });
  const [near, far] = [await freePort(), await freePort()];
  const common = 'defaults\n  mode tcp\n  timeout connect 10s\n  timeout client 10m\n  timeout server 10m\n';
  const files = [
    `global\n  nbthread 1\n${common}listen far\n  bind 127.0.0.1:${far} ssl crt ${pem} ssl-min-ver TLSv1.3\n  server t 127.0.0.1:${target}\n`,
    `global\n  nbthread 1\n${common}listen near\n  bind 127.0.0.1:${near}\n  server f 127.0.0.1:${far} ssl verify none\n`,
  ];
  for (const [index, text] of files.entries()) {
    const file = join(directory, `haproxy-${index}.cfg`);
    await writeFile(file, text);
    running.push(spawn(HAPROXY, ['-db', '-q', '-f', file], { stdio: 'ignore' }));
  }
  await answering(near);
  return near;
}

async function answering(port: number): Promise<void> {
  for (;;) {
    try {
      (await echoing(port)).destroy();
      return;
    } catch {
      // Not yet: it says nothing when it begins to listen.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function measure(port: number, trips: number, mebibytes: number): Promise<Measures> {
  const socket = await echoing(port);
  const message = Buffer.alloc(64, 1);
  const times: number[] = [];
  for (let trip = 0; trip < WARM_UP_TRIPS + trips; trip += 1) {
    const startedAt = performance.now();
    await exchange(socket, message);
    if (trip >= WARM_UP_TRIPS) times.push(performance.now() - startedAt);
  }
  socket.destroy();
  const connects: number[] = [];
  for (let count = 0; count < CONNECTS; count += 1) {
    const startedAt = performance.now();
    const opened = await echoing(port);
    connects.push(performance.now() - startedAt);
    opened.destroy();
  }
  return {
    tripUs: percentile(times, 50) * 1_000,
    connectMs: percentile(connects, 50),
    megabytesPerSecond: await download(port, mebibytes),
  };
}

/** A connection over which the target has answered once. */
async function echoing(port: number): Promise<Socket> {
  const socket = net.connect(port, '127.0.0.1').setNoDelay(true);
  await exchange(socket, Buffer.alloc(4));
  return socket;
}

function exchange(socket: Socket, message: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = 0;
    const failed = (error?: Error) => settle(() => reject(error ?? new Error('closed')));
    const closed = () => failed();
    const settle = (finish: () => void) => {
      socket.off('data', take).off('error', failed).off('close', closed);
      finish();
    };
    const take = (chunk: Buffer) => {
      received += chunk.length;
      if (received >= message.length) settle(resolve);
    };
    socket.on('data', take).on('error', failed).on('close', closed);
    socket.write(message);
  });
}

async function download(port: number, mebibytes: number): Promise<number> {
  const socket = net.connect(port, '127.0.0.1');
  const order = Buffer.alloc(4);
  order.writeUInt32BE(mebibytes);
  const startedAt = performance.now();
  socket.write(order);
  let bytes = 0;
  for await (const chunk of socket) bytes += (chunk as Buffer).length;
  if (bytes !== mebibytes * 1024 * 1024) throw new Error(`${bytes} bytes came instead of ${mebibytes} MiB`);
  return bytes / 1_000_000 / ((performance.now() - startedAt) / 1_000);
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address !== null && typeof address === 'object' ? address.port : 0;
}

function words({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}
