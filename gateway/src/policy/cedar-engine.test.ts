import { EFFECTS, type Effect, type Label, type LabelledColumn, type Principal } from '@sluice/contract/vocabulary';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StatementClass } from '../analysis/flows.ts';
import { readDefaultPolicies, readPolicySchema } from '../config/shipped-policies.ts';
import { CedarPolicyEngine } from './cedar-engine.ts';
import type { Decision, StatementFacts } from './decision.ts';
import type { MaskKind } from './mask-kind.ts';
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

describe('trust', () => {
  const TRUSTS = `
@id("dba-redefines")
permit (principal in Sluice::Group::"dba", action == Sluice::Action::"redefine", resource);
@id("dba-runs-opaque")
permit (principal in Sluice::Group::"dba", action == Sluice::Action::"runOpaque", resource);`;
  const dba = user('dan', 'dba');
  const trusting = engineWith(TRUSTS);
  const redefinition = { statementClass: 'ddl', holds: ['replaces a function'] } as const;

  it('the default policies trust nobody with statements that are not understood', () => {
    for (const principal of [analyst, officer, dba, agentFor(dba, 'dba')])
      expect(defaults.decideOpaque(principal, ORDERS)).toMatchObject({ effect: 'refuse', obligations: [] });
  });
  it('a policy may trust a group with them, and the decision names it', () => {
    expect(trusting.decideOpaque(dba, ORDERS)).toMatchObject({
      effect: 'allow',
      obligations: [],
      reasons: [{ effect: 'allow', policyId: 'dba-runs-opaque' }],
    });
    expect(trusting.decideOpaque(analyst, ORDERS).effect).toBe('refuse');
  });
  it('an agent is trusted only with the person it works for', () => {
    expect(trusting.decideOpaque(agentFor(dba, 'dba'), ORDERS).effect).toBe('allow');
    expect(trusting.decideOpaque(agentFor(analyst, 'dba'), ORDERS).effect).toBe('refuse');
    expect(trusting.decideOpaque(agentFor(dba, 'bots'), ORDERS).effect).toBe('refuse');
  });
  it('a forbid beats the trust', () => {
    const forbidden = engineWith(
      `${TRUSTS}\n@id("nobody")\nforbid (principal, action == Sluice::Action::"runOpaque", resource);`,
    );
    expect(forbidden.decideOpaque(dba, ORDERS).effect).toBe('refuse');
  });
  it('a change of definitions needs no approval where a policy says so', () => {
    expect(trusting.decideStatement(facts({ ...redefinition, principal: dba })).effect).toBe('allow');
    expect(trusting.decideStatement(facts(redefinition)).effect).toBe('hold');
  });
});

describe('who may see raw', () => {
  it('sees it, and may filter by it and compute with it; a copy to a lower label is held all the same', () => {
    const all = { principal: officer, outputs: [output(ssn)], shaping: [ssn], faultable: [ssn] };
    expect(withRaw.decideStatement(facts(all))).toMatchObject({ effect: 'allow', obligations: [], reasons: [] });
    const writes = [{ targetName: 'public.out.ssn', target: null, sources: [ssn] }];
    const copied = withRaw.decideStatement(facts({ ...all, writes }));
    expect(copied.effect).toBe('hold');
    expect(copied.obligations).toEqual([{ kind: 'require-approval', label: 'regulated' }]);
  });

  it('sees only the categories that the policy names', () => {
    const decision = withRaw.decideStatement(
      facts({ principal: officer, outputs: [output(ssn), output(salary), output(ssn, salary)] }),
    );
    expect(masks(decision)).toEqual([
      [1, { kind: 'null' }],
      [2, { kind: 'null' }],
    ]);
  });
});

