import { z } from 'zod';
import { NameSchema } from './name.ts';

export const WorkflowDocumentSchema = z
  .strictObject({
    kind: z.literal('workflow'),
    name: NameSchema.describe('What its runs call themselves: `sluice run --workflow NAME`.'),
    resources: z.array(NameSchema).min(1).describe('Resources that it works on. Each has a baseline of its own.'),
    groups: z
      .array(z.string().min(1))
      .min(1)
      .exactOptional()
      .describe('Groups whose members may run it and propose its baselines. Unless given, whoever may connect.'),
    unapproved: z
      .enum(['learn', 'hold'])
      .default('learn')
      .describe('Before a baseline has been approved: "learn" notes flows and holds none, "hold" holds every one.'),
  })
  .describe('A recurring job whose flows are known: what is new in it waits for an approver.');
