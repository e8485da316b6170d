/**
 * The tests of node-postgres: of the client, of its cursors and of its pools. They run against the sources beside them;
 * what these need comes from this repository's packages, and what the tests need is installed beside them by name.
 */
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../harness/debian-source.ts';
import { runProgram } from '../../harness/program.ts';
import { type Ended, type Outcomes, readMochaStream } from './outcomes.ts';
import type { OwnSuite, Place } from './own-suite.ts';
import type { Side } from './sides.ts';

/** What the tests import, in the versions of their own lock file or the nearest. */
const TEST_PACKAGES = [
  'async@2.6.4',
  'bluebird@3.7.2',
  'co@4.6.0',
  'expect.js@0.3.1',
  'lodash@4.17.21',
  'mocha@10.8.2',
];
/** Packages of the source that the tests of another import by name. */
const OWN_PACKAGES = ['pg', 'pg-pool', 'pg-cursor'];
/** One file of the client's tests ends within this, milliseconds. */
const FILE_LIMIT_MS = 120_000;
/** One test of mocha's ends within this, milliseconds: its two seconds are little for a busy machine. */
const TEST_LIMIT_MS = 60_000;

export const NODE_POSTGRES: OwnSuite = {
  name: 'node-postgres',
  sourcePackage: 'node-postgres',
  needs: [],
  prepare: ({ source, folder }) => {
    // Where Node.js looks for them from the source.
    if (!existsSync(join(folder, 'node_modules/mocha')))
      run('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, ...TEST_PACKAGES], folder);
    const links = join(source?.directory ?? '', 'node_modules');
    mkdirSync(links, { recursive: true });
    for (const name of OWN_PACKAGES)
      if (!existsSync(join(links, name))) symlinkSync(`../packages/${name}`, join(links, name));
  },
  run: nodePostgres,
};

async function nodePostgres(place: Place, side: Side): Promise<Outcomes> {
  const packages = join(place.source?.directory ?? '', 'packages');
  const { PGSSLROOTCERT } = side.env;
  // The tests make their own connections by the variables, so Node.js has to know the authority.
  const env = { ...side.env, ...(PGSSLROOTCERT === undefined ? {} : { NODE_EXTRA_CA_CERTS: PGSSLROOTCERT }) };
  const client = join(packages, 'pg');
  await runProgram(process.execPath, ['script/create-test-tables.js'], { cwd: client, env, limitMs: FILE_LIMIT_MS });
  const outcomes = new Map<string, Ended>();
  const files = readdirSync(join(client, 'test/integration'), { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('-tests.js')).toSorted()) {
    const path = join('test/integration', file);
    const ran = await runProgram(process.execPath, [path], { cwd: client, env, limitMs: FILE_LIMIT_MS });
    outcomes.set(`pg/${file}`, { outcome: ran.code === 0 ? 'passed' : 'failed', detail: ran.stdout + ran.stderr });
  }
  const mocha = join(place.folder, 'node_modules/mocha/bin/mocha.js');
  for (const name of ['pg-cursor', 'pg-pool']) {
    const cwd = join(packages, name);
    const tests = readdirSync(join(cwd, 'test')).filter((file) => file.endsWith('.js') && file !== 'setup.js');
    const options = ['--exit', '--timeout', String(TEST_LIMIT_MS), '--reporter', 'json-stream'];
    const args = [mocha, ...options, ...tests.toSorted().map((file) => join('test', file))];
    const { stdout } = await runProgram(process.execPath, args, { cwd, env, limitMs: place.limitMs });
    for (const [test, ended] of readMochaStream(name, stdout)) outcomes.set(test, ended);
  }
  return outcomes;
}
