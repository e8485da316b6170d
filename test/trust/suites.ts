/**
 * Every suite of `npm run trust`, in the order in which they run. Each gets an equal share of the minutes.
 */
import type { TrustSuite } from './suite.ts';
import { forgedLogs } from './suites/forged-logs.ts';
import { tamper } from './suites/tamper.ts';

export const TRUST_SUITES: readonly TrustSuite[] = [forgedLogs, tamper];
