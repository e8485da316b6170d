/** How libpq gets in: TLS modes, channel binding, protocol versions and session parameters, with the libpq of 15 and of 18. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPostgres } from '../../gateway/src/demo/postgres-binaries.ts';
import { makeCertificates } from '../harness/certificates.ts';
import { hasPostgres, type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { isOnPath, type ProgramResult, runProgram } from '../harness/program.ts';
import { DATABASE } from './data.ts';
import { gatewayTarget, type RunningGateway } from './gateway-target.ts';
import { environmentOf, OWNER, prepareDatabase } from './target.ts';
import { TRANSCRIPT_PROGRAMS, temporaryFolder, transcriptOf } from './transcript.ts';

/** Set by environmentOf; each row says of itself what it wants. */
const BARE = { PGSSLMODE: '', PGTZ: '' };
const SHOWN = "SELECT current_setting('TimeZone'), current_setting('DateStyle'), current_setting('application_name')";

let server: PostgresServer;
let gateway: RunningGateway;
let ownerPassword = '';
let newLibpq: Record<string, string> | null = null;

beforeAll(async () => {
  server = await startPostgres();
  ownerPassword = await prepareDatabase(server);
  gateway = await gatewayTarget(server, ownerPassword);
  if (await hasPostgres(18)) {
    const library = join((await findPostgres(18)).binDir, '../lib');
    if (existsSync(join(library, 'libpq.so.5'))) newLibpq = { LD_LIBRARY_PATH: library };
  }
});
afterAll(async () => {
  await gateway.stop();
  await server.stop();
});

async function psql(env: Readonly<Record<string, string>>, ...args: string[]): Promise<ProgramResult> {
  const all = { ...environmentOf(gateway.target), ...BARE, ...env };
  const set = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  return await runProgram('psql', ['-XAt', ...args], { env: set });
}

describe.runIf(isOnPath('psql'))('psql gets in', () => {
  test.each<[name: string, env: Record<string, string>]>([
    ['without TLS', { PGSSLMODE: 'disable' }],
    ['with sslmode=allow', { PGSSLMODE: 'allow' }],
    ['with sslmode=prefer', { PGSSLMODE: 'prefer' }],
    ['with sslmode=require', { PGSSLMODE: 'require' }],
    ['with sslmode=verify-ca', { PGSSLMODE: 'verify-ca' }],
    ['with sslmode=verify-full', { PGSSLMODE: 'verify-full' }],
    ['with channel binding', { PGSSLMODE: 'require', PGCHANNELBINDING: 'require' }],
    ['with TLS and without channel binding', { PGSSLMODE: 'require', PGCHANNELBINDING: 'disable' }],
    ['after asking for GSS encryption', { PGSSLMODE: 'require', PGGSSENCMODE: 'prefer' }],
    ['with TLS 1.2', { PGSSLMODE: 'require', PGSSLMAXPROTOCOLVERSION: 'TLSv1.2', PGCHANNELBINDING: 'require' }],
  ])('%s', async (_name, env) => {
    expect(await psql(env, '-c', 'SELECT 7')).toMatchObject({ code: 0, stdout: '7\n', stderr: '' });
  });

  test('with settings of its own', async () => {
    const env = {
      PGSSLMODE: 'require',
      PGTZ: 'Asia/Tokyo',
      PGDATESTYLE: 'German',
      PGAPPNAME: 'login test',
      PGCLIENTENCODING: 'UTF8',
      PGOPTIONS: '-c search_path=pg_catalog --statement-timeout=20s -c extra_float_digits=0',
    };
    const settings = "current_setting('search_path'), current_setting('statement_timeout')";
    const { stdout, stderr } = await psql(env, '-c', `${SHOWN}, ${settings}`);
    expect(stderr).toBe('');
    expect(stdout).toBe('Asia/Tokyo|German, DMY|login test|pg_catalog|20s\n');
  });

  test('with a level of messages of its own', async () => {
    const shown = ['-c', 'DROP TABLE IF EXISTS nothing', '-c', 'SHOW client_min_messages'];
    const quiet = { PGSSLMODE: 'require', PGOPTIONS: '--client-min-messages=warning' };
    expect(await psql(quiet, ...shown)).toMatchObject({ stdout: 'DROP TABLE\nwarning\n', stderr: '' });
    const { stderr } = await psql({ PGSSLMODE: 'require' }, ...shown);
    expect(stderr).toContain('NOTICE:  table "nothing" does not exist, skipping');
  });
});

