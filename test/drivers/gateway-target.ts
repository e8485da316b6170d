/** A gateway in front of the drivers' database, with a session secret for one user. */
import { basename } from 'node:path';
import { readDefaultPolicies } from '../../gateway/src/config/shipped-policies.ts';
import { startGateway } from '../harness/gateway.ts';
import type { PostgresServer } from '../harness/postgres-server.ts';
import { DATABASE, LABELS_CSV, RESOURCE } from './data.ts';
import { OWNER, type Target } from './target.ts';

const USER = {
  username: 'driver',
  name: 'Driver',
  email: 'driver@example.com',
  password: 'driver-password',
  groups: ['analysts'],
};

export type RunningGateway = { readonly target: Target; readonly pid: number; stop(): Promise<void> };

/** `policies` come on top of the shipped ones. */
export async function gatewayTarget(
  server: PostgresServer,
  ownerPassword: string,
  policies: Readonly<Record<string, string>> = {},
): Promise<RunningGateway> {
  const shipped = Object.fromEntries(readDefaultPolicies().map(({ file, text }) => [basename(file), text]));
  const gateway = await startGateway({
    policies: { ...shipped, ...policies },
    users: [USER],
    resources: [
      {
        name: RESOURCE,
        upstream: { host: server.host, port: server.port, database: DATABASE },
        credential: { username: OWNER, password: ownerPassword },
        labelsCsv: LABELS_CSV,
        unclassified: 'public',
      },
    ],
    limits: { holdSeconds: 0 },
  });
  try {
    const minted = await gateway.mintSession(USER.username, RESOURCE, 'drivers');
    const target: Target = {
      name: 'gateway',
      host: '127.0.0.1',
      port: gateway.postgresPort,
      user: minted.username,
      password: minted.secret,
      database: minted.database,
      caFile: gateway.caFile,
      masks: true,
    };
    return { target, pid: gateway.pid, stop: () => gateway.stop() };
  } catch (error) {
    await gateway.stop();
    throw error;
  }
}
