/** Other users and other programs of the same machine: what they get of a tunnel. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiClient } from '../../agent-tunnel/src/client/api-client.ts';
import { DEFAULT_HTTP } from '../../agent-tunnel/src/client/https.ts';
import { DaemonClient } from '../../agent-tunnel/src/daemon/control-client.ts';
import { controlPaths, makeControlDirectory, readControlKey } from '../../agent-tunnel/src/daemon/control-directory.ts';
import { encodeControlFrame } from '../../agent-tunnel/src/daemon/control-frame.ts';
import { ControlServer } from '../../agent-tunnel/src/daemon/control-server.ts';
import { TunnelDaemon } from '../../agent-tunnel/src/daemon/tunnel-daemon.ts';
import { libpqEnvironment } from '../../agent-tunnel/src/tunnel/connection-settings.ts';
import { GatewayPulse } from '../../agent-tunnel/src/tunnel/gateway-pulse.ts';
import { Tunnel } from '../../agent-tunnel/src/tunnel/tunnel.ts';
import { runProgram } from '../harness/program.ts';
import { type Squatter, squat } from '../harness/squatter.ts';
import { startTunnelPort, type TunnelPort } from '../harness/tunnel-port.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const UID = process.getuid?.() ?? -1;
/** `nobody` of every system. */
const OTHER_UID = 65_534;
const SECRET = 'K3lQ9xYw2vTz8RbN5mHs0A';
/** Only root may run a program as somebody else. */
const isRoot = UID === 0;

let gateway: TunnelPort;
let base: string;
let runtime: string;
const closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  gateway = await startTunnelPort({ serve: (stream) => void stream.pipe(stream) });
  base = await mkdtemp(path.join(tmpdir(), 'sluice-neighbours-'));
  // Open, so that what keeps others out is the tunnel's own directory and nothing above it.
  await chmod(base, 0o755);
  runtime = path.join(base, 'run');
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await gateway.close();
  await rm(base, { recursive: true, force: true });
});

async function openTunnel(): Promise<string> {
  const tunnel = new Tunnel({
    ...{ gateway: gateway.gateway, ca: gateway.ca, resource: 'orders-db', sessionId: 's1' },
    token: async () => 'good',
    place: { kind: 'unix', parent: runtime, uid: UID, port: 5432 },
  });
  closing.push(() => tunnel.close());
  const endpoint = await tunnel.open();
  if (endpoint.kind !== 'unix') throw new Error('expected a socket');
  return endpoint.path;
}

async function startDaemon(): Promise<TunnelDaemon> {
  const api = new ApiClient(gateway.gateway, { ...DEFAULT_HTTP, ca: gateway.ca }, async () => 'good');
  const pulse = new GatewayPulse({ ask: async () => undefined, tokenRotates: true });
  const daemon = new TunnelDaemon({
    ...{ gateway: gateway.gateway, ca: gateway.ca, api, pulse, runtimeDirectory: runtime, uid: UID, now: Date.now },
    token: async () => 'good',
  });
  const server = new ControlServer(daemon, gateway.gateway, controlPaths(runtime));
  await server.listen(UID);
  closing.push(() => server.close());
  return daemon;
}

/** Runs a shell line as another user of the machine. */
function asSomebodyElse(line: string): { readonly status: number | null; readonly output: string } {
  const ids = [`--reuid=${OTHER_UID}`, `--regid=${OTHER_UID}`, '--clear-groups'];
  const { status, stdout, stderr } = spawnSync('setpriv', [...ids, 'bash', '-c', line], { encoding: 'utf8', cwd: '/' });
  return { status, output: stdout + stderr };
}

