import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type GatewayVersions, upgradeAdvice } from '../client/upgrade.ts';
import { VERSION } from '../version.ts';
import type { Cli } from './cli.ts';

const ONCE_IN_MS = 24 * 60 * 60_000;

/**
 * Says that another version of this command is there, once a day at most. A client that its gateway does not like any
 * more is told always, a merely older one on a terminal only. Where it cannot be remembered, nothing is said.
 */
export async function tellUpgrade(cli: Cli, versions: GatewayVersions, now: number): Promise<void> {
  const advice = upgradeAdvice(VERSION, versions);
  const isHeard = advice === 'needed' || (advice === 'possible' && cli.surroundings.stderr.isTTY === true);
  if (!isHeard || !(await isDue(path.join(cli.settings.configDirectory, 'upgrade-notice'), now))) return;
  const { gateway, oldestClient } = versions;
  cli.note(
    advice === 'needed'
      ? `sluice: this is version ${VERSION}; the gateway asks for ${oldestClient} or newer. Upgrade it: some commands may fail.\n`
      : `sluice: this is version ${VERSION}; the gateway has ${gateway}. An upgrade is due some day.\n`,
  );
}

/** Whether the last time is a day ago; remembers that it is now. */
async function isDue(file: string, now: number): Promise<boolean> {
  try {
    const told = Number(await readFile(file, 'utf8'));
    // A time to come is a clock that was set back.
    if (now - told < ONCE_IN_MS && told <= now) return false;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) return false;
  }
  try {
    await writeFile(file, `${now}\n`, { mode: 0o600 });
    return true;
  } catch {
    // No settings here, or not ours to write: a job in a container is not told at each run.
    return false;
  }
}
