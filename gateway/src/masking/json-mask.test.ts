import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MaskedPart, MaskKind } from '../policy/mask-kind.ts';
import { type CellMask, NULL_MASK } from './cell.ts';
import { jsonMask, MAX_JSON_BYTES } from './json-mask.ts';
import { MAX_JSON_DEPTH } from './json-rewriter.ts';
import { MaskKeys } from './mask-keys.ts';
import { masked } from './masked-value.fixture.ts';
import { cellMask } from './plan.ts';

const SCOPE = { keys: new MaskKeys(Buffer.alloc(32, 7)), resource: 'orders' };
const [JSON_OID, JSONB_OID] = [114, 3802] as const;

function maskFor(parts: readonly MaskedPart[], typeOid: number = JSON_OID, format: 0 | 1 = 0): CellMask {
  const inText = (kind: MaskKind): CellMask | null => cellMask(kind, { typeOid: 25, format: 0 }, SCOPE);
  return jsonMask(parts, { typeOid, format }, inText) ?? NULL_MASK;
}

/** Null for NULL. */
function show(document: string, ...parts: readonly (readonly [path: string, mask: MaskKind])[]): string | null {
  return masked(maskFor(parts.map(([path, mask]) => ({ path, mask }))), document);
}

const GONE: MaskKind = { kind: 'null' };
const STARS: MaskKind = { kind: 'fixed', text: '*"*' };
const LAST: MaskKind = { kind: 'last', count: 4 };