describe('an agent', () => {
  it('on behalf of somebody has no more than both of them', () => {
    const outputs = [output(ssn)];
    const effectFor = (principal: Principal): Effect => withRaw.decideStatement(facts({ principal, outputs })).effect;
    expect(effectFor(agentFor(officer, 'data-protection'))).toBe('allow');
    expect(effectFor(agentFor(officer, 'agents'))).toBe('mask');
    expect(effectFor(agentFor(analyst, 'data-protection'))).toBe('mask');
    expect(effectFor(agentFor(null, 'data-protection'))).toBe('allow');
  });

  it('connects by the groups of the person it works for, or by its own', () => {
    const engine = engineWith('', { groups: ['analysts', 'batch'] });
    const effectFor = (principal: Principal): Effect => engine.decideConnect(principal, ORDERS).effect;
    expect(effectFor(analyst)).toBe('allow');
    expect(effectFor(agentFor(analyst))).toBe('allow');
    expect(effectFor(agentFor(null, 'batch'))).toBe('allow');
    expect(effectFor(agentFor(officer, 'batch'))).toBe('refuse');
    expect(effectFor(user('eve'))).toBe('refuse');
  });

  it('that plans opens no session, also where everybody may', () => {
    const decision = defaults.decideConnect(agentFor(null, 'planners'), ORDERS);
    expect(decision.effect).toBe('refuse');
    expect(decision.reasons).toEqual([
      {
        effect: 'refuse',
        policyId: 'planners-open-no-session',
        message: 'planners do not open data sessions',
        remedy: 'Hand the plan to an executor, which connects under its own name.',
        columns: [],
      },
    ]);
  });
});

describe('connecting', () => {
  it('to a resource without groups is for everybody who signed in', () => {
    expect(defaults.decideConnect(user('anybody'), ORDERS)).toMatchObject({ effect: 'allow', reasons: [] });
  });

  it('to a resource that is not configured is refused', () => {
    const decision = defaults.decideConnect(analyst, { name: 'other', protocol: 'postgres' });
    expect(decision).toMatchObject({ effect: 'refuse', reasons: [{ policyId: 'default-deny' }] });
  });
});

