import type { WhyStatement } from '@sluice/contract/api';
import { describe, expect, it } from 'vitest';
import { makeStyle } from './style.ts';
import { renderWhy } from './why.ts';

const SSN = { schema: 'public', table: 'customers', column: 'ssn', label: 'regulated', category: 'pii.ssn' } as const;
const STATEMENT: WhyStatement = {
  text: 'SELECT id FROM customers WHERE ssn = $1',
  line: 1,
  kind: 'SelectStmt',
  effect: 'refuse',
  reasons: [
    {
      effect: 'refuse',
      policyId: 'no-shaping-by-classified',
      message: 'customers.ssn (regulated, pii.ssn) may not decide which rows are returned (in WHERE)',
      remedy: 'Ask data-protection.',
      columns: [SSN],
    },
  ],
  permitted: [
    {
      effect: 'allow',
      policyId: 'run-statements',
      message: 'SELECT may run on orders-db',
      remedy: '',
      columns: [],
    },
  ],
  flows: [{ kind: 'shaping', target: '', targetLabel: null, sources: [SSN], use: 'WHERE' }],
  columns: [{ ...SSN, origins: ['labels.csv:2', 'values that were written into it'] }],
  parameters: ['text'],
};
const plain = makeStyle(false);

describe('why', () => {
  it('tells the verdict, the parameters, the flows, the reasons, what is permitted, and where labels are from', () => {
    expect(renderWhy(STATEMENT, 'on orders-db, policy v1', plain)).toBe(
      `refuse  on orders-db, policy v1
  │ SELECT id FROM customers WHERE ssn = $1
Parameters
  $1: text
Flows
  public.customers.ssn [regulated pii.ssn] → decides which rows are in the answer, in WHERE
Why
  refuse  customers.ssn (regulated, pii.ssn) may not decide which rows are returned (in WHERE) [no-shaping-by-classified]
    → Ask data-protection.
Permitted
  allow  SELECT may run on orders-db [run-statements]
Labels
  public.customers.ssn [regulated pii.ssn]  labels.csv:2, values that were written into it
`,
    );
  });

  it('says why there is a rule of the gateway, and where the construct is', () => {
    const [reason] = STATEMENT.reasons;
    if (reason === undefined) throw new Error('the statement has a reason');
    const place = { byte: 7, line: 2, column: 3, near: 'f(\u001b[31mx)' };
    const told = renderWhy({ ...STATEMENT, reasons: [{ ...reason, why: 'Because.', place }] }, 'at line 1', plain);
    expect(told).toContain('\n    Because.\n    line 2, column 3 (byte 7): f(');
    expect(told).not.toContain('\u001b');
  });
});