describe.runIf(isOnPath('psql'))('psql is told why it does not get in', () => {
  test.each<[name: string, env: Record<string, string>, words: RegExp]>([
    ['another encoding', { PGCLIENTENCODING: 'LATIN1' }, /client_encoding "LATIN1" is not offered: .*UTF-8/],
    ['a setting that is not allowed', { PGOPTIONS: '-c debug_print_rewritten=off' }, /debug_print_rewritten/],
    ['a role', { PGOPTIONS: '-c role=postgres' }, /"role" may not be set/],
    ['options that are not understood', { PGOPTIONS: '-B 4' }, /"-B" is not understood/],
    ['a wrong password', { PGPASSWORD: 'wrong' }, /not accepted/],
    ['another database', { PGDATABASE: 'postgres' }, /offers no "postgres"/],
  ])('%s', async (_name, env, words) => {
    const { code, stderr } = await psql({ PGSSLMODE: 'require', ...env }, '-c', 'SELECT 1');
    expect(code).toBe(2);
    expect(stderr).toMatch(words);
  });

  test.each(['true', 'database'])('replication=%s', async (replication) => {
    const { code, stderr } = await psql({ PGSSLMODE: 'require' }, '-d', `replication=${replication}`, '-c', 'SELECT 1');
    expect(code).toBe(2);
    expect(stderr).toMatch(/replication connections are not offered/);
  });

  test('a server whose sessions start with settings under which texts mean something else', async () => {
    await server.admin(`ALTER ROLE ${OWNER} SET standard_conforming_strings = off`);
    // The gateway's own choice wins over a default of the role.
    expect(await psql({ PGSSLMODE: 'require' }, '-c', "SELECT 'a\\b'")).toMatchObject({ code: 0, stdout: 'a\\b\n' });
    await server.admin(`ALTER ROLE ${OWNER} RESET standard_conforming_strings`);
  });

  test('a certificate of another authority is the client’s to refuse', async () => {
    using folder = temporaryFolder();
    const { authority } = makeCertificates();
    const other = join(folder.path, 'other.pem');
    writeFileSync(other, authority.certificatePem);
    const { code, stderr } = await psql({ PGSSLMODE: 'verify-full', PGSSLROOTCERT: other }, '-c', 'SELECT 1');
    expect(code).toBe(2);
    expect(stderr).toMatch(/certificate verify failed/);
  });
});

describe.runIf(isOnPath('psql'))('the libpq of 18', () => {
  test.each<[name: string, env: Record<string, string>]>([
    ['as it is', { PGSSLMODE: 'verify-full' }],
    ['TLS from the first byte', { PGSSLMODE: 'verify-full', PGSSLNEGOTIATION: 'direct' }],
    [
      'TLS from the first byte, bound to it',
      { PGSSLMODE: 'require', PGSSLNEGOTIATION: 'direct', PGCHANNELBINDING: 'require' },
    ],
    ['SCRAM and nothing else', { PGSSLMODE: 'disable', PGREQUIREAUTH: 'scram-sha-256' }],
    ['protocol 3.2 and nothing else', { PGMINPROTOCOLVERSION: '3.2', PGMAXPROTOCOLVERSION: '3.2' }],
    ['the newest protocol there is', { PGMAXPROTOCOLVERSION: 'latest' }],
    ['protocol 3.0', { PGMAXPROTOCOLVERSION: '3.0' }],
  ])('%s', async (_name, env) => {
    if (newLibpq === null) return;
    expect(await psql({ ...newLibpq, ...env }, '-c', 'SELECT 7')).toMatchObject({ code: 0, stdout: '7\n', stderr: '' });
  });

  const libpq = TRANSCRIPT_PROGRAMS.find(({ name }) => name.startsWith('libpq'));
  test.runIf(libpq?.isInstalled() === true)(
    'does all it does by TLS from the first byte and protocol 3.2, and cancels encrypted',
    async () => {
      if (newLibpq === null || libpq === undefined) return;
      using folder = temporaryFolder();
      const command = await libpq.prepare(folder.path);
      const env = { PGSSLNEGOTIATION: 'direct', PGMINPROTOCOLVERSION: '3.2', PGMAXPROTOCOLVERSION: '3.2' };
      await server.admin('TRUNCATE public.scratch', DATABASE);
      const steps = await transcriptOf(command, { ...environmentOf(gateway.target), ...newLibpq, ...env });
      expect(steps.get('encrypted cancel')).toBe('1\n');
      expect(steps.get('cancelled, encrypted')).toMatch(/57014 canceling statement due to user request/);
      expect(steps.get('MASKED')).toMatch(/NULL/);
    },
  );
});