describe('masks', () => {
  const LAST_FOUR = `
@id("last-four") @mask("last:4")
permit (principal, action == Sluice::Action::"mask", resource in Sluice::Category::"pii.ssn");`;
  const FIXED = `
@id("stars") @mask("fixed:***")
permit (principal, action == Sluice::Action::"mask", resource in Sluice::Category::"pii");`;
  const maskOf = (extra: string, ...outputs: StatementFacts['outputs']) => {
    const engine = engineWith(extra);
    return masks(engine.decideStatement(facts({ outputs }))).map(([, mask]) => mask);
  };

  it('are NULL unless a policy names another', () => {
    expect(maskOf('', output(ssn))).toEqual([{ kind: 'null' }]);
    expect(maskOf(LAST_FOUR, output(ssn))).toEqual([{ kind: 'last', count: 4 }]);
    expect(maskOf(FIXED, output(email))).toEqual([{ kind: 'fixed', text: '***' }]);
  });

  it('that keep characters become NULL where the output is not the column itself', () => {
    expect(maskOf(LAST_FOUR, { name: 'reversed', sources: [ssn] })).toEqual([{ kind: 'null' }]);
    expect(maskOf(LAST_FOUR, output(ssn, { ...ssn, column: 'other_ssn' }))).toEqual([{ kind: 'null' }]);
  });

  it('of places inside a document are those of their labels, where the place may not be seen', () => {
    const place = (path: string, of: LabelledColumn) => ({
      path,
      column: { ...of, column: `profile${path.slice(1)}` },
    });
    const parts = [
      place('$.ssn', ssn),
      place('$.mail', email),
      place('$.open', { ...email, label: 'internal' as const }),
    ];
    const engine = engineWith(LAST_FOUR + FIXED);
    const decision = engine.decideStatement(
      facts({ outputs: [{ name: 'profile', sources: [ssn], unchanged: true, parts }] }),
    );
    expect(decision.obligations).toEqual([
      {
        ...{ kind: 'mask', output: 0, mask: { kind: 'fixed', text: '***' } },
        parts: ['$.ssn', '$.mail'].map((path) => ({ path, mask: { kind: 'fixed', text: '***' } })),
      },
    ]);
    expect(decision.reasons.flatMap(({ columns }) => columns.map(({ column }) => column)).sort()).toEqual([
      'profile.mail',
      'profile.ssn',
    ]);
  });

  it('that show something of a value keep hidden values from being written to where they stand', () => {
    const write = (from: LabelledColumn, to: LabelledColumn) =>
      facts({ statementClass: 'write', writes: [{ targetName: to.column, target: to, sources: [from] }] });
    const effectOf = (extra: string, from: LabelledColumn, to: LabelledColumn) =>
      engineWith(extra).decideStatement(write(from, to)).effect;
    expect(effectOf('', ssn, ssn)).toBe('allow');
    expect(effectOf(FIXED, ssn, ssn)).toBe('allow');
    expect(effectOf(LAST_FOUR, ssn, ssn)).toBe('hold');
    const reveal = LAST_FOUR.replace('@mask("last:4")', '').replace('"mask"', '"reveal"');
    expect(effectOf(reveal, ssn, ssn)).toBe('allow');
    expect(effectOf(reveal, { ...email, label: 'regulated' }, ssn)).toBe('hold');
  });

  it('of several policies: the one that says least, whatever their order', () => {
    expect(maskOf(LAST_FOUR + FIXED, output(ssn))).toEqual([{ kind: 'fixed', text: '***' }]);
    expect(maskOf(FIXED + LAST_FOUR, output(ssn))).toEqual([{ kind: 'fixed', text: '***' }]);
  });

  it('of an output with several sources: the one that says least', () => {
    expect(maskOf(FIXED, output(ssn, salary))).toEqual([{ kind: 'null' }]);
    expect(maskOf(FIXED, output(ssn, email))).toEqual([{ kind: 'fixed', text: '***' }]);
  });

  it('of an agent: what its person would get, if that is less', () => {
    const engine = engineWith(LAST_FOUR.replace('principal,', 'principal is Sluice::Agent,'));
    const maskFor = (principal: Principal) =>
      masks(engine.decideStatement(facts({ principal, outputs: [output(ssn)] })));
    expect(maskFor(agentFor(null))).toEqual([[0, { kind: 'last', count: 4 }]]);
    expect(maskFor(agentFor(analyst))).toEqual([[0, { kind: 'null' }]]);
  });

  it('without any permit to mask, the statement is refused', () => {
    const engine = engineWith('', {
      base: readDefaultPolicies().filter(({ file }) => file !== 'defaults/reading.cedar'),
    });
    const decision = engine.decideStatement(facts({ outputs: [output(ssn)] }));
    expect(decision).toMatchObject({ effect: 'refuse', obligations: [], reasons: [{ policyId: 'default-deny' }] });
  });
});

