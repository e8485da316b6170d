import type { Sources, Walker } from './walker.ts';

/** What was evaluated under a condition reveals the condition: by raising or not, by happening or not. */
export function guard(walker: Walker, condition: Sources, faultsBefore: number, writesBefore: number): void {
  if (walker.findings.faults > faultsBefore) walker.findings.fault(condition);
  for (const write of walker.findings.writes.slice(writesBefore))
    for (const source of condition) write.sources.add(source);
}
