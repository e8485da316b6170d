/** Which proxy, from environment and settings file. */
import { SluiceError } from '@sluice/contract/errors';
import type { ProxySettings } from './client/proxy.ts';

/**
 * `SLUICE_PROXY`, else `proxy` of the settings file, else what other programs go by (`HTTPS_PROXY`, `ALL_PROXY`); with
 * the exceptions of `NO_PROXY`. `SLUICE_PROXY=direct` turns all of them off. Throws `CONFIG_INVALID`.
 */
export function readProxySettings(
  environment: Readonly<Record<string, string | undefined>>,
  inFile: string | undefined,
): ProxySettings | null {
  const [text] = [
    environment['SLUICE_PROXY'],
    inFile,
    ...['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].map((name) => environment[name]),
  ].filter(Boolean);
  if (text === undefined || text === 'direct') return null;
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    // Not quoted: it may hold a password.
    throw new SluiceError('CONFIG_INVALID', 'the address of the proxy is none that can be used', {
      remedy: 'Give http://HOST:PORT or https://HOST:PORT, as SLUICE_PROXY or HTTPS_PROXY.',
    });
  }
  const except = (environment['NO_PROXY'] || environment['no_proxy'] || '').split(/[\s,]+/).filter(Boolean);
  return { url, except };
}
