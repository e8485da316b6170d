/**
 * Who counts as one with whom, where the tokens cannot tell: accounts of one person, and who answers for an agent. Pure.
 */
import type { Principal } from '@sluice/contract/vocabulary';
import { partiesOf } from './approver.ts';

export type KinshipFacts = {
  /** Accounts of one person, `issuer|subject` each. */
  readonly same: readonly (readonly string[])[];
  /** Who answers for an agent. */
  readonly owners: readonly (readonly [agent: string, owners: readonly string[]])[];
};

export class Kinship {
  readonly #same = new Map<string, Set<string>>();
  readonly #owners = new Map<string, readonly string[]>();

  constructor({ same, owners }: KinshipFacts) {
    for (const accounts of same) this.#join(accounts);
    for (const [agent, named] of owners) this.#owners.set(agent, [...(this.#owners.get(agent) ?? []), ...named]);
  }

  /** Everybody in a principal's chain, their other accounts, and whoever answers for one of them, at any distance. */
  partiesOf(principal: Principal): ReadonlySet<string> {
    const found = new Set<string>();
    const waiting = [...partiesOf(principal)];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (found.has(id)) continue;
      found.add(id);
      waiting.push(...(this.#same.get(id) ?? []), ...(this.#owners.get(id) ?? []));
    }
    return found;
  }

  isSamePerson(a: string, b: string): boolean {
    return a === b || this.#same.get(a)?.has(b) === true;
  }

  /** Two lists that share an account are of one person. */
  #join(accounts: readonly string[]): void {
    const all = new Set(accounts.flatMap((id) => [id, ...(this.#same.get(id) ?? [])]));
    for (const id of all) this.#same.set(id, all);
  }
}

export const NO_KIN = new Kinship({ same: [], owners: [] });
