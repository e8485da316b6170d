import { describe, expect, it } from 'vitest';
import { decodeFrontend } from '../../protocol/postgres/frontend.ts';
import { MANUAL_MESSAGES, REPORTED_PARAMETERS } from '../../protocol/postgres/manual-messages.ts';
import { CLIENT_MESSAGE_RULES } from './client-messages.ts';
import { reportsParameter, SERVER_MESSAGE_RULES } from './server-messages.ts';

/** Names of the manual by type byte, of one side. */
function manual(side: 'F' | 'B'): Record<string, string[]> {
  const names: Record<string, string[]> = {};
  for (const { name, type, from } of MANUAL_MESSAGES)
    if (type !== null && from.includes(side)) (names[type] ??= []).push(name);
  return names;
}

describe('the rules for messages', () => {
  it('of the server are one for each type of the manual', () => {
    const types = Object.entries(manual('B'));
    expect(Object.keys(SERVER_MESSAGE_RULES).toSorted()).toEqual(types.map(([type]) => type).toSorted());
    for (const [type, names] of types) {
      const { name } = SERVER_MESSAGE_RULES[type] ?? { name: '' };
      expect(names.every((one) => name === one || (name.endsWith('*') && one.startsWith(name.slice(0, -1))))).toBe(
        true,
      );
    }
  });

  it('of the client are one for each type of the manual', () => {
    const types = Object.entries(manual('F')).map(([type, names]) => [type, names.join(', ')] as const);
    const rules = Object.entries(CLIENT_MESSAGE_RULES).map(([type, { name }]) => [type, name] as const);
    expect(Object.fromEntries(rules)).toEqual(Object.fromEntries(types));
  });

  it('hold for every byte: what is not listed, or belongs into the login, is no message of a session', () => {
    for (let type = 0; type < 256; type += 1) {
      const rule = CLIENT_MESSAGE_RULES[String.fromCharCode(type)]?.rule;
      // An empty body is broken for most: known types complain of the body, unknown ones of the type.
      const isKnown = rule !== undefined && rule !== 'login';
      expect([type, complaintOf(type).includes('not known')]).toEqual([type, !isKnown]);
    }
  });

  it('list the parameters that servers report, two of them pinned', () => {
    for (const [name, parameter] of Object.entries(REPORTED_PARAMETERS)) {
      const values = parameter.kind === 'pinned' ? parameter.values : ['anything'];
      for (const value of values) expect(reportsParameter(name, value)).toBe(true);
      if (parameter.kind === 'pinned') expect(() => reportsParameter(name, 'anything')).toThrow(name);
    }
    expect(reportsParameter('toString', 'x')).toBe(false);
  });
});

function complaintOf(type: number): string {
  try {
    decodeFrontend(type, Buffer.alloc(0));
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
