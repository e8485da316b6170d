import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GatewayConfig } from './config/config.ts';
import { MASK_KEY_FILE, MIN_KEY_SECRET_CHARACTERS, readMaskKey } from './gateway-keys.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sluice-key-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

type Settings = Pick<GatewayConfig['gateway'], 'masking' | 'dataDir'>;
const made = (dataDir = join(directory, 'data')): Settings => ({ masking: {}, dataDir });
const fromSecret = (secret: string): [Settings, (name: string) => string | undefined] => [
  { masking: { key: { kind: 'env', name: 'MASK_SECRET' } }, dataDir: directory },
  (name) => (name === 'MASK_SECRET' ? secret : undefined),
];
const nothing = () => undefined;

describe('the masking key', () => {
  it('is made once, for the owner alone, and read again', async () => {
    const key = await readMaskKey(made(), nothing);
    expect(key).toHaveLength(32);
    expect(await readMaskKey(made(), nothing)).toEqual(key);
    expect(statSync(join(directory, 'data', MASK_KEY_FILE)).mode & 0o777).toBe(0o600);
    expect(await readMaskKey(made(join(directory, 'other')), nothing)).not.toEqual(key);
  });

  it('is not made anew when its file is broken', async () => {
    writeFileSync(join(directory, MASK_KEY_FILE), 'ab\n');
    await expect(readMaskKey(made(directory), nothing)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('comes from the configured secret, of enough characters', async () => {
    const secret = 's'.repeat(MIN_KEY_SECRET_CHARACTERS);
    const key = await readMaskKey(...fromSecret(secret));
    expect(await readMaskKey(...fromSecret(secret))).toEqual(key);
    expect(await readMaskKey(...fromSecret(`${secret}t`))).not.toEqual(key);
    await expect(readMaskKey(...fromSecret(secret.slice(1)))).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
