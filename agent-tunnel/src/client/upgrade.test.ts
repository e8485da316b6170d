import { describe, expect, it } from 'vitest';
import { gatewayVersions, upgradeAdvice } from './upgrade.ts';

describe('what a gateway says of versions', () => {
  it.each([
    ['both', { 'sluice-version': '1.2.3', 'sluice-oldest-client': '1.0.0' }, true],
    ['none', {}, false],
    ['one', { 'sluice-version': '1.2.3' }, false],
    ['words', { 'sluice-version': 'run rm -rf', 'sluice-oldest-client': '1.0.0' }, false],
    ['an escape', { 'sluice-version': '1.2.3\u001b[2J', 'sluice-oldest-client': '1.0.0' }, false],
    ['two of one', { 'sluice-version': ['1.2.3', '1.2.4'], 'sluice-oldest-client': '1.0.0' }, false],
  ])('%s', (_name, headers, isTaken) => {
    expect(gatewayVersions(headers) !== null).toBe(isTaken);
  });

  it.each([
    ['0.9.9', 'needed'],
    ['1.0.0', 'possible'],
    ['1.2.2', 'possible'],
    ['1.2.3', 'none'],
    ['1.10.0', 'none'],
    ['2.0.0', 'none'],
  ])('a client %s: an upgrade is %s', (own, advice) => {
    expect(upgradeAdvice(own, { gateway: '1.2.3', oldestClient: '1.0.0' })).toBe(advice);
  });
});
