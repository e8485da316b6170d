import { SluiceError } from '@sluice/contract/errors';
import type { EvidenceReadings, HoldDesk, SealedDesk } from './dependencies.ts';

const nothing = () => {
  throw new SluiceError('NOT_FOUND', 'The record has no checkpoint yet.');
};

/** A record without a checkpoint, for tests of everything else. */
export const NO_EVIDENCE: EvidenceReadings = {
  status: nothing,
  checkpoint: nothing,
  inclusion: nothing,
  consistency: nothing,
  tile: () => Promise.reject(new SluiceError('NOT_FOUND', 'There is no tile.')),
  bundle: () => Promise.reject(new SluiceError('NOT_FOUND', 'The record has no checkpoint yet.')),
};

/** Nothing is sealed. */
export const NOTHING_SEALED: SealedDesk = {
  open: () => Promise.reject(new SluiceError('NOT_FOUND', 'Nothing is sealed.')),
};

/** Nothing is held. */
export const NOTHING_HELD: HoldDesk = {
  list: () => Promise.resolve([]),
  place: () => Promise.reject(new SluiceError('NOT_FOUND', 'There is nothing to hold.')),
  lift: () => Promise.reject(new SluiceError('NOT_FOUND', 'Nothing is held.')),
};
