#!/usr/bin/env node
/** `sluice-gateway start|check|demo|witness`: arguments → configuration → Gateway. */
import { parseArgs } from 'node:util';
import { ERRORS, SluiceError } from '@sluice/contract/errors';
import { check } from './check.ts';
import { processEnvironment } from './config/environment.ts';
import { start } from './start.ts';
import { GATEWAY_VERSION } from './version.ts';
import { runWitness } from './witness/run-witness.ts';

const USAGE = `sluice-gateway ${GATEWAY_VERSION}: the enforced path between people, agents and production data

  sluice-gateway start --config DIR   run the gateway
  sluice-gateway check --config DIR   validate the configuration, connect to the resources, report; exits 78 on error
  sluice-gateway demo [--ready-file PATH] [--port-base N] [--once]
                                      everything on this machine: gateway, identity provider, PostgreSQL, a story
  sluice-gateway witness --state DIR --name NAME --log VKEY [--listen HOST:PORT]
                                      confirm somebody else's record: cosign its checkpoints while each continues the last
`;

async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case 'start':
      return await start(configOf(rest), processEnvironment());
    case 'check':
      return await check(configOf(rest), processEnvironment());
    case 'demo':
      // Loaded here only: half of the packages are its own.
      return await (await import('./demo/run-demo.ts')).runDemo(rest);
    case 'witness':
      return await runWitness(rest);
    case '--version':
      process.stdout.write(`${GATEWAY_VERSION}\n`);
      return 0;
    case 'help':
    case '--help':
      process.stdout.write(USAGE);
      return 0;
    default:
      throw new SluiceError('USAGE', command === undefined ? 'no command given' : `there is no command "${command}"`, {
        remedy: USAGE,
      });
  }
}

function configOf(args: readonly string[]): string {
  const { values } = parseArgs({ args: [...args], options: { config: { type: 'string' } } });
  if (values.config === undefined) throw new SluiceError('USAGE', '--config DIR is missing', { remedy: USAGE });
  return values.config;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const known =
    error instanceof SluiceError
      ? error
      : new SluiceError(
          error instanceof TypeError && 'code' in error ? 'USAGE' : 'INTERNAL',
          error instanceof Error ? error.message : String(error),
          { cause: error },
        );
  process.stderr.write(`sluice-gateway: ${known.message}\n${known.remedy}\n`);
  process.exitCode = ERRORS[known.code].exitCode;
}
