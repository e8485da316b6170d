/** How much of other people's code runs in a gateway, and that the demo's share of it is not loaded by the others. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceFiles } from './source-files.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Packages that `sluice-gateway start` may load, those that they load included. docs/dependencies.md */
const MAX_RUNTIME_PACKAGES = 60;
const DEMO = 'gateway/src/demo/';

type LockedPackage = {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  /** Of a link to a workspace: its folder. */
  readonly resolved?: string;
  readonly link?: boolean;
};
const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
const sources = sourceFiles(ROOT)
  .filter((path) => path.startsWith('gateway/src/') && !/\.(test|fixture)\.ts$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

test('a gateway that serves runs at most sixty packages of others', () => {
  const all = packagesBelow('gateway', new Set());
  const served = packagesBelow('gateway', demoOnly());
  expect(served.size).toBeGreaterThan(10);
  expect(served.size).toBeLessThan(all.size);
  expect(served.size).toBeLessThanOrEqual(MAX_RUNTIME_PACKAGES);
});

test('the demo is loaded by who asks for it', () => {
  const importers = sources
    .filter(({ path, text }) => !path.startsWith(DEMO) && /^import (?!type ).*'(\.\.?\/)+demo\//m.test(text))
    .map(({ path }) => path);
  expect(importers).toEqual([]);
});

/** Dependencies that no file outside of the demo imports. */
function demoOnly(): ReadonlySet<string> {
  const elsewhere = sources.filter(({ path }) => !path.startsWith(DEMO)).map(({ text }) => text);
  const { dependencies = {}, optionalDependencies = {} } = packages['gateway'] ?? {};
  const names = Object.keys({ ...dependencies, ...optionalDependencies });
  return new Set(names.filter((name) => !elsewhere.some((text) => imports(text, name))));
}

function imports(text: string, name: string): boolean {
  const quoted = name.replaceAll('/', String.raw`\/`);
  return new RegExp(String.raw`(?:from|import)\s*\(?\s*'${quoted}(?:\/[^']*)?'`).test(text);
}

/** Places in the lock file of everything that a workspace needs, but by way of what is left out. */
function packagesBelow(workspace: string, leftOut: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  const left = [workspace];
  for (let place = left.pop(); place !== undefined; place = left.pop()) {
    if (found.has(place)) continue;
    found.add(place);
    const { dependencies = {}, optionalDependencies = {} } = packages[place] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      if (place === workspace && leftOut.has(name)) continue;
      left.push(...placeOf(name, place));
    }
  }
  return new Set([...found].filter((place) => place.includes('node_modules/')));
}

/** Where Node finds a package from inside another one: nothing for one that is not for this lock file's systems. */
function placeOf(name: string, from: string): readonly string[] {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    const found = packages[place];
    if (found !== undefined) return [found.link === true && found.resolved !== undefined ? found.resolved : place];
    if (folder === '') return [];
  }
}
