/** Writes what is generated from the contract: `npm run generate`. A test fails while the files are not current. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { contractCalls } from './contract-calls.ts';

const target = fileURLToPath(new URL('../src/client/contract-calls.ts', import.meta.url));
writeFileSync(target, contractCalls());
const biome = fileURLToPath(new URL('../../node_modules/@biomejs/biome/bin/biome', import.meta.url));
execFileSync(process.execPath, [biome, 'check', '--write', target], { stdio: 'inherit' });
