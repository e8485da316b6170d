/** Two databases full of masks behind one gateway: see data.ts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startGateway, type TestGateway } from '../../harness/gateway.ts';
import type { PostgresServer } from '../../harness/postgres-server.ts';
import { dataSql, LABELS_CSV, MASK_POLICIES } from './data.ts';

export const USER = {
  username: 'reader',
  name: 'Reader',
  email: 'reader@example.com',
  password: 'pw',
  groups: ['analysts'],
};
export const DATABASES = ['a', 'b'] as const;
export type Database = (typeof DATABASES)[number];

const DEFAULTS = join(import.meta.dirname, '../../../gateway/src/policy/defaults');

/** Makes the databases, and a gateway with a policy for each mask beside the shipped ones; resources are `db-a`, `db-b`. */
export async function startMaskingGateway(server: PostgresServer): Promise<TestGateway> {
  await server.admin("CREATE ROLE app LOGIN SUPERUSER PASSWORD 'app'");
  await server.admin("ALTER ROLE app SET log_min_messages = 'fatal'");
  for (const database of DATABASES) {
    await server.admin(`CREATE DATABASE ${database}`);
    await server.admin(dataSql(database), database);
  }
  const shipped = ['access', 'reading', 'writing'].map(
    (name) => [`${name}.cedar`, readFileSync(join(DEFAULTS, `${name}.cedar`), 'utf8')] as const,
  );
  return await startGateway({
    users: [USER],
    resources: DATABASES.map((database) => ({
      name: `db-${database}`,
      upstream: { host: server.host, port: server.port, database },
      credential: { username: 'app', password: 'app' },
      labelsCsv: LABELS_CSV,
      unclassified: 'public' as const,
    })),
    policies: { ...Object.fromEntries(shipped), 'masks.cedar': MASK_POLICIES },
    limits: { holdSeconds: 0 },
  });
}
