/** The way to the gateway, step by step: proxy, name, port, certificate. */
import { lookup } from 'node:dns/promises';
import net from 'node:net';
import tls from 'node:tls';
import { type Finding, ok, skipped, warn, wrong } from './finding.ts';

const STEP_TIMEOUT_MS = 5_000;
const DAY_MS = 86_400_000;
const CERTIFICATE_WARNING_DAYS = 14;

/** `proxy`: the one that is taken to the gateway; null for the direct way. Its password is not shown. */
export function checkProxy(proxy: URL | null): Finding {
  return ok('proxy', proxy === null ? 'none: the way is direct' : `the way is by ${proxy.protocol}//${proxy.host}`);
}

export async function checkDns(gateway: URL): Promise<Finding> {
  const host = hostOf(gateway);
  if (net.isIP(host) !== 0) return skipped('dns', `${host} is an address`);
  try {
    const addresses = await lookup(host, { all: true });
    return ok('dns', `${host} is ${addresses.map(({ address }) => address).join(', ')}`);
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOTFOUND'
      ? wrong('dns', `nobody knows the name ${host}`, 'Check the spelling; behind a VPN, whether it is up.')
      : wrong(
          'dns',
          `the name server did not answer for ${host} (${code})`,
          'Check the network, and /etc/resolv.conf.',
        );
  }
}

export async function checkPort(gateway: URL): Promise<Finding> {
  const socket = net.connect({ host: hostOf(gateway), port: portOf(gateway) });
  try {
    await settled(socket, 'connect');
    return ok('port', `${gateway.host} takes connections`);
  } catch (error) {
    const code = codeOf(error);
    return code === 'ECONNREFUSED'
      ? wrong('port', `nothing listens at ${gateway.host}`, 'Check the port; ask whether the gateway runs.')
      : wrong('port', `${gateway.host} cannot be reached (${code})`, 'Check the network, VPN and firewall on the way.');
  } finally {
    socket.destroy();
  }
}

/** Nothing is sent: a certificate that nobody vouches for is looked at, and not trusted. */
export async function checkCertificate(gateway: URL, ca: string | null, now: number): Promise<Finding> {
  const host = hostOf(gateway);
  const socket = tls.connect({
    ...{ host, port: portOf(gateway), ALPNProtocols: ['http/1.1'], rejectUnauthorized: false },
    ...(net.isIP(host) === 0 && { servername: host }),
    ...(ca !== null && { ca }),
  });
  try {
    await settled(socket, 'secureConnect');
    const certificate = socket.getPeerCertificate();
    const until = Date.parse(certificate.valid_to);
    if (socket.authorized) {
      const days = Math.floor((until - now) / DAY_MS);
      const words = `${socket.getProtocol() ?? 'TLS'}, a certificate for ${days} more days`;
      return days < CERTIFICATE_WARNING_DAYS
        ? warn('tls', words, 'Tell the administrator: the gateway’s certificate ends soon.')
        : ok('tls', words);
    }
    const why = String(socket.authorizationError);
    if (/EXPIRED/.test(why))
      return wrong(
        'tls',
        `the certificate ended on ${certificate.valid_to}`,
        'If your clock is right, tell the administrator.',
      );
    if (/NOT_YET_VALID/.test(why))
      return wrong('tls', `the certificate begins on ${certificate.valid_from}`, 'Check your clock first.');
    if (/ALTNAME/.test(why))
      return wrong('tls', `the certificate is not for ${host}`, 'Use the name that the administrator gave you.');
    return wrong(
      'tls',
      `no authority that is trusted here vouches for the certificate (${why})`,
      ca === null
        ? 'Give the gateway’s authority: `--ca FILE` or SLUICE_CA.'
        : 'The authority in `--ca` (SLUICE_CA, settings) is another one, or old: get the gateway’s present one.',
    );
  } catch (error) {
    return wrong('tls', `no TLS there (${codeOf(error)})`, 'Check the port: the gateway’s tunnel port speaks TLS 1.3.');
  } finally {
    socket.destroy();
  }
}

function settled(socket: net.Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(STEP_TIMEOUT_MS, () =>
      reject(Object.assign(new Error('no answer'), { code: 'no answer in 5 s' })),
    );
    socket.once(event, () => resolve());
    socket.on('error', reject);
    socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'it closed the connection' })));
  });
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function portOf({ port }: URL): number {
  return port === '' ? 443 : Number(port);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
