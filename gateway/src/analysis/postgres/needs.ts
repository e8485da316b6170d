import type { NeededFacts } from './facts.ts';

export const NO_NEEDS: NeededFacts = Object.freeze({
  relations: [],
  functions: [],
  types: [],
  operators: [],
  texts: [],
  bodies: [],
  relationNames: [],
  userNames: [],
});
