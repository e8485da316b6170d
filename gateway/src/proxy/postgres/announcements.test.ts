import { describe, expect, it } from 'vitest';
import { Announcements, MAX_ANNOUNCEMENTS } from './announcements.ts';

const sent = { principal: 'idp|anna', processId: 7, channel: 'jobs', payload: 'x' };

describe('an announced notification', () => {
  it('is known to its principal, under the number that clients see', () => {
    const announcements = new Announcements();
    announcements.add(sent, 42);
    expect(announcements.find(sent)).toBe(42);
  });

  it.each([
    ['another principal', { principal: 'idp|ben' }],
    ['another session of the server', { processId: 8 }],
    ['another channel', { channel: 'job' }],
    ['another payload', { payload: 'y' }],
  ])('is not that of %s', (_, other) => {
    const announcements = new Announcements();
    announcements.add(sent, 42);
    expect(announcements.find({ ...sent, ...other })).toBeNull();
  });

  it('is forgotten when too many came after it', () => {
    const announcements = new Announcements();
    announcements.add(sent, 42);
    for (let index = 0; index < MAX_ANNOUNCEMENTS - 1; index++)
      announcements.add({ ...sent, payload: `${index}!` }, 42);
    expect(announcements.find(sent)).toBe(42);
    announcements.add({ ...sent, payload: 'one more' }, 42);
    expect(announcements.find(sent)).toBeNull();
  });
});
