import { SluiceError } from '@sluice/contract/errors';
import type { WorkflowDesk } from './dependencies.ts';

/** For APIs under test that have no workflows. */
export const NO_WORKFLOWS: WorkflowDesk = {
  list: () => [],
  show: unknown,
  propose: unknown,
  decide: unknown,
  revoke: unknown,
  submitPlan: unknown,
  plans: () => [],
  plan: unknown,
  describe: unknown,
};

function unknown(): never {
  throw new SluiceError('NOT_FOUND', 'there are no workflows here');
}