describe('reasons', () => {
  it('name every column once with label and category, the policy, and whom to ask', () => {
    const decision = defaults.decideStatement(
      facts({ shaping: [ssn, email, ssn], outputs: [output(ssn), output(email)] }),
    );
    const alone = defaults.decideStatement(facts({ outputs: [output(ssn)] }));
    expect(alone.reasons).toEqual([
      {
        effect: 'mask',
        policyId: 'mask-classified',
        message: "customers.ssn (regulated, pii.ssn) is masked because of its label (in the answer's column out)",
        remedy: 'If your work needs the value, ask data-protection.',
        columns: [ssn],
      },
    ]);
    expect(decision.reasons.map(({ effect, policyId }) => `${effect} ${policyId}`)).toEqual([
      'refuse no-shaping-by-classified',
      'refuse no-shaping-by-classified',
      'mask mask-classified',
      'mask mask-classified',
    ]);
    expect(decision.reasons[1]?.remedy).toBe(
      'Filter, join, sort, group and count by other columns, or ask an administrator.',
    );
  });

  it('of a held copy show from where to where', () => {
    const target = { ...city, schema: 'reporting', table: 'export', column: 'note' };
    const writes = [{ targetName: 'reporting.export.note', target, sources: [ssn] }];
    const [reason] = defaults.decideStatement(facts({ statementClass: 'write', writes })).reasons;
    expect(reason?.message).toBe(
      'customers.ssn (regulated, pii.ssn) → reporting.export.note (internal) would bring the value, or what it decides, to where its label does not follow',
    );
    expect(reason?.remedy).toBe('Wait for the approval of data-protection.');
  });

  it('name a bounded number of columns and count the rest', () => {
    const many = Array.from({ length: 30 }, (_, index) => column(`c${index}`, 'regulated'));
    const [reason] = defaults.decideStatement(facts({ shaping: many })).reasons;
    expect(reason?.message).toContain('c7 (regulated) and 22 more');
    expect(reason?.columns).toHaveLength(30);
  });

  it('of a forbid that an administrator wrote name it, and the approver is not asked instead', () => {
    const engine = engineWith(
      '@id("ssn-stays") @message("never leaves its table") forbid (principal, action == Sluice::Action::"writeDown", resource in Sluice::Category::"pii.ssn");',
    );
    const writes = [{ targetName: 'public.out.ssn', target: null, sources: [ssn] }];
    expect(engine.decideStatement(facts({ writes }))).toMatchObject({
      effect: 'refuse',
      obligations: [],
      reasons: [
        {
          policyId: 'ssn-stays',
          message: 'customers.ssn (regulated, pii.ssn) → public.out.ssn never leaves its table',
        },
      ],
    });
  });
});

describe('an error of Cedar', () => {
  it('is a refusal that shows no policy text, even next to a permit', () => {
    const engine = engineWith(
      '@id("overflows") permit (principal, action == Sluice::Action::"read", resource) when { 9223372036854775807 + (if context.held then 1 else 2) > 0 };',
    );
    const decision = engine.decideStatement(facts({}));
    expect(decision).toMatchObject({ effect: 'refuse', reasons: [{ policyId: 'policy-error' }] });
    expect(JSON.stringify(decision)).not.toMatch(/overflow|922337/);
  });
});

describe('the same facts', () => {
  it('are decided once for as long as somebody holds them', () => {
    const asked = facts({ outputs: [output(ssn)] });
    expect(defaults.decideStatement(asked)).toBe(defaults.decideStatement(asked));
    expect(withRaw.decideStatement({ ...asked, principal: officer }).effect).toBe('allow');
  });
});

describe('the version of policy', () => {
  it('is the same for the same policies, and another one for other policies or groups', () => {
    expect(engineWith('').version).toBe(defaults.version);
    expect(withRaw.version).not.toBe(defaults.version);
    expect(engineWith('', { groups: ['a'] }).version).not.toBe(defaults.version);
    expect(defaults.decideConnect(analyst, ORDERS).policyVersion).toBe(defaults.version);
  });
});

