import { SluiceError } from '@sluice/contract/errors';
import { z } from 'zod';
import type { IssuerFacts } from './openid.ts';
import { StoredProofKeySchema } from './proof-key.ts';

const IssuerFactsSchema = z.object({
  issuer: z.url(),
  clientId: z.string(),
  audience: z.string(),
  scopes: z.array(z.string()),
  binding: z.enum(['none', 'accepted', 'required']).default('none'),
});

/**
 * What a sign-in leaves in the credential store. A person's refresh token with the key that it is bound to; for an agent only the names of the files
 * that hold its secrets, since those rotate and are somebody else's to keep. Never an access token.
 */
export const SignInSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('person'),
    facts: IssuerFactsSchema,
    refreshToken: z.string(),
    /** What the tokens are bound to; null for bearer tokens. */
    proofKey: StoredProofKeySchema.nullable().default(null),
    name: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('agent'),
    facts: IssuerFactsSchema,
    /** Exactly one of the two: a secret, or the token of the agent's platform. */
    clientSecretFile: z.string().nullable(),
    workloadTokenFile: z.string().nullable().default(null),
    onBehalfOfTokenFile: z.string().nullable(),
  }),
]);
export type SignIn = z.infer<typeof SignInSchema>;

export function storedFacts({ binding = 'none', ...facts }: IssuerFacts): z.infer<typeof IssuerFactsSchema> {
  return { ...facts, scopes: [...facts.scopes], binding };
}

/** Throws `AUTH_CREDENTIAL_STORE` when the stored text is not a sign-in of this version. */
export function parseSignIn(text: string): SignIn {
  try {
    return SignInSchema.parse(JSON.parse(text));
  } catch {
    // No cause: it could quote a token or key.
    throw new SluiceError('AUTH_CREDENTIAL_STORE', 'the stored sign-in is not one that this version understands');
  }
}
