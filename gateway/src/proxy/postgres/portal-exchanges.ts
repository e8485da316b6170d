import { checkDescription } from './check-description.ts';
import type { Acknowledged, Described } from './exchange.ts';
import type { Portal } from './names.ts';
import type { Understood } from './plan.ts';
import type { SessionContext } from './session-context.ts';

/** A client's Bind. */
export class SentBind implements Acknowledged {
  readonly kind = 'bind';
  readonly audience = 'client';
  readonly sensitive: boolean;
  readonly #context: SessionContext;
  readonly #portal: string;
  readonly #understood: Understood;
  readonly #onTree: (tree: string) => void;

  constructor(context: SessionContext, portal: string, understood: Understood, onTree: (tree: string) => void) {
    this.sensitive = understood.sensitive;
    this.#context = context;
    this.#portal = portal;
    this.#understood = understood;
    this.#onTree = onTree;
  }

  onTree(tree: string): void {
    // Printed although the statement was parsed before: something that it depends on has changed.
    this.#context.ports.catalog.lookSoon();
    this.#onTree(tree);
  }

  onNestedTree(tree: string): void {
    this.#context.nested.during(this.#understood.flows, tree);
  }

  onFailed(): void {
    this.#context.names.dropPortal(this.#portal);
  }
}

/** Describe of a portal, of the extended protocol. */
export class DescribedPortal implements Described {
  readonly kind = 'describe';
  readonly audience = 'client';
  readonly simple = false;
  readonly #context: SessionContext;
  readonly #portal: Portal;

  constructor(context: SessionContext, portal: Portal) {
    this.#context = context;
    this.#portal = portal;
  }

  onRowDescription(body: Buffer | null): void {
    checkDescription(this.#context, this.#portal, body, this.#portal.bind?.resultFormats ?? null);
  }
}
