/** A real Chromium of the system, headless, with a profile of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = '/usr/bin/chromium';

export function hasChromium(): boolean {
  return existsSync(PROGRAM);
}

export type Chromium = { stop(): Promise<void> };

/** Opens a page. `hosts`: names that resolve to an address of one's choice, as an attacker's name server would have them. */
export async function openInChromium(url: URL, hosts: Readonly<Record<string, string>>): Promise<Chromium> {
  const profile = await mkdtemp(join(tmpdir(), 'sluice-chromium-'));
  const rules = Object.entries(hosts).map(([name, address]) => `MAP ${name} ${address}`);
  const browser: ChildProcess = spawn(
    PROGRAM,
    [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
      '--ignore-certificate-errors',
      `--user-data-dir=${profile}`,
      `--host-resolver-rules=${rules.join(', ')}`,
      // Keeps it open; nobody connects.
      '--remote-debugging-port=0',
      url.href,
    ],
    { stdio: 'ignore', detached: true },
  );
  return {
    stop: async () => {
      const closed = once(browser, 'close');
      // The whole group: a browser is many processes.
      if (browser.pid !== undefined) process.kill(-browser.pid, 'SIGKILL');
      await closed;
      await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}
