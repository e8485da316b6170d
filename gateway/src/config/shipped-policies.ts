/**
 * The Cedar schema and the default policies that come with the gateway. They live in `policy/` as text files; only
 * this file reads them, since `policy/` itself opens no file.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PolicySource } from '../policy/policy-set.ts';

const POLICY_DIRECTORY = fileURLToPath(new URL('../policy/', import.meta.url));

/** Text of `sluice.cedarschema`: what a policy can talk about. */
export function readPolicySchema(): string {
  return readFileSync(join(POLICY_DIRECTORY, 'sluice.cedarschema'), 'utf8');
}

/** The policies that apply when a configuration has none of its own, in the order of their file names. */
export function readDefaultPolicies(): PolicySource[] {
  const directory = join(POLICY_DIRECTORY, 'defaults');
  return readdirSync(directory)
    .filter((name) => name.endsWith('.cedar'))
    .sort()
    .map((name) => ({ file: `defaults/${name}`, text: readFileSync(join(directory, name), 'utf8') }));
}
