import { expect, it } from 'vitest';
import { proxyFor } from './client/proxy.ts';
import { readProxySettings } from './settings-proxy.ts';

it.each([
  [{}, undefined, null],
  [{ HTTPS_PROXY: 'http://p:3128' }, undefined, 'http://p:3128/'],
  [{ https_proxy: 'p:3128' }, undefined, 'http://p:3128/'],
  [{ HTTPS_PROXY: 'http://p:3128' }, 'http://file:1', 'http://file:1/'],
  [{ SLUICE_PROXY: 'https://own:443', HTTPS_PROXY: 'http://p:3128' }, 'http://file:1', 'https://own/'],
  [{ SLUICE_PROXY: 'direct', HTTPS_PROXY: 'http://p:3128' }, 'http://file:1', null],
])('of %j and the file’s %s it is %s', (environment, file, expected) => {
  expect(readProxySettings(environment, file)?.url.href ?? null).toBe(expected);
});

it('an address that is none is refused without being quoted', () => {
  expect(() => readProxySettings({ HTTPS_PROXY: 'socks5://u:secret@p' }, undefined)).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.not.stringContaining('secret') }),
  );
});

it.each([
  ['corp.test', 'https://gateway.corp.test', true],
  ['.corp.test', 'https://gateway.corp.test', true],
  ['*.corp.test', 'https://gateway.corp.test', true],
  ['corp.test', 'https://evilcorp.test', false],
  ['gateway.corp.test:7443', 'https://gateway.corp.test:7443', true],
  ['gateway.corp.test:7443', 'https://gateway.corp.test', false],
  ['127.0.0.1', 'https://127.0.0.1:7443', true],
  ['::1', 'https://[::1]:7443', true],
  ['[::1]:7443', 'https://[::1]:7443', true],
  ['*', 'https://anything.test', true],
])('NO_PROXY=%s lets %s go directly: %s', (entry, target, isDirect) => {
  const settings = { url: new URL('http://p:3128'), except: [entry] };
  expect(proxyFor(new URL(target), settings) === null).toBe(isDirect);
});
