import { describe, expect, it } from 'vitest';
import { principal } from '../evidence/log.fixture.ts';
import { mayDecide, mayView } from './approver.ts';

const GROUPS = ['data-protection'];
const analyst = principal('analyst', { groups: ['data-protection'] });
const officer = principal('officer', { groups: ['data-protection'] });
const planner = principal('planner', { kind: 'agent', behalfOf: [analyst] });
const executor = principal('executor', { kind: 'agent', behalfOf: [analyst, planner], groups: ['data-protection'] });

describe('who may decide', () => {
  it('another person of the group', () => {
    for (const asker of [analyst, planner, executor])
      expect(mayDecide(officer, asker, GROUPS)).toEqual({ allowed: true });
  });

  it.each([
    ['the asker', analyst, analyst],
    ['the person at the head of the chain', analyst, executor],
    [
      'the asker under another name',
      { ...analyst, name: 'Somebody Else', chain: [{ ...analyst, name: 'x' }] },
      executor,
    ],
    ['the asker whose own entry in the chain is missing', { ...officer, id: analyst.id }, executor],
    ['an agent', principal('helper', { kind: 'agent', groups: GROUPS }), analyst],
    ['a service', principal('robot', { kind: 'service', groups: GROUPS }), analyst],
    [
      'a token of kind user that an agent holds',
      { ...officer, chain: [...executor.chain, ...officer.chain] },
      principal('other'),
    ],
    ['a person on behalf of the asker', principal('deputy', { groups: GROUPS, behalfOf: [analyst] }), executor],
    ['a person on behalf of another approver', principal('deputy', { groups: GROUPS, behalfOf: [officer] }), analyst],
    [
      'a person who acts in the middle of the chain',
      officer,
      principal('bot', { kind: 'agent', behalfOf: [analyst, officer] }),
    ],
    ['a person of another group', principal('clerk', { groups: ['sales'] }), analyst],
    ['an administrator', principal('root', { groups: ['admin'] }), analyst],
    [
      'a person whose principal is in the group only by delegation',
      { ...principal('clerk'), onBehalfOfGroups: GROUPS },
      analyst,
    ],
    ['a person of a group that differs in case', principal('clerk', { groups: ['Data-Protection'] }), analyst],
  ])('not %s', (_, approver, asker) => {
    expect(mayDecide(approver, asker, GROUPS)).toMatchObject({ allowed: false, why: expect.stringMatching(/\.$/) });
  });

  it('nobody, where no approvers are configured', () => {
    expect(mayDecide(officer, analyst, [])).toMatchObject({
      allowed: false,
      why: expect.stringContaining('no approvers'),
    });
  });
});

describe('who may see a request', () => {
  it('everybody in the chain and those who may decide, nobody else', () => {
    for (const viewer of [analyst, planner, executor, officer]) expect(mayView(viewer, executor, GROUPS)).toBe(true);
    expect(mayView(principal('clerk'), executor, GROUPS)).toBe(false);
    expect(mayView(principal('helper', { kind: 'agent', groups: GROUPS }), executor, GROUPS)).toBe(false);
  });
});
