#!/usr/bin/env node
import { constants } from 'node:os';
import { runSluice } from './command/run-sluice.ts';
import { processEnvironment } from './settings.ts';

/** A keychain that never answers keeps its thread; the process does not wait for it longer than this. */
const EXIT_WITHIN_MS = 500;
const SIGNAL_STATUS = 128;
/** EX_IOERR of sysexits. */
const CANNOT_WRITE_STATUS = 74;

// `sluice requests watch | head -1`: the reader has left. The command ends as if told to, so that it closes what it opened.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.kill(process.pid, 'SIGTERM');
  else process.exit(CANNOT_WRITE_STATUS);
});

const { stdin, stdout, stderr } = process;
const outcome = await runSluice(process.argv.slice(2), { stdin, stdout, stderr, environment: processEnvironment() });
if (typeof outcome === 'number') {
  process.exitCode = outcome;
  setTimeout(() => process.exit(), EXIT_WITHIN_MS).unref();
} else {
  // Ends as the child ended, so that a shell sees the same. The first process of a container gets no signal of its own
  // making: it ends with the status that a shell makes of one.
  process.kill(process.pid, outcome);
  setTimeout(() => process.exit(SIGNAL_STATUS + constants.signals[outcome]), EXIT_WITHIN_MS);
}
