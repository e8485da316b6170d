import type { NeededFacts } from './facts.ts';

export const NO_NEEDS: NeededFacts = Object.freeze({
  relations: [],
  functions: [],
  types: [],
  bodies: [],
  relationNames: [],
  userNames: [],
});
