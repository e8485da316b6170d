import { LabelSchema } from '@sluice/contract/vocabulary';
import { z } from 'zod';
import { DETECTORS } from '../../detection/detectors.ts';
import { MAX_NAME_ENTRIES, MAX_PATTERNS, NAMED_CATEGORIES, patternProblem } from '../../detection/names.ts';
import { DurationSchema } from '../duration.ts';
import { checkExactlyOne } from '../exactly-one.ts';
import { NameSchema } from './name.ts';
import { SecretSourceSchema } from './secret-source.ts';

const UpstreamSchema = z.strictObject({
  host: z.string().min(1).describe('Host name or address.'),
  port: z.int().min(1).max(65_535).default(5_432).describe('Port of the server.'),
  database: z.string().min(1).describe('Name of the database.'),
  tls: z
    .enum(['disable', 'require', 'verify-ca', 'verify-full'])
    .default('verify-full')
    .describe('As sslmode of libpq: "verify-full" checks the certificate and the name in it.'),
  ca: z.string().min(1).exactOptional().describe('Path of the authority to trust, PEM. Unless given, the public ones.'),
  cert: z.string().min(1).exactOptional().describe('Path of a client certificate, PEM.'),
  key: z.string().min(1).exactOptional().describe('Path of its key, PEM.'),
  pooler: z
    .literal('session')
    .exactOptional()
    .describe(
      'There is a pooler between, and it keeps one connection to the server for each client until the client leaves. Poolers of any other kind mix up sessions and are refused.',
    ),
});

const OpenMetadataSchema = z.strictObject({
  url: z.string().min(1),
  token: SecretSourceSchema.exactOptional(),
  service: z.string().min(1),
  every: DurationSchema.exactOptional(),
});

const ClassificationSourceSchema = z
  .strictObject({
    csv: z.string().min(1).exactOptional().describe('Path of a CSV file: schema,table,column,label[,category][,path].'),
    dbt: z.string().min(1).exactOptional().describe("Path of dbt's target/manifest.json."),
    openmetadata: OpenMetadataSchema.exactOptional().describe('Not available in this version.'),
  })
  .meta({ minProperties: 1, maxProperties: 1 })
  .superRefine((value, context) => checkExactlyOne(value, ['csv', 'dbt', 'openmetadata'], context));

const DeclaredFunctionSchema = z.strictObject({
  function: z.string().min(1).describe('Name with schema and argument types: reporting.total(integer, text).'),
  reads: z.array(z.string().min(1)).default([]).describe('Columns that it reads, schema.table.column each.'),
  writes: z.array(z.string().min(1)).default([]).describe('Columns that it writes, schema.table.column each.'),
  label: LabelSchema.default('regulated').describe('The label of its result.'),
  raises: z
    .boolean()
    .default(true)
    .describe('Whether it can fail by the values that it is given or reads; if not, its result can be masked.'),
  definition: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, 'is not the hash that `sluice admin functions RESOURCE` prints')
    .describe(
      'The hash of its definition, as `sluice admin functions RESOURCE` prints it: once the function is replaced, the declaration ends.',
    ),
  reason: z.string().min(1).describe('Why this is known. It is shown to auditors.'),
});

const DetectorSchema = z.strictObject({
  detector: z.enum(DETECTORS).describe('Numbers with check digits, credentials by their marks: docs/detectors.md.'),
  label: LabelSchema.default('regulated').describe('The label that such a value has.'),
  category: z.string().min(1).exactOptional().describe("Its category. Unless given, the detector's own."),
});

const NamesSchema = z
  .strictObject({
    category: z.string().min(1).describe('The category that such a column has.'),
    label: LabelSchema.default('regulated').describe('The label that such a column has.'),
    patterns: z
      .array(
        z.string().superRefine((pattern, context) => {
          const problem = patternProblem(pattern);
          if (problem !== null) context.addIssue({ code: 'custom', message: problem });
        }),
      )
      .min(1)
      .max(MAX_PATTERNS)
      .exactOptional()
      .describe('Names in words, `*` for anything: ssn, *_ssn. Unless given, those that are shipped for the category.'),
  })
  .superRefine(({ category, patterns }, context) => {
    if (patterns !== undefined || NAMED_CATEGORIES.includes(category)) return;
    const message = `no patterns are shipped for ${category}: give some, or take one of ${NAMED_CATEGORIES.join(', ')}`;
    context.addIssue({ code: 'custom', path: ['patterns'], message });
  });

export const ResourceDocumentSchema = z
  .strictObject({
    kind: z.literal('resource'),
    name: NameSchema.describe('What people call it: `sluice connect NAME`.'),
    protocol: z.enum(['postgres', 'mysql', 'http', 'ssh']).describe('This version speaks postgres.'),
    upstream: UpstreamSchema,
    credential: z
      .strictObject({
        username: z.string().min(1).describe('Account of the gateway on the resource.'),
        password: SecretSourceSchema.exactOptional().describe('Unless given, the client certificate has to do.'),
      })
      .describe('What opens the resource. It never leaves the gateway.'),
    oracle: z
      .enum(['auto', 'notices', 'stored'])
      .default('auto')
      .describe(
        'How the database tells what a statement means. "notices": it prints its trees. "stored": each statement is stored for a moment as a temporary function; serves reads only, and needs no setting. "auto": notices where they work, else stored.',
      ),
    groups: z
      .array(z.string().min(1))
      .min(1)
      .exactOptional()
      .describe(
        'Groups whose members may connect. Unless given, everybody who can sign in may; what they see is masked all the same.',
      ),
    classification: z
      .array(ClassificationSourceSchema)
      .default([])
      .describe('Where the labels of its columns come from. All sources count; the highest label wins.'),
    unclassified: LabelSchema.default('confidential').describe('What a column without a label counts as.'),
    classifiedFrom: LabelSchema.default('confidential').describe(
      'Columns with this label or a higher one are subject to policy.',
    ),
    detect: z
      .array(DetectorSchema)
      .default([])
      .describe('What looks classified in values that statements write to columns with a lower label.'),
    names: z
      .array(NamesSchema)
      .max(MAX_NAME_ENTRIES)
      .default([])
      .describe('Which columns that statements make or rename are called like something classified.'),
    functions: z
      .array(DeclaredFunctionSchema)
      .default([])
      .describe('What functions do that the gateway cannot analyse.'),
  })
  .describe('A database, API or server behind the gateway.');
