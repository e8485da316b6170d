import { createHash } from 'node:crypto';
import { describeTools, INSTRUCTIONS } from './tools.ts';

/**
 * SHA-256, hex, of all words that an agent reads of this server before it calls anything. A host that pinned it sees
 * when they change ("tool poisoning", "rug pull"). Keys are sorted, so that it does not depend on their order.
 */
export function toolFingerprint(): string {
  return createHash('sha256')
    .update(canonical({ instructions: INSTRUCTIONS, tools: describeTools() }))
    .digest('hex');
}

/** JSON with sorted keys and no blanks. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}
