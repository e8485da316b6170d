import { createSecretKey, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../log.fixture.ts';
import { OwnTexts } from './own-texts.ts';

const gatewayKey = createSecretKey(randomBytes(32));
let directory: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => directory[Symbol.dispose]());

const texts = (changed: Partial<ConstructorParameters<typeof OwnTexts>[0]> = {}) =>
  new OwnTexts({ of: 'request', directory: join(directory.path, 'keys'), gatewayKey, ...changed });
const keyFile = (id: string) => join(directory.path, 'keys', `${id}.json`);

describe('a text that the gateway reads again', () => {
  it('opens with its key, after a restart as well', async () => {
    const box = await texts().seal('r1', 'binding', 'select 4711 ✓');
    expect(JSON.stringify(box)).not.toContain('4711');
    expect(await texts().open('r1', 'binding', box)).toBe('select 4711 ✓');
  });

  it('opens nowhere else, nor with anything changed', async () => {
    const box = await texts().seal('r1', 'binding', 'select 4711');
    const other = await texts().seal('r2', 'binding', 'select 4711');
    const flipped = Buffer.from(box.ciphertext, 'base64');
    flipped[3] = (flipped[3] ?? 0) ^ 1;
    for (const [id, context, sealed] of [
      ['r2', 'binding', box],
      ['r1', 'another', box],
      ['r1', 'binding', other],
      ['r1', 'binding', { ...box, ciphertext: flipped.toString('base64') }],
      ['r1', 'binding', { ...box, nonce: other.nonce }],
      ['r1', 'binding', { nonce: '', ciphertext: '' }],
      ['r1', 'binding', null],
    ] as const)
      expect(await texts().open(id, context, sealed)).toBeNull();
  });

  it('is gone with its key, also when destroying that was cut off half way', async () => {
    const box = await texts().seal('r1', '', 'x');
    const again = await texts().seal('r2', '', 'x');
    const before = readFileSync(keyFile('r1'));
    expect(await texts().destroy('r1')).toBe(true);
    expect(existsSync(keyFile('r1'))).toBe(false);
    expect(await texts().destroy('r1')).toBe(false);
    expect(await texts().open('r1', '', box)).toBeNull();
    // Written over, and not removed yet.
    writeFileSync(keyFile('r2'), randomBytes(before.length));
    expect(await texts().open('r2', '', again)).toBeNull();
    expect(readdirSync(join(directory.path, 'keys'))).toEqual(['r2.json']);
  });

  it('needs the key of the gateway: who has the files of its keys reads nothing', async () => {
    const box = await texts().seal('r1', '', 'x');
    expect(await texts({ gatewayKey: createSecretKey(randomBytes(32)) }).open('r1', '', box)).toBeNull();
    // Nor is a key of one kind one of another.
    expect(await texts({ of: 'plan' }).open('r1', '', box)).toBeNull();
  });

  it('is sealed once: a key is never used for two', async () => {
    await texts().seal('r1', '', 'x');
    await expect(texts().seal('r1', '', 'y')).rejects.toMatchObject({ code: 'EVIDENCE_UNWRITABLE' });
    await expect(texts().seal('../r1', '', 'y')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
