import { describe, expect, it, test } from 'vitest';
import type { IssuerSettings } from './issuer.ts';
import { type Claims, MAX_GROUPS, MAX_SUBJECT_CHARS, principalFromClaims } from './principal-from-claims.ts';

const settings: IssuerSettings = {
  name: 'company',
  issuer: 'https://idp',
  audience: 'sluice',
  claims: { groups: 'groups', agent: 'act' },
  algorithms: ['ES256'],
  tokenType: 'required',
  agents: [
    { clientId: 'planner', kind: 'agent', name: 'Planner' },
    { clientId: 'executor', kind: 'agent', groups: ['executors'] },
    { clientId: 'backup', kind: 'service' },
  ],
};

function principal(claims: Claims, changes: Partial<IssuerSettings> = {}) {
  const result = principalFromClaims(claims, { ...settings, ...changes });
  return result.kind === 'principal' ? result.principal : result.why;
}

const groupsUpTo = (count: number) => Array.from({ length: count }, (_, i) => `group-${i}`);

const ana = { id: 'https://idp|ana', kind: 'user', name: 'ana' };
const planner = { id: 'https://idp|planner', kind: 'agent', name: 'Planner' };
const executor = { id: 'https://idp|executor', kind: 'agent', name: 'executor' };

describe('who asks', () => {
  const rows: [string, Claims, unknown][] = [
    [
      'a person',
      { sub: 'ana', client_id: 'sluice', groups: ['g'] },
      { ...ana, groups: ['g'], chain: [ana], onBehalfOfGroups: [] },
    ],
    [
      'an agent by itself, groups declared',
      { sub: 'executor', client_id: 'executor', groups: ['ignored'] },
      { ...executor, groups: ['executors'], chain: [executor], onBehalfOfGroups: [] },
    ],
    [
      'an agent by itself, groups from the token',
      { sub: 'planner', client_id: 'planner', groups: ['p'] },
      { ...planner, groups: ['p'], chain: [planner], onBehalfOfGroups: [] },
    ],
    ['a service', { sub: 'backup', azp: 'backup' }, expect.objectContaining({ kind: 'service', groups: [] })],
    [
      'a client that nobody declared is an agent',
      { sub: 'unknown', client_id: 'unknown', groups: ['x'] },
      expect.objectContaining({ kind: 'agent', groups: ['x'] }),
    ],
    [
      'an agent on behalf of a person',
      { sub: 'ana', client_id: 'executor', act: { sub: 'executor' }, groups: ['g'] },
      { ...executor, groups: ['executors'], chain: [ana, executor], onBehalfOfGroups: ['g'] },
    ],
    [
      'person, planner, executor: the outermost actor is the current one',
      { sub: 'ana', client_id: 'executor', act: { sub: 'executor', act: { sub: 'planner' } }, groups: ['g'] },
      {
        ...{ ...executor, groups: ['executors'], chain: [ana, planner, executor], onBehalfOfGroups: ['g'] },
        linkGroups: [[]],
      },
    ],
    [
      'those between, with the groups that they are declared with, or that their own claim says',
      { sub: 'ana', act: { sub: 'z', act: { sub: 'executor', act: { sub: 'robot', groups: ['r', 'r'] } } } },
      expect.objectContaining({ linkGroups: [['r'], ['executors']] }),
    ],
    [
      'a person by a token that is confined',
      { sub: 'ana', client_id: 'sluice', groups: ['g'], scope: 'openid sluice:read' },
      { ...ana, groups: ['g'], chain: [ana], onBehalfOfGroups: [], scopes: ['sluice:read'] },
    ],
    [
      'an agent by a token that is confined',
      { sub: 'ana', act: { sub: 'executor' }, scope: 'sluice:read:orders-db' },
      expect.objectContaining({ chain: [ana, executor], scopes: ['sluice:read:orders-db'] }),
    ],
    [
      'an actor that nobody declared is an agent, with the groups of its own claim',
      { sub: 'ana', act: { sub: 'robot', groups: ['r'] }, groups: ['g'] },
      expect.objectContaining({ id: 'https://idp|robot', kind: 'agent', groups: ['r'], onBehalfOfGroups: ['g'] }),
    ],
    [
      'a person’s token in an agent’s hands is the agent for the person',
      { sub: 'ana', client_id: 'executor', groups: ['g'] },
      { ...executor, groups: ['executors'], chain: [ana, executor], onBehalfOfGroups: ['g'] },
    ],
    [
      'an agent lends no groups to another agent',
      { sub: 'planner', client_id: 'executor', act: { sub: 'executor' }, groups: ['p'] },
      { ...executor, groups: ['executors'], chain: [planner, executor], onBehalfOfGroups: [] },
    ],
  ];
  it.each(rows)('%s', (_name, claims, expected) => {
    expect(principal(claims)).toEqual(expected);
  });
});

