/**
 * Runs a script of ours on Node 24, whatever Node started this file: `node node24.mjs SCRIPT [ARGUMENTS]`.
 *
 * npm installs Node 24 as a package (docs/adr/0001-node-24-and-type-stripping.md) and should link it into
 * node_modules/.bin, where scripts look first. npm 10 removes that link again when it drops the packages of the other
 * platforms, so nothing here relies on it. Plain JavaScript for Node 18 and newer: it must run before Node 24 does.
 */
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const OLDEST_MAJOR = 24;
const ROOT = dirname(fileURLToPath(import.meta.url));
const FROM_PROGRAMS = ['SIGTERM', 'SIGHUP'];
/** A terminal sends these to the child as well; twice would mean "at once" to it. */
const FROM_TERMINALS = ['SIGINT', 'SIGQUIT'];
/** How often the shell that npm started this by is looked after, ms. */
const SHELL_WATCH_MS = 250;
/** EX_CONFIG of sysexits. */
const NO_RUNTIME = 78;

/**
 * In this process when its Node is new enough, else in a child that shares its terminal, signals and exit status.
 * @param {string} script absolute path
 * @param {readonly string[]} args
 */
export async function runOnNode24(script, args) {
  endWithShell();
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_MAJOR) {
    process.argv = [process.execPath, script, ...args];
    await import(pathToFileURL(script).href);
    return;
  }
  const node = packagedNode();
  if (node === undefined) {
    console.error(
      `Sluice needs Node ${OLDEST_MAJOR} or newer, and this is ${process.version}. Run \`npm ci\` in ${ROOT} without --omit=optional, or install a newer Node.`,
    );
    process.exitCode = NO_RUNTIME;
    return;
  }
  const env = { ...process.env, PATH: [dirname(node), process.env.PATH ?? ''].join(delimiter) };
  const child = spawn(node, [script, ...args], { stdio: 'inherit', env });
  for (const signal of FROM_PROGRAMS) process.on(signal, () => child.kill(signal));
  for (const signal of FROM_TERMINALS) process.on(signal, () => process.stdin.isTTY || child.kill(signal));
  await new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`${node} does not start: ${error.message}`);
      process.exitCode = NO_RUNTIME;
      resolve(undefined);
    });
    child.once('close', (code, signal) => {
      process.exitCode = code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 0);
      resolve(undefined);
    });
  });
}

/**
 * npm runs scripts by a shell, passes SIGTERM on to that shell, and the shell ends without passing it on: nobody would be
 * left to end this process. That its parent is another one tells.
 */
function endWithShell() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, SHELL_WATCH_MS).unref();
}

function packagedNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = join(ROOT, 'node_modules', `node-${platform}-${process.arch}`, 'bin', name);
  return existsSync(path) ? path : undefined;
}

const [, started, script, ...args] = process.argv;
if (started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url)) {
  if (script === undefined) {
    console.error('usage: node node24.mjs SCRIPT [ARGUMENTS]');
    process.exitCode = 64;
  } else {
    await runOnNode24(join(process.cwd(), script), args);
  }
}
