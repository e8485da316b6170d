/** What the parts of the command line are made with. */
import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import type { ChildOutcome } from './run.ts';

/** How a command ended: its exit status, or the signal that killed its child. */
export type Outcome = ChildOutcome;

/** Adds a command with the common options. */
export type Add = (parent: Command, usage: string, description: string) => Command;

/** An action that runs `work` with its `Cli`. `takesDashes`: something may stand after `--`. */
export type Act = <A extends unknown[]>(
  work: (cli: Cli, ...args: A) => Promise<Outcome | void>,
  takesDashes?: boolean,
) => (...args: unknown[]) => Promise<void>;
