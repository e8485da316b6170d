import { expect, it } from 'vitest';
import { statementDecided, temporaryDirectory } from '../log.fixture.ts';
import { openEvidenceLog } from '../log.ts';
import { BlockReader } from './block-reader.ts';
import { recordsOf } from './record-leaves.ts';

it('reads blocks that are longer than what it reads at once, between others, from wherever it begins', async () => {
  using directory = temporaryDirectory();
  const log = await openEvidenceLog({ directory: directory.path, now: Date.now });
  const lengths = [10, 700_000, 10, 1_500_000, 700_000, 10];
  for (const [index, length] of lengths.entries()) {
    const entry = statementDecided('s', index);
    if (entry.kind !== 'statement.decided') throw new Error('the fixture made another entry');
    await log.append({ ...entry, text: 'x'.repeat(length) }, 'fsync');
  }
  for (let from = 0; from < lengths.length; from += 1) {
    const texts: (number | undefined)[] = [];
    for (const block of BlockReader.at(directory.path, log.logId, from).read(lengths.length))
      for (const { offset, length } of recordsOf(block)) {
        const payload = block.body.toString('latin1', offset, offset + length);
        texts.push(/"text":"(x*)"/.exec(payload)?.[1]?.length);
      }
    expect(texts).toEqual(lengths.slice(from));
  }
  await log.close();
});
