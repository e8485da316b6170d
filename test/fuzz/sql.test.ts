import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runSql } from './sql/run-sql.ts';

/** Fits into half a minute, most of which is the making of two databases. */
const CASES = 60;
const SEED = 20_260_103;

describe('the restricted principal', () => {
  it('is told the same by two databases that differ in classified cells, whatever is asked', async () => {
    const { failures, counts } = await runSql({
      seed: SEED,
      isOver: (count) => count >= CASES,
      cases: [],
      corpus: join(import.meta.dirname, '../acceptance/kit'),
      major: 18,
      census: false,
      now: () => 0,
      print: () => undefined,
    });
    expect(failures).toEqual([]);
    // Something was asked, and something was refused.
    expect(counts.get('rows')).toBeGreaterThan(5);
    expect(counts.get('refused')).toBeGreaterThan(5);
  });
});
