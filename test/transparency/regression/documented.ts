/** Differences that are meant, each with its reason: see docs/transparency.md. */
export type Documented = {
  /** Short name of the class, for the table. */
  readonly class: string;
  /** Why the gateway answers otherwise. */
  readonly reason: string;
  readonly matches: (difference: {
    readonly statement: string;
    readonly direct: string;
    readonly gateway: string;
  }) => boolean;
};

export const DOCUMENTED: readonly Documented[] = [];
