import type { Effect, Label, LabelledColumn, Principal } from '@sluice/contract/vocabulary';
import { describe, expect, it } from 'vitest';
import { readDefaultPolicies, readPolicySchema } from '../config/shipped-policies.ts';
import { CedarPolicyEngine } from './cedar-engine.ts';
import type { Decision, MaskKind, StatementFacts } from './decision.ts';
import { type PolicySource, parsePolicySet } from './policy-set.ts';

const ORDERS = { name: 'orders-db', protocol: 'postgres' } as const;

function engineWith(
  extra: string,
  options: { readonly groups?: readonly string[] | null; readonly base?: readonly PolicySource[] } = {},
): CedarPolicyEngine {
  const sources = [...(options.base ?? readDefaultPolicies()), { file: 'extra.cedar', text: extra }];
  const result = parsePolicySet(readPolicySchema(), sources);
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 2));
  return new CedarPolicyEngine({
    policies: result.set,
    resourceGroups: new Map([['orders-db', options.groups === undefined ? null : options.groups]]),
    approverGroups: (_, label) => (label === 'regulated' ? ['data-protection'] : []),
  });
}

const SEES_RAW = `
@id("data-protection-sees-raw")
permit (principal in Sluice::Group::"data-protection", action == Sluice::Action::"reveal", resource in Sluice::Category::"pii");`;

const defaults = engineWith('');
const withRaw = engineWith(SEES_RAW);

function user(name: string, ...groups: string[]): Principal {
  const actor = { id: `https://idp|${name}`, kind: 'user', name } as const;
  return { ...actor, groups, chain: [actor], onBehalfOfGroups: [] };
}

function agentFor(person: Principal | null, ...groups: string[]): Principal {
  const actor = { id: 'https://idp|bot', kind: 'agent', name: 'bot' } as const;
  return { ...actor, groups, chain: [...(person?.chain ?? []), actor], onBehalfOfGroups: person?.groups ?? [] };
}

const analyst = user('ann', 'analysts');
const officer = user('dora', 'data-protection');

function column(name: string, label: Label, category: string | null = null): LabelledColumn {
  return { schema: 'public', table: 'customers', column: name, label, category };
}

const ssn = column('ssn', 'regulated', 'pii.ssn');
const email = column('email', 'confidential', 'pii.email');
const salary = column('salary', 'regulated');
const city = column('city', 'internal');

function facts(parts: Partial<StatementFacts>): StatementFacts {
  return {
    principal: analyst,
    resource: ORDERS,
    statementClass: 'read',
    statementKind: 'SelectStmt',
    outputs: [],
    shaping: [],
    faultable: [],
    writes: [],
    holds: [],
    ...parts,
  };
}

function output(...sources: LabelledColumn[]): StatementFacts['outputs'][number] {
  return { name: 'out', sources, unchanged: sources.length === 1 };
}

function masks(decision: Decision): (readonly [number, MaskKind])[] {
  return decision.obligations.flatMap((o) => (o.kind === 'mask' ? [[o.output, o.mask] as const] : []));
}

describe('the default policies', () => {
  const copy = (target: LabelledColumn | null, ...sources: LabelledColumn[]): Partial<StatementFacts> => ({
    statementClass: 'write',
    statementKind: 'InsertStmt',
    writes: [{ targetName: 'public.report.x', target, sources }],
  });
  const table: readonly (readonly [string, Partial<StatementFacts>, Effect, string | null])[] = [
    ['a read of unlabelled columns', { outputs: [output()] }, 'allow', null],
    ['an output of a low label', { outputs: [output(city)] }, 'allow', null],
    ['an output of a confidential column', { outputs: [output(email)] }, 'mask', 'mask-classified'],
    ['an output of a regulated column', { outputs: [output(ssn)] }, 'mask', 'mask-classified'],
    ['an output that mixes a low and a classified column', { outputs: [output(city, ssn)] }, 'mask', 'mask-classified'],
    ['a filter by a classified column', { shaping: [ssn] }, 'refuse', 'no-shaping-by-classified'],
    ['a filter by a low column', { shaping: [city] }, 'allow', null],
    [
      'an expression over a classified column that can fail',
      { faultable: [email] },
      'refuse',
      'no-failing-expressions',
    ],
    ['a filter and an output', { outputs: [output(ssn)], shaping: [ssn] }, 'refuse', 'no-shaping-by-classified'],
    ['a copy into an unlabelled column', copy(city, ssn), 'hold', 'copy-needs-approval'],
    ['a copy into a column that does not exist yet', copy(null, email), 'hold', 'copy-needs-approval'],
    ['a copy into a column of the same label', copy(salary, ssn), 'allow', null],
    ['a copy into a column of a higher label', copy(ssn, email), 'allow', null],
    ['a copy of two columns, one of which drops', copy(email, email, ssn), 'hold', 'copy-needs-approval'],
    [
      'a copy that also returns the value',
      { ...copy(null, ssn), outputs: [output(ssn)] },
      'hold',
      'copy-needs-approval',
    ],
    ['a write of literals', { statementClass: 'write', statementKind: 'InsertStmt' }, 'allow', null],
    ['plain DDL', { statementClass: 'ddl', statementKind: 'CreateStmt' }, 'allow', null],
    [
      'DDL that the analyser holds',
      { statementClass: 'ddl', holds: ['ALTER VIEW changes what v shows'] },
      'hold',
      'definition-needs-approval',
    ],
    ['BEGIN', { statementClass: 'transaction', statementKind: 'TransactionStmt' }, 'allow', null],
    ['SET', { statementClass: 'session', statementKind: 'VariableSetStmt' }, 'allow', null],
    ['VACUUM', { statementClass: 'maintenance', statementKind: 'VacuumStmt' }, 'allow', null],
  ];
  it.each(table)('%s: decided as the table says', (_, parts, effect, policyId) => {
    const decision = defaults.decideStatement(facts(parts));
    expect(decision.effect).toBe(effect);
    expect(decision.reasons[0]?.policyId ?? null).toBe(policyId);
  });
});
