import { SluiceError } from '@sluice/contract/errors';
import type { AuditDesk, LiveDesk } from './dependencies.ts';

/** For APIs under test whose record is empty. */
export const NO_AUDIT: AuditDesk = {
  column: () => Promise.resolve({ touches: [], next: null }),
  sessionsOf: () => Promise.reject(new SluiceError('NOT_FOUND', 'Nobody was in any session.')),
  held: () => Promise.resolve({ held: [], next: null }),
  firstSeen: () => Promise.resolve([]),
  kept: () => Promise.resolve({ sessions: [], next: null }),
};

export const NOTHING_LIVE: LiveDesk = {
  kill: () => Promise.reject(new SluiceError('NOT_FOUND', 'There is no live session.')),
  watch: () => Promise.reject(new SluiceError('NOT_FOUND', 'There is no live session.')),
};
