import { SluiceError } from '@sluice/contract/errors';
import type { IssuerEventDesk } from './dependencies.ts';

/** For tests in which no issuer tells of anything. */
export const NO_ISSUER_EVENTS: IssuerEventDesk = {
  logout: async (issuerName) => refuse(issuerName),
  push: async (issuerName) => refuse(issuerName),
};

function refuse(issuerName: string): never {
  throw new SluiceError('NOT_FOUND', `There is no issuer "${issuerName}".`);
}
