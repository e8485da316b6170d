/** Whether somebody may decide so about a request, in the words that they are told. */
import { SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import { mayDecide, mayView, type PartiesOf, partiesOf } from './approver.ts';
import type { RequestView } from './request.ts';
import type { StoredRequest } from './request-rows.ts';

export type RequestDecision = {
  readonly decision: 'approved' | 'denied';
  readonly note: string;
  /** What the approver saw; when given, it has to be this request's. */
  readonly bindingHash?: string | undefined;
  /** Of an approval: most rows that it may change. Lowers the bound that there is, and never raises it. */
  readonly maxRows?: number | undefined;
};

/** Throws REQUEST_UNKNOWN, REQUEST_NOT_YOURS, REQUEST_STATE, or USAGE for a bound that nobody could keep. */
export function assertMayDecide(
  principal: Principal,
  stored: StoredRequest,
  { decision, bindingHash: seen, maxRows }: Omit<RequestDecision, 'note'>,
  kinOf: PartiesOf,
): void {
  const { view } = stored;
  const requestId = view.id;
  if (!mayView(principal, view.asker, stored.approverGroups, kinOf)) throw hidden(principal, stored, kinOf);
  const verdict = mayDecide(principal, view.asker, stored.approverGroups, kinOf);
  if (!verdict.allowed) throw new SluiceError('REQUEST_NOT_YOURS', verdict.why, { facts: { requestId } });
  if (view.state !== 'pending') throw notPending(view);
  if (seen !== undefined && seen !== view.bindingHash)
    throw new SluiceError('REQUEST_STATE', 'The request is not the one that you looked at: the binding hash differs.', {
      remedy: 'Show the request again and decide about what you see.',
      facts: { requestId },
    });
  if (decision === 'approved' && view.statement === '')
    throw new SluiceError(
      'REQUEST_STATE',
      'Nobody can read any more what would run: the key of its text is not there.',
      {
        remedy: 'Deny it; asked again, it is another request.',
        facts: { requestId },
      },
    );
  if (maxRows !== undefined && decision === 'approved' && !view.countsRows)
    throw new SluiceError('USAGE', 'The rows that this statement changes cannot be counted, so they have no bound.', {
      remedy: 'Approve it without a bound on rows, or deny it.',
      facts: { requestId },
    });
}

/** The asker's own attempt, and an agent's, hears why; to a stranger there is no such request. */
function hidden(principal: Principal, { view, approverGroups }: StoredRequest, kinOf: PartiesOf): SluiceError {
  const isMember = principal.groups.some((group) => approverGroups.includes(group));
  const verdict = mayDecide(principal, view.asker, approverGroups, kinOf);
  const isParty = [...partiesOf(principal)].some((id) => partiesOf(view.asker).has(id));
  if ((isMember || isParty) && !verdict.allowed)
    return new SluiceError('REQUEST_NOT_YOURS', verdict.why, { facts: { requestId: view.id } });
  return unknownRequest(view.id);
}

export function unknownRequest(requestId: string): SluiceError {
  return new SluiceError('REQUEST_UNKNOWN', `There is no approval request ${requestId}, or you may not know of it.`);
}

export function notPending(view: RequestView): SluiceError {
  return new SluiceError('REQUEST_STATE', `The request ${view.id} is ${view.state}.`, {
    facts: { requestId: view.id, state: view.state },
  });
}
