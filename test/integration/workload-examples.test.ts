/**
 * The examples in `deploy/`, as they are there: parsed, and their commands run with the real `sluice`. Only what stands for
 * a site is replaced: addresses, and folders by folders of the test.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { fetchMeta } from '../../agent-tunnel/src/client/api-client.ts';
import { DEFAULT_HTTP } from '../../agent-tunnel/src/client/https.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { platformKeys, TokenFile, workloadToken } from '../harness/platform.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { isOnPath, runProgram } from '../harness/program.ts';
import { type Home, MAIN, makeHome } from '../harness/sluice.ts';
import { UserSystemd } from '../harness/user-systemd.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const ROOT = path.join(import.meta.dirname, '../..');
const KEYS = platformKeys();
const HOST_SECRET = 'a-secret-of-this-machine';
/** Of the examples. */
const UID = 10_001;
const isRoot = process.getuid?.() === 0;
const asJob = ['--reuid', String(UID), '--regid', String(UID), '--clear-groups'];
const canBeJob =
  isRoot &&
  spawnSync('setpriv', [...asJob, process.execPath, '-e', `require('fs').accessSync('${MAIN}')`]).status === 0;

let server: PostgresServer;
let gateway: TestGateway;
let issuer: string;
beforeAll(async () => {
  server = await startPostgres();
  await server.admin("CREATE ROLE sluice LOGIN PASSWORD 'upstream'");
  await server.admin('CREATE DATABASE orders OWNER sluice');
  const federated = { kind: 'private-key', publicKey: KEYS.publicKey } as const;
  gateway = await startGateway({
    users: [],
    resources: [
      {
        ...{ name: 'orders-db', labelsCsv: 'schema,table,column,label,category\n', unclassified: 'public' },
        upstream: { host: server.host, port: server.port, database: 'orders' },
        credential: { username: 'sluice', password: 'upstream' },
      },
    ],
    documents: [parse(await example('gateway/nightly.yaml')) as object],
    agents: [
      { clientId: 'nightly-executor', groups: ['executors'], mayActFor: [], authentication: federated },
      { clientId: 'ci-migrations', groups: ['executors'], mayActFor: [], authentication: federated },
      {
        clientId: 'nightly-host',
        ...{ groups: ['executors'], mayActFor: [] },
        authentication: { kind: 'secret', clientSecret: HOST_SECRET },
      },
    ],
  });
  const meta = await fetchMeta(gateway.url, { ...DEFAULT_HTTP, ca: await readFile(gateway.caFile, 'utf8') });
  issuer = meta.issuers[0]?.issuer ?? '';
});
afterAll(async () => {
  await gateway?.stop();
  await server?.stop();
});

