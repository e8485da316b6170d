import { describe, expect, it } from 'vitest';
import { treeHash, treeHashes } from './tree-hash.ts';

const VAR = (location: number, attribute = 1): string =>
  `({QUERY :expr {VAR :varattno ${attribute} :location ${location}} :stmt_location 0 :stmt_len ${location}})`;
const CONST = (byte: number, location = 9): string =>
  `({CONST :consttype 23 :constisnull false :location ${location} :constvalue 4 [ ${byte} 0 0 0 0 0 0 0 ]})`;

describe('the hash of a tree', () => {
  it('does not see positions or line breaks', () => {
    expect(treeHash([VAR(7)])).toBe(treeHash([VAR(1_234)]));
    expect(treeHash([VAR(7).replace(' :location', '\n:location')])).toBe(treeHash([VAR(7)]));
  });

  it('sees columns, literals, and where one tree ends', () => {
    expect(treeHash([VAR(7, 2)])).not.toBe(treeHash([VAR(7)]));
    expect(treeHash([CONST(1)])).not.toBe(treeHash([CONST(2)]));
    expect(treeHash(['ab', 'c'])).not.toBe(treeHash(['a', 'bc']));
    expect(treeHash([])).not.toBe(treeHash(['']));
  });

  it('as a skeleton, sees columns but not literals', () => {
    expect(treeHashes([CONST(1)]).skeleton).toBe(treeHashes([CONST(2, 30)]).skeleton);
    expect(treeHashes([VAR(7, 2)]).skeleton).not.toBe(treeHashes([VAR(7)]).skeleton);
  });
});
