/**
 * The disk takes its time to confirm the record (fdatasync): what touches regulated data waits, and nothing else. It does not
 * confirm it (EIO): everybody is told, nothing unrecorded runs, and the process ends. It is never tried again: what the disk
 * holds is unknown.
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

/** While this file is there, the disk of the gateway confirms nothing; whoever waits for it writes into the file. */
const slow = join(tmpdir(), `sluice-slow-disk-${process.pid}`);

/** Before the gateway's first line: a fdatasync that can be made to wait, and to fail. */
const BROKEN_DISK = `
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  const confirm = fs.fdatasync;
  fs.fdatasync = (descriptor, done) => {
    if (fs.existsSync(${JSON.stringify(slow)})) {
      fs.appendFileSync(${JSON.stringify(slow)}, 'x');
      const again = () => (fs.existsSync(${JSON.stringify(slow)}) ? setTimeout(again, 5) : confirm(descriptor, done));
      return again();
    }
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
  rmSync(slow, { force: true });
  await site.stop();
});

it('a statement that touches regulated data runs once the disk has confirmed its entry, others at once', async () => {
  const [regulated, other] = [await site.session(), await site.session()];
  expect(await regulated.value('SELECT ssn FROM people WHERE id = 1')).toBeNull();
  let isAnswered = false;
  writeFileSync(slow, '');
  regulated.send(query('SELECT ssn FROM people WHERE id = 1'));
  const answer = regulated.until('Z').finally(() => {
    isAnswered = true;
  });
  // Somebody waits for the disk now.
  await expect.poll(() => readFileSync(slow, 'utf8')).not.toBe('');
  for (const id of [1, 2])
    expect(await other.value(`SELECT name FROM people WHERE id = ${id}`)).toBe(id === 1 ? 'Ada' : 'Bob');
  expect(isAnswered).toBe(false);
  rmSync(slow);
  expect((await answer).map(({ type }) => type)).toContain('D');
  await regulated.close();
  await other.close();
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
