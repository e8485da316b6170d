import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MintedSessionSchema } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import pg from 'pg';
import { processEnvironment } from '../config/environment.ts';
import { loadConfig } from '../config/load.ts';
import { Gateway } from '../gateway.ts';
import { createLogger } from '../telemetry/logger.ts';
import { DemoApi } from './demo-api.ts';
import { DEMO_AUDIENCE, DEMO_RESOURCE, type DemoPorts, demoPorts, writeDemoConfig } from './demo-config.ts';
import { DEMO_NAMES, makeDemoPrincipals, signInEverybody } from './demo-principals.ts';
import { assertPortsFree } from './free-ports.ts';
import { startIdentityProvider } from './identity-provider.ts';
import type { DemoPrincipals } from './identity-provider-principals.ts';
import { type LocalPostgres, startLocalPostgres } from './local-postgres.ts';
import { playStory, type StoryWorld } from './story.ts';
import { STORY_DATABASE, STORY_ROLE, STORY_SQL, storyRoleSql } from './story-data.ts';

const EXIT_STORY_WENT_WRONG = 70;

type Closer = () => void | Promise<void>;

/** `sluice-gateway demo`: everything on this machine. Resolves with the exit status. */
export async function runDemo(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const closers: Closer[] = [];
  const stopped = new AbortController();
  const onSignal = (): void => stopped.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    const world = await openWorld(options.ports, closers, say);
    const right = await playStory(world);
    say(right ? '\nThe story went as it should.' : '\nThe story did NOT go as it should.');
    if (options.once) return right ? 0 : EXIT_STORY_WENT_WRONG;
    await sayWhatNow(world, options.readyFile, say);
    if (!stopped.signal.aborted) await once(stopped.signal, 'abort');
    say('\nstopping …');
    return right ? 0 : EXIT_STORY_WENT_WRONG;
  } finally {
    for (const close of closers.reverse()) await close();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

type DemoOptions = { readonly readyFile: string | null; readonly ports: DemoPorts; readonly once: boolean };

function readOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'ready-file': { type: 'string' },
      'port-base': { type: 'string' },
      once: { type: 'boolean', default: false },
    },
  });
  const base = values['port-base'] === undefined ? null : Number(values['port-base']);
  if (base !== null && !(Number.isInteger(base) && base >= 1_024 && base <= 65_000)) {
    throw new SluiceError('USAGE', `--port-base must be a number from 1024 to 65000, not ${values['port-base'] ?? ''}`);
  }
  return { readyFile: values['ready-file'] ?? null, ports: demoPorts(base), once: values.once };
}

type World = StoryWorld & {
  readonly ports: DemoPorts;
  readonly directory: string;
  readonly principals: DemoPrincipals;
  readonly issuer: string;
};

/** Starts database, identity provider and gateway, and signs everybody in. */
async function openWorld(ports: DemoPorts, closers: Closer[], say: (line: string) => void): Promise<World> {
  await assertPortsFree(ports);
  const directory = mkdtempSync(join(tmpdir(), 'sluice-demo-'));
  closers.push(() => rmSync(directory, { recursive: true, force: true }));
  say('starting PostgreSQL …');
  const server = await startLocalPostgres({ port: ports.database, settings: { log_min_messages: 'fatal' } });
  closers.push(() => server.stop());
  const databasePassword = randomBytes(18).toString('base64url');
  await fillDatabase(server, databasePassword);
  say(`PostgreSQL ${server.major} (${server.origin}) on port ${server.port}, 10,000 customers, 30,000 orders`);

  const principals = makeDemoPrincipals();
  const provider = await startIdentityProvider({
    port: ports.identity,
    audience: DEMO_AUDIENCE,
    principals,
    resources: [DEMO_RESOURCE],
  });
  closers.push(() => provider.close());
  say(`identity provider on ${provider.issuer}`);

  const configDirectory = join(directory, 'config');
  const { caFile } = writeDemoConfig(configDirectory, {
    ports,
    issuer: provider.issuer,
    clientId: provider.clientId,
    scopes: provider.scopes,
    databasePassword,
    now: Date.now(),
  });
  const environment = processEnvironment();
  const gateway = await Gateway.start(loadConfig(configDirectory, environment), {
    environment,
    log: createLogger({ level: processEnvironment()('SLUICE_LOG') === 'debug' ? 'debug' : 'error' }),
    now: Date.now,
    fetch,
    onFatal: (error) => {
      process.stderr.write(`${error.message}\n`);
      process.kill(process.pid, 'SIGTERM');
    },
  });
  closers.push(() => gateway.stop());
  const { tunnel, postgres } = gateway.endpoints;
  if (tunnel === null || postgres === null) throw new SluiceError('INTERNAL', 'the demo gateway does not listen');
  say(`gateway: tunnels and API on port ${tunnel.port}, PostgreSQL on port ${postgres.port}`);
  const tokens = await signInEverybody(provider.issuer, principals);
  say(`signed in: ${DEMO_NAMES.join(', ')} (the executor on behalf of the analyst)`);
  return {
    postgres,
    database: { host: server.host, port: server.port },
    tokens,
    caFile,
    api: new DemoApi(tunnel, caFile),
    say,
    ports,
    directory,
    principals,
    issuer: provider.issuer,
  };
}

