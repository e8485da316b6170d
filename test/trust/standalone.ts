/**
 * The standalone verifier of `verifier/`, asked as an auditor would ask it: by its command line.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EvidenceSite } from './evidence-site.ts';

export type Verdict = {
  /** Exit status: 0 verified, 64 wrong arguments, 65 not verified, 66 something cannot be read. */
  readonly status: number;
  readonly lines: readonly string[];
};

const DIRECTORY = join(import.meta.dirname, '../../verifier');
export const STANDALONE_FILES = join(DIRECTORY, 'sluice-verify.mjs');
export const STANDALONE_LOG = join(DIRECTORY, 'sluice-verify-log.mjs');

const files = await load(STANDALONE_FILES);
const logs = await load(STANDALONE_LOG);

/** What `node sluice-verify.mjs ARGS` or `node sluice-verify-log.mjs ARGS` says, without a process for each question. */
export function standaloneVerdict(args: readonly string[]): Verdict {
  const { main } = files;
  const checks = ['log', 'tiles'].includes(args[0] ?? '') ? logs['LOG_CHECKS'] : files['FILE_CHECKS'];
  if (typeof main !== 'function') throw new TypeError('the standalone verifier has no main');
  const answer: unknown = Reflect.apply(main, undefined, ['usage', args, checks]);
  if (!Array.isArray(answer)) throw new TypeError('the standalone verifier did not answer');
  const [status, lines]: unknown[] = answer;
  if (typeof status !== 'number' || !Array.isArray(lines))
    throw new TypeError('the standalone verifier did not answer');
  return { status, lines: lines.map(String) };
}

/** The keys of a site, as arguments. */
export function keysOf({ trust }: EvidenceSite): readonly string[] {
  const keys = trust.keys.flatMap(({ type, vkey }) => [type === 1 ? '--key' : '--witness', vkey]);
  return [...keys, '--witnesses', String(trust.witnesses)];
}

/** A torn end counts: the log of a gateway that was stopped has none. */
export function standaloneAccusesLog(site: EvidenceSite, anchors: readonly string[]): boolean {
  const noted = anchors.flatMap((anchor) => ['--noted', anchor]);
  const { status, lines } = standaloneVerdict(['log', site.logDirectory, ...keysOf(site), ...noted]);
  return status !== 0 || lines.some((line) => line.includes('a torn end'));
}

export function standaloneAccusesBundle(site: EvidenceSite): boolean {
  return standaloneVerdict(['bundle', site.bundle, ...keysOf(site)]).status !== 0;
}

/** Plain JavaScript without types, on purpose. */
async function load(file: string): Promise<Readonly<Record<string, unknown>>> {
  const module: unknown = await import(pathToFileURL(file).href);
  if (typeof module !== 'object' || module === null) throw new TypeError(`${file} is not a module`);
  return { ...module };
}
