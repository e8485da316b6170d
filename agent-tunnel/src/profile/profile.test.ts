import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listProfiles, parseProfile, readProfile, storePort, writeProfile } from './profile.ts';

const UID = process.getuid?.() ?? 0;
const VALID = 'tunnels:\n  - resource: orders-db\n    port: 15432\n';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'sluice-profiles-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it.each([
  ['an unknown key', 'tunnels:\n  - resource: a\n    prot: 1\n', /work\.yaml:2: tunnels\.0/],
  ['a privileged port', 'tunnels:\n  - resource: a\n    port: 80\n', /work\.yaml:3: tunnels\.0\.port/],
  ['a resource twice', 'tunnels:\n  - resource: a\n  - resource: a\n', /names a resource twice/],
  ['a port twice', 'tunnels:\n  - { resource: a, port: 2000 }\n  - { resource: b, port: 2000 }\n', /uses a port twice/],
  ['no tunnel', 'tunnels: []\n', /tunnels/],
  ['no YAML', 'tunnels: [\n', /work\.yaml/],
  ['a key twice', 'tunnels:\n  - resource: a\n    resource: b\n', /unique/],
])('%s is refused, with its place', (_, text, message) => {
  expect(() => parseProfile(text, 'work.yaml')).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) }),
  );
});

it('aliases that would grow are not followed', () => {
  const bomb = `a: &a [x, x]\nb: &b [*a, *a]\ntunnels: *b\n`;
  expect(() => parseProfile(bomb, 'work.yaml')).toThrow();
});

it('a link, and a name that leads elsewhere, are not read', async () => {
  await writeFile(path.join(directory, 'real.txt'), VALID, { mode: 0o600 });
  await symlink(path.join(directory, 'real.txt'), path.join(directory, 'work.yaml'));
  await expect(readProfile(directory, 'work', UID)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  await expect(readProfile(directory, '../work', UID)).rejects.toMatchObject({ code: 'USAGE' });
  await expect(readProfile(directory, 'none', UID)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('one that belongs to somebody else is not read', async () => {
  await writeProfile(directory, 'work', VALID);
  await expect(readProfile(directory, 'work', UID + 1)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

it('a stored port leaves the rest of the file as it was', async () => {
  await writeProfile(directory, 'work', `# why\n${VALID}# end\n`);
  await storePort(directory, 'work', 'orders-db', 15_440);
  expect(await readFile(path.join(directory, 'work.yaml'), 'utf8')).toBe(
    '# why\ntunnels:\n  - resource: orders-db\n    port: 15440\n\n# end\n',
  );
  expect(await listProfiles(directory)).toEqual(['work']);
  await expect(writeProfile(directory, 'work', VALID)).rejects.toMatchObject({ code: 'USAGE' });
});
