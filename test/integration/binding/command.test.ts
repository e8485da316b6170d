/** The real `sluice` command with tokens that are bound to a key (DPoP, RFC 9449), from the sign-in to the record. */
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FormBrowser } from '../../../gateway/src/demo/identity-provider-browser.ts';
import { entriesOf } from '../../harness/evil-site.ts';
import { type Home, makeHome, type RunningSluice } from '../../harness/sluice.ts';
import { PERSON, type Site, startSite } from './site.ts';

let site: Site;
let home: Home;
const running: RunningSluice[] = [];

beforeAll(async () => {
  site = await startSite({ issuer: { binding: 'required', boundSecrets: 'tunnel' } });
});
afterAll(() => site?.stop());
beforeEach(async () => {
  home = await makeHome({ SLUICE_CA: site.gateway.caFile, SLUICE_GATEWAY: site.gateway.url.origin });
});
afterEach(async () => {
  for (const sluice of running.splice(0)) await sluice.end('SIGKILL');
  await home.remove();
});

async function login(...args: readonly string[]): Promise<void> {
  const sluice = home.start(['login', '--no-browser', ...args]);
  running.push(sluice);
  const [url] = await sluice.until('stderr', /^http:\S+$/m);
  const browser = new FormBrowser();
  await browser.submit(await browser.open(url), PERSON);
  await sluice.until('stderr', /^Signed in .*$/m);
}

/** Everything in a directory, as text. */
async function textsBelow(directory: string): Promise<string> {
  const files = await readdir(directory, { recursive: true, withFileTypes: true });
  const texts = files
    .filter((file) => file.isFile())
    .map((file) => readFile(path.join(file.parentPath, file.name), 'latin1'));
  return (await Promise.all(texts)).join('\n');
}

describe('a person who signs in', () => {
  it('reads through a tunnel, over TLS and in a WebSocket, and the record names the key', async () => {
    await login();
    for (const transport of ['tls', 'websocket']) {
      const read = await home.sluice(['psql', 'orders-db', '-Atc', 'select 40 + 2'], {
        env: { SLUICE_TRANSPORT: transport },
      });
      expect(read).toMatchObject({ code: 0, stdout: '42\n' });
    }
    const opened = (await entriesOf(path.join(site.gateway.directory, 'data'))).filter(
      (entry) => entry.kind === 'session.opened',
    );
    expect(opened).toHaveLength(2);
    const [first, second] = opened.map(({ principal }) => principal.binding);
    expect(first).toEqual({ kind: 'dpop', thumbprint: expect.stringMatching(/^[\w-]{43}$/) });
    expect(second).toEqual(first);
  });

  it('leaves no key in any file that could be read', async () => {
    await login();
    const texts = await textsBelow(home.directory);
    expect(texts).not.toMatch(/"d"|proofKey|P-256/);
  });
});

describe('an agent', () => {
  it('proves its own key, for itself and on behalf of a person', async () => {
    const secret = path.join(home.directory, 'secret');
    await writeFile(secret, 'executor-secret\n', { mode: 0o600 });
    const person = await site.bound();
    const subject = path.join(home.directory, 'person');
    await writeFile(subject, `${person.value}\n`, { mode: 0o600 });
    const env = { SLUICE_AGENT: 'nightly-executor', SLUICE_CLIENT_SECRET_FILE: secret, SLUICE_DPOP: 'required' };
    expect(await home.sluice(['whoami'], { env })).toMatchObject({ code: 0 });
    const run = await home.sluice(
      ['run', '--on-behalf-of', subject, 'orders-db', '--', 'psql', '-d', 'service=orders-db', '-Atc', 'select 1'],
      { env },
    );
    expect(run).toMatchObject({ code: 0, stdout: '1\n' });
    const opened = (await entriesOf(path.join(site.gateway.directory, 'data'))).findLast(
      (entry) => entry.kind === 'session.opened',
    );
    expect(opened?.principal.chain).toHaveLength(2);
    expect(opened?.principal.binding).toMatchObject({ kind: 'dpop' });
    // The agent's key, not that of whom it acts for.
    expect(opened?.principal.binding?.thumbprint).not.toBe(person.key.thumbprint);
  });
});

it('where secrets of bound tokens are for tunnels only, one is no password of a direct connection', async () => {
  const minted = await site.gateway.apiWith(await site.bound()).mintSession('orders-db', 'test');
  expect(minted.native).toBeNull();
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port: site.gateway.postgresPort, database: minted.database },
    ...{ user: minted.username, password: minted.secret },
  });
  await expect(client.connect()).rejects.toMatchObject({
    code: '28000',
    message: expect.stringContaining('in a tunnel only'),
    hint: expect.stringContaining('sluice connect'),
  });
});

it('without a key nothing is reached where the gateway requires one', async () => {
  const sluice = home.start(['login', '--no-browser'], { SLUICE_DPOP: 'off' });
  running.push(sluice);
  const [url] = await sluice.until('stderr', /^http:\S+$/m);
  const browser = new FormBrowser();
  await browser.submit(await browser.open(url), PERSON);
  await sluice.until('stderr', /not bound to a key/);
  if (sluice.child.exitCode === null) await once(sluice.child, 'close');
  expect(sluice.child.exitCode).toBe(77);
});
