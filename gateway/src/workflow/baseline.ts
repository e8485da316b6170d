/**
 * What a baseline covers. Pure.
 */
import { type Label, labelRank } from '@sluice/contract/vocabulary';
import { type BaselineFlow, flowId } from './column-flows.ts';

/** Most flows of one baseline, and of what is learned for it. */
export const MAX_BASELINE_FLOWS = 5_000;

/** Approved flows by id, with the label that each had when it was approved. */
export type Baseline = ReadonlyMap<string, Label>;

export const EMPTY_BASELINE: Baseline = new Map();

export function baselineOf(flows: readonly BaselineFlow[]): Baseline {
  return new Map(flows.map(({ id, label }) => [id, label]));
}

/**
 * Whether a flow was approved: it itself, or, of an output that is masked, the same one unmasked, which shows more. Not
 * when its label has been raised since: nobody has approved it as what it is now.
 */
export function covers(baseline: Baseline, flow: BaselineFlow): boolean {
  const { id, kind, masked, source, target, label } = flow;
  const approved = [id, ...(masked ? [flowId(kind, false, source, target)] : [])];
  return approved.some((one) => {
    const at = baseline.get(one);
    return at !== undefined && labelRank(label) <= labelRank(at);
  });
}

/** The flows that a baseline does not cover, in their order. */
export function driftOf(baseline: Baseline, flows: readonly BaselineFlow[]): readonly BaselineFlow[] {
  return flows.filter((flow) => !covers(baseline, flow));
}

/** What a proposal changes: flows by id. */
export function changesOf(
  before: readonly BaselineFlow[],
  after: readonly BaselineFlow[],
): { readonly added: readonly BaselineFlow[]; readonly removed: readonly BaselineFlow[] } {
  const known = baselineOf(before);
  const kept = baselineOf(after);
  return {
    // A label that has risen since is a change, too.
    added: after.filter(({ id, label }) => labelRank(label) > labelRank(known.get(id) ?? 'public') || !known.has(id)),
    removed: before.filter(({ id }) => !kept.has(id)),
  };
}
