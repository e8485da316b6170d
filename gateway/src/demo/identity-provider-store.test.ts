import { expect, test } from 'vitest';
import { createProviderStore, MAX_STORED } from './identity-provider-store.ts';

test('what is stored is found by id, by user code and by session, in its own model only', async () => {
  const store = createProviderStore();
  await store('DeviceCode').upsert('d1', { userCode: 'ABCD', grantId: 'g' });
  await store('Session').upsert('s1', { uid: 'u1' });
  expect(await store('DeviceCode').find('d1')).toMatchObject({ grantId: 'g' });
  expect(await store('DeviceCode').findByUserCode('ABCD')).toMatchObject({ grantId: 'g' });
  expect(await store('Session').findByUid('u1')).toMatchObject({ uid: 'u1' });
  expect(await store('Session').find('d1')).toBeUndefined();
  expect(await store('Session').findByUserCode('ABCD')).toBeUndefined();
});

test('a consumed code stays to be recognised, a destroyed one does not', async () => {
  const codes = createProviderStore()('AuthorizationCode');
  await codes.upsert('c1', { grantId: 'g' });
  await codes.consume('c1');
  expect(await codes.find('c1')).toHaveProperty('consumed');
  await codes.destroy('c1');
  expect(await codes.find('c1')).toBeUndefined();
});

test('revoking a grant forgets all that was issued under it, of every model', async () => {
  const store = createProviderStore();
  await store('RefreshToken').upsert('r1', { grantId: 'g' });
  await store('AuthorizationCode').upsert('c1', { grantId: 'g' });
  await store('RefreshToken').upsert('r2', { grantId: 'other' });
  await store('AccessToken').revokeByGrantId('g');
  expect(await store('RefreshToken').find('r1')).toBeUndefined();
  expect(await store('AuthorizationCode').find('c1')).toBeUndefined();
  expect(await store('RefreshToken').find('r2')).toBeDefined();
});

test('at the bound, the oldest are forgotten', async () => {
  const sessions = createProviderStore()('Session');
  for (let i = 0; i <= MAX_STORED; i++) await sessions.upsert(`s${i}`, { uid: `u${i}` }, 60);
  expect(await sessions.find('s0')).toBeUndefined();
  expect(await sessions.find('s1')).toBeDefined();
});
