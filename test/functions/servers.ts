/** Servers for the scripts that write the lists of functions: one of each version that can be found. */
import { parseArgs } from 'node:util';
import { findServer } from '../harness/postgres-majors.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { MAJORS } from '../matrix/node-names.ts';

/**
 * Runs `read` on each version: those of the machine, of `npm ci`, and of `npm run nightly`. `--binaries 14=/path/to/bin`
 * names others; a version that is missing ends the script, since the list would lose what only it has.
 */
export async function onEachServer(read: (server: PostgresServer) => Promise<void>): Promise<void> {
  const { values } = parseArgs({ options: { binaries: { type: 'string', multiple: true, default: [] } } });
  const given = new Map(values.binaries.map((pair) => [Number(pair.split('=')[0]), pair.slice(pair.indexOf('=') + 1)]));
  for (const major of MAJORS) {
    const binDir = given.get(major);
    const binaries = binDir === undefined ? await findServer(major) : { major, binDir, origin: 'embedded' as const };
    if (binaries === null)
      throw new Error(`there is no PostgreSQL ${major} here: give one with --binaries ${major}=DIR`);
    await using server = await startPostgres({ major, binaries });
    await read(server);
  }
}

/** Replaces what stands between the first two backticks of a file. */
export function withList(source: string, lines: readonly string[]): string {
  const start = source.indexOf('`\n', source.indexOf('String.raw')) + 2;
  return `${source.slice(0, start)}${lines.join('\n')}\n${source.slice(source.indexOf('`;', start))}`;
}
