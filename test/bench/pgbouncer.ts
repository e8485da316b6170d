/** pgbouncer, the peer: session pooling, SCRAM on both sides, no TLS, on a free loopback port, as an unprivileged user. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NOBODY = 65_534;
const PROGRAM = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'].find((path) =>
  existsSync(path),
);

export type PgBouncer = { readonly port: number; readonly pid: number; stop(): Promise<void> };

export function hasPgBouncer(): boolean {
  return PROGRAM !== undefined;
}

export async function startPgBouncer(upstream: {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}): Promise<PgBouncer> {
  if (PROGRAM === undefined) throw new Error('pgbouncer is not installed (on Debian: apt-get install pgbouncer)');
  const folder = mkdtempSync(join(tmpdir(), 'sluice-pgbouncer-'));
  const port = await freePort();
  const { host, database, user, password } = upstream;
  const ini = `[databases]
${database} = host=${host} port=${upstream.port} dbname=${database} user=${user} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, 'users.txt')}
pool_mode = session
server_reset_query =
default_pool_size = 100
max_client_conn = 1000
ignore_startup_parameters = extra_float_digits
log_connections = 0
log_disconnections = 0
`;
  const user65534 = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : undefined;
  write('pgbouncer.ini', ini);
  write('users.txt', `"${user}" "${password}"\n`);
  if (user65534 !== undefined) chownSync(folder, NOBODY, NOBODY);
  chmodSync(folder, 0o700);
  const child = spawn(PROGRAM, [join(folder, 'pgbouncer.ini')], { ...user65534, stdio: ['ignore', 'ignore', 'pipe'] });
  const log: string[] = [];
  const started = Promise.withResolvers<void>();
  child.stderr.on('data', (chunk: Buffer) => {
    log.push(chunk.toString());
    if (/process up/.test(log.join(''))) started.resolve();
  });
  child.once('close', () => started.reject(new Error(`pgbouncer ended:\n${log.join('')}`)));
  await started.promise;
  return {
    port,
    pid: child.pid ?? 0,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const closed = once(child, 'close');
        child.kill('SIGTERM');
        await closed;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };

  function write(name: string, text: string): void {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    if (user65534 !== undefined) chownSync(join(folder, name), NOBODY, NOBODY);
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return address !== null && typeof address === 'object' ? address.port : 0;
}
