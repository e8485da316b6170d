/** The reviewed lists of functions against the catalogs of real servers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILT_INS, builtInFunction } from '../../../gateway/src/analysis/postgres/functions/built-in.ts';
import { EXTENSION_FUNCTIONS, EXTENSION_NAMES } from '../../../gateway/src/analysis/postgres/functions/extensions.ts';
import {
  builtInsOf,
  type CatalogExtensionFunction,
  type CatalogFunction,
  extensionFunctionsOf,
} from '../../functions/catalog-functions.ts';
import { majorsUnderTest } from '../../harness/postgres-majors.ts';
import { startPostgres } from '../../harness/postgres-server.ts';

describe.each(await majorsUnderTest())('the functions of PostgreSQL %i', { timeout: 90_000 }, (major) => {
  let builtIns: readonly CatalogFunction[] = [];
  let ofExtensions: readonly CatalogExtensionFunction[] = [];
  let assigned: readonly string[] = [];
  beforeAll(async () => {
    await using server = await startPostgres({ major });
    builtIns = await builtInsOf(server);
    ofExtensions = await extensionFunctionsOf(server, EXTENSION_NAMES);
    const rows = await server.admin(
      "SELECT proname FROM pg_proc WHERE oid BETWEEN 10000 AND 16383 AND pronamespace = 'pg_catalog'::regnamespace ORDER BY 1",
    );
    assigned = rows.map((row) => String(row['proname']));
  }, 60_000);
  afterAll(() => {
    builtIns = [];
    ofExtensions = [];
  });

  it('every row of pg_proc has exactly one judgement, with the signature and flags that the list records', () => {
    const wrong = builtIns.filter((row) => {
      const judged = BUILT_INS.filter(
        (one) => one.oid === row.oid && one.firstMajor <= major && one.lastMajor >= major,
      );
      const [only] = judged;
      return (
        judged.length !== 1 ||
        only !== builtInFunction(row.oid, major) ||
        only?.signature !== row.signature ||
        only.result !== row.result ||
        only.flags !== row.flags
      );
    });
    expect(wrong).toEqual([]);
    expect(builtIns.length).toBeGreaterThan(3_000);
  });

  it('what initdb numbers is judged as user code, and none of it is called in statements', () => {
    expect(assigned.filter((name) => !/^(dsnowball_|plpgsql_)/.test(name))).toEqual([]);
  });

  it('every compiled function of the listed extensions has exactly one judgement', () => {
    const wrong = ofExtensions.filter(
      ({ extension, version, signature, symbol }) =>
        EXTENSION_FUNCTIONS.filter(
          (one) =>
            one.extension === extension &&
            one.versions.includes(version) &&
            one.signature === signature &&
            one.symbol === symbol,
        ).length !== 1,
    );
    expect(wrong).toEqual([]);
    expect(ofExtensions.length).toBeGreaterThan(500);
  });

  it('functions that take classified columns without raising are never volatile, nor do they return the server’s own values', () => {
    const suspicious = builtIns
      .map(({ oid }) => builtInFunction(oid, major))
      .filter((one) => one?.class === 'total' && (one.volatile || /internal|cstring|trigger/.test(one.result)));
    expect(suspicious).toEqual([]);
  });
});
