import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../evidence/log.fixture.ts';
import { openStore } from './store.ts';

describe('store', () => {
  it('is created with its directory, migrated once, and opened again as it is', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'data', 'sluice.db');
    for (let run = 0; run < 2; run += 1) {
      const store = await openStore({ sqlite: path });
      const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(store.db);
      expect(rows.map(({ name }) => name)).toEqual([
        '0001-initial',
        '0002-probes',
        '0003-label-bindings',
        '0004-approval-terms',
        '0005-label-changes',
        '0006-grants',
        '0007-workflow-entries',
        '0008-audit',
        '0009-retention',
        '0010-retention-entries',
        '0011-notices',
        '0012-sealed-requests',
        '0013-plans',
        '0014-revocations',
        '0015-taken-once',
      ]);
      expect((await sql<{ journal_mode: string }>`pragma journal_mode`.execute(store.db)).rows).toEqual([
        { journal_mode: 'wal' },
      ]);
      await store.close();
    }
  });

  it('of a newer gateway is refused with what to do', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'sluice.db');
    const store = await openStore({ sqlite: path });
    await sql`insert into kysely_migration (name, timestamp) values ('9999-later', '')`.execute(store.db);
    await store.close();
    await expect(openStore({ sqlite: path })).rejects.toMatchObject({ code: 'CONFIG_INVALID', remedy: /newer|new/ });
  });

  it('that is no database is refused by its path', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'sluice.db');
    writeFileSync(path, 'this is no database, although it is long enough to be taken for one'.repeat(100));
    await expect(openStore({ sqlite: path })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(path),
    });
    await expect(openStore({ sqlite: '/dev/null/sluice.db' })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