async function fillDatabase(server: LocalPostgres, password: string): Promise<void> {
  const admin = new pg.Client({ connectionString: server.adminUri });
  await admin.connect();
  for (const statement of storyRoleSql(password)) await admin.query(statement);
  await admin.end();
  const owner = new pg.Client({
    host: server.host,
    port: server.port,
    user: STORY_ROLE,
    password,
    database: STORY_DATABASE,
  });
  await owner.connect();
  await owner.query(STORY_SQL);
  await owner.end();
}

/** Prints what to paste, and writes the ready file: endpoints, and for each principal a token file and a connection URI. */
async function sayWhatNow(world: World, readyFile: string | null, say: (line: string) => void): Promise<void> {
  const principals: Record<
    string,
    { tokenFile: string; postgres: string | null; username: string | null; password: string | null }
  > = {};
  for (const name of DEMO_NAMES) {
    const tokenFile = join(world.directory, `${name}.token`);
    writeFileSync(tokenFile, world.tokens[name], { mode: 0o600 });
    const password = world.principals.users.find((user) => user.username === name)?.password ?? null;
    principals[name] = {
      tokenFile,
      postgres: await connectionUri(world, name),
      username: password === null ? null : name,
      password,
    };
  }
  if (readyFile !== null) {
    const ready = {
      gateway: `https://127.0.0.1:${world.ports.tunnel}`,
      postgres: world.postgres,
      metrics: `http://127.0.0.1:${world.ports.metrics}/metrics`,
      issuer: world.issuer,
      caFile: world.caFile,
      resource: DEMO_RESOURCE,
      database: world.database,
      evidence: join(world.directory, 'config', 'data', 'evidence'),
      principals,
    };
    writeFileSync(readyFile, `${JSON.stringify(ready, null, 2)}\n`, { mode: 0o600 });
  }
  const analyst = principals['analyst'];
  say(`
Try it (in another terminal, in this folder):

  export SLUICE_GATEWAY=https://127.0.0.1:${world.ports.tunnel} SLUICE_CA=${world.caFile}

  # a masked row, with an ordinary client
  psql '${analyst?.postgres ?? ''}' -c 'SELECT * FROM shop.customers LIMIT 3'

  # a write that carries regulated data: it waits for a second person
  psql '${analyst?.postgres ?? ''}' -c "INSERT INTO reporting.daily (note) SELECT ssn FROM shop.customers WHERE id = 7"

  # the second person, in a third terminal
  npx sluice --token-file ${principals['data-protection']?.tokenFile ?? ''} requests ls
  npx sluice --token-file ${principals['data-protection']?.tokenFile ?? ''} requests approve REQUEST

  # why, and what happened
  npx sluice --token-file ${analyst?.tokenFile ?? ''} why ${DEMO_RESOURCE} 'SELECT ssn FROM shop.customers'
  npx sluice --token-file ${principals['admin']?.tokenFile ?? ''} sessions ls

  # sign in as a person, through the browser (analyst / ${analyst?.password ?? ''})
  npx sluice login

Ctrl-C stops everything and leaves nothing behind.`);
}

/** A URI with a session secret in it; null for who may not connect. */
async function connectionUri(world: World, name: (typeof DEMO_NAMES)[number]): Promise<string | null> {
  try {
    const minted = MintedSessionSchema.parse(
      await world.api.call('POST', '/api/v1/sessions', world.tokens[name], {
        resource: DEMO_RESOURCE,
        application: 'demo',
      }),
    );
    return `postgresql://${encodeURIComponent(minted.username)}:${minted.secret}@127.0.0.1:${world.postgres.port}/${minted.database}?sslmode=verify-ca&sslrootcert=${encodeURIComponent(world.caFile)}`;
  } catch (error) {
    if (error instanceof SluiceError) return null;
    throw error;
  }
}
