/**
 * The system packages that the tests use as real peers: servers and clients that npm does not carry.
 * On Debian, as root, what is missing is installed; nothing that was installed is started, now or at the next boot.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

type SystemPackage = {
  readonly name: string;
  /** The test files that are skipped without it. */
  readonly usedBy: string;
};

export const SYSTEM_PACKAGES: readonly SystemPackage[] = [
  { name: 'postgresql', usedBy: 'every test against a PostgreSQL of the machine (the embedded one is used instead)' },
  { name: 'postgresql-client', usedBy: 'psql, pgbench and pg_dump in test/drivers and test/e2e' },
  { name: 'postgresql-contrib', usedBy: 'test/security: extensions that read data in unusual ways' },
  { name: 'python3-psycopg2', usedBy: 'test/drivers: psycopg2' },
  { name: 'python3-psycopg', usedBy: 'test/drivers: psycopg 3' },
  { name: 'python3-django', usedBy: 'test/transparency: inspectdb and migrations of Django' },
  { name: 'python3-sqlalchemy', usedBy: 'test/transparency: reflection of SQLAlchemy' },
  { name: 'default-jre-headless', usedBy: 'test/drivers: pgjdbc' },
  { name: 'ecj', usedBy: 'test/drivers: pgjdbc (compiles the Java client without a JDK)' },
  { name: 'libpostgresql-jdbc-java', usedBy: 'test/drivers: pgjdbc' },
  { name: 'libdbd-pg-perl', usedBy: 'test/drivers: DBD::Pg' },
  { name: 'python3-asyncpg', usedBy: 'test/drivers: asyncpg' },
  { name: 'php-cli', usedBy: 'test/drivers: PHP' },
  { name: 'php-pgsql', usedBy: 'test/drivers: PHP' },
  { name: 'ruby-pg', usedBy: 'test/drivers: Ruby' },
  { name: 'gcc', usedBy: 'test/drivers: libpq' },
  { name: 'libpq-dev', usedBy: 'test/drivers: libpq' },
  { name: 'glewlwyd', usedBy: 'test/integration: sign-in at an independent OpenID provider' },
  { name: 'gnome-keyring', usedBy: 'agent-tunnel: tokens in the Secret Service keychain' },
  { name: 'dbus', usedBy: 'agent-tunnel: tokens in the Secret Service keychain' },
  { name: 'openssl', usedBy: 'gateway/src/demo: certificates checked by another implementation' },
  { name: 'chromium', usedBy: 'test/security: web pages that reach for a tunnel, in a real browser' },
  { name: 'strace', usedBy: 'test/trust: killing at a system call' },
  { name: 'util-linux', usedBy: 'test/harness: setpriv' },
];

/** Installed services that would listen after the next boot if nobody disabled them. */
const SERVICES = ['postgresql', 'glewlwyd'];
const POLICY_FILE = '/usr/sbin/policy-rc.d';
const NO_CLUSTER_FILE = '/etc/postgresql-common/createcluster.d/sluice-tests.conf';

/** Installs what is missing, or says what is missing and which tests that skips. Throws when apt fails. */
export function setUpSystemPackages(say: (line: string) => void): void {
  const missing = SYSTEM_PACKAGES.filter((wanted) => !isInstalled(wanted.name));
  if (missing.length === 0) {
    return say('all system packages are installed');
  }
  if (!isDebian() || process.getuid?.() !== 0) {
    say('Not root on Debian, so nothing is installed. Without these packages some tests are skipped:');
    for (const { name, usedBy } of missing) say(`  ${name.padEnd(24)} ${usedBy}`);
    say(`To install them: apt-get install --no-install-recommends ${missing.map(({ name }) => name).join(' ')}`);
    return;
  }
  install(
    missing.map(({ name }) => name),
    say,
  );
}

function isDebian(): boolean {
  return existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
}

function isInstalled(name: string): boolean {
  const query = spawnSync('dpkg-query', ['--show', '--showformat=${db:Status-Status}', name], { encoding: 'utf8' });
  return query.status === 0 && query.stdout === 'installed';
}

function install(names: readonly string[], say: (line: string) => void): void {
  const written = [
    // Maintainer scripts ask this file before they start a service: 101 means no.
    writeUnlessPresent(POLICY_FILE, '#!/bin/sh\nexit 101\n', 0o755),
    writeUnlessPresent(NO_CLUSTER_FILE, 'create_main_cluster = false\n', 0o644),
  ];
  try {
    say('apt-get update');
    aptGet(['update']);
    say(`apt-get install ${names.join(' ')}`);
    aptGet(['install', '--yes', '--no-install-recommends', ...names]);
    if (existsSync('/run/systemd/system')) {
      // Best effort: a service that was not installed cannot be disabled, and that is fine.
      spawnSync('systemctl', ['disable', ...SERVICES], { stdio: 'ignore' });
    }
  } finally {
    for (const path of written) if (path !== null) rmSync(path, { force: true });
  }
}

function aptGet(args: readonly string[]): void {
  const run = spawnSync('apt-get', ['--quiet=2', '-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.status !== 0) {
    throw new Error(`apt-get ${args[0]} failed:\n${run.stdout}\n${run.stderr}`, { cause: run.error });
  }
}

/** The path when it was written and is ours to remove, else null. */
function writeUnlessPresent(path: string, text: string, mode: number): string | null {
  if (existsSync(path) && readFileSync(path, 'utf8') !== text) return null;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode });
  return path;
}
