import { describe, expect, it } from 'vitest';
import {
  LiftedStatements,
  MAX_LIFTED_LITERALS,
  MAX_LIFTS_PER_SHAPE,
  MAX_SHAPES_PER_SESSION,
  MAX_VARIANTS,
  MAX_WAITING_LIFTS,
} from './lifted-statements.ts';
import { Plan } from './plan.ts';

/** A tree with an integer constant at each place of a literal, and the one of the statement with parameters. */
function treeOf(text: string): string {
  const constants = [...text.matchAll(/\d+/g)].map(({ index }) => constantAt(index));
  return `({QUERY ${constants.join(' ')}})`;
}
const constantAt = (at: number): string =>
  `{CONST :consttype 23 :consttypmod -1 :constcollid 0 :constlen 4 :constbyval true :constisnull false :location ${at} :constvalue 4 [ 1 0 0 0 0 0 0 0 ]}`;
const parameter = (number: number): string =>
  `{PARAM :paramkind 0 :paramid ${number} :paramtype 23 :paramtypmod -1 :paramcollid 0 :location 1}`;

const plan = (upstreamName: string | null = 'sluice$2'): Plan =>
  Object.assign(Object.create(Plan.prototype) as Plan, { upstreamName });

function noteBoth(lifted: LiftedStatements, text: string): void {
  lifted.note(text, [treeOf(text)]);
  lifted.note(text, [treeOf(text)]);
}

describe('LiftedStatements', () => {
  it('prepares the second of a shape, and finds it with the values of others', () => {
    const lifted = new LiftedStatements();
    lifted.note('SELECT a FROM t WHERE b = 1', [treeOf('SELECT a FROM t WHERE b = 1')]);
    expect(lifted.isWaiting).toBe(false);
    lifted.note('SELECT a FROM t WHERE b = 2', [treeOf('SELECT a FROM t WHERE b = 2')]);
    const [candidate] = lifted.takeWaiting();
    expect(candidate).toMatchObject({ text: 'SELECT a FROM t WHERE b = $1', types: [23] });
    const prepared = plan();
    candidate?.answer({ plan: prepared, trees: [`({QUERY ${parameter(1)}})`] });
    expect(lifted.find('SELECT a FROM t WHERE b = 37')).toEqual({ plan: prepared, values: [Buffer.from('37')] });
    expect(lifted.find('SELECT a FROM t WHERE c = 37')).toBeNull();
  });

  it('leaves a shape alone whose tree with parameters is another', () => {
    const lifted = new LiftedStatements();
    noteBoth(lifted, 'SELECT 1');
    lifted.takeWaiting()[0]?.answer({ plan: plan(), trees: [`({QUERY ${parameter(2)}})`] });
    expect(lifted.find('SELECT 1')).toBeNull();
    noteBoth(lifted, 'SELECT 1');
    expect(lifted.isWaiting).toBe(false);
  });

  it('leaves a shape alone that the server does not accept with parameters', () => {
    const lifted = new LiftedStatements();
    noteBoth(lifted, 'SELECT 1');
    lifted.takeWaiting()[0]?.answer(null);
    noteBoth(lifted, 'SELECT 2');
    expect(lifted.isWaiting).toBe(false);
  });

  it('keeps what the planner counts on, up to so many variants of a shape', () => {
    const lifted = new LiftedStatements();
    for (let limit = 1; limit <= MAX_VARIANTS + 1; limit += 1)
      noteBoth(lifted, `SELECT a FROM t WHERE b = 5 LIMIT ${limit}`);
    const waiting = lifted.takeWaiting();
    expect(waiting.map(({ text }) => text)).toEqual(
      [1, 2, 3, 4].map((limit) => `SELECT a FROM t WHERE b = $1 LIMIT ${limit}`),
    );
    for (const { answer } of waiting) answer({ plan: plan(), trees: [`({QUERY ${parameter(1)} ${constantAt(1)}})`] });
    expect(lifted.find('SELECT a FROM t WHERE b = 8 LIMIT 2')?.values).toEqual([Buffer.from('8')]);
    expect(lifted.find('SELECT a FROM t WHERE b = 8 LIMIT 20')).toBeNull();
  });

  it('takes a sign into the value where the server has', () => {
    const lifted = new LiftedStatements();
    const tree = `({QUERY ${constantAt(7)}})`;
    lifted.note('SELECT -5', [tree]);
    lifted.note('SELECT -6', [tree]);
    const [candidate] = lifted.takeWaiting();
    expect(candidate?.text).toBe('SELECT $1');
    candidate?.answer({ plan: plan(), trees: [`({QUERY ${parameter(1)}})`] });
    expect(lifted.find('SELECT -17')?.values).toEqual([Buffer.from('-17')]);
  });

  it('prepares again what was dropped, a few times', () => {
    const lifted = new LiftedStatements();
    let times = 0;
    for (let round = 0; round < 10; round += 1) {
      noteBoth(lifted, 'SELECT 1');
      for (const { answer } of lifted.takeWaiting()) {
        times += 1;
        const prepared = plan();
        answer({ plan: prepared, trees: [`({QUERY ${parameter(1)}})`] });
        lifted.drop(prepared);
      }
    }
    expect(times).toBe(1 + MAX_LIFTS_PER_SHAPE);
  });

  it('forgets a plan that is not held upstream any more', () => {
    const lifted = new LiftedStatements();
    noteBoth(lifted, 'SELECT 1');
    lifted.takeWaiting()[0]?.answer({ plan: plan(null), trees: [`({QUERY ${parameter(1)}})`] });
    expect(lifted.find('SELECT 1')).toBeNull();
  });

  it('holds no more than its bounds', () => {
    const lifted = new LiftedStatements();
    for (let n = 0; n <= MAX_WAITING_LIFTS; n += 1) noteBoth(lifted, `SELECT c${String.fromCodePoint(97 + n)} = 1`);
    expect(lifted.takeWaiting()).toHaveLength(MAX_WAITING_LIFTS);
    const many = `SELECT ${Array.from({ length: MAX_LIFTED_LITERALS + 1 }, (_, n) => n).join(', ')}`;
    noteBoth(lifted, many);
    expect(lifted.isWaiting).toBe(false);
    lifted.note('SELECT old = 1', [treeOf('SELECT old = 1')]);
    for (let n = 0; n < MAX_SHAPES_PER_SESSION; n += 1) lifted.note(`SELECT c${n}x = 1`, [treeOf('')]);
    lifted.note('SELECT old = 1', [treeOf('SELECT old = 1')]);
    expect(lifted.isWaiting).toBe(false);
  });

  it('forgets everything with the server', () => {
    const lifted = new LiftedStatements();
    noteBoth(lifted, 'SELECT 1');
    lifted.clear();
    expect(lifted.isWaiting).toBe(false);
  });
});
