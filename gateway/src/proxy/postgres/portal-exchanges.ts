import type { ReportFields } from '../../protocol/postgres/backend.ts';
import type { BindMessage } from '../../protocol/postgres/frontend.ts';
import { checkDescription } from './check-description.ts';
import type { Acknowledged, Described } from './exchange.ts';
import { lookAgain, lookAgainOr } from './look-again.ts';
import type { Opened, Portal } from './names.ts';
import type { Understood } from './plan.ts';
import type { SessionContext } from './session-context.ts';

/** A client's Bind. */
export class SentBind implements Acknowledged {
  readonly kind = 'bind';
  readonly audience = 'client';
  readonly sensitive: boolean;
  readonly #context: SessionContext;
  readonly #portal: string;
  /** The name by which the client knows the statement, and the server's. */
  readonly #statement: string;
  readonly #upstreamName: string;
  readonly #understood: Understood;
  readonly #onTree: (tree: string, bind: SentBind) => void;

  constructor(
    context: SessionContext,
    { bind, plan, understood }: Portal & { readonly bind: BindMessage },
    onTree: (tree: string, bind: SentBind) => void,
  ) {
    this.sensitive = understood.sensitive;
    this.#context = context;
    this.#portal = bind.portal;
    this.#statement = bind.statement;
    this.#upstreamName = plan.upstreamName ?? '';
    this.#understood = understood;
    this.#onTree = onTree;
  }

  onTree(tree: string): void {
    // Printed although the statement was parsed before: something that it depends on has changed.
    this.#context.ports.catalog.lookSoon();
    this.#onTree(tree, this);
  }

  onNestedTree(tree: string): void {
    this.#context.nested.during(this.#understood.flows, tree);
  }

  /** "bind message supplies 1 parameters, but prepared statement "x" requires 2". */
  inClientNames(fields: ReportFields): ReportFields {
    const words = fields.get('M');
    if (words === undefined || fields.get('R') !== 'exec_bind_message') return fields;
    return new Map([...fields, ['M', words.replace(`"${this.#upstreamName}"`, () => `"${this.#statement}"`)]]);
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

  onRowDescription(source: Buffer, start: number, end: number): void {
    checkDescription(this.#context, this.#portal, this.#portal.bind?.resultFormats ?? null, source, start, end);
  }
}

/** The Bind of a statement of the simple protocol. */
export class SimpleBind implements Acknowledged {
  readonly kind = 'bind';
  readonly audience = 'gateway';
  /** Planning computes what is constant, and tells the notices of it. */
  readonly tellsNotices = true;
  readonly sensitive: boolean;
  readonly charactersBefore: (() => number) | undefined;
  readonly #context: SessionContext;
  readonly #opened: Opened;
  readonly #again: (() => Promise<void>) | null;

  /** `again` runs it once more, under a verdict of its own; null for one that is not alone in its query. */
  constructor(
    context: SessionContext,
    opened: Opened,
    {
      charactersBefore,
      again = null,
    }: { readonly charactersBefore?: (() => number) | undefined; readonly again?: (() => Promise<void>) | null },
  ) {
    this.sensitive = opened.understood.sensitive;
    this.charactersBefore = charactersBefore;
    this.#context = context;
    this.#opened = opened;
    this.#again = again;
  }

  onTree(tree: string): void {
    const { plan, understood } = this.#opened;
    const [opened, again] = [{ plan, understood, bind: null }, this.#again];
    this.#context.link.holdBack(
      again === null
        ? lookAgain(this.#context, opened, tree)
        : lookAgainOr(this.#context, opened, { tree, bind: this }, again),
    );
  }

  onNestedTree(tree: string): void {
    this.#context.nested.during(this.#opened.understood.flows, tree);
  }
}

/** What describes the answer of a statement of the simple protocol. */
export class SimpleDescribe implements Described {
  readonly kind = 'describe';
  readonly audience = 'client';
  readonly simple = true;
  readonly late: boolean;
  readonly #context: SessionContext;
  readonly #opened: Opened;

  constructor(context: SessionContext, opened: Opened, late: boolean) {
    this.late = late;
    this.#context = context;
    this.#opened = opened;
  }

  onRowDescription(source: Buffer, start: number, end: number): void {
    checkDescription(this.#context, this.#opened, this.#opened.bind?.resultFormats ?? ALL_TEXT, source, start, end);
  }
}

const ALL_TEXT: readonly number[] = [];
