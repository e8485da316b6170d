import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cli } from './cli.ts';
import { tellUpgrade } from './upgrade-notice.ts';

const DAY_MS = 24 * 60 * 60_000;
const NEEDED = { gateway: '9.0.0', oldestClient: '8.0.0' };
const POSSIBLE = { gateway: '9.0.0', oldestClient: '0.0.1' };

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'sluice-upgrade-'));
  await mkdir(path.join(home, 'sluice'));
});
afterEach(() => rm(home, { recursive: true }));

async function told(versions: typeof NEEDED, now: number, { isTTY = false, configHome = home } = {}): Promise<string> {
  const stderr = Object.assign(new PassThrough(), { isTTY });
  const environment = { XDG_CONFIG_HOME: configHome };
  const cli = await Cli.open({}, { stdin: new PassThrough(), stdout: new PassThrough(), stderr, environment });
  await tellUpgrade(cli, versions, now);
  return String(stderr.read() ?? '');
}

describe('an old client', () => {
  it('is told once a day, and no more often', async () => {
    expect(await told(NEEDED, 5 * DAY_MS)).toMatch(/the gateway asks for 8\.0\.0 or newer/);
    expect(await told(NEEDED, 6 * DAY_MS - 1)).toBe('');
    expect(await told(NEEDED, 6 * DAY_MS)).toMatch(/8\.0\.0/);
    expect(await readFile(path.join(home, 'sluice/upgrade-notice'), 'utf8')).toBe(`${6 * DAY_MS}\n`);
  });

  it('is told again when the clock was set back', async () => {
    await writeFile(path.join(home, 'sluice/upgrade-notice'), `${9 * DAY_MS}\n`);
    expect(await told(NEEDED, 5 * DAY_MS)).not.toBe('');
  });

  it('that still works is told on a terminal only', async () => {
    expect(await told(POSSIBLE, DAY_MS)).toBe('');
    expect(await told(POSSIBLE, DAY_MS, { isTTY: true })).toMatch(/the gateway has 9\.0\.0/);
  });

  it('is told nothing where it could not be remembered', async () => {
    expect(await told(NEEDED, DAY_MS, { configHome: path.join(home, 'nowhere') })).toBe('');
  });

  it('and one that is new enough is left alone', async () => {
    expect(await told({ gateway: '0.0.2', oldestClient: '0.0.1' }, DAY_MS, { isTTY: true })).toBe('');
  });
});
