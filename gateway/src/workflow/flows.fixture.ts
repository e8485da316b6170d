/** Flows, decisions and principals for tests of workflows. */
import type { Label, LabelledColumn, Principal } from '@sluice/contract/vocabulary';
import { type ColumnKey, type ColumnLabels, columnKey, type Flows } from '../analysis/flows.ts';
import type { Decision, Obligation } from '../policy/decision.ts';

export const COLUMNS: Readonly<Record<string, LabelledColumn>> = {
  '16400.1': { schema: 'shop', table: 'customers', column: 'country', label: 'internal', category: null },
  '16400.2': { schema: 'shop', table: 'customers', column: 'ssn', label: 'regulated', category: 'pii.ssn' },
  '16400.3': { schema: 'shop', table: 'customers', column: 'email', label: 'confidential', category: null },
  '16500.1': { schema: 'reporting', table: 'daily', column: 'country', label: 'internal', category: null },
  '16500.2': { schema: 'reporting', table: 'daily', column: 'note', label: 'internal', category: null },
  '16600.1': { schema: 'pg_temp_7', table: 'totals', column: 'email', label: 'confidential', category: null },
};

export const COUNTRY: ColumnKey = columnKey(16400, 1);
export const SSN: ColumnKey = columnKey(16400, 2);
export const EMAIL: ColumnKey = columnKey(16400, 3);
export const NOTE: ColumnKey = columnKey(16500, 2);
export const TEMPORARY: ColumnKey = columnKey(16600, 1);

/** The columns above, some with another name or label. */
export function labels(changed: Readonly<Record<string, Partial<LabelledColumn>>> = {}): ColumnLabels {
  return {
    describe: (key) => {
      const column = COLUMNS[key];
      if (column === undefined) throw new Error(`no column ${key}`);
      return { ...column, ...changed[key] };
    },
  };
}

export function flows(parts: {
  readonly outputs?: readonly (readonly ColumnKey[])[];
  readonly shaping?: readonly ColumnKey[];
  readonly faultable?: readonly ColumnKey[];
  readonly writes?: Flows['writes'];
}): Flows {
  const { outputs = [], shaping = [], faultable = [], writes = [] } = parts;
  return {
    statementClass: writes.length > 0 ? 'write' : 'read',
    statementKind: 'SelectStmt',
    outputs: outputs.map((sources, index) => ({ name: `c${index}`, sources: new Set(sources) })),
    shaping: new Set(shaping),
    writes,
    faultable: new Set(faultable),
    relations: new Set(),
    holds: [],
  };
}

/** A decision of policy; `masked`: places in the answer. */
export function decision(effect: Decision['effect'] = 'allow', masked: readonly number[] = []): Decision {
  const obligations = masked.map((output): Obligation => ({ kind: 'mask', output, mask: { kind: 'null' } }));
  return { effect, obligations, reasons: [], policyVersion: 'p1' };
}

export function held(label: Label): Obligation {
  return { kind: 'require-approval', label };
}

export function person(name: string, groups: readonly string[] = []): Principal {
  const actor = { id: `https://idp|${name}`, kind: 'user' as const, name };
  return { ...actor, groups: [...groups], chain: [actor], onBehalfOfGroups: [] };
}

export function agent(name: string, ...behind: readonly Principal[]): Principal {
  const actor = { id: `https://idp|${name}`, kind: 'agent' as const, name };
  const chain = [...behind.map(({ id, kind, name: called }) => ({ id, kind, name: called })), actor];
  return { ...actor, groups: [], chain, onBehalfOfGroups: [...(behind[0]?.groups ?? [])] };
}