describe.skipIf(!isRoot)('another user of the machine', () => {
  it('neither enters the directory nor reaches the socket', async () => {
    const socket = await openTunnel();
    for (const line of [
      `ls '${runtime}'`,
      `cd '${path.dirname(socket)}'`,
      `cat '${path.dirname(socket)}/pgpass'`,
      `psql -h '${path.dirname(socket)}' -U orders-db -d orders -c 'select 1'`,
      `mv '${runtime}' '${runtime}-aside'`,
      `rm -rf '${runtime}'`,
    ]) {
      const { status, output } = asSomebodyElse(line);
      expect(status).not.toBe(0);
      expect(output).toMatch(/[Pp]ermission denied/);
    }
    expect(gateway.events).toEqual([]);
  });

  it('reaches neither the daemon nor its key', async () => {
    await startDaemon();
    const { directory, key, socket } = controlPaths(runtime);
    for (const line of [`ls '${directory}'`, `cat '${key}'`, `ls -l '${socket}'`])
      expect(asSomebodyElse(line).output).toMatch(/[Pp]ermission denied/);
    expect(asSomebodyElse('true').status).toBe(0);
  });

  it('who made our directory first gets no tunnel and no daemon in it', async () => {
    await mkdir(runtime, { mode: 0o700 });
    await chown(runtime, OTHER_UID, OTHER_UID);
    await expect(openTunnel()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('another user'),
    });
    await expect(makeControlDirectory(controlPaths(runtime), UID)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(readControlKey(controlPaths(runtime), UID)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('who put a socket of theirs where the daemon’s is gets no question of ours', async () => {
    const paths = controlPaths(runtime);
    await makeControlDirectory(paths, UID);
    const theirs: Server = createServer();
    theirs.listen(paths.socket);
    await once(theirs, 'listening');
    closing.push(async () => theirs.close());
    await chown(paths.socket, OTHER_UID, OTHER_UID);
    let isAsked = false;
    theirs.on('connection', () => {
      isAsked = true;
    });
    await expect(new DaemonClient(runtime, UID).ask({ ask: 'status' }, 'status')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('another user'),
    });
    expect(isAsked).toBe(false);
  });
});

describe('a program of one’s own', () => {
  it('that cannot read the daemon’s key is answered nothing', async () => {
    await startDaemon();
    const { socket } = controlPaths(runtime);
    const program = connect(socket);
    program.write(encodeControlFrame({ ask: 'settings', profile: null, key: 'x'.repeat(43) }));
    const chunks = await program.toArray();
    expect(Buffer.concat(chunks as Buffer[]).toString()).toContain('AUTH_FAILED');
  });

  it('that speaks HTTP to the daemon is hung up on', async () => {
    await startDaemon();
    const program = connect(controlPaths(runtime).socket);
    program.write('GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(Buffer.concat((await program.toArray()) as Buffer[]).toString()).toContain('LIMIT_FRAME_BYTES');
  });
});

describe('who took the place before us', () => {
  let squatter: Squatter;
  const psql = (env: Record<string, string>) =>
    runProgram('psql', ['-w', '-c', 'select 1'], {
      env: { ...env, PGPASSWORD: SECRET, PGCONNECT_TIMEOUT: '60' },
    });
  const settings = { database: 'orders', user: 'orders-db', password: SECRET };

  it('on a port learns nothing of the secret, and cannot pose as the gateway', async () => {
    squatter = await squat({ port: 0 });
    const { port } = squatter;
    closing.push(() => squatter.close());
    const done = await psql(libpqEnvironment({ host: '127.0.0.1', port, ...settings }));
    expect(done.code).not.toBe(0);
    expect(done.stderr).toContain('incorrect server signature');
    expect(squatter.heard().toString('latin1')).toMatch(/p=[A-Za-z0-9+/=]{44}/);
    for (const form of [SECRET, Buffer.from(SECRET).toString('hex'), Buffer.from(SECRET).toString('base64')])
      expect(squatter.heard().toString('latin1')).not.toContain(form);
  });

  it.skipIf(!isRoot)('with a Unix socket of another user is not even spoken to', async () => {
    const directory = path.join(base, 'theirs');
    await mkdir(directory, { mode: 0o755 });
    await chown(directory, OTHER_UID, OTHER_UID);
    squatter = await squat({ path: path.join(directory, '.s.PGSQL.5432') });
    closing.push(() => squatter.close());
    // The peer of a socket is who listens: we do, so the name that is demanded is another's.
    const env = libpqEnvironment({ host: directory, port: 5432, requirePeer: 'nobody', ...settings });
    const done = await psql(env);
    expect(done.stderr).toContain('requirepeer specifies "nobody"');
    expect(squatter.heard()).toHaveLength(0);
    expect(userInfo().username).not.toBe('nobody');
  });
});
