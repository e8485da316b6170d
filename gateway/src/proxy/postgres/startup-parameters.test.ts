import { describe, expect, it } from 'vitest';
import { checkStartupParameters } from './startup-parameters.ts';

const check = (parameters: Record<string, string>) => checkStartupParameters(new Map(Object.entries(parameters)));

describe('start-up parameters', () => {
  it('passes what drivers ordinarily send', () => {
    const request = check({
      user: 'orders-db',
      database: 'orders-db',
      application_name: 'psql',
      client_encoding: 'UTF8',
      DateStyle: 'ISO',
      TimeZone: 'UTC',
      extra_float_digits: '2',
    });
    expect(request).toEqual({
      user: 'orders-db',
      database: 'orders-db',
      application: 'psql',
      terms: { workflow: null, plan: null },
      clientMinMessages: 'notice',
      settings: [
        ['application_name', 'psql'],
        ['datestyle', 'ISO'],
        ['timezone', 'UTC'],
        ['extra_float_digits', '2'],
      ],
    });
  });

  it('keeps for itself what the session is to be bound to', () => {
    const asked = { user: 'u', 'sluice.workflow': 'nightly', options: '-c sluice.plan=plan_1 -c jit=off' };
    expect(check(asked)).toMatchObject({ terms: { workflow: 'nightly', plan: 'plan_1' }, settings: [['jit', 'off']] });
  });

  it('keeps the level of messages for itself: the server goes on telling it everything', () => {
    const asked = { user: 'u', options: '--client-min-messages=WARNING -c jit=off' };
    expect(check(asked)).toMatchObject({ clientMinMessages: 'warning', settings: [['jit', 'off']] });
    expect(check({ user: 'u', client_min_messages: 'debug' }).clientMinMessages).toBe('debug2');
  });

  it('reads -c and -- forms of options', () => {
    expect(check({ user: 'u', options: '-c statement_timeout=5s --search-path=a\\ b' }).settings).toEqual([
      ['statement_timeout', '5s'],
      ['search_path', 'a b'],
    ]);
  });

  it.each([
    ['a role', { user: 'u', options: '-c role=postgres' }],
    ['the oracle silenced', { user: 'u', debug_print_rewritten: 'off' }],
    ['a level of messages that does not exist', { user: 'u', client_min_messages: 'fatal' }],
    ['the oracle silenced through options', { user: 'u', options: '--debug-print-rewritten=off' }],
    ['joined -c', { user: 'u', options: '-crole=x' }],
    ['row security', { user: 'u', options: '-c row_security=off' }],
    ['another encoding', { user: 'u', client_encoding: 'SJIS' }],
    ['an option that is not an assignment', { user: 'u', options: '-d 5' }],
    ['a lone -c', { user: 'u', options: '-c' }],
    ['replication', { user: 'u', replication: 'database' }],
    ['no user', { database: 'd' }],
  ])('refuses %s', (_name, parameters) => {
    expect(() => check(parameters)).toThrow(/may not be set|not offered|not understood|names no user/);
  });
});
