import type { MaskPlan } from '../../masking/plan.ts';
import { BinaryCopyRewriter } from './copy-binary.ts';
import { CsvCopyRewriter } from './copy-csv.ts';
import type { CopyFormat, CopyRewriter } from './copy-format.ts';
import { TextCopyRewriter } from './copy-text.ts';

/**
 * The rewriter for one COPY whose columns are those of the plan. A masked row, as it goes out, may have
 * `maxRowBytes`. Throws RangeError for options that PostgreSQL would not accept either.
 */
export function createCopyRewriter(format: CopyFormat, plan: MaskPlan, maxRowBytes: number): CopyRewriter {
  switch (format.format) {
    case 'text':
      return new TextCopyRewriter(format, plan, maxRowBytes);
    case 'csv':
      return new CsvCopyRewriter(format, plan, maxRowBytes);
    case 'binary':
      return new BinaryCopyRewriter(plan, maxRowBytes);
  }
}
