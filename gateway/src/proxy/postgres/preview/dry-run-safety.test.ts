import { describe, expect, it } from 'vitest';
import { treeFacts } from './dry-run-safety.ts';

// As the server prints them (nodeToString), shortened.
const INSERT =
  '({QUERY :commandType 3 :rtable ({RANGETBLENTRY :relid 16401 :relkind r} {RANGETBLENTRY :relid 16390 :relkind r}) ' +
  ':targetList ({TARGETENTRY :expr {FUNCEXPR :funcid 1574 :funcresulttype 20 :args ({CONST :consttype 2205})}} ' +
  '{TARGETENTRY :expr {OPEXPR :opno 96 :opfuncid 65}} {TARGETENTRY :expr {AGGREF :aggfnoid 2803}})})';

describe('what a tree calls and touches', () => {
  it('are functions behind calls, operators and aggregates, and relations', () => {
    expect(treeFacts([INSERT])).toEqual({
      functions: [1574, 65, 2803],
      relations: [16401, 16390],
      stepsSequence: false,
    });
  });

  it('is also found where the server breaks its lines', () => {
    expect(treeFacts([':funcid\n1574 :relid\n16401']).functions).toEqual([1574]);
  });

  it('tells a step of an identity column, which is no call', () => {
    expect(treeFacts(['{TARGETENTRY :expr {NEXTVALUEEXPR :seqid 16400 :typeId 20}}']).stepsSequence).toBe(true);
  });
});
