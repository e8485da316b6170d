/**
 * The words of Sluice as types (see docs/vocabulary.md). Everything here is plain data: it crosses the API,
 * is written to the evidence log, and runs in a browser.
 */
import { z } from 'zod';

/** Classification of a column or field, in rising order. */
export const LABELS = ['public', 'internal', 'confidential', 'regulated'] as const;
export const LabelSchema = z.enum(LABELS);
export type Label = z.infer<typeof LabelSchema>;

/** Position of a label in the order `public < internal < confidential < regulated`: 0 to 3. */
export function labelRank(label: Label): number {
  return LABELS.indexOf(label);
}

/** The higher of two labels. */
export function highestLabel(a: Label, b: Label): Label {
  return labelRank(a) >= labelRank(b) ? a : b;
}

export const PRINCIPAL_KINDS = ['user', 'service', 'agent'] as const;
export const ActorSchema = z.object({
  /** Stable identity, `issuer|subject`. Never a display name. */
  id: z.string(),
  kind: z.enum(PRINCIPAL_KINDS),
  /** Human-readable, for display only; never compared. */
  name: z.string(),
});
export type Actor = z.infer<typeof ActorSchema>;

export const TokenBindingSchema = z.object({
  /** `dpop`: a key that its holder proves with each use (RFC 9449). `mtls`: the certificate of the connection (RFC 8705). */
  kind: z.enum(['dpop', 'mtls']),
  /** SHA-256 of the key (RFC 7638) or of the certificate's DER, base64url. */
  thumbprint: z.string(),
});
/** What an access token is bound to, besides whom it names. */
export type TokenBinding = z.infer<typeof TokenBindingSchema>;

export const PrincipalSchema = ActorSchema.extend({
  /** Groups of the principal itself, from the issuer's claim; sorted, unique. */
  groups: z.array(z.string()),
  /** The delegation chain, the human first, this principal last; one element when nobody delegated. */
  chain: z.array(ActorSchema).min(1),
  /** Groups of the person at the head of the chain, when the principal acts on behalf of somebody. */
  onBehalfOfGroups: z.array(z.string()),
  /** Groups of those between the head of the chain and the principal, in its order; absent when nobody is. */
  linkGroups: z.array(z.array(z.string())).optional(),
  /** What the token is confined to (scopes.ts), sorted, unique; absent when to nothing. */
  scopes: z.array(z.string()).optional(),
  /** What the token is bound to, and its holder proved; absent for a bearer token. */
  binding: TokenBindingSchema.optional(),
});
/** Who asks. For a delegated token this is the current actor; `chain[0]` is on whose behalf. */
export type Principal = z.infer<typeof PrincipalSchema>;

export const EFFECTS = ['allow', 'mask', 'hold', 'refuse'] as const;
export const EffectSchema = z.enum(EFFECTS);
export type Effect = z.infer<typeof EffectSchema>;

/** A column as people name it, with its label: what reasons and recordings show. */
export const LabelledColumnSchema = z.object({
  schema: z.string(),
  table: z.string(),
  column: z.string(),
  label: LabelSchema,
  category: z.string().nullable(),
});
export type LabelledColumn = z.infer<typeof LabelledColumnSchema>;

/** A place in the text of a statement. */
export const PlaceSchema = z.object({
  /** From 0, in bytes of UTF-8. */
  byte: z.number().int(),
  /** Both from 1; columns count characters. */
  line: z.number().int(),
  column: z.number().int(),
  /** From 1, in characters of the text that the client sent; absent when it sent several statements in one text. */
  character: z.number().int().optional(),
  /** The text there, shortened, on one line. */
  near: z.string(),
});
export type Place = z.infer<typeof PlaceSchema>;

/** One reason of a decision, in words for the asker. Never contains policy text, secrets or data. */
export const ReasonSchema = z.object({
  effect: EffectSchema,
  /** The `@id` of the deciding Cedar policy, or `default-deny`, or an engine rule such as `not-understood`. */
  policyId: z.string(),
  message: z.string(),
  remedy: z.string(),
  columns: z.array(LabelledColumnSchema),
  /** Why there is such a rule, where it is not a policy's own. */
  why: z.string().optional(),
  /** What was not understood, where that is known. */
  place: PlaceSchema.optional(),
});
export type Reason = z.infer<typeof ReasonSchema>;

/** A flow as shown to people: sources → where they go. */
export const FlowViewSchema = z.object({
  kind: z.enum(['output', 'shaping', 'faultable', 'write']),
  /** Output column name, or `schema.table.column` for a write; empty for shaping and faultable. */
  target: z.string(),
  targetLabel: LabelSchema.nullable(),
  sources: z.array(LabelledColumnSchema),
  /**
   * Of shaping and faultable, in words: the clauses (`WHERE and ORDER BY`), the operations that can fail. Of a write:
   * how a value that the statement brings is known for one of the sources.
   */
  use: z.string().optional(),
  /** Of a write: those sources of which no value was written, `schema.table.column`: they decided which rows were. */
  decides: z.array(z.string()).optional(),
});
export type FlowView = z.infer<typeof FlowViewSchema>;

/** Ends an exhaustive `switch`: the compiler proves that it is unreachable. */
export function assertNever(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

/** `error` of a statement whose end is not known: it may have taken effect. */
export const OUTCOME_UNKNOWN = 'outcome unknown';
