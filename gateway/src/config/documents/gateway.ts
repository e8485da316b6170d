import { LABELS, type Label } from '@sluice/contract/vocabulary';
import { z } from 'zod';
import { DurationSchema, parseDuration } from '../duration.ts';
import { EndpointSchema } from '../endpoint.ts';
import { checkExactlyOne } from '../exactly-one.ts';
import { ExportsSchema, PostSchema } from './exports.ts';
import { SealingSchema } from './sealing.ts';
import { SecretSourceSchema } from './secret-source.ts';
import { CheckpointsSchema, UnwitnessedSchema, WitnessesSchema } from './witnessing.ts';

const MIB = 1_048_576;

function count(fallback: number, bounds: { readonly min: number; readonly max: number }, description: string) {
  return z.int().min(bounds.min).max(bounds.max).default(fallback).describe(description);
}

/** Every bound of the gateway, with its default. The unit is in the name. */
export const LimitsSchema = z.strictObject({
  maxFrameBytes: count(
    16 * MIB,
    { min: 65_536, max: 1_024 * MIB },
    'Longest message of the database protocol, in bytes. A longer statement or parameter list is refused, longer COPY data pass in pieces, anything else ends the session.',
  ),
  maxStatementBytes: count(
    262_144,
    { min: 1_024, max: 4 * MIB },
    'Longest statement that is analysed, in bytes. A longer one is refused.',
  ),
  maxPreLoginBytes: count(
    65_536,
    { min: 1_024, max: MIB },
    'Most bytes that a client may send before it has signed in.',
  ),
  loginTimeoutSeconds: count(10, { min: 1, max: 300 }, 'How long a client may take to sign in, in seconds.'),
  upstreamTimeoutSeconds: count(
    10,
    { min: 1, max: 300 },
    'How long a resource may take to accept a connection and sign-in, in seconds.',
  ),
  maxConnections: count(4_096, { min: 1, max: 100_000 }, 'Most client connections at once, signed in or not.'),
  maxSessions: count(1_024, { min: 1, max: 100_000 }, 'Most sessions at once.'),
  sessionSeconds: count(
    28_800,
    { min: 60, max: 604_800 },
    'How long a session and its secret live at most, in seconds.',
  ),
  idleTimeoutSeconds: count(3_600, { min: 10, max: 604_800 }, 'How long a session may send nothing, in seconds.'),
  maxPreparedStatementsPerSession: count(
    1_024,
    { min: 1, max: 100_000 },
    'Most prepared statements and portals that a session may hold.',
  ),
  holdSeconds: count(
    60,
    { min: 0, max: 86_400 },
    'How long a held statement waits for an approval before the client gets an error, in seconds. 0 answers at once.',
  ),
  holdInTransactionSeconds: count(
    10,
    { min: 0, max: 86_400 },
    'The same inside an open transaction, whose locks it holds, in seconds.',
  ),
  maxPendingRequests: count(1_000, { min: 1, max: 100_000 }, 'Most approval requests that wait at once.'),
  maxPendingRequestsPerPrincipal: count(
    20,
    { min: 1, max: 100_000 },
    'Most approval requests of one principal that wait at once.',
  ),
  recordingRowsPerStatement: count(
    1_000,
    { min: 0, max: 1_000_000 },
    'Rows of a result that a recording keeps. The count of rows is always kept.',
  ),
  recordingBytesPerSession: count(64 * MIB, { min: 0, max: 4_096 * MIB }, 'Most bytes of a recording.'),
  drainSeconds: count(
    30,
    { min: 0, max: 3_600 },
    'How long running statements may go on when the gateway stops, in seconds.',
  ),
});

function endpoint(description: string) {
  return EndpointSchema.exactOptional().describe(description);
}

const ListenSchema = z.strictObject({
  tunnel: endpoint('Client tunnels, also in WebSockets, and the API, over TLS.'),
  postgres: endpoint('PostgreSQL clients without a tunnel.'),
  mysql: endpoint('MySQL clients without a tunnel.'),
  ssh: endpoint('SSH clients without a tunnel.'),
  http: endpoint('HTTP clients without a tunnel.'),
  metrics: endpoint('Prometheus metrics. Keep it on an address that only your monitoring reaches.'),
});

const Durability = z.enum(['fsync', 'write']);

/** How long sessions are kept, by the highest label that they touched. */
const DEFAULT_RETENTION: Readonly<Record<Label, string>> = {
  public: '90d',
  internal: '1y',
  confidential: '3y',
  regulated: '7y',
};

