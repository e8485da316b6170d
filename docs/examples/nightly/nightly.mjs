// The executor: runs the statements of a file in order, and prints the rows of the last one. An ordinary program with an
// ordinary driver: where the database is, and who it is there, comes from PGHOST, PGUSER and so on.
import { readFile } from 'node:fs/promises';
import pg from 'pg';

const statements = (await readFile(process.argv[2], 'utf8')).split(/;\s*$/m).filter((text) => text.trim() !== '');
const client = new pg.Client();
await client.connect();
try {
  let result = { rows: [] };
  for (const statement of statements) result = await client.query({ text: statement, rowMode: 'array' });
  for (const row of result.rows) console.log(row.join('|'));
} catch (error) {
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
} finally {
  await client.end();
}
