/** Servers for the scripts that write the lists of functions: one of each version that can be found. */
import { parseArgs } from 'node:util';
import type { PostgresBinaries } from '../../gateway/src/demo/postgres-binaries.ts';
import { hasPostgres, type PostgresServer, startPostgres } from '../harness/postgres-server.ts';

const MAJORS = [14, 15, 16, 17, 18];

/**
 * Runs `read` on each version. `--binaries 14=/path/to/bin` names servers that are not found by themselves; a version
 * that is missing ends the script, since the list would lose what only it has.
 */
export async function onEachServer(read: (server: PostgresServer, major: number) => Promise<void>): Promise<void> {
  const { values } = parseArgs({ options: { binaries: { type: 'string', multiple: true, default: [] } } });
  const given = new Map(values.binaries.map((pair) => [Number(pair.split('=')[0]), pair.slice(pair.indexOf('=') + 1)]));
  for (const major of MAJORS) {
    const binDir = given.get(major);
    if (binDir === undefined && !(await hasPostgres(major)))
      throw new Error(`there is no PostgreSQL ${major} here: give one with --binaries ${major}=DIR`);
    const binaries: PostgresBinaries | undefined =
      binDir === undefined ? undefined : { major, binDir, origin: 'embedded' };
    await using server = await startPostgres(binaries === undefined ? { major } : { major, binaries });
    await read(server, major);
  }
}

/** Replaces what stands between the first two backticks of a file. */
export function withList(source: string, lines: readonly string[]): string {
  const start = source.indexOf('`\n', source.indexOf('String.raw')) + 2;
  return `${source.slice(0, start)}${lines.join('\n')}\n${source.slice(source.indexOf('`;', start))}`;
}
