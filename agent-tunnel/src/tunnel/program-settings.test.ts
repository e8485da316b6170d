import { expect, it } from 'vitest';
import { PROGRAMS, type Program, programSettings } from './program-settings.ts';

const SECRET = 'c2VjcmV0LXNlY3JldA';
const TCP = {
  resource: 'orders-db',
  passFile: '/run/user/1/sluice/p/work/orders-db/pgpass',
  settings: { host: '127.0.0.1', port: 15_432, database: 'orders', user: 'orders-db', password: SECRET },
};
const UNIX = {
  ...TCP,
  resource: 'billing',
  settings: { ...TCP.settings, host: '/run/user/1/sluice/p/work/billing', port: 5_432, requirePeer: 'ana' },
};

/** Those whose programs read no password file. */
const WITH_SECRET: readonly Program[] = ['uri', 'tableplus'];

it.each(PROGRAMS)('%s gets the secret only where it can take it no other way', (program) => {
  expect(programSettings(program, [TCP]).includes(SECRET)).toBe(WITH_SECRET.includes(program));
});

it('libpq is told whose the socket has to be', () => {
  expect(programSettings('psql', [UNIX])).toBe(
    `[billing]\nhost=${UNIX.settings.host}\nport=5432\ndbname=orders\nuser=orders-db\ngssencmode=disable\npassfile=${UNIX.passFile}\nrequirepeer=ana\n`,
  );
});

it('Java’s URL names the password file', () => {
  expect(programSettings('jdbc', [TCP])).toBe(
    `jdbc:postgresql://127.0.0.1:15432/orders?user=orders-db&sslmode=disable&pgpassfile=${encodeURIComponent(TCP.passFile)}\n`,
  );
});

it('several tunnels in one .env are told apart', () => {
  const text = programSettings('env', [TCP, UNIX]);
  expect(text).toContain('ORDERS_DB_PGHOST="127.0.0.1"');
  expect(text).toContain('BILLING_PGREQUIREPEER="ana"');
});

it('pgAdmin’s file is JSON with every server', () => {
  const { Servers } = JSON.parse(programSettings('pgadmin', [TCP, UNIX])) as { Servers: Record<string, unknown> };
  expect(Servers).toMatchObject({ 1: { Name: 'orders-db', Port: 15_432 }, 2: { Host: UNIX.settings.host } });
});

it('a name cannot break out of DataGrip’s XML', () => {
  const text = programSettings('datagrip', [{ ...TCP, resource: '"><evil a="' }]);
  expect(text).not.toContain('<evil');
});
