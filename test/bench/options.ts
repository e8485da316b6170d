import { parseArgs } from 'node:util';

/** `pipe`: a Node program that does nothing but pass bytes on; what it costs, a gateway in Node costs at least. */
export const PEERS = ['direct', 'pgbouncer', 'pipe', 'gateway'] as const;
export type PeerName = (typeof PEERS)[number];

export type BenchOptions = {
  /** Seconds of each pgbench run. */
  readonly seconds: number;
  readonly rounds: number;
  readonly clients: readonly number[];
  readonly protocols: readonly ('simple' | 'extended' | 'prepared')[];
  /** Rows of the wide result, 8 columns each. */
  readonly wideRows: number;
  /** Idle connections whose memory is measured. */
  readonly idleConnections: number;
  /** Who takes part. */
  readonly peers: readonly PeerName[];
  /** Measures what the record costs, and nothing else. */
  readonly evidence: boolean;
  /** Measures what the tunnel costs, and nothing else. */
  readonly tunnel: boolean;
  /** Measures how long sessions outlive what is taken back, and nothing else. */
  readonly revocation: boolean;
  readonly quick: boolean;
  /** Where the JSON goes. */
  readonly out: string;
};

const FULL: Omit<BenchOptions, 'out' | 'evidence' | 'tunnel' | 'revocation' | 'quick'> = {
  seconds: 5,
  rounds: 3,
  clients: [1, 8, 32],
  protocols: ['simple', 'extended', 'prepared'],
  wideRows: 1_000_000,
  idleConnections: 200,
  peers: PEERS,
};
const QUICK: typeof FULL = {
  ...FULL,
  seconds: 1,
  clients: [1, 8],
  wideRows: 100_000,
  idleConnections: 50,
};

export const USAGE = `npm run bench -- [--evidence | --tunnel | --revocation] [--quick] [--rounds N] [--seconds N] [--peers LIST] [--out FILE]

  --evidence   what recording adds to a statement: nothing recorded, written, on the disk
  --tunnel     what the tunnel costs: beside the direct way, a plain TCP pipe, and two haproxy with TLS
  --revocation how long 200 sessions live on after the identity provider took their sign-in back
  --quick      shorter runs, 1 and 8 clients, 100,000 rows: to see that it works, not to quote
  --rounds N   rounds in turn with the peers, at least 3 (default 3)
  --seconds N  length of each pgbench run
  --peers LIST some of direct,pgbouncer,pipe,gateway
  --out FILE   where the JSON goes (default .cache/bench.json)
`;

/** Throws RangeError or TypeError for what it does not know. */
export function parseOptions(argv: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: 'boolean', default: false },
      evidence: { type: 'boolean', default: false },
      tunnel: { type: 'boolean', default: false },
      revocation: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      peers: { type: 'string' },
      out: { type: 'string', default: '.cache/bench.json' },
    },
  });
  const base = values.quick ? QUICK : FULL;
  const rounds = Number(values.rounds ?? base.rounds);
  const seconds = Number(values.seconds ?? base.seconds);
  if (!Number.isInteger(rounds) || rounds < 3) throw new RangeError('--rounds takes a whole number from 3');
  if (!Number.isInteger(seconds) || seconds < 1) throw new RangeError('--seconds takes a whole number from 1');
  const wanted = values.peers?.split(',');
  const unknown = wanted?.find((name) => !PEERS.some((peer) => peer === name));
  if (unknown !== undefined) throw new RangeError(`--peers knows direct, pgbouncer, pipe and gateway, not ${unknown}`);
  const peers = PEERS.filter((peer) => wanted?.includes(peer) ?? true);
  return {
    ...base,
    rounds,
    seconds,
    peers,
    evidence: values.evidence,
    tunnel: values.tunnel,
    revocation: values.revocation,
    quick: values.quick,
    out: values.out,
  };
}
