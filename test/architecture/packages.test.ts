import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { sourceFiles } from './source-files.ts';

const ROOT = join(import.meta.dirname, '../..');

type Manifest = {
  readonly name?: string;
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

const readManifest = (folder: string) =>
  JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;
const top = readManifest('.');
const workspaces = [...(top.workspaces ?? [])];
const dependenciesOf = (manifest: Manifest) => [
  ...Object.keys(manifest.dependencies ?? {}),
  ...Object.keys(manifest.optionalDependencies ?? {}),
];
const listed = new Set(
  [...readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8').matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name),
);

describe.each(workspaces)('%s', (folder) => {
  const manifest = readManifest(folder);

  test('opens with a README', () => {
    expect(existsSync(join(ROOT, folder, 'README.md'))).toBe(true);
  });

  test('declares every package that it imports', () => {
    const own = new Set([manifest.name, ...dependenciesOf(manifest)]);
    const forTests = new Set([
      ...own,
      ...Object.keys(manifest.devDependencies ?? {}),
      ...Object.keys(top.devDependencies ?? {}),
    ]);
    const undeclared = filesOf(folder).flatMap((path) => {
      const declared = path.endsWith('.test.ts') || folder === 'test' ? forTests : own;
      const types = new Set([...declared].map((name) => `@types/${name}`));
      return importedPackages(path)
        .filter((name) => !declared.has(name) && !types.has(name))
        .map((name) => `${path}: ${name}`);
    });
    expect(undeclared).toEqual([]);
  });

  test('tells why it needs each dependency', () => {
    const own = [...dependenciesOf(manifest), ...Object.keys(manifest.devDependencies ?? {})];
    expect(own.filter((name) => !name.startsWith('@sluice/') && !listed.has(name))).toEqual([]);
  });
});

test('the root tells why it needs each tool', () => {
  const own = [...dependenciesOf(top), ...Object.keys(top.devDependencies ?? {})];
  expect(own.filter((name) => !listed.has(name))).toEqual([]);
});

test('docs/dependencies.md lists nothing that is gone', () => {
  const manifests = [top, ...workspaces.map(readManifest)];
  const used = new Set(
    manifests.flatMap((manifest) => [...dependenciesOf(manifest), ...Object.keys(manifest.devDependencies ?? {})]),
  );
  expect([...listed].filter((name) => name !== undefined && !used.has(name))).toEqual([]);
});

test('the lock file names no registry', () => {
  expect(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": "https?:/);
});

/** Files of a workspace, without those of a workspace inside it. */
function filesOf(folder: string): string[] {
  const inner = workspaces.filter((other) => other !== folder && other.startsWith(`${folder}/`));
  return sourceFiles(ROOT).filter(
    (path) => path.startsWith(`${folder}/`) && !inner.some((other) => path.startsWith(`${other}/`)),
  );
}

/** Names of the npm packages that a file imports. */
function importedPackages(path: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(ROOT, path), 'utf8'), true, true);
  const bare = importedFiles
    .map(({ fileName }) => fileName)
    .filter((name) => !/^(\.|node:|data:|file:)/.test(name) && !builtinModules.includes(name));
  return [...new Set(bare.map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/')))];
}
