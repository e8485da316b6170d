/** Completion scripts in the shells themselves: commands, options, choices, files, and names of resources asked for live. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInForDemo } from '../../gateway/src/demo/identity-provider-client.ts';
import { isOnPath, runProgram } from '../harness/program.ts';
import { type Home, MAIN, makeHome } from '../harness/sluice.ts';
import { type StubGateway, startStubGateway } from '../harness/stub-gateway.ts';

const PERSON = { username: 'analyst', password: 'correct horse' };

let gateway: StubGateway;
let home: Home;
/** With `sluice` on the path. */
let env: Record<string, string>;
beforeAll(async () => {
  gateway = await startStubGateway({
    principals: {
      users: [{ ...PERSON, name: 'Ana Lyst', email: 'ana@corp.test', groups: ['analysts'] }],
      agents: [],
    },
    database: null,
  });
  home = await makeHome({});
  const bin = path.join(home.directory, 'bin');
  await mkdir(bin);
  await writeFile(path.join(bin, 'sluice'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  await chmod(path.join(bin, 'sluice'), 0o755);
  await writeFile(path.join(home.directory, 'ca.pem'), gateway.port.ca);
  const { accessToken } = await signInForDemo({ issuer: gateway.issuer, ...PERSON });
  await writeFile(path.join(home.directory, 'token'), accessToken, { mode: 0o600 });
  env = {
    ...home.environment,
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    SLUICE_GATEWAY: gateway.port.gateway.origin,
    SLUICE_CA: path.join(home.directory, 'ca.pem'),
    SLUICE_TOKEN_FILE: path.join(home.directory, 'token'),
  };
  for (const shell of ['bash', 'zsh', 'fish']) {
    const script = await home.sluice(['completion', shell]);
    await writeFile(path.join(home.directory, `sluice.${shell}`), script.stdout);
  }
});
afterAll(async () => {
  await home?.remove();
  await gateway?.close();
});

/** What is typed, with the word under the cursor last; and some of what is offered for it, and what is not. */
const CASES: readonly (readonly [words: readonly string[], offered: readonly string[], not: readonly string[]])[] = [
  [['sluice', ''], ['login', 'requests', 'doctor'], ['approve']],
  [['sluice', 'req'], ['requests'], ['login']],
  [['sluice', 'requests', ''], ['ls', 'approve', 'watch'], ['login']],
  [['sluice', 'requests', 'approve', '--'], ['--note', '--max-rows', '--gateway'], ['--state']],
  [['sluice', '--gateway', 'https://x', 'requests', ''], ['approve'], ['login']],
  [['sluice', 'connect', '--print', ''], ['env', 'uri', 'json'], ['orders-db']],
  [['sluice', 'connect', ''], ['orders-db', 'payroll'], ['login']],
  [['sluice', 'run', 'orders-db', 'pay'], ['payroll'], ['orders-db']],
  [['sluice', 'connect', '--ca', 'ca'], ['ca.pem'], ['orders-db']],
];

const SHELLS: Readonly<Record<string, (words: readonly string[]) => readonly string[]>> = {
  bash: (words) => [
    '--norc',
    '-c',
    'source ./sluice.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sluice; printf "%s\\n" "${COMPREPLY[@]}"',
    'bash',
    ...words,
  ],
  // Without a terminal there is no completion system; what it would be called with is what counts.
  zsh: (words) => [
    '-f',
    '-c',
    'compdef() { : }; compadd() { shift; print -l -- ${(M)@:#$words[CURRENT]*} }; _files() { print -l -- *(N) }; source ./sluice.zsh; words=("$@"); CURRENT=$#; _sluice',
    'zsh',
    ...words,
  ],
  fish: (words) => ['--no-config', '-c', 'source ./sluice.fish; complete -C "$argv"', ...words],
};

describe.each(['bash', 'zsh', 'fish'].filter(isOnPath))('%s', (shell) => {
  it.each(CASES)('completes %j', async (words, offered, not) => {
    const done = await runProgram(shell, SHELLS[shell]?.(words) ?? [], { env, cwd: home.directory });
    expect(done).toMatchObject({ code: 0, stderr: '' });
    const found = done.stdout.split('\n').map((line) => line.split('\t')[0]);
    expect(found).toEqual(expect.arrayContaining([...offered]));
    for (const other of not) expect(found).not.toContain(other);
  });
});

it('names nothing, and says nothing, where nobody is signed in', async () => {
  expect(await home.sluice(['completion', 'resources'])).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  expect((await home.sluice(['completion', 'tcsh'])).code).toBe(64);
});
