import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { DetectorName } from '../detection/detectors.ts';
import { createAuthority } from './local-authority.ts';
import { STORY_DATABASE, STORY_LABELS_CSV, STORY_ROLE } from './story-data.ts';

/** What looks classified wherever it is written to a column of the story. */
const DEMO_DETECTORS: readonly DetectorName[] = ['payment-card', 'iban', 'us-ssn', 'credential'];

/** Name of the demo's resource: what people connect to. */
export const DEMO_RESOURCE = 'orders-db';
/** `aud` of the demo's tokens. */
export const DEMO_AUDIENCE = 'sluice';

export type DemoPorts = {
  readonly tunnel: number;
  readonly postgres: number;
  readonly metrics: number;
  readonly identity: number;
  readonly database: number;
};

/** Ports of the demo: the documented ones, or ten in a row from `--port-base`. */
export function demoPorts(base: number | null): DemoPorts {
  if (base === null) return { tunnel: 7443, postgres: 6432, metrics: 9464, identity: 7480, database: 6433 };
  return { tunnel: base, postgres: base + 1, metrics: base + 2, identity: base + 3, database: base + 4 };
}

/**
 * Writes the configuration of the demo's gateway, as an administrator would have it: YAML, labels, a certificate of
 * the demo's own authority, the credential in a file. Returns the path of the authority's certificate.
 */
export function writeDemoConfig(
  directory: string,
  facts: {
    ports: DemoPorts;
    issuer: string;
    clientId: string;
    scopes: readonly string[];
    databasePassword: string;
    now: number;
  },
): { readonly caFile: string } {
  const { ports } = facts;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const write = (name: string, text: string): void => writeFileSync(join(directory, name), text, { mode: 0o600 });
  const authority = createAuthority('Sluice demo authority', facts.now);
  const certificate = authority.issue({
    commonName: 'localhost',
    names: ['localhost', '127.0.0.1', '::1'],
    usage: 'server',
  });
  write('ca.pem', authority.certificatePem);
  write('gateway.pem', certificate.certificatePem);
  write('gateway-key.pem', certificate.privateKeyPem);
  write('database-password', `${facts.databasePassword}\n`);
  write('labels.csv', STORY_LABELS_CSV);
  const documents = [
    {
      kind: 'gateway',
      listen: {
        tunnel: `127.0.0.1:${ports.tunnel}`,
        postgres: `127.0.0.1:${ports.postgres}`,
        metrics: `127.0.0.1:${ports.metrics}`,
      },
      tls: { cert: 'gateway.pem', key: 'gateway-key.pem' },
      dataDir: './data',
      limits: { holdSeconds: 300 },
    },
    {
      kind: 'issuer',
      name: 'demo',
      issuer: facts.issuer,
      audience: DEMO_AUDIENCE,
      clientId: facts.clientId,
      scopes: [...facts.scopes],
      agents: [
        { clientId: 'nightly-planner', kind: 'agent', groups: ['planners'] },
        { clientId: 'nightly-executor', kind: 'agent', groups: ['executors'] },
      ],
    },
    {
      kind: 'resource',
      name: DEMO_RESOURCE,
      protocol: 'postgres',
      upstream: { host: '127.0.0.1', port: ports.database, database: STORY_DATABASE, tls: 'disable' },
      credential: { username: STORY_ROLE, password: { file: 'database-password' } },
      classification: [{ csv: 'labels.csv' }],
      unclassified: 'confidential',
      detect: DEMO_DETECTORS.map((detector) => ({ detector })),
    },
    { kind: 'approvers', for: { label: 'regulated' }, groups: ['data-protection'], count: 1, expires: '15m' },
  ];
  write('sluice.yaml', documents.map((document) => stringify(document)).join('---\n'));
  return { caFile: join(directory, 'ca.pem') };
}
