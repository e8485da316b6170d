/**
 * `npm run bench`: the gateway beside pgbouncer and the direct way, in one run on one machine. Only ratios of the same
 * run mean anything. Prints a table and writes JSON.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { dirname } from 'node:path';
import { benchEvidence } from './evidence-cost.ts';
import { NoiseMeter } from './noise.ts';
import { type BenchOptions, type PeerName, parseOptions, USAGE } from './options.ts';
import { type Peer, startPeers } from './peers.ts';
import { benchRevocation } from './revocation-latency.ts';
import { type Measures, type Scenario, scenariosOf } from './scenarios.ts';
import { type Spread, spreadOf } from './statistics.ts';
import { benchTunnel } from './tunnel-cost.ts';

type PeerResult = { readonly peer: PeerName; readonly measures: Readonly<Record<string, Spread>> };
type Result = {
  readonly scenario: string;
  readonly headline: Scenario['headline'];
  readonly peers: readonly PeerResult[];
};

const options = readOptions();
if (options === null) {
  process.exitCode = 64;
} else if (options.tunnel) {
  write(options, await benchTunnel(options, (line) => console.log(line)));
} else if (options.revocation) {
  write(options, await benchRevocation(options, (line) => console.log(line)));
} else if (options.evidence) {
  const results = await benchEvidence(options, (line) => console.log(line));
  write(options, results);
} else {
  await bench(options);
}

function readOptions(): BenchOptions | null {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return null;
  }
}

async function bench(wanted: BenchOptions): Promise<void> {
  const peers = await startPeers(wanted, (line) => console.error(line));
  const noise = new NoiseMeter();
  const results: Result[] = [];
  try {
    for (const scenario of scenariosOf(wanted)) {
      if (!peers.all.some(({ name }) => scenario.peers.includes(name))) continue;
      console.error(scenario.name);
      const result = await measure(scenario, peers.all, wanted.rounds, noise);
      results.push(result);
      for (const line of linesOf(result)) console.log(line);
    }
  } finally {
    await peers.stop();
  }
  const { slowest } = noise.report();
  console.log(`\nnoise: the same arithmetic took up to ${slowest.toFixed(2)} × its median between runs`);
  write(wanted, { noise: noise.report(), results });
}

function write(wanted: BenchOptions, measured: unknown): void {
  mkdirSync(dirname(wanted.out), { recursive: true });
  writeFileSync(wanted.out, `${JSON.stringify({ machine: machine(), options: wanted, measured }, null, 2)}\n`);
  console.log(`written to ${wanted.out}`);
}

/** A warm-up for each peer, then rounds in turn; each round starts with another peer. */
async function measure(scenario: Scenario, all: readonly Peer[], rounds: number, noise: NoiseMeter): Promise<Result> {
  const peers = all.filter(({ name }) => scenario.peers.includes(name));
  const runs = new Map<PeerName, Measures[]>(peers.map(({ name }) => [name, []]));
  for (const peer of peers) await scenario.warmUp(peer);
  for (let round = 0; round < (scenario.rounds ?? rounds); round += 1) {
    const first = round % peers.length;
    for (const peer of [...peers.slice(first), ...peers.slice(0, first)]) {
      noise.sample();
      runs.get(peer.name)?.push(await scenario.run(peer));
    }
  }
  return {
    scenario: scenario.name,
    headline: scenario.headline,
    peers: peers.map(({ name }) => ({ peer: name, measures: spreads(runs.get(name) ?? []) })),
  };
}

function spreads(rounds: readonly Measures[]): Record<string, Spread> {
  const names = Object.keys(rounds[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, spreadOf(rounds.map((round) => round[name] ?? Number.NaN))]));
}

function linesOf({ scenario, headline, peers }: Result): string[] {
  const gateway = peers.find(({ peer }) => peer === 'gateway')?.measures[headline.measure]?.median;
  return peers.map(({ peer, measures }) => {
    const value = measures[headline.measure];
    if (value === undefined) return '';
    const isComparable = gateway !== undefined && peer !== 'gateway' && value.median > 0;
    const ratio = isComparable ? `gateway is ${(gateway / value.median).toFixed(2)} × this` : '';
    const cpu = measures['cpuUsPerTransaction'];
    const p99 = measures['p99Us'];
    const extras = [
      ...(p99 === undefined ? [] : [`p99 ${p99.median.toFixed(0)} µs`]),
      ...(cpu === undefined ? [] : [`${cpu.median.toFixed(1)} µs CPU each`]),
    ];
    const range = `${show(value.median)} ${headline.unit} (${show(value.min)}–${show(value.max)})`;
    return `${scenario.padEnd(34)} ${peer.padEnd(10)} ${range.padEnd(34)} ${extras.join(', ').padEnd(32)} ${ratio}`.trimEnd();
  });
}

function show(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function machine() {
  const [first] = cpus();
  return {
    cpu: first?.model ?? 'unknown',
    cores: cpus().length,
    kernel: release(),
    node: process.version,
    loadAverage: loadavg(),
    at: new Date().toISOString(),
  };
}
