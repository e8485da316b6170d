/** The node types of each major version, from node-names.json, which says where they come from. */
import names from './node-names.json' with { type: 'json' };

export const MAJORS = [14, 15, 16, 17, 18] as const;

export function nodesOf(major: (typeof MAJORS)[number]): ReadonlySet<string> {
  const nodes = new Set<string>();
  for (const step of [names['15'], names['16'], names['17'], names['18']].slice(0, Math.max(1, major - 14))) {
    for (const name of step.added) nodes.add(name);
    for (const name of step.removed) nodes.delete(name);
  }
  if (major === 14) for (const name of names.without14) nodes.delete(name);
  return nodes;
}

/** Of all versions together. */
export function everyNode(): ReadonlySet<string> {
  return new Set(MAJORS.flatMap((major) => [...nodesOf(major)]));
}
