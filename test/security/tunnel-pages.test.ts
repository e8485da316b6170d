/** Web pages in a real browser on the same machine: what they reach of a tunnel. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Tunnel } from '../../agent-tunnel/src/tunnel/tunnel.ts';
import { type Chromium, hasChromium, openInChromium } from '../harness/chromium.ts';
import { startTunnelPort, type TunnelPort } from '../harness/tunnel-port.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** Every way to the machine itself; the last is a name of the attacker's that a second look-up leads here. */
const HOSTS = ['127.0.0.1', '[::1]', '0.0.0.0', 'localhost', 'rebound.attacker.test'];
const WAYS = ['fetch', 'fetch-post', 'https', 'form', 'websocket', 'wss', 'image', 'script', 'beacon'];

let gateway: TunnelPort;
let tunnel: Tunnel;
let port: number;
let browser: Chromium | null = null;
const servers: Server[] = [];

beforeEach(async () => {
  gateway = await startTunnelPort({ serve: (stream) => void stream.pipe(stream) });
  tunnel = new Tunnel({
    ...{ gateway: gateway.gateway, ca: gateway.ca, resource: 'orders-db', sessionId: 's1' },
    token: async () => 'good',
    place: { kind: 'tcp', port: 0 },
  });
  const endpoint = await tunnel.open();
  if (endpoint.kind !== 'tcp') throw new Error('expected a port');
  port = endpoint.port;
});
afterEach(async () => {
  await browser?.stop();
  browser = null;
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
  await tunnel.close();
  await gateway.close();
});

type Attempt = { readonly host: string; readonly way: string; readonly outcome: string };

/** Runs all attempts against a port from a page of the attacker's, and gives back what the page says of them. */
async function attack(target: number): Promise<readonly Attempt[]> {
  const { promise: told, resolve: tell } = Promise.withResolvers<readonly Attempt[]>();
  const site = createServer((request, response) => {
    if (request.method === 'POST') {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        tell(JSON.parse(Buffer.concat(chunks).toString()) as readonly Attempt[]);
        response.end();
      });
      return;
    }
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(page(target));
  });
  const url = await listening(site);
  browser = await openInChromium(new URL(`http://attacker.test:${url.port}/`), {
    'attacker.test': '127.0.0.1',
    '*.attacker.test': '127.0.0.1',
  });
  return await told;
}

async function listening(server: Server, host = '127.0.0.1'): Promise<AddressInfo> {
  servers.push(server);
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return address;
}

it.skipIf(!hasChromium())(
  'no page gets a byte through a tunnel’s port, by any way and any name of the machine',
  async () => {
    const dropped: string[] = [];
    tunnel.on('dropped', ({ reason }) => dropped.push(reason));
    const attempts = await attack(port);
    expect(attempts).toHaveLength(HOSTS.length * WAYS.length);
    const answered = attempts.filter(({ outcome }) => outcome === 'answered');
    expect(answered).toEqual([]);
    expect(gateway.events).toEqual([]);
    expect(gateway.opened).toEqual([]);
    // They did reach the port: nothing else kept them away.
    expect(dropped.length).toBeGreaterThanOrEqual(HOSTS.length);
    expect(new Set(dropped)).toEqual(new Set(['the program does not speak the PostgreSQL protocol']));
  },
);

it.skipIf(!hasChromium())('the same page reaches a port that answers pages', async () => {
  const reached = new Set<string>();
  const control = createServer((request, response) => {
    reached.add((request.headers.host ?? '').replace(/:\d+$/, ''));
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end('open');
  });
  const { port: open } = await listening(control, '::');
  const attempts = await attack(open);
  expect(attempts.some(({ way, outcome }) => way === 'fetch' && outcome === 'answered')).toBe(true);
  for (const host of ['127.0.0.1', '[::1]', 'rebound.attacker.test']) expect(reached).toContain(host);
});

function page(target: number): string {
  return `<!doctype html><title>nothing to see</title><body><script>
const target = ${target};
const limit = (work) => Promise.race([work, new Promise((resolve) => setTimeout(() => resolve("silent"), 60000))]);
const asFetch = (work) => work.then(() => 'answered', () => 'failed');
const element = (name, url) => new Promise((resolve) => {
  const made = document.createElement(name);
  made.onload = () => resolve('answered');
  made.onerror = () => resolve('failed');
  made.src = url;
  document.body.append(made);
});
const socket = (url) => new Promise((resolve) => {
  const opened = new WebSocket(url);
  opened.onopen = () => resolve('answered');
  opened.onerror = () => resolve('failed');
});
const ways = {
  'fetch': (host) => asFetch(fetch('http://' + host + ':' + target + '/', { mode: 'no-cors' })),
  'fetch-post': (host) => asFetch(fetch('http://' + host + ':' + target + '/', { mode: 'no-cors', method: 'POST', body: '\\0\\0\\0\\x08\\x04\\xd2\\x16\\x2f' })),
  'https': (host) => asFetch(fetch('https://' + host + ':' + target + '/', { mode: 'no-cors' })),
  'form': (host) => {
    const frame = document.createElement('iframe');
    frame.name = 'f' + Math.random();
    const form = document.createElement('form');
    form.method = 'post';
    form.target = frame.name;
    form.enctype = 'text/plain';
    form.action = 'http://' + host + ':' + target + '/';
    document.body.append(frame, form);
    form.submit();
    return Promise.resolve('sent');
  },
  'websocket': (host) => socket('ws://' + host + ':' + target + '/'),
  'wss': (host) => socket('wss://' + host + ':' + target + '/'),
  'image': (host) => element('img', 'http://' + host + ':' + target + '/x.png'),
  'script': (host) => element('script', 'http://' + host + ':' + target + '/x.js'),
  'beacon': (host) => Promise.resolve(navigator.sendBeacon('http://' + host + ':' + target + '/', 'x') ? 'sent' : 'failed'),
};
(async () => {
  const attempts = [];
  for (const host of ${JSON.stringify(HOSTS)})
    await Promise.all(${JSON.stringify(WAYS)}.map(async (way) => {
      attempts.push({ host, way, outcome: await limit(Promise.resolve().then(() => ways[way](host)).catch(() => 'failed')) });
    }));
  await fetch('/told', { method: 'POST', body: JSON.stringify(attempts) });
})();
</script>`;
}
