import { z } from 'zod';
import { DurationSchema } from '../duration.ts';
import { NameSchema } from './name.ts';
import { SecretSourceSchema } from './secret-source.ts';

const AgentSchema = z.strictObject({
  clientId: z.string().min(1).describe('The client id under which it gets its tokens.'),
  kind: z.enum(['agent', 'service']).default('agent').describe('What policy takes it for.'),
  name: z.string().min(1).exactOptional().describe('For display; the client id unless given.'),
  groups: z.array(z.string().min(1)).exactOptional().describe('Its groups. Unless given, those of its token count.'),
});

/** Loopback may be plain: the demo's provider is in the same process. */
function isIssuerUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null) return false;
  return (
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname))
  );
}

const IssuerUrlSchema = z.string().refine(isIssuerUrl, {
  error: 'must be an https URL',
  params: { remedy: 'Use https. Plain http is accepted on 127.0.0.1, [::1] and localhost only.' },
});

export const IssuerDocumentSchema = z
  .strictObject({
    kind: z.literal('issuer'),
    name: NameSchema.describe('How messages and the sign-in list call it.'),
    issuer: IssuerUrlSchema.describe('The exact `iss` of its tokens; its discovery document is found below it.'),
    audience: z.string().min(1).describe('The `aud` that tokens for this gateway carry.'),
    clientId: z.string().min(1).describe('The public client that people sign in with.'),
    scopes: z
      .array(z.string().min(1))
      .default(['openid', 'profile', 'email', 'offline_access'])
      .describe('What the client asks for when a person signs in.'),
    tokenScopes: z
      .enum(['required', 'optional'])
      .exactOptional()
      .describe(
        'Whether tokens have to have a scope of Sluice. Unless given: "required" when one of `scopes` is (`sluice:…`).',
      ),
    claims: z
      .strictObject({
        groups: z.string().min(1).default('groups').describe('Claim with the groups of the principal.'),
        agent: z
          .string()
          .min(1)
          .default('act')
          .describe('Claim with the acting party of a delegated token (RFC 8693).'),
      })
      .prefault({}),
    algorithms: z
      .array(
        z.enum(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']),
      )
      .min(1)
      .default(['RS256', 'PS256', 'ES256', 'EdDSA'])
      .describe('Signature algorithms that are accepted.'),
    tokenType: z
      .enum(['required', 'accepted'])
      .default('required')
      .describe(
        '"required": only tokens of type at+jwt (RFC 9068). "accepted": also JWT or none, as older issuers write.',
      ),
    binding: z
      .enum(['none', 'accepted', 'required'])
      .default('accepted')
      .describe(
        'Whether its tokens may be bound to a key (DPoP) or certificate (mTLS) of their holder. "accepted": a token that is bound needs its proof, others are bearer tokens. "required": only tokens that are bound. "none": only tokens that are not.',
      ),
    boundSecrets: z
      .enum(['anywhere', 'tunnel'])
      .default('anywhere')
      .describe(
        'Where a session secret that was minted with a bound token is good. "anywhere": also as the password of a direct connection. "tunnel": only in a tunnel, each stream of which proves the key or certificate.',
      ),
    jwksUri: IssuerUrlSchema.exactOptional().describe(
      'Where its keys are; unless given, what its discovery document says.',
    ),
    events: z
      .strictObject({
        token: SecretSourceSchema.describe('The bearer token with which security events are pushed.'),
        issuer: IssuerUrlSchema.exactOptional().describe(
          'The exact `iss` of its security events, where that is another than of its tokens.',
        ),
        audience: z
          .string()
          .min(1)
          .exactOptional()
          .describe('The `aud` of its security events; that of its tokens unless given.'),
        jwksUri: IssuerUrlSchema.exactOptional().describe(
          'Where the keys of its security events are; those of its tokens unless given.',
        ),
      })
      .refine(({ issuer, jwksUri }) => issuer === undefined || jwksUri !== undefined, {
        error: 'another issuer has other keys',
        path: ['jwksUri'],
        params: { remedy: 'Give jwksUri as well.' },
      })
      .exactOptional()
      .describe('Security events (CAEP, RISC) that are pushed to /api/v1/issuers/NAME/events.'),
    introspection: z
      .strictObject({
        url: IssuerUrlSchema.describe('Its introspection endpoint (RFC 7662).'),
        clientId: z.string().min(1).describe('The client as which the gateway asks.'),
        clientSecret: SecretSourceSchema.describe('The secret of that client.'),
        every: DurationSchema.prefault('60s').describe('How often it is asked about the tokens behind live sessions.'),
        grace: DurationSchema.prefault('5m').describe(
          'How long sessions open and go on while it does not answer. Then none opens, and those that live end.',
        ),
      })
      .transform(({ every, grace, ...rest }) => ({ ...rest, everyMs: every, graceMs: grace }))
      .exactOptional()
      .describe('The issuer is asked whether tokens still count, when a session opens and again and again.'),
    agents: z.array(AgentSchema).default([]).describe('Clients that are agents or services, not people.'),
  })
  .describe('An OpenID Connect issuer whose tokens are accepted.');
