import { z } from 'zod';
import { DurationSchema } from '../duration.ts';
import { NameSchema } from './name.ts';

export const GrantDocumentSchema = z
  .strictObject({
    kind: z.literal('grant'),
    name: NameSchema.describe('What people ask for: `sluice access request NAME`.'),
    resource: NameSchema.exactOptional().describe('Where it counts. Unless given, on every resource.'),
    group: z.string().min(1).describe('The group that policy sees the grantee in, for the window and on the resource.'),
    askers: z
      .array(z.string().min(1))
      .min(1)
      .exactOptional()
      .describe('Groups whose members may ask. Unless given, everybody who can sign in may.'),
    groups: z.array(z.string().min(1)).min(1).describe('Whose members grant it. Never the asker.'),
    count: z.int().min(1).max(10).default(1).describe('How many have to grant it.'),
    longest: DurationSchema.prefault('4h').describe('The longest window.'),
    expires: DurationSchema.prefault('1h').describe('How long asking for it waits. After that it is no.'),
  })
  .describe('Access for a window of time, asked for and granted by another person.')
  .transform(({ longest, expires, ...rest }) => ({ ...rest, longestMs: longest, expiresMs: expires }));