describe('claims that make no principal', () => {
  const rows: [string, Claims, string][] = [
    ['a person named like an agent', { sub: 'executor', client_id: 'sluice' }, 'named like an agent'],
    ['another agent than the actor', { sub: 'ana', client_id: 'planner', act: { sub: 'executor' } }, 'another agent'],
    ['an actor of another issuer', { sub: 'ana', act: { sub: 'executor', iss: 'https://evil' } }, 'another issuer'],
    ['an actor without a subject', { sub: 'ana', act: {} }, 'actor'],
    ['an actor that is text', { sub: 'ana', act: 'executor' }, 'not an object'],
    ['an actor that is null', { sub: 'ana', act: null }, 'not an object'],
    [
      'five in the chain',
      { sub: 'ana', act: { sub: 'd', act: { sub: 'c', act: { sub: 'b', act: { sub: 'a' } } } } },
      'longer than 4',
    ],
    ['an empty subject', { sub: '' }, 'sub'],
    ['a subject with a line break', { sub: 'ana\nroot' }, 'sub'],
    ['a subject over the bound', { sub: 'x'.repeat(MAX_SUBJECT_CHARS + 1) }, 'sub'],
    ['groups that are numbers', { sub: 'ana', groups: [1] }, 'groups'],
    ['groups that are an object', { sub: 'ana', groups: { a: true } }, 'groups'],
    ['too many groups', { sub: 'ana', groups: groupsUpTo(MAX_GROUPS + 1) }, 'groups'],
    ['a scope that nobody knows', { sub: 'ana', scope: 'sluice:read sluice:all' }, 'scopes is not known'],
    ['groups that are elsewhere', { sub: 'ana', _claim_names: { groups: 'src1' } }, 'elsewhere'],
  ];
  it.each(rows)('%s', (_name, claims, why) => {
    expect(principal(claims)).toContain(why);
  });

  test('a chain of four, a subject and groups at their bounds are accepted', () => {
    expect(principal({ sub: 'ana', act: { sub: 'c', act: { sub: 'b', act: { sub: 'a' } } } })).toHaveProperty(
      'chain.length',
      4,
    );
    expect(principal({ sub: 'x'.repeat(MAX_SUBJECT_CHARS) })).toHaveProperty('kind', 'user');
    expect(principal({ sub: 'ana', groups: groupsUpTo(MAX_GROUPS) })).toHaveProperty('groups.length', MAX_GROUPS);
  });
});

describe('where groups stand', () => {
  const rows: [string, string, Claims, string[]][] = [
    ['a path', 'realm_access.roles', { sub: 'ana', realm_access: { roles: ['r'] } }, ['r']],
    ['a name with dots', 'https://corp.test/groups', { sub: 'ana', 'https://corp.test/groups': ['g'] }, ['g']],
    ['one group as text', 'groups', { sub: 'ana', groups: 'g' }, ['g']],
    ['no groups', 'groups', { sub: 'ana' }, []],
    ['nothing inherited', 'constructor.name', { sub: 'ana' }, []],
  ];
  it.each(rows)('%s', (_name, groups, claims, expected) => {
    expect(principal(claims, { claims: { groups, agent: 'act' } })).toHaveProperty('groups', expected);
  });
});

test('a display name cannot forge what a terminal or a dialog shows', () => {
  expect(principal({ sub: 'ana', name: 'Ana\u001b[2J\u202enimda\u200b\n' })).toHaveProperty('name', 'Ana[2Jnimda');
  expect(principal({ sub: 'ana', name: '\u202e', email: 'a@corp.test' })).toHaveProperty('name', 'a@corp.test');
});
