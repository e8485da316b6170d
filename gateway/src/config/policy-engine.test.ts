import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Principal } from '@sluice/contract/vocabulary';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PolicyEngine } from '../policy/decision.ts';
import { loadConfig } from './load.ts';
import { policyEngineOf } from './policy-engine.ts';

const CONFIG = `
kind: gateway
---
kind: resource
name: orders-db
protocol: postgres
upstream: { host: db, database: orders }
credential: { username: sluice, password: { command: [/bin/echo, x] } }
groups: [analysts]
---
kind: approvers
for: { label: regulated }
groups: [data-protection, legal]
`;

let directory = '';
let engine: PolicyEngine;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'sluice-engine-'));
  writeFileSync(join(directory, 'sluice.yaml'), CONFIG);
  engine = policyEngineOf(loadConfig(directory, () => undefined));
});
afterAll(() => rmSync(directory, { recursive: true }));

const resource = { name: 'orders-db', protocol: 'postgres' } as const;

function user(...groups: string[]): Principal {
  const actor = { id: 'https://idp|ann', kind: 'user', name: 'ann' } as const;
  return { ...actor, groups, chain: [actor], onBehalfOfGroups: [] };
}

it('the groups of a resource are who may connect', () => {
  expect(engine.decideConnect(user('analysts'), resource).effect).toBe('allow');
  expect(engine.decideConnect(user('others'), resource)).toMatchObject({
    effect: 'refuse',
    reasons: [{ policyId: 'default-deny', message: 'ann may not open a session on orders-db' }],
  });
});

it('the approvers of a label are whom a held statement names', () => {
  const decision = engine.decideStatement({
    principal: user('analysts'),
    resource,
    statementClass: 'write',
    statementKind: 'InsertStmt',
    outputs: [],
    shaping: [],
    faultable: [],
    writes: [
      {
        targetName: 'public.copy.email',
        target: null,
        sources: [
          { schema: 'public', table: 'customers', column: 'email', label: 'confidential', category: 'pii.email' },
        ],
      },
    ],
    holds: [],
  });
  expect(decision.obligations).toEqual([{ kind: 'require-approval', label: 'confidential' }]);
  expect(decision.reasons[0]).toMatchObject({
    effect: 'hold',
    policyId: 'copy-needs-approval',
    remedy: 'Wait for the approval of data-protection or legal.',
  });
});
