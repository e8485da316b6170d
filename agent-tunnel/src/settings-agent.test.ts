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
      certificate: null,
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
      certificate: null,
    });
  });

  it('the environment wins, and its proof replaces the other kind', () => {
    const file = { clientId: 'nightly', clientSecretFile: '/secret' };
    expect(readAgentSettings({ SLUICE_WORKLOAD_TOKEN_FILE: '/token' }, file, '/')).toMatchObject({
      clientSecretFile: null,
      workloadTokenFile: '/token',
    });
  });

  it('its certificate is a proof by itself, or comes with one', () => {
    const file = { clientId: 'nightly', clientCertificateFile: 'pod.pem', clientKeyFile: 'pod.key' };
    const certificate = { certificateFile: '/etc/sluice/pod.pem', keyFile: '/etc/sluice/pod.key' };
    const none = { clientSecretFile: null, workloadTokenFile: null };
    expect(readAgentSettings({}, file, '/etc/sluice')).toMatchObject({ ...none, certificate });
    const environment = {
      ...{ SLUICE_AGENT: 'nightly', SLUICE_CLIENT_CERTIFICATE_FILE: '/c', SLUICE_CLIENT_KEY_FILE: '/k' },
      SLUICE_CLIENT_SECRET_FILE: '/secret',
    };
    expect(readAgentSettings(environment, undefined, '/')).toMatchObject({
      clientSecretFile: '/secret',
      certificate: { certificateFile: '/c', keyFile: '/k' },
    });
  });

  it.each([
    ['a certificate without its key', { SLUICE_AGENT: 'a', SLUICE_CLIENT_CERTIFICATE_FILE: '/c' }],
    ['a key without its certificate', { SLUICE_AGENT: 'a', SLUICE_CLIENT_KEY_FILE: '/k' }],
    ['no proof', { SLUICE_AGENT: 'a' }],
    ['two proofs', { SLUICE_AGENT: 'a', SLUICE_WORKLOAD_TOKEN_FILE: '/t', SLUICE_CLIENT_SECRET_FILE: '/s' }],
  ])('with %s is a mistake', (_name, environment) => {
    expect(() => readAgentSettings(environment, undefined, '/')).toThrow(SluiceError);
  });
});
