import { type Label, labelRank } from '@sluice/contract/vocabulary';
import type { z } from 'zod';
import type { PolicySet } from '../policy/policy-set.ts';
import type { ApproversDocumentSchema } from './documents/approvers.ts';
import type { GatewayDocumentSchema } from './documents/gateway.ts';
import type { GrantDocumentSchema } from './documents/grant.ts';
import type { IssuerDocumentSchema } from './documents/issuer.ts';
import type { NotificationDocumentSchema } from './documents/notification.ts';
import type { ProfileDocumentSchema } from './documents/profile.ts';
import type { ResourceDocumentSchema } from './documents/resource.ts';
import type { SecretSource } from './documents/secret-source.ts';
import type { WorkflowDocumentSchema } from './documents/workflow.ts';

type DeepReadonly<T> = T extends readonly unknown[]
  ? { readonly [Index in keyof T]: DeepReadonly<T[Index]> }
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

type Document<Schema extends z.ZodType> = DeepReadonly<Omit<z.output<Schema>, 'kind'>>;

/** The gateway itself. Every path is absolute. `store` is always there: SQLite in `dataDir` unless given. */
export type GatewaySettings = Omit<Document<typeof GatewayDocumentSchema>, 'store'> & { readonly store: StoreSettings };

export type StoreSettings =
  /** Absolute path of the SQLite file. */
  | { readonly kind: 'sqlite'; readonly path: string }
  /** The URI holds a password, so it comes from where secrets come from. */
  | { readonly kind: 'postgres'; readonly uri: SecretSource };

/** An issuer, as `identity/` takes it (`IssuerSettings`), with what clients need to sign in. */
export type IssuerConfig = Document<typeof IssuerDocumentSchema>;

/** A resource. Every path is absolute. */
export type ResourceConfig = Document<typeof ResourceDocumentSchema>;

export type ApproversConfig = Document<typeof ApproversDocumentSchema>;

/** Who is told when somebody has to decide. */
export type NotificationConfig = Document<typeof NotificationDocumentSchema>;

/** Access for a window of time that may be asked for. */
export type GrantConfig = Document<typeof GrantDocumentSchema>;

/** Tunnels that are offered to people together. */
export type ProfileConfig = Document<typeof ProfileDocumentSchema>;

export type WorkflowConfig = Document<typeof WorkflowDocumentSchema>;

/** A whole configuration, checked and deeply frozen. */
export type GatewayConfig = {
  /** Absolute path of the directory that it was read from. */
  readonly directory: string;
  readonly gateway: GatewaySettings;
  readonly issuers: readonly IssuerConfig[];
  readonly resources: readonly ResourceConfig[];
  readonly approvers: readonly ApproversConfig[];
  readonly grants: readonly GrantConfig[];
  readonly profiles: readonly ProfileConfig[];
  readonly notifications: readonly NotificationConfig[];
  readonly people: {
    /** Accounts of one person, `issuer|subject` each. */
    readonly same: readonly (readonly string[])[];
    /** Who answers for an agent. */
    readonly owners: readonly (readonly [agent: string, owners: readonly string[]])[];
  };
  readonly workflows: readonly WorkflowConfig[];
  readonly policies: {
    /** `shipped`: the directory has no `*.cedar` file. */
    readonly origin: 'shipped' | 'directory';
    /** Names of the files, as problems name them. */
    readonly files: readonly string[];
    readonly set: PolicySet;
  };
};

/**
 * Who approves something of this label on this resource: approvers of the resource before those for every resource,
 * and where nobody is named for the label, those of the next higher one (never of a lower). Null when nobody is.
 */
export function approversFor(
  config: Pick<GatewayConfig, 'approvers'>,
  resource: string,
  label: Label,
): ApproversConfig | null {
  const rankOf = (approvers: ApproversConfig): number => labelRank(approvers.for.label);
  const isGeneral = (approvers: ApproversConfig): number => (approvers.resource === undefined ? 1 : 0);
  const candidates = config.approvers
    .filter((approvers) => approvers.resource === undefined || approvers.resource === resource)
    .filter((approvers) => rankOf(approvers) >= labelRank(label))
    .toSorted((a, b) => isGeneral(a) - isGeneral(b) || rankOf(a) - rankOf(b));
  return candidates[0] ?? null;
}
