import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { COLUMN_USES, type ColumnUse } from '@sluice/contract/audit';
import type { FlowView, LabelledColumn } from '@sluice/contract/vocabulary';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStore } from '../store/store.ts';
import { ColumnHistory, type ColumnQuestion } from './column-history.ts';
import { EvidenceIndex, indexedHead } from './evidence-index.ts';
import { principal, sessionOpened, statementCompleted, temporaryDirectory } from './log.fixture.ts';
import { openEvidenceLog } from './log.ts';
import type { Decided } from './recorded-entry.ts';

const RESOURCES = ['orders-db', 'hr-db'] as const;
const NAMES = ['ssn', 'email', 'city'] as const;

const column = (name: string): LabelledColumn => ({
  ...{ schema: 'shop', table: 'customers', column: name },
  label: 'regulated',
  category: null,
});
const columns = fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1 }).map((names) => names.map(column));
const flow = fc.record({
  kind: fc.constantFrom<FlowView['kind'][]>('output', 'shaping', 'faultable', 'write'),
  target: fc.constantFrom('shop.customers.ssn', 'shop.customers.city', 'reporting.daily.note'),
  targetLabel: fc.constant(null),
  sources: columns,
});
const decided = fc
  .record({
    session: fc.nat(5),
    flows: fc.array(flow, { maxLength: 4 }),
    masked: fc.subarray([...NAMES]),
    written: fc.subarray(['shop.customers.email', 'shop.customers.city']),
    opaque: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
    effect: fc.constantFrom('allow' as const, 'mask' as const, 'hold' as const, 'refuse' as const),
    flush: fc.boolean(),
  })
  .map(({ session, flows, masked, written, opaque, effect, flush }) => ({
    ...{ session, flush },
    entry: {
      kind: 'statement.decided',
      ...{ sessionId: `s${session}`, text: 'select 1', fingerprint: 'f', statementKind: 'SelectStmt', effect },
      reasons: [
        { effect: 'mask', policyId: 'p', message: '', remedy: '', columns: masked.map(column) },
        { effect: 'hold', policyId: 'p', message: '', remedy: '', columns: NAMES.map(column) },
      ],
      flows: opaque ? [] : flows,
      ...(opaque || written.length === 0 ? {} : { written }),
      highestLabel: opaque ? 'regulated' : flows.length === 0 ? 'public' : 'regulated',
      policyVersion: 'p1',
      requestId: null,
    } satisfies Omit<Decided, 'statementId'>,
  }));

/** The claim in other words than the code's: what a statement does with one column. */
function expected(entry: Omit<Decided, 'statementId'>, name: string): readonly ColumnUse[] {
  const isNamed = (one: LabelledColumn) => `${one.schema}.${one.table}.${one.column}` === name;
  if (entry.flows.length === 0 && entry.written === undefined)
    return entry.effect !== 'refuse' && entry.highestLabel === 'regulated' ? COLUMN_USES : [];
  const outputs = entry.flows.filter((one) => one.kind === 'output' && one.sources.some(isNamed));
  const isMasked = (one: FlowView) =>
    one.sources.some((source) =>
      entry.reasons.some(
        (reason) => reason.effect === 'mask' && reason.columns.some((c) => c.column === source.column),
      ),
    );
  const has: Readonly<Record<ColumnUse, boolean>> = {
    raw: outputs.some((one) => !isMasked(one)),
    masked: outputs.some(isMasked),
    tested: entry.flows.some((one) => /shaping|faultable/.test(one.kind) && one.sources.some(isNamed)),
    copied: entry.flows.some((one) => one.kind === 'write' && one.sources.some(isNamed)),
    written:
      entry.flows.some((one) => one.kind === 'write' && one.target === name) || entry.written?.includes(name) === true,
  };
  return COLUMN_USES.filter((use) => has[use]);
}

describe('the history of a column', () => {
  it('is what the entries say, page by page, and the same when the index is made again from the log', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(decided, { maxLength: 40 }),
        fc.integer({ min: 1, max: 7 }),
        fc.subarray([...COLUMN_USES]),
        async (statements, pageSize, uses) => {
          using directory = temporaryDirectory();
          const open = async () => {
            const store = await openStore({ sqlite: join(directory.path, 'sluice.db') });
            const log = await openEvidenceLog({
              ...{ directory: join(directory.path, 'log'), now: Date.now, expectedHead: await indexedHead(store) },
              segmentBytes: 8_192,
            });
            const index = new EvidenceIndex({
              ...{ log, store },
              onError: (error) => {
                throw error;
              },
            });
            const history = new ColumnHistory({ store, index, logDirectory: log.directory });
            const close = async () => {
              await index.close();
              await log.close();
              await store.close();
            };
            return { log, index, history, close };
          };
          const first = await open();
          for (let session = 0; session < 6; session += 1)
            await first.log.append(
              {
                ...sessionOpened(`s${session}`, principal('ann')),
                resource: RESOURCES[session % 2],
              } as ReturnType<typeof sessionOpened>,
              'write',
            );
          const appended: { sequence: number; session: number; entry: Omit<Decided, 'statementId'> }[] = [];
          for (const [index, { session, entry, flush }] of statements.entries()) {
            const sequence = await first.log.append({ ...entry, statementId: index + 1 }, 'write');
            appended.push({ sequence, session, entry });
            if (entry.effect === 'allow') await first.log.append(statementCompleted(`s${session}`, index + 1), 'write');
            if (flush) await first.index.flush();
          }
          const answers = async (history: ColumnHistory) => {
            const found: unknown[] = [];
            for (const resource of RESOURCES)
              for (const name of NAMES) {
                const question = { resource, column: `shop.customers.${name}`, uses, sinceMs: null, untilMs: null };
                const told = await everyPage(history, { ...question, before: null, limit: pageSize });
                const wanted = appended
                  .filter(({ session }) => RESOURCES[session % 2] === resource)
                  .map(({ sequence, entry }) => ({ sequence, uses: expected(entry, question.column) }))
                  .filter((one) => one.uses.length > 0)
                  .filter((one) => uses.length === 0 || one.uses.some((use) => uses.includes(use)))
                  .reverse();
                // Of a statement that may have used any column nothing is known of this one.
                expect(
                  told.map(({ sequence, uses: how, anyColumn }) => ({ sequence, uses: anyColumn ? COLUMN_USES : how })),
                ).toEqual(wanted);
                found.push(told);
              }
            return found;
          };
          const before = await answers(first.history);
          await first.close();
          for (const suffix of ['', '-wal', '-shm'])
            rmSync(join(directory.path, `sluice.db${suffix}`), { force: true });
          const again = await open();
          expect(await answers(again.history)).toEqual(before);
          await again.close();
        },
      ),
      { numRuns: 15 },
    );
  });
});

async function everyPage(history: ColumnHistory, question: ColumnQuestion) {
  const touches = [];
  for (let { before } = question; ; ) {
    const page = await history.show({ ...question, before });
    expect(page.touches.length).toBeLessThanOrEqual(question.limit);
    touches.push(...page.touches);
    if (page.next === null) return touches;
    before = page.next;
  }
}