describe('for any facts', () => {
  const anyColumn = fc.record({
    schema: fc.string(),
    table: fc.string(),
    column: fc.string(),
    label: fc.constantFrom<Label>('public', 'internal', 'confidential', 'regulated'),
    category: fc.option(fc.oneof(fc.constantFrom('pii.ssn', 'pii', 'pci.card'), fc.string({ unit: 'binary' }))),
  });
  const columns = fc.array(anyColumn, { maxLength: 4 });
  const anyFacts = fc.record({
    principal: fc.constantFrom(analyst, officer, agentFor(analyst, 'batch'), agentFor(officer, 'data-protection')),
    resource: fc.record({
      name: fc.oneof(fc.constant('orders-db'), fc.string({ unit: 'binary' })),
      protocol: fc.constant('postgres' as const),
    }),
    statementClass: fc.constantFrom<StatementClass>('read', 'write', 'ddl', 'transaction', 'session', 'maintenance'),
    statementKind: fc.string(),
    outputs: fc.array(fc.record({ name: fc.string(), sources: columns, unchanged: fc.boolean() }), { maxLength: 4 }),
    shaping: columns,
    faultable: columns,
    writes: fc.array(fc.record({ targetName: fc.string(), target: fc.option(anyColumn), sources: columns }), {
      maxLength: 3,
    }),
    holds: fc.array(fc.string(), { maxLength: 2 }),
  });
  const strength = (decision: Decision): number => EFFECTS.indexOf(decision.effect);

  it('policy answers, with a reason for everything but a plain yes, and obligations that fit the effect', () => {
    fc.assert(
      fc.property(anyFacts, (any) => {
        const decision = withRaw.decideStatement(any);
        const kinds = new Set(decision.obligations.map(({ kind }) => kind));
        expect(decision.reasons.length > 0).toBe(decision.effect !== 'allow');
        expect(decision.reasons.every(({ policyId }) => policyId !== 'policy-error')).toBe(true);
        expect(kinds.has('require-approval')).toBe(decision.effect === 'hold');
        if (decision.effect === 'mask') expect(kinds.has('mask')).toBe(true);
        if (decision.effect === 'refuse' || decision.effect === 'allow') expect(kinds.size).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it('one more classified source never weakens the decision', () => {
    const places = fc.constantFrom('output', 'shaping', 'faultable', 'write');
    const classified = anyColumn.map((each): LabelledColumn => ({ ...each, label: 'regulated' }));
    fc.assert(
      fc.property(anyFacts, places, classified, (any, place, source) => {
        const more: StatementFacts = {
          ...any,
          outputs: place === 'output' ? [...any.outputs, output(source)] : any.outputs,
          shaping: place === 'shaping' ? [...any.shaping, source] : any.shaping,
          faultable: place === 'faultable' ? [...any.faultable, source] : any.faultable,
          writes:
            place === 'write' ? [...any.writes, { targetName: 'x', target: null, sources: [source] }] : any.writes,
        };
        expect(strength(defaults.decideStatement(more))).toBeGreaterThanOrEqual(
          strength(defaults.decideStatement(any)),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('a source added to an output that is there never unmasks it', () => {
    fc.assert(
      fc.property(anyFacts, anyColumn, (any, source) => {
        const mixed = any.outputs.map((each) => ({ ...each, sources: [...each.sources, source] }));
        const before = defaults.decideStatement({ ...any, holds: [] });
        const after = defaults.decideStatement({ ...any, holds: [], outputs: mixed });
        if (after.effect === 'refuse') return;
        const masked = new Set(masks(after).map(([index]) => index));
        for (const [index] of masks(before)) expect(masked.has(index)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a value that the statement brings', () => {
  const brings = (found: 'shown' | 'detected' | 'unread', source = ssn, target: LabelledColumn | null = city) =>
    facts({ principal: officer, writes: [{ targetName: 'public.customers.city', target, sources: [source], found }] });
  const card: LabelledColumn = {
    ...{ schema: 'detected', table: 'value', column: 'payment-card', label: 'regulated', category: 'pci.card' },
  };

  it.each([
    [
      'shown',
      brings('shown'),
      'a value that was shown from customers.ssn (regulated, pii.ssn) → customers.city (internal)',
    ],
    [
      'detected',
      brings('detected', card),
      'a value that looks like payment-card (regulated, pci.card) → customers.city',
    ],
    [
      'unread',
      brings('unread'),
      'a value that is too long to be looked through for customers.ssn (regulated, pii.ssn) →',
    ],
    [
      'unread by a detector',
      brings('unread', card),
      'too long to be looked through for payment-card (regulated, pci.card)',
    ],
    ['shown, into a new column', brings('shown', ssn, null), '→ public.customers.city would be written'],
  ])('and that is %s is held, in these words, also for those who may see it', (_how, asked, words) => {
    const { effect, reasons, obligations } = withRaw.decideStatement(asked);
    expect(effect).toBe('hold');
    expect(reasons).toMatchObject([
      { policyId: 'shown-value-needs-approval', message: expect.stringContaining(words) },
    ]);
    expect(obligations).toEqual([{ kind: 'require-approval', label: 'regulated' }]);
  });
  it('is told from a copied column in policies', () => {
    const free = engineWith(
      '@id("notes") permit (principal, action == Sluice::Action::"writeDown", resource) when { context has found && context.found == "shown" };',
    );
    expect(free.decideStatement(brings('shown')).effect).toBe('allow');
    expect(free.decideStatement(brings('detected', card)).effect).toBe('hold');
    const copied = facts({ writes: [{ targetName: 'public.customers.city', target: city, sources: [ssn] }] });
    expect(free.decideStatement(copied)).toMatchObject({
      effect: 'hold',
      reasons: [{ policyId: 'copy-needs-approval' }],
    });
  });
  it('is held by policies that were written before there was one', () => {
    const old = engineWith('', {
      base: [
        {
          file: 'own.cedar',
          text: '@id("all") permit (principal, action in [Sluice::Action::"read", Sluice::Action::"hold"], resource);',
        },
      ],
    });
    expect(old.decideStatement(brings('shown')).effect).toBe('hold');
  });
});

describe('a column that is called like something classified', () => {
  const called = { ...column('work_ssn', 'regulated', 'pii.ssn'), schema: 'reporting', table: 'daily' };
  const named = (target: LabelledColumn | null = null) =>
    facts({ statementClass: 'ddl', statementKind: 'CreateStmt', named: [{ called, target }] });

  it.each([
    ['a new one', null, 'reporting.daily.work_ssn would be called pii.ssn (regulated) by its name: approve to make it'],
    [
      'one that is there',
      city,
      'daily.work_ssn, made of customers.city (internal), would be called pii.ssn (regulated)',
    ],
  ])('is held in words, also for those who may see such values: %s', (_which, target, words) => {
    const { effect, reasons, obligations } = withRaw.decideStatement({ ...named(target), principal: officer });
    expect(effect).toBe('hold');
    expect(reasons).toMatchObject([
      { policyId: 'named-column-needs-approval', message: expect.stringContaining(words), columns: [called] },
    ]);
    expect(obligations).toEqual([{ kind: 'require-approval', label: 'regulated' }]);
  });

  it('is held beside whatever else the statement is held for', () => {
    const both = { ...named(), holds: ['CREATE TABLE of a type'] };
    expect(
      defaults
        .decideStatement(both)
        .reasons.map(({ policyId }) => policyId)
        .sort(),
    ).toEqual(['definition-needs-approval', 'named-column-needs-approval']);
  });

  it.each([
    ['hold', 'forbid (principal, action == Sluice::Action::"hold", resource) when { context has named };', 'refuse'],
    ['a copy', 'forbid (principal, action == Sluice::Action::"hold", resource) when { context has found };', 'hold'],
    ['writeDown', 'permit (principal, action == Sluice::Action::"writeDown", resource);', 'hold'],
    ['redefine', 'permit (principal, action == Sluice::Action::"redefine", resource);', 'allow'],
    [
      'redefine of the rest',
      'permit (principal, action == Sluice::Action::"redefine", resource) unless { context has named };',
      'hold',
    ],
    ['a category', 'forbid (principal, action, resource in Sluice::Category::"pii");', 'refuse'],
  ] as const)('is told apart by policies: %s', (_which, policy, effect) => {
    expect(engineWith(`@id("x") ${policy}`).decideStatement(named()).effect).toBe(effect);
  });

  it('needs an approval for the class of the statement, too', () => {
    const policy = '@id("x") forbid (principal, action == Sluice::Action::"change", resource) when { context.held };';
    expect(engineWith(policy).decideStatement(named()).effect).toBe('refuse');
    expect(engineWith(policy).decideStatement({ ...named(), named: [] }).effect).toBe('allow');
  });
});
