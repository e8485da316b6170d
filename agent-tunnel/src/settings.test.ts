import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseGateway, readSettings, rememberSettings } from './settings.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'sluice-settings-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const configDirectory = () => path.join(home, '.config/sluice');

it('an option is stronger than the environment, which is stronger than the file; an empty variable counts as none', async () => {
  await rememberSettings(configDirectory(), { gateway: 'https://file:1', ca: '/file.pem' });
  const env = { HOME: home, SLUICE_GATEWAY: 'https://env:2', SLUICE_CA: '' };
  expect(await readSettings({ gateway: 'https://option:3' }, env)).toMatchObject({
    gateway: new URL('https://option:3'),
    caFile: '/file.pem',
  });
  expect(await readSettings({}, env)).toMatchObject({
    gateway: new URL('https://env:2'),
    tokenFile: null,
    credentials: 'auto',
  });
  expect(await readSettings({}, { HOME: home })).toMatchObject({
    gateway: new URL('https://file:1'),
    configDirectory: configDirectory(),
  });
});

it('what is remembered is added to what was, for the owner only', async () => {
  await rememberSettings(configDirectory(), { gateway: 'https://a:1' });
  await rememberSettings(configDirectory(), { ca: '/ca.pem' });
  const file = path.join(configDirectory(), 'config.json');
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ gateway: 'https://a:1', ca: '/ca.pem' });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it.each(['{', '{"gatway":"https://a"}', '{"gateway":7}', '[]'])(
  'a settings file with %s is named, not guessed',
  async (text) => {
    await mkdir(configDirectory(), { recursive: true });
    await writeFile(path.join(configDirectory(), 'config.json'), text);
    await expect(readSettings({}, { HOME: home })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('config.json'),
    });
  },
);

it.each([
  ['gateway.example.com:7443', 'https://gateway.example.com:7443/'],
  ['https://[::1]:7443', 'https://[::1]:7443/'],
])('%s is a gateway', (text, href) => {
  expect(parseGateway(text).href).toBe(href);
});

it.each(['http://gateway.example.com', 'https://user:pw@host', 'https://host/path', 'ftp://host', '', 'https://'])(
  '%j is none',
  (text) => {
    expect(() => parseGateway(text)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  },
);

it('tunnels travel as the environment says, else the file, else as it turns out; another word is told', async () => {
  const env = { HOME: home, SLUICE_TRANSPORT: '' };
  expect(await readSettings({}, env)).toMatchObject({ transport: 'auto' });
  await rememberSettings(configDirectory(), { transport: 'websocket' });
  expect(await readSettings({}, env)).toMatchObject({ transport: 'websocket' });
  expect(await readSettings({}, { ...env, SLUICE_TRANSPORT: 'tls' })).toMatchObject({ transport: 'tls' });
  await expect(readSettings({}, { ...env, SLUICE_TRANSPORT: 'quic' })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('SLUICE_TRANSPORT'),
  });
});

it('whether tokens are bound to a key: environment before the agent’s own setting before everybody’s', async () => {
  const env = { HOME: home };
  expect(await readSettings({}, env)).toMatchObject({ dpop: 'auto' });
  await rememberSettings(configDirectory(), { dpop: 'off' });
  expect(await readSettings({}, env)).toMatchObject({ dpop: 'off' });
  const agent = { clientId: 'nightly', clientSecretFile: 'secret', dpop: 'required' } as const;
  await rememberSettings(configDirectory(), { agent });
  expect(await readSettings({}, env)).toMatchObject({ dpop: 'required' });
  expect(await readSettings({}, { ...env, SLUICE_DPOP: 'auto' })).toMatchObject({ dpop: 'auto' });
  await expect(readSettings({}, { ...env, SLUICE_DPOP: 'yes' })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});
