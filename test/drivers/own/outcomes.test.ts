import { describe, expect, it } from 'vitest';
import { differences, readGoEvents, readMochaStream, readOutcomeLines, readTap } from './outcomes.ts';

const lines = (...objects: readonly object[]): string => objects.map((object) => JSON.stringify(object)).join('\n');

describe('what the runners tell', () => {
  it('of pytest and unittest: a failure in any part counts, and a test that never ended has failed', () => {
    const outcomes = readOutcomeLines(
      lines(
        { test: 'a', outcome: 'started', detail: '' },
        { test: 'a', outcome: 'failed', detail: 'one' },
        { test: 'a', outcome: 'passed', detail: '' },
        { test: 'b', outcome: 'started', detail: '' },
        { test: 'b', outcome: 'passed', detail: '' },
        { test: 'c', outcome: 'started', detail: '' },
      ),
    );
    expect([...outcomes].map(([test, { outcome }]) => [test, outcome])).toEqual([
      ['a', 'failed'],
      ['b', 'passed'],
      ['c', 'failed'],
    ]);
  });

  it('of Go: what a test printed is kept when it failed, and packages are no tests', () => {
    const of = (event: object) => ({ Package: 'p', Test: 'TestX', ...event });
    const outcomes = readGoEvents(
      lines(of({ Action: 'run' }), of({ Action: 'output', Output: 'why\n' }), of({ Action: 'fail' }), {
        Package: 'p',
        Action: 'fail',
      }),
    );
    expect([...outcomes]).toEqual([['p/TestX', { outcome: 'failed', detail: 'why\n' }]]);
  });

  it('of mocha: what a failed test told, and two tests of one name', () => {
    const pass = ['pass', { title: 'a', fullTitle: 'x a' }];
    const fail = ['fail', { title: 'a', fullTitle: 'x a', err: 'why', stack: 'where' }];
    const outcomes = readMochaStream(
      'pg',
      `["start",{"total":2}]\n${JSON.stringify(pass)}\nsaid\n${JSON.stringify(fail)}\n`,
    );
    expect([...outcomes]).toEqual([
      ['pg: x a', { outcome: 'passed', detail: '' }],
      ['pg: x a (2)', { outcome: 'failed', detail: 'where\nwhy' }],
    ]);
  });

  it('of Perl: tests go by their words, skipped ones by their directive', () => {
    const outcomes = readTap('x.t', '1..3\nok 1 - same\nnot ok 2 - same\n#  got: 1\nok 3 # SKIP not here\n');
    expect([...outcomes]).toEqual([
      ['x.t: same', { outcome: 'passed', detail: '' }],
      ['x.t: same (2)', { outcome: 'failed', detail: '#  got: 1\n' }],
      ['x.t: ', { outcome: 'skipped', detail: '' }],
    ]);
  });
});

describe('differences', () => {
  const ended = (outcome: 'passed' | 'failed' | 'skipped') => ({ outcome, detail: '' });

  it('are the tests that pass directly only: failed, skipped or missing through the gateway', () => {
    const direct = new Map(['a', 'b', 'c', 'd'].map((name) => [name, ended(name === 'd' ? 'failed' : 'passed')]));
    const gateway = new Map([
      ['a', ended('passed')],
      ['b', ended('skipped')],
      ['d', ended('failed')],
    ]);
    expect(differences(direct, gateway).map(({ test, outcome }) => `${test} ${outcome}`)).toEqual([
      'b skipped',
      'c missing',
    ]);
  });
});
