import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { MAX_DURATION_MS, parseDuration } from './duration.ts';
import { parseEndpoint } from './endpoint.ts';
import { nearest } from './nearest.ts';
import { Secret } from './secret.ts';

describe('durations', () => {
  it.each([
    ['250ms', 250],
    ['1s', 1_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['90d', 7_776_000_000],
    ['1w', 604_800_000],
    ['7y', 7 * 366 * 86_400_000],
    ['100y', MAX_DURATION_MS],
  ])('%s is %i milliseconds', (text, milliseconds) => expect(parseDuration(text)).toBe(milliseconds));

  it.each(['', '0s', '15', '-1m', '1.5h', '15 m', '15M', '1h30m', '101y', '9999999999s', 'm'])('"%s" is none', (text) =>
    expect(parseDuration(text)).toBeNull(),
  );
});

describe('endpoints', () => {
  it.each([
    ['127.0.0.1:6432', { host: '127.0.0.1', port: 6432 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:65535', { host: '::1', port: 65_535 }],
    ['gw.internal:443', { host: 'gw.internal', port: 443 }],
  ])('%s is one', (text, endpoint) => expect(parseEndpoint(text)).toEqual(endpoint));

  it.each([
    '',
    '6432',
    ':6432',
    '127.0.0.1',
    '127.0.0.1:',
    '127.0.0.1:65536',
    '::1:6432',
    '[::g]:1',
    'a b:1',
    '*:1',
    'h:1/x',
  ])('"%s" is none', (text) => expect(parseEndpoint(text)).toBeNull());
});

describe('the nearest word', () => {
  const words = ['listen', 'limits', 'dataDir', 'for'];
  it.each([
    ['lisen', 'listen'],
    ['lsiten', 'listen'],
    ['LIMITS', 'limits'],
    ['datadir', 'dataDir'],
    ['fro', 'for'],
    ['zebra', null],
    ['', null],
    ['x'.repeat(100_000), null],
  ])('of "%.10s" is %s', (word, expected) => expect(nearest(word, words)).toBe(expected));
});

describe('a secret', () => {
  const secret = new Secret('hunter2');

  it('gives its value to who asks for it', () => expect(secret.reveal()).toBe('hunter2'));

  it.each([
    ['a template', () => `${String(secret)}, ${[secret].join()}`],
    ['concatenation', () => 'x' + secret],
    ['JSON', () => JSON.stringify({ secret })],
    ['inspection', () => inspect({ secret }, { depth: 9, showHidden: true })],
    ['String()', () => String(secret)],
    ['copying', () => JSON.stringify(Object.assign({}, secret))],
    ['its keys and values', () => JSON.stringify([Object.entries(secret), Reflect.ownKeys(secret)])],
    ['an error message', () => inspect(new Error('x', { cause: secret }))],
  ])('does not show in %s', (_, show) => expect(show()).not.toContain('hunter2'));
});