function retention(label: Label) {
  return DurationSchema.optional().describe(
    `How long a session is kept whose highest label was ${label}. Default: ${DEFAULT_RETENTION[label]}.`,
  );
}

function durability(label: Label) {
  return Durability.optional().describe(
    `How durable the entry of a statement that touches ${label} must be before it runs.`,
  );
}

const RetentionSchema = z
  .strictObject({
    public: retention('public'),
    internal: retention('internal'),
    confidential: retention('confidential'),
    regulated: retention('regulated'),
  })
  .default({})
  .describe('How long a session is kept, by the highest label that it touched: 90d, 1y, 3y and 7y unless given.')
  .transform((given) => byLabel((label) => given[label] ?? parseDuration(DEFAULT_RETENTION[label]) ?? 0));

const SyncSchema = z
  .strictObject({
    public: durability('public'),
    internal: durability('internal'),
    confidential: durability('confidential'),
    regulated: durability('regulated'),
    default: Durability.default('write').describe(
      'The same for labels that are not named; regulated is fsync unless named.',
    ),
  })
  .default({ default: 'write' })
  .describe(
    'How durable the entry of a statement must be before it runs: "fsync" waits for the disk (and is what regulated has unless given), "write" for the operating system.',
  )
  .transform((given) => byLabel((label) => given[label] ?? (label === 'regulated' ? 'fsync' : given.default)));

function byLabel<T>(valueOf: (label: Label) => T): Readonly<Record<Label, T>> {
  const [a, b, c, d] = LABELS;
  return { [a]: valueOf(a), [b]: valueOf(b), [c]: valueOf(c), [d]: valueOf(d) };
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.protocol === 'https:' && (text === url.origin || text === `${url.origin}/`);
}

const StoreSchema = z
  .strictObject({
    sqlite: z
      .string()
      .min(1)
      .exactOptional()
      .describe('Path of an SQLite file, for one gateway. Default: sluice.db in dataDir.'),
    postgres: SecretSourceSchema.exactOptional().describe(
      'Where the URI of a PostgreSQL database is read from, for several gateways that share it.',
    ),
  })
  .meta({ minProperties: 1, maxProperties: 1 })
  .superRefine((value, context) => checkExactlyOne(value, ['sqlite', 'postgres'], context));

export const GatewayDocumentSchema = z
  .strictObject({
    kind: z.literal('gateway'),
    listen: ListenSchema.default({}).describe('Where to listen, "host:port" each. What is absent does not listen.'),
    tls: z
      .strictObject({
        cert: z.string().min(1).describe('Path of the certificate chain, PEM.'),
        key: z.string().min(1).describe('Path of its private key, PEM.'),
      })
      .exactOptional()
      .describe('Certificate of the tunnel and native endpoints. Needed when listen.tunnel is set.'),
    origins: z
      .array(z.string().refine(isOrigin, { error: 'must be an origin, such as https://gateway.example.com:7443' }))
      .min(1)
      .exactOptional()
      .describe(
        'Under which addresses clients reach listen.tunnel: proofs of tokens that are bound to a key name one of them. Default: the names in tls.cert, with the port of listen.tunnel. Needed where a balancer or a port mapping gives clients another address, and where several gateways share a certificate and a port.',
      ),
    dataDir: z.string().min(1).default('./data').describe('Where evidence, recordings and the SQLite store live.'),
    store: StoreSchema.exactOptional().describe('Where sessions and requests are kept.'),
    evidence: z
      .strictObject({
        retention: RetentionSchema,
        sync: SyncSchema,
        sealing: SealingSchema,
        checkpoints: CheckpointsSchema,
        witnesses: WitnessesSchema,
        unwitnessed: UnwitnessedSchema,
        exports: ExportsSchema,
      })
      .prefault({})
      .describe('The record.'),
    masking: z
      .strictObject({
        key: SecretSourceSchema.exactOptional().describe(
          'Where the secret of keyed masks is read from, at least 32 characters. Gateways with the same one make the same tokens. Default: made once, and kept as masking.key in dataDir.',
        ),
      })
      .prefault({})
      .describe('Masks that are equal for equal values. docs/masks.md has more.'),
    telemetry: z
      .strictObject({
        otlp: z
          .strictObject({
            ...PostSchema,
            every: DurationSchema.prefault('60s').describe('How often.'),
          })
          .exactOptional()
          .describe('Metrics to an OpenTelemetry collector, to /v1/metrics below this URL.'),
      })
      .prefault({})
      .describe('Metrics for others than Prometheus, which asks listen.metrics.'),
    limits: LimitsSchema.prefault({}).describe('Bounds. Each has a default.'),
  })
  .describe('The gateway itself. Exactly one.');
