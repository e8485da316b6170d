import { ProfileNameSchema, TunnelProfileSchema } from '@sluice/contract/profiles';
import { z } from 'zod';

export const ProfileDocumentSchema = z
  .strictObject({
    kind: z.literal('profile'),
    name: ProfileNameSchema.describe('What people open: `sluice tunnel up --profile NAME`.'),
    description: z.string().max(500).exactOptional().describe('What it is for, shown in their list.'),
    groups: z
      .array(z.string().min(1))
      .min(1)
      .exactOptional()
      .describe('Groups whom it is offered to. Unless given, everybody who can sign in.'),
    tunnels: TunnelProfileSchema.shape.tunnels.describe('The tunnels. Those that policy refuses are left out.'),
  })
  .describe('Tunnels that belong together, offered to people. It gives no right: each is decided when it is opened.');
