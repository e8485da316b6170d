/** Places in a JSON column of which a label names one key: `crm.profiles.doc`, `$.ssn`. */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FunctionsGateway, outcome, startFunctionsGateway } from './gateway-on.ts';

const MAJOR = 15;

describe('of a JSON column with a labelled key', { timeout: 120_000 }, () => {
  let functions: FunctionsGateway;
  let client: pg.Client;
  beforeAll(async () => {
    functions = await startFunctionsGateway(MAJOR);
    client = await functions.connect();
  }, 120_000);
  afterAll(async () => {
    await functions.stop();
  });

  it.each([
    ["doc #>> '{lang}'", 'nl'],
    ["doc #>> ARRAY['lang']", 'nl'],
    ["jsonb_extract_path_text(doc, 'lang')", 'nl'],
    ["(doc #> '{lang}')::text", '"nl"'],
    ["doc #>> '{}'", '∅'],
    ["doc #>> '{ssn}'", '∅'],
    ["jsonb_extract_path_text(doc, 'ssn')", '∅'],
    // Of an array this is an element, which may be any.
    ["doc #>> '{0}'", '∅'],
    ['doc IS NULL', 'f'],
    ['doc @> \'{"lang": "nl"}\'', 't'],
    ['\'{"lang": "de"}\' <@ doc', 'f'],
    ['doc @> \'{"lang": "nl", "ssn": "123-45-6781"}\'', '∅'],
    ['doc <@ \'{"lang": "nl"}\'', '∅'],
    // Of an array or a text it compares what is in it, for which no path of a label stands.
    ["doc ? 'lang'", '∅'],
    ["doc -> 'lang' ? 'nl'", 't'],
    ["doc -> 'ssn' ? '123-45-6781'", '∅'],
  ])('%s is %s', async (expression, expected) => {
    expect(await outcome(client, `SELECT ${expression} FROM crm.profiles WHERE id = 1`)).toBe(expected);
  });

  it.each([
    ['open places filter', "doc IS NOT NULL AND doc @> '{\"lang\": \"nl\"}' AND doc #>> '{lang}' < 'o'", '5'],
    ['labelled ones do not', "doc #>> '{ssn}' < '5'", 'refused by no-shaping-by-classified'],
    ['nor literals that name one', 'doc @> \'{"ssn": "123-45-6781"}\'', 'refused by no-shaping-by-classified'],
    [
      'nor paths that are computed',
      "doc #>> string_to_array('lang', ',') < 'o'",
      'refused by no-shaping-by-classified',
    ],
  ])('%s', async (_name, condition, expected) => {
    expect(await outcome(client, `SELECT count(*) FROM crm.profiles WHERE ${condition}`)).toBe(expected);
  });
});
