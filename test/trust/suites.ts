/**
 * Every suite of `npm run trust`, in the order in which they run. Each gets an equal share of the minutes.
 */
import type { TrustSuite } from './suite.ts';
import { approvalCrash } from './suites/approval-crash.ts';
import { bindingMutations } from './suites/binding-mutations.ts';
import { forgedLogs } from './suites/forged-logs.ts';
import { gatewayCrash } from './suites/gateway-crash.ts';
import { powerCut } from './suites/power-cut.ts';
import { selfApproval } from './suites/self-approval.ts';
import { signingCrash } from './suites/signing-crash.ts';
import { tamper } from './suites/tamper.ts';
import { writerCrash } from './suites/writer-crash.ts';

export const TRUST_SUITES: readonly TrustSuite[] = [
  forgedLogs,
  signingCrash,
  writerCrash,
  powerCut,
  tamper,
  bindingMutations,
  selfApproval,
  approvalCrash,
  gatewayCrash,
];
