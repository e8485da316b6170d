import { SluiceError } from '@sluice/contract/errors';
import { Command } from 'commander';
import type { SettingsOptions } from '../settings.ts';
import { addAccess } from './access-program.ts';
import type { Outcome } from './act.ts';
import { addAdmin } from './admin-program.ts';
import { addAudit } from './audit-program.ts';
import { Cli, type Surroundings } from './cli.ts';
import { addExamples } from './command-examples.ts';
import { addCompletion } from './completion-program.ts';
import { addEvidence } from './evidence-program.ts';
import { addLogin } from './login-program.ts';
import { addLook } from './look-program.ts';
import { addMcp } from './mcp-program.ts';
import { addRequests } from './requests-program.ts';
import { addRun } from './run-program.ts';
import { addSessions } from './sessions-program.ts';
import { addTunnel } from './tunnel-program.ts';
import { tellUpgrade } from './upgrade-notice.ts';
import { addPlanning, addWorkflows } from './workflow-program.ts';

/**
 * The command line. `afterDashes` is what stood after `--`, which commander would mix with the rest;
 * `finished` gets the outcome of the command that ran.
 */
export function makeProgram(
  surroundings: Surroundings,
  afterDashes: readonly string[] | null,
  finished: (outcome: Outcome) => void,
): Command {
  const program = new Command('sluice')
    .description('The enforced path to your databases: tunnels, approvals, records.')
    .enablePositionalOptions()
    .showHelpAfterError('(sluice --help shows how)');

  /** Adds a command with the common options and runs it with its `Cli`. */
  const add = (parent: Command, usage: string, description: string): Command =>
    common(parent.command(usage).description(description));
  const act =
    <A extends unknown[]>(work: (cli: Cli, ...args: A) => Promise<Outcome | void>, takesDashes = false) =>
    async (...args: unknown[]) => {
      const command = args.at(-1);
      if (!(command instanceof Command)) throw new SluiceError('INTERNAL', 'commander changed its calling convention');
      if (!takesDashes && afterDashes !== null)
        throw new SluiceError('USAGE', `${command.name()} takes nothing after --`);
      const options: SettingsOptions = command.optsWithGlobals();
      const cli = await Cli.open(options, surroundings);
      try {
        finished((await work(cli, ...(args.slice(0, -1) as A))) ?? 0);
      } finally {
        if (cli.versions !== null) await tellUpgrade(cli, cli.versions, Date.now());
      }
    };

  common(program);
  addLogin(program, add, act);
  addLook(program, add, act, afterDashes);
  addRun(program, add, act, afterDashes);
  addMcp(program, add, act);
  addTunnel(add(program, 'tunnel', 'tunnels in the background'), add, act);
  addRequests(add(program, 'requests', 'statements that wait for an approval'), add, act);
  addAccess(add(program, 'access', 'access for a window of time, granted by another person'), add, act);
  addSessions(add(program, 'sessions', 'what ran, and what was seen'), add, act);
  addAudit(add(program, 'audit', 'questions to the record, each answer with the entries that prove it'), add, act);
  addWorkflows(add(program, 'workflows', 'recurring jobs, and the flows approved for them'), add, act);
  addPlanning(program, add, act);
  addEvidence(add(program, 'evidence', 'the record that nobody can rewrite unseen'), add, act);
  addAdmin(add(program, 'admin', 'for those who keep the gateway'), add, act);
  addCompletion(program, add, act);
  addExamples(program);
  return program;
}

function common(command: Command): Command {
  return command
    .option('--gateway <url>', 'address of the gateway (SLUICE_GATEWAY)')
    .option('--ca <file>', 'PEM of the gateway’s authority (SLUICE_CA)')
    .option('--token-file <file>', 'use the access token in this file instead of the sign-in (SLUICE_TOKEN_FILE)');
}
