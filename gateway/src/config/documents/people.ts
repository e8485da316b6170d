import { z } from 'zod';

const PrincipalId = z
  .string()
  .regex(/^[^|]+\|.+$/, 'is not an identity: `issuer|subject`, as `sluice whoami` shows it');

export const PeopleDocumentSchema = z
  .strictObject({
    kind: z.literal('people'),
    same: z
      .array(z.array(PrincipalId).min(2))
      .default([])
      .describe('Accounts of one person, each `issuer|subject`: none of them decides about what another asks.'),
    owners: z
      .record(PrincipalId, z.array(PrincipalId).min(1))
      .default({})
      .describe('Who answers for an agent: they do not decide about what it asks.'),
  })
  .describe('Who belongs together, where the issuers cannot tell.');
