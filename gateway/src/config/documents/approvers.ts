import { LabelSchema } from '@sluice/contract/vocabulary';
import { z } from 'zod';
import { DurationSchema } from '../duration.ts';
import { NameSchema } from './name.ts';

export const ApproversDocumentSchema = z
  .strictObject({
    kind: z.literal('approvers'),
    for: z.strictObject({ label: LabelSchema.describe('The highest label that the held statement would carry down.') }),
    resource: NameSchema.exactOptional().describe(
      'Only for this resource. It comes before approvers for every resource.',
    ),
    groups: z.array(z.string().min(1)).min(1).describe('Whose members may approve. Never the asker.'),
    count: z.int().min(1).max(10).default(1).describe('How many have to approve.'),
    expires: DurationSchema.prefault('15m').describe('How long a request waits. Expired means no.'),
  })
  .describe('Who approves held statements.')
  .transform(({ expires, ...rest }) => ({ ...rest, expiresMs: expires }));
