import { describe, expect, it } from 'vitest';
import { principal } from '../evidence/log.fixture.ts';
import { mayDecide } from './approver.ts';
import { Kinship } from './kinship.ts';

const GROUPS = ['data-protection'];
const ada = principal('ada', { groups: GROUPS });
const adaElsewhere = principal('ada-elsewhere', { groups: GROUPS });
const adaToo = principal('ada-too', { groups: GROUPS });
const officer = principal('officer', { groups: GROUPS });
const robot = principal('robot', { kind: 'agent' });
const helper = principal('helper', { kind: 'agent' });
const kinship = new Kinship({
  same: [
    [ada.id, adaElsewhere.id],
    [adaElsewhere.id, adaToo.id],
  ],
  owners: [
    [robot.id, [ada.id]],
    [helper.id, [robot.id]],
  ],
});
const kinOf = (who: typeof ada) => kinship.partiesOf(who);

describe('who belongs together', () => {
  it.each([
    ['another account of the asker', adaElsewhere, ada],
    ['an account that is the same by a third', adaToo, ada],
    ['the asker, of what another account of theirs asked', ada, adaToo],
    ['the owner of an agent', ada, robot],
    ['another account of the owner', adaToo, robot],
    ['the owner of the owner', adaElsewhere, helper],
    ['the owner of an agent in the middle', ada, principal('bot', { kind: 'agent', behalfOf: [officer, robot] })],
  ])('%s may not decide', (_, approver, asker) => {
    expect(mayDecide(approver, asker, GROUPS, kinOf)).toMatchObject({ allowed: false });
  });

  it('others may', () => {
    for (const asker of [ada, adaToo, robot, helper])
      expect(mayDecide(officer, asker, GROUPS, kinOf)).toEqual({ allowed: true });
    expect(mayDecide(ada, officer, GROUPS, kinOf)).toEqual({ allowed: true });
  });

  it('two accounts of one person are one of two', () => {
    expect(kinship.isSamePerson(ada.id, adaToo.id)).toBe(true);
    expect(kinship.isSamePerson(ada.id, officer.id)).toBe(false);
    expect(kinship.isSamePerson(officer.id, officer.id)).toBe(true);
  });
});
