/** How the tests of a suite ended, as the runners of several languages tell it, and what differs between two runs. */

export type Outcome = 'passed' | 'failed' | 'skipped';
export type Ended = { readonly outcome: Outcome; readonly detail: string };
/** By the name of the test. */
export type Outcomes = ReadonlyMap<string, Ended>;

/** What a test that was begun and never ended is told as. */
const NEVER_ENDED = 'the run was ended while it ran';

/** Lines of JSON of `own_outcomes.py`. A test that failed in any of its parts has failed. */
export function readOutcomeLines(text: string): Outcomes {
  const outcomes = new Map<string, Ended>();
  const begun = new Set<string>();
  for (const line of text.split('\n').filter((line) => line !== '')) {
    const { test, outcome, detail } = JSON.parse(line) as { test: string; outcome: string; detail: string };
    if (outcome === 'started') begun.add(test);
    else if (isOutcome(outcome)) {
      begun.delete(test);
      if (outcomes.get(test)?.outcome !== 'failed') outcomes.set(test, { outcome, detail });
    }
  }
  for (const test of begun) outcomes.set(test, { outcome: 'failed', detail: NEVER_ENDED });
  return outcomes;
}

/** Lines of `go test -json`; examples and benchmarks count as tests. */
export function readGoEvents(text: string): Outcomes {
  const outcomes = new Map<string, Ended>();
  const printed = new Map<string, string>();
  for (const line of text.split('\n').filter((line) => line.startsWith('{'))) {
    const event = JSON.parse(line) as { Action: string; Package: string; Test?: string; Output?: string };
    if (event.Test === undefined) continue;
    const name = `${event.Package}/${event.Test}`;
    if (event.Action === 'run') outcomes.set(name, { outcome: 'failed', detail: NEVER_ENDED });
    if (event.Action === 'output') printed.set(name, (printed.get(name) ?? '') + (event.Output ?? ''));
    const outcome = { pass: 'passed', fail: 'failed', skip: 'skipped' }[event.Action];
    if (outcome !== undefined && isOutcome(outcome)) {
      outcomes.set(name, { outcome, detail: outcome === 'passed' ? '' : (printed.get(name) ?? '') });
    }
  }
  return outcomes;
}

/**
 * What a file of Perl tests printed (the Test Anything Protocol). Tests go by their words, since numbers shift when one
 * is left out; a second one of the same words gets a number of its own.
 */
export function readTap(file: string, text: string): Outcomes {
  const outcomes = new Map<string, Ended>();
  let last = '';
  for (const line of text.split('\n')) {
    const [, not, words = ''] = /^(not )?ok \d+(.*)$/.exec(line) ?? [];
    if (/^(not )?ok \d+/.test(line)) {
      const [description = '', directive] = words.replace(/^[ -]*/, '').split(/ ?# (?=SKIP|TODO)/i);
      last = unused(outcomes, `${file}: ${description}`);
      const outcome = directive !== undefined ? 'skipped' : not === undefined ? 'passed' : 'failed';
      outcomes.set(last, { outcome, detail: '' });
      continue;
    }
    const ended = outcomes.get(last);
    if (ended?.outcome === 'failed') outcomes.set(last, { ...ended, detail: `${ended.detail}${line}\n` });
  }
  return outcomes;
}

/** Lines of mocha's reporter `json-stream`, after the name of what is tested; it tells of no tests that were skipped. */
export function readMochaStream(name: string, text: string): Outcomes {
  const outcomes = new Map<string, Ended>();
  for (const line of text.split('\n').filter((line) => /^\["(pass|fail)",/.test(line))) {
    const [event, { fullTitle, err = '', stack = '' }] = JSON.parse(line) as [
      string,
      { fullTitle: string; err?: string; stack?: string },
    ];
    const ended: Ended =
      event === 'pass' ? { outcome: 'passed', detail: '' } : { outcome: 'failed', detail: `${stack}\n${err}` };
    outcomes.set(unused(outcomes, `${name}: ${fullTitle}`), ended);
  }
  return outcomes;
}

function unused(outcomes: Outcomes, name: string): string {
  let number = 2;
  let free = name;
  while (outcomes.has(free)) free = `${name} (${number++})`;
  return free;
}

function isOutcome(word: string): word is Outcome {
  return word === 'passed' || word === 'failed' || word === 'skipped';
}

export type Difference = { readonly test: string; readonly outcome: Outcome | 'missing'; readonly detail: string };

/** Tests that pass directly and do not through the gateway. */
export function differences(direct: Outcomes, gateway: Outcomes): readonly Difference[] {
  return [...direct].flatMap(([test, { outcome }]) => {
    const there = gateway.get(test);
    if (outcome !== 'passed' || there?.outcome === 'passed') return [];
    return [{ test, outcome: there?.outcome ?? 'missing', detail: there?.detail ?? '' }];
  });
}
