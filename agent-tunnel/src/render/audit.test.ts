import type { StatementView } from '@sluice/contract/api';
import type { ColumnTouch, FirstSeen, HeldStatement, KeptSession } from '@sluice/contract/audit';
import type { Principal } from '@sluice/contract/vocabulary';
import { describe, expect, it } from 'vitest';
import { renderActs, renderFirstSeen, renderHeld, renderKept, renderTouches } from './audit.ts';
import { makeStyle } from './style.ts';

const plain = makeStyle(false);
const AT = '2026-01-01T00:00:00.000Z';
/** Clears the screen, turns the line around, hides a letter, and begins a line of its own. */
const ODD = '\u001b[2J\u202E\u200B\u{E0041}\r\n9  forged';
const SHOWN = '‹U+001B›[2J‹U+202E›‹U+200B›‹U+E0041›';
const LONG = `SELECT '${'ß'.repeat(1_000_000)}'`;

function who(name = 'Ann', id = 'https://issuer|ann'): Principal {
  return { id, kind: 'user', name, groups: [], chain: [{ id, kind: 'user', name }], onBehalfOfGroups: [] };
}

const touch: ColumnTouch = {
  ...{ sequence: 14, at: AT, sessionId: 's1', statementId: 1, principal: who(), resource: 'shop', text: 'SELECT ssn' },
  ...{
    effect: 'mask',
    outcome: 'ran',
    requestId: null,
    completedEntry: 15,
    tag: 'SELECT 1',
    rows: 1,
    maskedCells: 1,
  },
  ...{ error: null, uses: ['masked'], anyColumn: false },
};
const act: StatementView = {
  ...{ statementId: 1, at: AT, text: 'SELECT ssn', effect: 'mask', reasons: [], flows: [], requestId: null },
  ...{ tag: 'SELECT 1', rows: 1, maskedCells: 1, durationUs: 1, error: null, columns: [], seen: [], truncated: false },
  ...{ decidedEntry: 14, completedEntry: 15, outcome: 'ran', request: null },
};
const seen: FirstSeen = {
  ...{ sequence: 14, at: AT, sessionId: 's1', statementId: 1, principal: who(), plan: null, effect: 'mask' },
  ...{ flow: { id: 'f1', masked: true, label: 'regulated', words: 'ssn → note' }, approved: null },
};
const held: HeldStatement = {
  ...{ requestId: 'r1', sequence: 14, at: AT, sessionId: 's1', statementId: 1, principal: who(), resource: 'shop' },
  ...{ statement: 'INSERT', decisions: [], outcome: 'pending', outcomeEntry: null, waitedMs: null, consumedBy: null },
};
const kept: KeptSession = {
  session: {
    ...{ sessionId: 's1', principal: who(), resource: 'shop', protocol: 'postgres', application: 'psql', from: '::1' },
    ...{ via: 'native', openedAt: AT, closedAt: AT, closeReason: 'left', statements: 1, highestLabel: 'regulated' },
    ...{ workflow: null, plan: null, openedEntry: 13, closedEntry: 16 },
  },
  ...{ state: 'kept', retentionMs: 86_400_000, keptUntil: AT, because: null, holds: [], expiredAt: null },
  expiredEntry: null,
};

type Render = (text: string) => string;
const decision = { sequence: 15, at: AT, waitedMs: 1, decision: 'approved' } as const;
/** Each answer with somebody's text in every place that takes text, and how many lines it has. */
const ANSWERS: readonly (readonly [string, number, Render])[] = [
  [
    'column',
    2,
    (text) => renderTouches([{ ...touch, text, sessionId: text, tag: text, principal: who(text, `i|${text}`) }], plain),
  ],
  ['actor', 2, (text) => renderActs([{ ...act, text }], plain)],
  [
    'workflow',
    4,
    (text) =>
      renderFirstSeen(
        [
          {
            ...{ ...seen, sessionId: text, principal: who(text, `i|${text}`), flow: { ...seen.flow, words: text } },
            plan: { id: text, by: who(text) },
            approved: { version: 1, sequence: 9, at: AT, by: who(text), note: text },
          },
        ],
        plain,
      ),
  ],
  [
    'holds',
    2,
    (text) =>
      renderHeld(
        [{ ...held, statement: text, requestId: text, decisions: [{ ...decision, by: who(text), note: text }] }],
        plain,
      ),
  ],
  [
    'retention',
    2,
    (text) =>
      renderKept(
        [
          {
            ...{ ...kept, session: { ...kept.session, principal: who(text) }, state: 'held' },
            holds: [{ holdId: text, sequence: 1, placedAt: AT, by: who(text), reason: text }],
          },
        ],
        plain,
      ),
  ],
];

describe.each(ANSWERS)('the answer to `audit %s`', (_, lines, render) => {
  it('shows what would hide, move or turn the text, and keeps to its lines', () => {
    const shown = render(ODD);
    expect(shown).toContain(SHOWN);
    expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(shown.split('\n')).toHaveLength(lines + 1);
  });

  it('shortens a text of a million letters in its tables', () => {
    const shown = render(LONG);
    if (lines === 2) expect(shown.length).toBeLessThan(5_000);
    expect(shown).toContain("SELECT 'ßß");
  });
});

describe('an answer about nothing', () => {
  it('has no lines but a header', () => {
    expect(renderActs([], plain)).toBe('');
    expect(renderFirstSeen([], plain)).toBe('');
    for (const table of [renderTouches([], plain), renderHeld([], plain), renderKept([], plain)])
      expect(table).toMatch(/^ENTR[^\n]+\n$/);
  });

  it('says what it does not know', () => {
    expect(renderTouches([{ ...touch, principal: null, tag: null, anyColumn: true }], plain)).toMatch(
      /unknown +may have used any column/,
    );
    expect(renderHeld([{ ...held, principal: null, statement: null }], plain)).toMatch(/unknown.* - +- +\(expired\)/);
    expect(renderKept([{ ...kept, keptUntil: null }], plain)).toContain('until it ends, and then');
  });
});
