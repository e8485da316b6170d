import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const FOLDERS = ['gateway', 'agent-tunnel', 'tui', 'desktop', 'test'];
const SKIPPED = new Set(['node_modules', 'dist', 'coverage', '.cache']);

/** Every TypeScript file of ours below `root`, as paths with `/`, sorted. */
export function sourceFiles(root: string): string[] {
  return FOLDERS.flatMap((folder) => below(join(root, folder)))
    .map((path) => relative(root, path).split(sep).join('/'))
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
    .sort();
}

function below(folder: string): string[] {
  return readFolder(folder).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? below(path) : [path];
  });
}

/** A package that is not built yet has no folder. */
function readFolder(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
