/** A gateway in front of a real PostgreSQL, with a witness: a session that was there before and must not be harmed. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Entry } from '../../gateway/src/evidence/entry.ts';
import { readBlocks } from '../../gateway/src/evidence/read-log.ts';
import { EvilClient, type Login } from './evil-client.ts';
import { type GatewayOptions, type GatewayResource, startGateway, type TestGateway } from './gateway.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

const SLUICE = join(import.meta.dirname, '../../agent-tunnel/src/main.ts');
const ROLE = 'sluice';
const ROLE_PASSWORD = 'upstream-secret-8Jx';
const DATABASE = 'shop';

export const PERSON = { username: 'ana', name: 'Ana', email: 'ana@corp.test', password: 'pw', groups: ['analysts'] };
export const OTHER_PERSON = {
  username: 'ben',
  name: 'Ben',
  email: 'ben@corp.test',
  password: 'pw',
  groups: ['analysts'],
};
/** Never to be seen by a client, nor in the gateway's output. */
export const UPSTREAM_PASSWORD = ROLE_PASSWORD;
export const SSN = '123-45-6789';

const LABELS = 'schema,table,column,label,category\npublic,people,ssn,regulated,pii.ssn\n';
const SQL = `
CREATE TABLE people (id integer PRIMARY KEY, name text NOT NULL, ssn text NOT NULL);
INSERT INTO people VALUES (1, 'Ada', '${SSN}'), (2, 'Bob', '987-65-4321');
CREATE TABLE notes (id integer PRIMARY KEY, note text);
INSERT INTO notes SELECT i, repeat('x', 1000) FROM generate_series(1, 10) i;
`;

export type EvilSite = {
  readonly server: PostgresServer;
  readonly gateway: TestGateway;
  /** What `resource` is opened with: a fresh session secret of this person. */
  loginTo(resource: string, username?: string): Promise<Login>;
  /** A session on `resource` (default `shop`), logged in. */
  session(resource?: string): Promise<EvilClient>;
  /** Fails unless the session that was opened at the start still works. */
  unharmed(): Promise<void>;
  /** Fails unless the record verifies as a whole. */
  recordIsWhole(): void;
  /** File descriptors that the gateway holds. */
  descriptors(): number;
  /** Resident memory of the gateway, bytes. */
  residentBytes(): number;
  /** All entries so far. */
  entries(): Promise<readonly Entry[]>;
  stop(): Promise<void>;
};

/** `resources` come on top of `shop`, given the real server's place. */
export async function startEvilSite(
  options: Partial<Omit<GatewayOptions, 'resources' | 'users'>> & {
    readonly resources?: (shop: GatewayResource) => readonly GatewayResource[] | Promise<readonly GatewayResource[]>;
  } = {},
): Promise<EvilSite> {
  const server = await startPostgres({ settings: { log_min_messages: 'fatal' } });
  try {
    await server.admin(`CREATE ROLE ${ROLE} LOGIN PASSWORD '${ROLE_PASSWORD}'`);
    await server.admin(`CREATE DATABASE ${DATABASE} OWNER ${ROLE}`);
    await server.admin(`SET ROLE ${ROLE}; ${SQL}`, DATABASE);
    const shop: GatewayResource = {
      name: 'shop',
      upstream: { host: server.host, port: server.port, database: DATABASE },
      credential: { username: ROLE, password: ROLE_PASSWORD },
      labelsCsv: LABELS,
      unclassified: 'public',
    };
    const { resources = () => [], ...rest } = options;
    const gateway = await startGateway({
      ...rest,
      users: [PERSON, OTHER_PERSON],
      resources: [shop, ...(await resources(shop))],
    });
    return await withWitness(server, gateway, rest.dataDir ?? join(gateway.directory, 'data'));
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function withWitness(server: PostgresServer, gateway: TestGateway, dataDir: string): Promise<EvilSite> {
  const loginTo = async (resource: string, username = PERSON.username): Promise<Login> => {
    const minted = await gateway.mintSession(username, resource, 'evil');
    return { user: minted.username, password: minted.secret, database: minted.database };
  };
  const session = async (resource = 'shop') => await EvilClient.login(gateway.postgresPort, await loginTo(resource));
  const witness = await session();
  return {
    ...{ server, gateway, loginTo, session },
    unharmed: async () => {
      expect(await witness.value('SELECT name FROM people WHERE id = 1')).toBe('Ada');
    },
    recordIsWhole: () => expect(verifyRecord(dataDir)).toMatch(/intact/),
    descriptors: () => readdirSync(`/proc/${gateway.pid}/fd`).length,
    residentBytes: () =>
      Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${gateway.pid}/status`, 'utf8'))?.[1]) * 1024,
    entries: () => entriesOf(dataDir),
    stop: async () => {
      await witness.close();
      await gateway.stop();
      await server.stop();
    },
  };
}

/** What `sluice evidence verify` says of the log below `dataDir`; throws when it finds fault. */
export function verifyRecord(dataDir: string): string {
  return execFileSync(process.execPath, [SLUICE, 'evidence', 'verify', join(dataDir, 'evidence')], {
    encoding: 'utf8',
  });
}

export async function entriesOf(dataDir: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for await (const block of readBlocks(join(dataDir, 'evidence'), { from: 0, until: Number.MAX_SAFE_INTEGER })) {
    entries.push(...block.entries.map((stored) => stored.entry));
  }
  return entries;
}
