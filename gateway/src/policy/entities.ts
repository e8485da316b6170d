/**
 * Our facts as Cedar entities (see sluice.cedarschema).
 */
import type { EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import { assertNever, type Label, labelRank, type Principal } from '@sluice/contract/vocabulary';
import type { ResourceFacts } from './decision.ts';
import type { Link } from './permissions.ts';

/** Who a permission is asked for: one member of a delegation chain, with the groups that count for it. */
export type Caller = {
  readonly entity: EntityJson;
  readonly delegated: boolean;
  readonly onBehalfOfGroups: readonly string[];
  /** Of whoever stands between the head of the chain and the principal. */
  readonly linkGroups: readonly string[];
  /** Null for the principal itself. */
  readonly called: Link | null;
};

/** Which groups may connect to a resource; null: everybody who can sign in. */
export type ResourceGroups = ReadonlyMap<string, readonly string[] | null>;

/** Workflows by name: where they run, and which groups may run them; null: everybody who may connect there. */
export type WorkflowTerms = ReadonlyMap<
  string,
  { readonly resources: readonly string[]; readonly groups: readonly string[] | null }
>;

function uid(type: string, id: string): TypeAndId {
  return { type: `Sluice::${type}`, id };
}

/** A group as a value inside an attribute or a context. */
export function groupReferences(groups: readonly string[]): { __entity: TypeAndId }[] {
  return groups.map((group) => ({ __entity: uid('Group', group) }));
}

function principalEntity(kind: Principal['kind'], id: string, groups: readonly string[]): EntityJson {
  return { uid: uid(principalType(kind), id), attrs: {}, parents: groups.map((group) => uid('Group', group)) };
}

function principalType(kind: Principal['kind']): string {
  switch (kind) {
    case 'user':
      return 'User';
    case 'service':
      return 'Service';
    case 'agent':
      return 'Agent';
    default:
      return assertNever(kind);
  }
}

/**
 * Everyone whose permission a request needs: the principal, and the person on whose behalf it acts. Without the latter, an
 * agent with wide permissions of its own would lend them to whoever may talk to it. Whoever passed the work on between
 * them is on record and known to policies, and is not asked (RFC 8693 §4.1).
 */
export function callersOf(principal: Principal): readonly Caller[] {
  const head = principal.chain[0];
  const delegated = head !== undefined && head.id !== principal.id;
  const linkGroups = [...new Set(principal.linkGroups?.flat() ?? [])];
  const self: Caller = {
    entity: principalEntity(principal.kind, principal.id, principal.groups),
    ...{ delegated, called: null },
    onBehalfOfGroups: delegated ? principal.onBehalfOfGroups : [],
    linkGroups,
  };
  if (!delegated) return [self];
  const person: Caller = {
    entity: principalEntity(head.kind, head.id, principal.onBehalfOfGroups),
    ...{ delegated: false, called: { position: 1, name: head.name } },
    onBehalfOfGroups: [],
    linkGroups,
  };
  return [self, person];
}

/** A resource that the configuration does not know has no groups and is not open: nobody connects. */
export function resourceEntity(resource: ResourceFacts, groupsOf: ResourceGroups): EntityJson {
  const groups = groupsOf.get(resource.name);
  return {
    uid: uid('Resource', resource.name),
    attrs: { protocol: resource.protocol, open: groups === null, groups: groupReferences(groups ?? []) },
    parents: [],
  };
}

/** A workflow on one resource. */
export function workflowEntity(name: string, resource: ResourceFacts, groups: readonly string[] | null): EntityJson {
  return {
    uid: uid('Workflow', name),
    attrs: { open: groups === null, groups: groupReferences(groups ?? []) },
    parents: [uid('Resource', resource.name)],
  };
}

/** The column of a policy: every column of a resource with the same label and category is the same to it. */
export function columnEntity(resource: ResourceFacts, label: Label, category: string | null): EntityJson {
  return {
    uid: uid('Column', JSON.stringify([resource.name, label, category])),
    attrs: { label, rank: labelRank(label), ...(category === null ? {} : { category }) },
    parents: [
      uid('Label', label),
      uid('Resource', resource.name),
      ...categoryAndAncestors(category).map((name) => uid('Category', name)),
    ],
  };
}

/** `pii.ssn.us` → itself, `pii.ssn`, `pii`. */
function categoryAndAncestors(category: string | null): string[] {
  if (category === null) return [];
  const parts = category.split('.');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('.'));
}
