import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { temporaryDirectory } from '../evidence/log.fixture.ts';
import { ExportThread } from './export-thread.ts';
import { FileSink } from './file-sink.ts';

it('a line that a crash cut off is no part of the file any more when the next one comes', async () => {
  using folder = temporaryDirectory();
  const path = join(folder.path, 'record.ndjson');
  writeFileSync(path, 'whole\nhal');
  const sink = new FileSink({ path, maxBytes: 1_000, keep: 2 }, ({ sequence }) => `line ${sequence}`);
  const entry = { kind: 'gateway.stopped' } as const;
  await sink.send([{ logId: 'a', sequence: 7, atUs: 0, entry, session: null }]);
  await sink.close();
  expect(readFileSync(path, 'utf8')).toBe('whole\nline 7\n');
});

it('a required export whose thread has ended counts as behind', async () => {
  using folder = temporaryDirectory();
  // Its progress cannot be kept in a file.
  writeFileSync(join(folder.path, 'cursors'), '');
  let durableSequence = 0;
  let now = 0;
  const failed: string[] = [];
  const thread = new ExportThread({
    log: {
      ...{ directory: folder.path, logId: 'a' },
      get durableSequence() {
        return durableSequence;
      },
    },
    ...{ cursors: join(folder.path, 'cursors'), version: '1', now: () => now, required: new Map([['siem', 1_000]]) },
    exports: [
      {
        ...{ name: 'siem', format: 'ndjson', includesTexts: false },
        to: { kind: 'file', path: join(folder.path, 'out'), maxBytes: 1_000, keep: 1 },
      },
    ],
    onStatus: ({ message }) => failed.push(message),
  });
  onTestFinished(() => thread.close());
  await vi.waitFor(() => expect(failed).not.toEqual([]), { timeout: 90_000 });
  durableSequence = 5;
  await vi.waitFor(
    () => {
      now += 2_000;
      expect(thread.overdue).toBe('siem');
    },
    { timeout: 90_000 },
  );
  expect(() => thread.assertExported()).toThrow('no session may open');
});
