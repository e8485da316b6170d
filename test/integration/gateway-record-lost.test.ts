/**
 * The disk does not confirm the record (fdatasync fails with EIO): everybody is told, nothing unrecorded runs, and the
 * process ends. It is never tried again: what the disk holds is unknown.
 */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { query } from '../harness/evil-client.ts';
import { type EvilSite, startEvilSite, verifyRecord } from '../harness/evil-site.ts';

const EXIT_RECORD_LOST = 74;
const TOLD = { S: 'FATAL', C: '57P01', M: expect.stringContaining('cannot be written') };
/** While this file is there, the disk of the gateway is broken. */
const flag = join(tmpdir(), `sluice-broken-disk-${process.pid}`);

/** Before the gateway's first line: a fdatasync that can be made to fail. */
const BROKEN_DISK = `
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  const confirm = fs.fdatasync;
  fs.fdatasync = (descriptor, done) => {
    if (!fs.existsSync(${JSON.stringify(flag)})) return confirm(descriptor, done);
    fs.appendFileSync(${JSON.stringify(flag)}, 'x');
    process.nextTick(done, Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' }));
  };
  syncBuiltinESMExports();`;

let site: EvilSite;
beforeAll(async () => {
  const preload = `--import=data:text/javascript,${encodeURIComponent(BROKEN_DISK)}`;
  site = await startEvilSite({ nodeArguments: [preload], limits: { drainSeconds: 60 } });
});
afterAll(async () => {
  rmSync(flag, { force: true });
  await site.stop();
});

it('a failed sync ends every session with an error of its protocol, then the process, and runs nothing', async () => {
  const dataDir = join(site.gateway.directory, 'data');
  const [asking, idle, running] = [await site.session(), await site.session(), await site.session()];
  expect(await idle.value('SELECT 1')).toBe('1');
  running.send(query('SELECT 45 FROM pg_sleep(600)'));
  await site.server.untilActive('SELECT 45 FROM pg_sleep(600)');

  writeFileSync(flag, '');
  const ended = site.gateway.ended();
  asking.send(query('SELECT name, ssn FROM people'));
  for (const client of [asking, idle, running]) expect(await client.refusal()).toMatchObject(TOLD);
  expect(await ended).toEqual({ code: EXIT_RECORD_LOST, signal: null });
  for (const client of [asking, idle, running]) await client.close();
  // Once: never tried again.
  expect(readFileSync(flag, 'utf8')).toBe('x');
  expect(verifyRecord(dataDir)).toMatch(/intact|torn/);

  rmSync(flag);
  await site.gateway.restart();
  const again = await site.session();
  expect(await again.value('SELECT 1')).toBe('1');
  await again.close();
  expect(verifyRecord(dataDir)).toContain('intact');
});
