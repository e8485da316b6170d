import { SluiceError } from '@sluice/contract/errors';
import { describe, expect, it } from 'vitest';
import { readAgentSettings } from './settings-agent.ts';

describe('an agent that signs in by itself', () => {
  it('is nobody unless named', () => {
    expect(readAgentSettings({ SLUICE_WORKLOAD_TOKEN_FILE: '/token' }, undefined, '/etc/sluice')).toBe(null);
  });

  it('comes from the environment alone', () => {
    const environment = { SLUICE_AGENT: 'nightly', SLUICE_WORKLOAD_TOKEN_FILE: '/var/run/token', SLUICE_ISSUER: '' };
    expect(readAgentSettings(environment, undefined, '/etc/sluice')).toEqual({
      clientId: 'nightly',
      issuer: null,
      clientSecretFile: null,
      workloadTokenFile: '/var/run/token',
      onBehalfOfTokenFile: null,
    });
  });

  it('comes from a file alone, whose paths are its directory’s', () => {
    const file = { clientId: 'nightly', issuer: 'company', clientSecretFile: 'secret', onBehalfOfTokenFile: '/ann' };
    expect(readAgentSettings({}, file, '/etc/sluice')).toEqual({
      clientId: 'nightly',
      issuer: 'company',
      clientSecretFile: '/etc/sluice/secret',
      workloadTokenFile: null,
      onBehalfOfTokenFile: '/ann',
    });
  });

  it('the environment wins, and its proof replaces the other kind', () => {
    const file = { clientId: 'nightly', clientSecretFile: '/secret' };
    expect(readAgentSettings({ SLUICE_WORKLOAD_TOKEN_FILE: '/token' }, file, '/')).toMatchObject({
      clientSecretFile: null,
      workloadTokenFile: '/token',
    });
  });

  it.each([
    ['no proof', { SLUICE_AGENT: 'a' }],
    ['two proofs', { SLUICE_AGENT: 'a', SLUICE_WORKLOAD_TOKEN_FILE: '/t', SLUICE_CLIENT_SECRET_FILE: '/s' }],
  ])('with %s is a mistake', (_name, environment) => {
    expect(() => readAgentSettings(environment, undefined, '/')).toThrow(SluiceError);
  });
});
