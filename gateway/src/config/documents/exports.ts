import { z } from 'zod';
import { isSafeIssuerUrl } from '../../identity/issuer.ts';
import { DurationSchema } from '../duration.ts';
import { checkExactlyOne } from '../exactly-one.ts';
import { NameSchema } from './name.ts';
import { SecretSourceSchema } from './secret-source.ts';

/** Destinations of one gateway. */
const MAX_EXPORTS = 16;
const MIB = 1_048_576;

const UrlSchema = z
  .string()
  .refine(isSafeIssuerUrl, 'is not an https URL (http only to this machine, and no password in it)');

const Authority = z
  .string()
  .min(1)
  .exactOptional()
  .describe('Path of the authority to trust, PEM. Unless given, the public ones.');
const Token = SecretSourceSchema.exactOptional().describe('Sent as "Authorization: Bearer …".');

/** Where something is sent by POST. */
export const PostSchema = { url: UrlSchema.describe('Base URL.'), token: Token, ca: Authority };

export const ExportsSchema = z
  .array(
    z
      .strictObject({
        name: NameSchema.describe('What it is called in logs and metrics; it also names the file of its progress.'),
        format: z
          .enum(['ndjson', 'ocsf'])
          .default('ndjson')
          .describe('A line for each entry: as the record has it, or as an event of OCSF 1.3. Not for otlp.'),
        texts: z
          .enum(['omit', 'include'])
          .default('omit')
          .describe('Texts of statements, which may hold values of any kind. Their fingerprints are always there.'),
        endSessionsAfter: DurationSchema.exactOptional().describe(
          'When an entry has waited this long for this export, sessions are ended and none opened. Unless given, never.',
        ),
        file: z
          .strictObject({
            path: z.string().min(1).describe('Path of the file.'),
            maxBytes: z
              .int()
              .min(MIB)
              .max(16_384 * MIB)
              .default(128 * MIB)
              .describe('Renamed to PATH.1 before it would be longer.'),
            keep: z.int().min(1).max(1_000).default(16).describe('Renamed files that are kept.'),
          })
          .exactOptional(),
        syslog: z
          .strictObject({
            host: z.string().min(1).describe('Host name, as its certificate has it.'),
            port: z.int().min(1).max(65_535).default(6_514).describe('Port.'),
            ca: Authority,
            cert: z.string().min(1).exactOptional().describe('Path of a client certificate, PEM.'),
            key: z.string().min(1).exactOptional().describe('Path of its key, PEM.'),
          })
          .exactOptional()
          .describe('RFC 5424 over TLS (RFC 5425).'),
        http: z
          .strictObject({ ...PostSchema, url: UrlSchema.describe('Gets batches of lines by POST.') })
          .exactOptional(),
        otlp: z
          .strictObject({
            ...PostSchema,
            url: UrlSchema.describe('Base URL of an OpenTelemetry collector: log records go to /v1/logs.'),
          })
          .exactOptional(),
      })
      .superRefine((value, context) => checkExactlyOne(value, ['file', 'syslog', 'http', 'otlp'], context)),
  )
  .max(MAX_EXPORTS)
  .default([])
  .describe('Where entries are sent as well. Each keeps its own place in the record and goes on from there.');
