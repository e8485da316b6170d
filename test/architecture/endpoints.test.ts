import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENDPOINTS } from '@sluice/contract/endpoints';
import { expect, test } from 'vitest';
import { contractCalls } from '../../agent-tunnel/generate/contract-calls.ts';
import { createControlApp } from '../../gateway/src/control/app.ts';
import type { ControlDependencies } from '../../gateway/src/control/dependencies.ts';

const ROOT = join(import.meta.dirname, '../..');
/**
 * No calls of the client: files of the log, served by prefix as what they are; what describes the rest; and what identity
 * providers call, as their specifications say.
 */
const FOR_OTHERS = [
  'GET /api/v1/evidence/tile/*',
  'GET /api/v1/openapi.json',
  'POST /api/v1/issuers/{}/backchannel-logout',
  'POST /api/v1/issuers/{}/events',
];

test('the client in the repository is the one that the contract generates', () => {
  const path = 'agent-tunnel/src/client/contract-calls.ts';
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const formatted = execFileSync(process.execPath, [biome, 'check', '--write', `--stdin-file-path=${path}`], {
    cwd: ROOT,
    input: contractCalls(),
    encoding: 'utf8',
  });
  expect(readFileSync(join(ROOT, path), 'utf8'), 'run: npm run generate').toBe(formatted);
});

test('the gateway serves every endpoint of the contract, and none besides', () => {
  // Routes are laid without asking anybody; the dependencies are for those who come.
  const app = createControlApp(Object.create(null) as ControlDependencies);
  const served = app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{}')}`);
  const named = Object.values(ENDPOINTS).map(
    ({ method, path }) => `${method} /api/v1/${path.replace(/\{\w+\}/g, '{}')}`,
  );
  expect([...new Set(served)].sort()).toEqual([...named, ...FOR_OTHERS].sort());
});
