/**
 * Options of an LRUCache for one session: at most `max` entries, and memory only for those that are there. With its own
 * `max` the package sets everything aside at once, which thousands of idle sessions would pay for.
 */
export function growingTo(max: number): { readonly maxSize: number; readonly sizeCalculation: () => number } {
  return { maxSize: max, sizeCalculation: () => 1 };
}