let home: Home;
/** Has `sluice` and the job's script, which any user may run. */
let program: string;
beforeEach(async () => {
  home = await makeHome({});
  await chmod(home.directory, 0o755);
  await chmod(path.dirname(gateway.caFile), 0o755);
  program = path.join(home.directory, 'bin');
  await mkdir(program);
  await writeFile(path.join(program, 'sluice'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`, {
    mode: 0o755,
  });
  const script = '#!/bin/sh\npsql -Atc "SELECT current_database(), session_user = current_user"\n';
  for (const name of ['nightly.sh', 'migrate.sh']) await writeFile(path.join(program, name), script, { mode: 0o755 });
});
afterEach(() => home.remove());

const example = (name: string) => readFile(path.join(ROOT, 'deploy', name), 'utf8');
const PATH = () => `${program}:${process.env['PATH'] ?? ''}`;
const tokenOf = (clientId: string) => workloadToken({ clientId, audience: issuer, privateKey: KEYS.privateKey });
const RAN = { code: 0, stdout: 'orders|t\n', stderr: '' };

it.each(['kubernetes/nightly.yaml', 'systemd/nightly.service', 'ci/github-actions.yaml', 'container/nightly.sh'])(
  'deploy/%s is what docs/workloads.md shows',
  async (name) => {
    expect(await readFile(path.join(ROOT, 'docs/workloads.md'), 'utf8')).toContain(await example(name));
  },
);

const Named = z.object({ name: z.string(), value: z.string() });
const CronJob = z.object({
  apiVersion: z.literal('batch/v1'),
  kind: z.literal('CronJob'),
  spec: z.object({
    jobTemplate: z.object({
      spec: z.object({
        backoffLimit: z.literal(0),
        template: z.object({
          spec: z.object({
            securityContext: z.object({ runAsNonRoot: z.literal(true), runAsUser: z.literal(UID) }),
            containers: z.tuple([
              z.object({
                command: z.array(z.string()),
                env: z.array(Named),
                securityContext: z.object({
                  readOnlyRootFilesystem: z.literal(true),
                  allowPrivilegeEscalation: z.literal(false),
                  capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
                }),
                volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
              }),
            ]),
            volumes: z.array(z.looseObject({ name: z.string() })),
          }),
        }),
      }),
    }),
  }),
});

it('the command of the Kubernetes job runs with its environment, as its user, with a projected token and nobody there', async () => {
  const { volumes, containers } = CronJob.parse(parse(await example('kubernetes/nightly.yaml'))).spec.jobTemplate.spec
    .template.spec;
  const [{ command, env, volumeMounts }] = containers;
  expect(volumes.map(({ name }) => name).sort()).toEqual(volumeMounts.map(({ name }) => name).sort());
  expect(volumes).toContainEqual({
    name: 'token',
    projected: { sources: [{ serviceAccountToken: expect.objectContaining({ path: 'token' }) }] },
  });
  const folders = new Map<string, string>();
  for (const { name, mountPath } of volumeMounts) {
    const folder = path.join(home.directory, 'volumes', name);
    await mkdir(folder, { recursive: true });
    folders.set(mountPath, folder);
    // What a kubelet makes of an emptyDir with a fsGroup: the job may write there, and is not its owner.
    if (name === 'sockets') await chmod(folder, 0o777);
    if (name === 'gateway') await copyFile(gateway.caFile, path.join(folder, 'ca.pem'));
    if (name === 'token')
      await new TokenFile(path.join(folder, 'token'), () => tokenOf('nightly-executor')).rotate(0o644);
  }
  const settings = Object.fromEntries(env.map(({ name, value }) => [name, inFolders(value, folders)]));
  const done = await asTheJob(command, settings);
  expect(done).toMatchObject(RAN);
});

it('the command of the container runs as a user without a name, with one place to write', async () => {
  const words = (await example('container/nightly.sh')).replaceAll('\\\n', ' ').trim().split(/\s+/);
  const command = words.slice(words.indexOf('nightly:1.4.2') + 1);
  const given = words.flatMap((word, index) =>
    words[index - 1] === '-e' && word.includes('=') ? [word.split('=')] : [],
  );
  const folder = path.join(home.directory, 'sockets');
  await mkdir(folder, { mode: 0o700 });
  if (canBeJob) await chown(folder, UID, UID);
  const token = new TokenFile(path.join(home.directory, 'token'), () => tokenOf('nightly-executor'));
  await token.rotate(0o644);
  const folders = new Map([
    ['/run/sluice', folder],
    ['/token', token.path],
  ]);
  const settings = {
    ...Object.fromEntries(given.map(([name = '', value = '']) => [name, inFolders(value, folders)])),
    ...{ SLUICE_GATEWAY: gateway.url.origin, SLUICE_AGENT: 'nightly-executor', SLUICE_CA: gateway.caFile },
  };
  expect(Object.keys(settings).sort()).toEqual([
    ...['SLUICE_AGENT', 'SLUICE_CA', 'SLUICE_GATEWAY', 'SLUICE_RUNTIME_DIR', 'SLUICE_WORKLOAD_TOKEN_FILE'],
  ]);
  expect(await asTheJob(command, settings)).toMatchObject(RAN);
});

it.skipIf(!isOnPath('curl') || !isOnPath('jq'))('the step of the CI job fetches its token, and runs', async () => {
  const Step = z.object({ run: z.string(), env: z.record(z.string(), z.string()) });
  const Workflow = z.object({
    jobs: z.object({
      migrate: z.object({ permissions: z.object({ 'id-token': z.literal('write') }), steps: z.tuple([Step]) }),
    }),
  });
  const [{ run, env }] = Workflow.parse(parse(await example('ci/github-actions.yaml'))).jobs.migrate.steps;
  const asked: string[] = [];
  const service = createServer((request, response) => {
    asked.push(`${request.headers.authorization} ${request.url}`);
    response.end(JSON.stringify({ value: tokenOf('ci-migrations') }));
  });
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  const address = service.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const values = Object.entries(env).map(([name, value]) => [
    name,
    value.replace('${{ runner.temp }}', home.directory),
  ]);
  const done = await runProgram('bash', ['-eo', 'pipefail', '-c', run], {
    cwd: program,
    env: {
      ...home.environment,
      ...Object.fromEntries(values),
      ...{ PATH: PATH(), RUNNER_TEMP: home.directory, SLUICE_GATEWAY: gateway.url.origin, SLUICE_CA: gateway.caFile },
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-the-step',
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?api-version=2.0`,
    },
  });
  service.close();
  expect(done).toMatchObject(RAN);
  expect(asked).toEqual(['bearer of-the-step /token?api-version=2.0&audience=https://idp.example.com']);
});

