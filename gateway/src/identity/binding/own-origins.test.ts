import { expect, it } from 'vitest';
import { createAuthority } from '../../demo/local-authority.ts';
import { OwnOrigins } from './own-origins.ts';

function certificateOf(...names: readonly string[]): string {
  return createAuthority('test', Date.now()).issue({ commonName: 'not-a-name.test', names, usage: 'server' })
    .certificatePem;
}

const includes = (origins: OwnOrigins, ...urls: readonly string[]) => urls.map((url) => origins.includes(new URL(url)));

it('what is configured counts, and nothing else', () => {
  const origins = new OwnOrigins(['https://gateway.example.test:7443', 'https://front.example.test/']);
  origins.listensOn(7443, certificateOf('localhost'));
  expect(
    includes(
      origins,
      'https://gateway.example.test:7443/x',
      'https://front.example.test:443/x',
      'https://gateway.example.test/x',
      'https://localhost:7443/',
      'http://front.example.test:443/',
    ),
  ).toEqual([true, true, false, false, false]);
});

it('otherwise every name of the certificate does, on the port that is listened on', () => {
  const origins = new OwnOrigins(null);
  origins.listensOn(7443, certificateOf('localhost', '127.0.0.1', '::1', '*.example.test'));
  expect(
    includes(
      origins,
      'https://localhost:7443/',
      'https://127.0.0.1:7443/',
      'https://[::1]:7443/',
      'https://a.example.test:7443/',
    ),
  ).toEqual([true, true, true, true]);
  expect(
    includes(
      origins,
      'https://localhost/',
      'https://127.0.0.2:7443/',
      'https://other.test:7443/',
      'https://a.b.example.test:7443/',
      'https://not-a-name.test:7443/',
    ),
  ).toEqual([false, false, false, false, false]);
});

it('before it is known where the gateway listens, no address is its own', () => {
  expect(includes(new OwnOrigins(null), 'https://localhost:7443/')).toEqual([false]);
});
