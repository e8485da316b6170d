import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isOnPath, runProgram } from '../harness/program.ts';

const STORE = path.join(import.meta.dirname, '../../agent-tunnel/src/identity/open-credential-store.ts');

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'sluice-keychain-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Writes in one process and reads in another one, as two commands do. */
const script = (choice: string) => `
  import { openCredentialStore } from ${JSON.stringify(STORE)};
  const store = await openCredentialStore({ choice: ${JSON.stringify(choice)}, directory: process.argv[1], uid: process.getuid(), warn: (message) => console.error(message) });
  if (process.argv[2] === 'write') await store.write('https://gateway', 'refresh-token');
  console.log(JSON.stringify([store.kind, await store.read('https://gateway'), await store.read('https://other')]));
  if (process.argv[2] === 'remove') console.log(await store.remove('https://gateway'), await store.read('https://gateway'));
  process.exit();`;

const env = () => ({
  HOME: home,
  XDG_DATA_HOME: path.join(home, 'data'),
  XDG_RUNTIME_DIR: home,
  DBUS_SESSION_BUS_ADDRESS: '',
});
const inNode = (choice: string, verb: string) => [
  process.execPath,
  '--input-type=module-typescript',
  '-e',
  script(choice),
  '--',
  path.join(home, 'sluice'),
  verb,
];

describe.skipIf(!isOnPath('dbus-run-session') || !isOnPath('gnome-keyring-daemon'))('with a keychain', () => {
  it('the sign-in lives in it, from one command to the next, and no file is made', async () => {
    const quoted = (verb: string) =>
      inNode('keychain', verb)
        .map((word) => `'${word.replaceAll("'", "'\\''")}'`)
        .join(' ');
    const session = `printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null && ${quoted('write')} && ${quoted('remove')}`;
    const done = await runProgram('dbus-run-session', ['--', 'bash', '-c', session], {
      env: { ...env(), DBUS_SESSION_BUS_ADDRESS: '' },
    });
    expect(done.stdout).toBe('["keychain","refresh-token",null]\n["keychain","refresh-token",null]\ntrue null\n');
    expect(await readdir(home)).not.toContain('sluice');
  });
});

describe('without a keychain', () => {
  const run = (choice: string, verb: string) => {
    const [node = '', ...args] = inNode(choice, verb);
    return runProgram(node, args, { env: { ...env(), DBUS_SESSION_BUS_ADDRESS: `unix:path=${home}/nothing` } });
  };

  it('the sign-in lives in an encrypted file, and one warning says what that means', async () => {
    const done = await run('auto', 'write');
    expect(done).toMatchObject({ code: 0, stdout: '["file","refresh-token",null]\n' });
    expect(done.stderr.trim().split('\n')).toEqual([
      expect.stringMatching(
        /^no keychain here \(.+\): your sign-in is kept in .*whoever can read your files can use it\.$/,
      ),
    ]);
    expect(await run('file', 'remove')).toMatchObject({
      stdout: '["file","refresh-token",null]\ntrue null\n',
      stderr: '',
    });
  });

  it('whoever insists on the keychain gets an error', async () => {
    expect(await run('keychain', 'write')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the keychain cannot be used'),
    });
  });
});
