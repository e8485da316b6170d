/** What a name is to stand for from a message on, which the server has not come to yet. */
export type NameChange<T> = {
  readonly name: string;
  readonly to: T | undefined;
  /** Syncs that were asked for before that message: behind another one, it may have been skipped. */
  readonly syncs: number;
};

/**
 * Names whose meaning changes by messages that the server may still skip: after an error it skips everything up to Sync,
 * and the names stay what they were. There are as many changes as messages that are not answered yet.
 */
export class NameChanges<T> {
  readonly #values: Map<string, T>;
  /** By name, in the order of their messages, each with what the name stood for before. */
  readonly #open = new Map<string, { readonly change: NameChange<T>; before: T | undefined }[]>();

  constructor(values: Map<string, T>) {
    this.#values = values;
  }

  /** The name stands for something else at once; `to` undefined: for nothing. */
  change(name: string, to: T | undefined, syncs: number): NameChange<T> {
    const change: NameChange<T> = { name, to, syncs };
    const open = this.#open.get(name) ?? [];
    open.push({ change, before: this.#values.get(name) });
    this.#open.set(name, open);
    this.#set(name, to);
    return change;
  }

  /** The server came to the message, so also to those before it. */
  confirm(change: NameChange<T>): void {
    const open = this.#open.get(change.name) ?? [];
    open.splice(0, open.findIndex((known) => known.change === change) + 1);
    if (open.length === 0) this.#open.delete(change.name);
  }

  /** The server skipped the message. */
  undo(change: NameChange<T>): void {
    const open = this.#open.get(change.name) ?? [];
    const at = open.findIndex((known) => known.change === change);
    const [undone] = at < 0 ? [] : open.splice(at, 1);
    if (undone === undefined) return;
    const next = open[at];
    if (next === undefined) this.#set(change.name, undone.before);
    else next.before = undone.before;
    if (open.length === 0) this.#open.delete(change.name);
  }

  /** True while it is not known what the name stands for behind `syncs` Syncs. */
  isInDoubt(name: string, syncs: number): boolean {
    return this.#open.size > 0 && this.#open.get(name)?.some(({ change }) => change.syncs !== syncs) === true;
  }

  /** All names are gone whatever became of the changes. */
  clear(): void {
    this.#open.clear();
    this.#values.clear();
  }

  #set(name: string, value: T | undefined): void {
    if (value === undefined) this.#values.delete(name);
    else this.#values.set(name, value);
  }
}
