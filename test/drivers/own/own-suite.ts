/** What a driver's own suite is. */
import type { DebianSource } from '../../harness/debian-source.ts';
import type { Outcomes } from './outcomes.ts';
import type { Side } from './sides.ts';

/** Where a suite finds its tests, and may write. */
export type Place = {
  readonly source: DebianSource | null;
  /** Of this suite; kept between runs. */
  readonly folder: string;
  /** Where a run's own files go; empty at its start. */
  readonly results: string;
  /** A whole suite ends within this; tests that were not reached by then differ. */
  readonly limitMs: number;
  /** Which files of a suite that is run in pieces; those of the others all run. */
  readonly files: RegExp;
};

export type OwnSuite = {
  readonly name: string;
  /** The Debian package whose source holds the tests; null when an installed package does. */
  readonly sourcePackage: string | null;
  /** Programs and files without which it cannot run. */
  readonly needs: readonly string[];
  readonly prepare?: (place: Place, say: (line: string) => void) => void;
  readonly run: (place: Place, side: Side) => Promise<Outcomes>;
};
