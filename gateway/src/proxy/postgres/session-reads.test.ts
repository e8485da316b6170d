import { describe, expect, it } from 'vitest';
import { readsOfTrees } from './session-reads.ts';

/** As the server prints a call: the constant is `varattrib_4b` text, the length word first. */
function call(oid: number, name: string | null): string {
  const bytes = name === null ? [] : [(name.length + 4) * 4, 0, 0, 0, ...Buffer.from(name)];
  const constant = `{CONST :consttype 25 :constisnull false :location 23 :constvalue ${bytes.length} [ ${bytes.join(' ')} ]}`;
  const argument = name === null ? '{VAR :varno 1 :varattno 1}' : constant;
  return `{FUNCEXPR :funcid ${oid} :funcresulttype 25 :funcretset false :funcvariadic false :funcformat 0 :funccollid 100 :inputcollid 100 :args (${argument}) :location 7}`;
}

describe('what a tree reads of the session', () => {
  it('finds the lists of cursors and prepared statements, also where the printer broke the line', () => {
    expect(readsOfTrees(['{FUNCEXPR :funcid 2511 :funcresulttype 2249'])).toMatchObject({ cursors: true });
    expect(readsOfTrees(['{FUNCEXPR :funcid 2510\n:funcresulttype 2249'])).toMatchObject({ statements: true });
    expect(readsOfTrees(['{FUNCEXPR :funcid 25110 :funcid 1251 '])).toEqual({
      statements: false,
      cursors: false,
      settings: false,
    });
  });

  it('finds a setting that the gateway keeps, whatever its case', () => {
    expect(readsOfTrees([call(2077, 'Client_Min_Messages')]).settings).toBe(true);
    expect(readsOfTrees([call(3294, 'debug_print_rewritten')]).settings).toBe(true);
  });

  it("passes over settings that are the client's own", () => {
    expect(readsOfTrees([call(2077, 'application_name')]).settings).toBe(false);
  });

  it('expects any setting where the name is computed, and where all are listed', () => {
    expect(readsOfTrees([call(2077, null)]).settings).toBe(true);
    expect(readsOfTrees([call(2077, 'work_mem') + call(2077, null)]).settings).toBe(true);
    expect(readsOfTrees(['{FUNCEXPR :funcid 2084 :funcresulttype 2249']).settings).toBe(true);
  });
});
