import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Times of single transactions, µs, from pgbench's logs in a folder (`--log`): `client transaction time_us …`, a line each. */
export function transactionTimesUs(folder: string): readonly number[] {
  const logs = readdirSync(folder).filter((name) => name.startsWith('pgbench_log.'));
  const lines = logs.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
  return lines.filter((line) => line !== '').map((line) => Number(line.split(' ')[2]));
}