describe('under systemd', () => {
  let systemd: UserSystemd | null = null;
  afterEach(async () => {
    await systemd?.stop();
    systemd = null;
  });

  it('the unit of the nightly job runs, and its password is nowhere but in files', async (context) => {
    systemd = await UserSystemd.start();
    if (systemd === null) return context.skip('no systemd for a user can be started here');
    const secret = path.join(home.directory, 'secret');
    await writeFile(secret, HOST_SECRET, { mode: 0o600 });
    const out = path.join(home.directory, 'out');
    const unit = (await example('systemd/nightly.service'))
      // A manager of a user has no other users to run it as.
      .replace(
        'DynamicUser=yes\n',
        `StandardOutput=file:${out}\nStandardError=file:${out}.err\nEnvironment=PATH=${PATH()}\n`,
      )
      .replace('https://gateway.example.com:7443', gateway.url.origin)
      .replace('/etc/sluice/ca.pem', gateway.caFile)
      // Nor does one of version 252 load credentials.
      .replace(/^LoadCredential=.*\n/m, '')
      .replace('%d/secret', secret)
      .replace('/usr/local/bin/sluice', path.join(program, 'sluice'))
      .replace('/usr/local/lib/nightly/nightly.sh', path.join(program, 'nightly.sh'));
    await writeFile(path.join(systemd.units, 'nightly.service'), unit);
    const started = await systemd.systemctl('start', 'nightly.service');
    expect({ ...started, error: await readFile(`${out}.err`, 'utf8') }).toMatchObject({ code: 0, error: '' });
    expect(await readFile(out, 'utf8')).toBe(RAN.stdout);
  });

  it('the unit that sluice prints keeps tunnels until it is stopped', async (context) => {
    systemd = await UserSystemd.start();
    if (systemd === null) return context.skip('no systemd for a user can be started here');
    const profiles = path.join(home.directory, '.config/sluice/profiles');
    await mkdir(profiles, { recursive: true, mode: 0o700 });
    await writeFile(path.join(profiles, 'work.yaml'), 'tunnels:\n  - resource: orders-db\n', { mode: 0o600 });
    const token = path.join(home.directory, 'token');
    await writeFile(token, await gateway.tokenOfAgent('nightly-host'), { mode: 0o600 });
    const env = { SLUICE_GATEWAY: gateway.url.origin, SLUICE_CA: gateway.caFile, SLUICE_TOKEN_FILE: token };
    const printed = await home.sluice(['tunnel', 'service', 'systemd', '--profile', 'work'], { env });
    const settings = Object.entries({ ...home.environment, ...env }).map(
      ([name, value]) => `Environment="${name}=${value}"`,
    );
    const unit = printed.stdout.replace('[Service]\n', `[Service]\n${settings.join('\n')}\n`);
    await writeFile(path.join(systemd.units, 'sluice.service'), unit);
    expect(await systemd.systemctl('start', 'sluice.service')).toMatchObject({ code: 0, stderr: '' });
    await vi.waitFor(async () => expect(await home.sluice(['tunnel', 'status'], { env })).toMatchObject({ code: 0 }), {
      timeout: 120_000,
      interval: 200,
    });
    const conf = path.join(home.directory, 'service.conf');
    await writeFile(conf, (await home.sluice(['tunnel', 'settings', '--for', 'psql'], { env })).stdout);
    const asked = await runProgram('psql', ['service=orders-db', '-Atc', 'SELECT 6 * 7'], {
      env: { PGSERVICEFILE: conf },
    });
    expect(asked).toMatchObject({ code: 0, stdout: '42\n' });
    expect(await systemd.systemctl('stop', 'sluice.service')).toMatchObject({ code: 0 });
    const state = await systemd.systemctl('show', 'sluice.service', '--property=Result,ActiveState,ExecMainStatus');
    expect(state.stdout.trim().split('\n').sort()).toEqual([
      'ActiveState=inactive',
      'ExecMainStatus=0',
      'Result=success',
    ]);
  });
});

it.skipIf(!isOnPath('python3'))(
  'the launchd agent that sluice prints is a property list with the same command',
  async () => {
    const printed = await home.sluice(['tunnel', 'service', 'launchd', '--profile', 'work & <play>']);
    const read = 'import plistlib, json, sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))';
    const parsed = await runProgram('python3', ['-c', read], { input: printed.stdout });
    expect(JSON.parse(parsed.stdout)).toMatchObject({
      Label: 'dev.sluice.tunnels',
      ProgramArguments: [
        process.execPath,
        expect.stringMatching(/sluice\.mjs$/),
        'tunnel',
        'daemon',
        '--profile',
        'work & <play>',
      ],
      RunAtLoad: true,
      KeepAlive: { SuccessfulExit: false },
      Umask: 0o77,
    });
  },
);

/** Paths of a container by the folders that stand for them. */
function inFolders(value: string, folders: ReadonlyMap<string, string>): string {
  if (value === 'https://gateway.example.com:7443') return gateway.url.origin;
  for (const [mounted, folder] of folders)
    if (value === mounted || value.startsWith(`${mounted}/`)) return folder + value.slice(mounted.length);
  return value;
}

/** As the user of the examples where this process may become one, with nothing in the environment but what is given. */
function asTheJob(command: readonly string[], settings: Readonly<Record<string, string>>) {
  const clean = ['-i', `PATH=${PATH()}`, ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)];
  const user = canBeJob ? ['setpriv', ...asJob] : [];
  return runProgram('env', [...clean, ...user, ...command], { cwd: program });
}