describe('places of a document', () => {
  it.each<readonly [string, string, string, MaskKind, string | null]>([
    ['a member', '{"id": 1, "ssn": "078-05-1120"}', '$.ssn', GONE, '{"id": 1, "ssn": null}'],
    ['a member that is not there', '{"id": 1}', '$.ssn', GONE, '{"id": 1, "ssn": null}'],
    ['a member whose value is null', '{"ssn": null, "id": 1}', '$.ssn', GONE, '{"id": 1, "ssn": null}'],
    ['a text', '{"ssn":"x"}', '$.ssn', STARS, '{"ssn": "*\\"*"}'],
    ['an object in its place', '{"ssn": {"a": [1, {"b": "}"}]}}', '$.ssn', STARS, '{"ssn": "*\\"*"}'],
    ['the end of a text', '{"ssn": "078-05-1120"}', '$.ssn', LAST, '{"ssn": "***1120"}'],
    ['the end of a number', '{"ssn": 780511209}', '$.ssn', LAST, '{"ssn": "***1209"}'],
    ['the end of an object', '{"ssn": {"a": 1}}', '$.ssn', LAST, '{"ssn": "***"}'],
    ['a date', '{"born": "1987-06-05"}', '$.born', { kind: 'truncate', unit: 'year', nulls: false }, '{"born": null}'],
    ['equal keys', '{"ssn": 1, "ssn": 2, "s\\u0073n": 3}', '$.ssn', LAST, '{"ssn": "***"}'],
    [
      'a member below',
      '{"p": {"ssn": 1, "n": 2}, "q": {"ssn": 3}}',
      '$.p.ssn',
      GONE,
      '{"p": {"n": 2, "ssn": null}, "q": {"ssn": 3}}',
    ],
    ['a way that is not there', '{"q": 1}', '$.p.ssn', GONE, '{"q": 1}'],
    ['a way that is null', '{"p": null}', '$.p.ssn', GONE, '{"p": null}'],
    ['a way that is a text', '{"p": "ssn 078"}', '$.p.ssn', GONE, null],
    ['a way that is an array', '{"p": [{"ssn": 1}]}', '$.p.ssn', GONE, null],
    ['each element', '{"c": [{"n": 1, "x": 2}, {}]}', '$.c[*].n', GONE, '{"c": [{"x": 2, "n": null}, {"n": null}]}'],
    ['each element itself', '[1, "a", [2]]', '$[*]', STARS, '["*\\"*", "*\\"*", "*\\"*"]'],
    ['elements of what is no array', '{"c": {"n": 1}}', '$.c[*].n', GONE, null],
    ['the document when it is null', 'null', '$.ssn', GONE, 'null'],
    ['the document when it is a number', '5', '$.ssn', GONE, null],
    ['an empty object', ' { } ', '$.ssn', GONE, '{"ssn": null}'],
  ])('%s', (_, document, path, mask, shown) => {
    expect(show(document, [path, mask])).toBe(shown);
  });

  it('leave everything else as it stands: digits, escapes, order, equal keys', () => {
    const rest =
      '"n": 1234567890123456789012345678901234567890.10e400, "b":"\\u00e9\\\\\\"{", "b" : [ 1,2 ], "": {"ssn": 5}';
    expect(show(`{${rest.replaceAll(', ', ',')},"ssn":1}`, ['$.ssn', GONE])).toBe(
      `{${['"n": 1234567890123456789012345678901234567890.10e400', '"b":"\\u00e9\\\\\\"{"', '"b" : [ 1,2 ]', '"": {"ssn": 5}', '"ssn": null'].join(', ')}}`,
    );
  });

  it('of several labels are all masked, and one inside another with it', () => {
    const all = show('{"a": {"b": 1, "c": 2}, "d": 3}', ['$.a.b', GONE], ['$.a', STARS], ['$.d', GONE]);
    expect(all).toBe('{"a": "*\\"*", "d": null}');
  });

  it.each([
    ['no JSON', '{"a": 1'],
    ['something behind it', '{"a": 1} {'],
    ['a key without quotes', '{a: 1}'],
    ['a comma too many', '{"a": 1,, "b": 2}'],
    ['half of a pair of surrogates in its place', '{"ssn": "\\ud800"'],
    ['too deep', `${'{"a": '.repeat(MAX_JSON_DEPTH + 1)}1${'}'.repeat(MAX_JSON_DEPTH + 1)}`],
    ['too long', `{"a": "${'x'.repeat(MAX_JSON_BYTES)}"}`],
  ])('are not looked for in what is %s: NULL whole', (_, document) => {
    expect(show(document, ['$.ssn', LAST])).toBeNull();
  });

  it('are looked for up to the bounds', () => {
    const deep = `${'{"a": '.repeat(MAX_JSON_DEPTH)}1${'}'.repeat(MAX_JSON_DEPTH)}`;
    expect(show(deep, ['$.ssn', GONE])).toContain('"ssn": null');
    const long = `{"a": "${'x'.repeat(MAX_JSON_BYTES - 9)}"}`;
    expect(show(long, ['$.ssn', GONE])?.length).toBeGreaterThan(MAX_JSON_BYTES);
  });

  it('are found in binary jsonb behind its version, and not behind another', () => {
    const mask = maskFor([{ path: '$.ssn', mask: GONE }], JSONB_OID, 1);
    expect(masked(mask, '\x01{"ssn": 1}')).toBe('\x01{"ssn": null}');
    expect(masked(mask, '\x02{"ssn": 1}')).toBeNull();
    expect(masked(mask, '')).toBeNull();
  });

  it('are none in other types, or when the path cannot be read', () => {
    expect(maskFor([{ path: '$.ssn', mask: GONE }], 25)).toBe(NULL_MASK);
    expect(maskFor([{ path: 'ssn', mask: GONE }])).toBe(NULL_MASK);
  });

  it('show nothing of what is in them, for any document', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const around = fc.dictionary(fc.constantFrom('a', 'b', 'ssn ', '', '$.ssn'), value);
    fc.assert(
      fc.property(around, fc.option(value, { nil: undefined }), fc.option(value, { nil: undefined }), (rest, x, y) => {
        const outer = (ssn: unknown): string =>
          JSON.stringify({ p: { ...rest, ssn }, list: [{ ssn, ...rest }], ...rest });
        const shownOf = (ssn: unknown) => show(outer(ssn), ['$.p.ssn', STARS], ['$.list[*].ssn', GONE]);
        const shown = shownOf(x);
        expect(shownOf(y)).toBe(shown);
        const parsed: unknown = JSON.parse(shown ?? 'null');
        expect(parsed).toEqual(
          JSON.parse(JSON.stringify({ p: { ...rest, ssn: '*"*' }, list: [{ ...rest, ssn: null }], ...rest })),
        );
      }),
    );
  });

  it('take any bytes', () => {
    const mask = maskFor([{ path: '$.a[*].b', mask: LAST }]);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('{}[]",:\\ab1 ')) }), (document) => {
        const shown = masked(mask, document);
        expect(shown === null || shown === 'null' || shown.startsWith('{')).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
