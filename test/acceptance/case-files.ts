/** The case files of a run: looked at before any server starts, so that a mistake in them is told in words. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What the runner needs of every case. */
const FIELDS = ['id', 'category', 'kind', 'title', 'steps'] as const;

/** `since`: the first version of PostgreSQL that has what an administrator's step of the case needs; missing for any. */
type Case = { readonly id: string; readonly since?: number };

/** A mistake in the arguments or in a case file. */
export class CaseProblem extends Error {}

/** Files and folders, separated by commas → files, checked. Throws CaseProblem. */
export function caseFiles(places: string): readonly string[] {
  const files = places.split(',').flatMap((place) => filesIn(resolve(place)));
  const seen = new Map<string, string>();
  for (const file of files) {
    for (const { id } of casesIn(file)) {
      const before = seen.get(id);
      if (before !== undefined) throw new CaseProblem(`${file}: the case ${id} is also in ${before}`);
      seen.set(id, file);
    }
  }
  if (seen.size === 0) throw new CaseProblem(`${places}: there is no case in it`);
  return files;
}

/** A folder with cases of some files; `remove` deletes it. */
export type ChosenCases = { readonly folder: string; readonly remove: () => void };

/**
 * The cases of `files` that a server of this version can run, with `tenth` every tenth of them, the same ones each time.
 * Null when that is all of them.
 */
export function chosenCases(files: readonly string[], major: number, tenth: boolean): ChosenCases | null {
  const all = files.flatMap((file) => casesIn(file));
  const chosen = all.filter(({ id, since = 0 }) => since <= major && (!tenth || isTenth(id)));
  if (chosen.length === all.length) return null;
  const folder = mkdtempSync(join(tmpdir(), 'sluice-acceptance-'));
  writeFileSync(join(folder, 'chosen.json'), JSON.stringify(chosen));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function isTenth(id: string): boolean {
  return createHash('sha256').update(id).digest().readUInt32BE(0) % 10 === 0;
}

function filesIn(place: string): readonly string[] {
  const entry = statSync(place, { throwIfNoEntry: false });
  if (entry === undefined) throw new CaseProblem(`${place}: there is no such file or folder`);
  if (!entry.isDirectory()) return [place];
  const files = readdirSync(place).filter((name) => name.endsWith('.json'));
  if (files.length === 0) throw new CaseProblem(`${place}: the folder has no .json file`);
  return files.toSorted().map((name) => join(place, name));
}

function casesIn(file: string): readonly Case[] {
  const cases = parsed(file);
  if (!Array.isArray(cases)) throw new CaseProblem(`${file}: it is not a list of cases`);
  return cases.map((one: unknown, index) => {
    if (!isCase(one)) throw new CaseProblem(`${file}: case ${index + 1} lacks one of ${FIELDS.join(', ')}`);
    return one;
  });
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CaseProblem(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function isCase(value: unknown): value is Case {
  return (
    typeof value === 'object' &&
    value !== null &&
    FIELDS.every((field) => field in value) &&
    'id' in value &&
    typeof value.id === 'string' &&
    'steps' in value &&
    Array.isArray(value.steps)
  );
}
