/** `sluice-gateway check` and `start` on configurations that cannot work: the exit code, and a message to act on. */
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCertificates } from '../harness/certificates.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { type ProgramResult, runProgram } from '../harness/program.ts';

const MAIN = join(import.meta.dirname, '../../gateway/src/main.ts');
const isRoot = process.getuid?.() === 0;

let directory: string;
let server: PostgresServer;
let taken: Server;
let takenPort: number;
beforeAll(async () => {
  server = await startPostgres();
  await server.admin("CREATE ROLE plain LOGIN PASSWORD 'pw'; CREATE TABLE people (id int, ssn text)");
  taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  takenPort = address !== null && typeof address === 'object' ? address.port : 0;
});
afterAll(async () => {
  taken.close();
  await server.stop();
});
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sluice-config-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(directory, name), text, { mode: 0o600 });
const run = (...args: readonly string[]): Promise<ProgramResult> => runProgram(process.execPath, [MAIN, ...args]);

/** A good configuration, but for the lines given in the place of its own. */
function configure(
  lines: {
    readonly gateway?: string;
    readonly resource?: Readonly<Record<string, string>>;
    readonly more?: string;
  } = {},
): void {
  write('password', 'pw\n');
  const resource = {
    upstream: `{ host: 127.0.0.1, port: ${server.port}, database: postgres, tls: disable }`,
    credential: '{ username: plain, password: { file: password } }',
    ...lines.resource,
  };
  write(
    'sluice.yaml',
    [
      'kind: gateway',
      'dataDir: data',
      lines.gateway ?? 'listen: { postgres: 127.0.0.1:0 }',
      '---',
      'kind: resource',
      'name: shop',
      'protocol: postgres',
      ...Object.entries(resource).map(([key, value]) => `${key}: ${value}`),
      lines.more ?? '',
    ].join('\n'),
  );
}

describe.each(['check', 'start'])('sluice-gateway %s', (command) => {
  it.each<[name: string, prepare: () => void, place: string, words: RegExp]>([
    [
      'YAML that is not well-formed',
      () => write('sluice.yaml', 'kind: gateway\nlisten: { postgres: "127\n'),
      'sluice.yaml:',
      /./,
    ],
    ['a key that does not exist', () => configure({ gateway: 'lisen: {}' }), 'sluice.yaml:3', /lisen.*listen|listen/s],
    [
      'a value of the wrong kind',
      () => configure({ gateway: 'limits: { maxSessions: many }' }),
      'sluice.yaml:3',
      /maxSessions/,
    ],
    [
      'a limit out of its range',
      () => configure({ gateway: 'limits: { maxSessions: 0 }' }),
      'sluice.yaml:3',
      /maxSessions/,
    ],
    [
      'a port that is none',
      () => configure({ gateway: 'listen: { postgres: "127.0.0.1:99999" }' }),
      'sluice.yaml:3',
      /host:port/,
    ],
    ['a document of no kind', () => configure({ more: '---\nkind: ressource' }), 'sluice.yaml:', /ressource/],
    [
      'two resources of one name',
      () =>
        configure({
          more: '---\nkind: resource\nname: shop\nprotocol: postgres\nupstream: { host: h, database: d }\ncredential: { username: u, password: { file: password } }',
        }),
      'sluice.yaml:',
      /exists already/,
    ],
    [
      'a password file that is not there',
      () => configure({ resource: { credential: '{ username: plain, password: { file: nothing } }' } }),
      'sluice.yaml:9',
      /nothing/,
    ],
    [
      'a variable that is not set',
      () => configure({ resource: { credential: '{ username: plain, password: { env: SLUICE_TEST_NOT_SET } }' } }),
      'sluice.yaml:9',
      /SLUICE_TEST_NOT_SET/,
    ],
    [
      'a label file that is not there',
      () => configure({ more: 'classification: [{ csv: nothing.csv }]' }),
      'sluice.yaml:10',
      /nothing\.csv/,
    ],
    [
      'a label that does not exist',
      () => (
        write('labels.csv', 'schema,table,column,label\npublic,people,ssn,secret\n'),
        configure({ more: 'classification: [{ csv: labels.csv }]' })
      ),
      'labels.csv:2',
      /secret/,
    ],
    [
      'a policy that is no Cedar',
      () => (write('own.cedar', 'permit (principal, action, resource) when { ;\n'), configure()),
      'own.cedar:1',
      /./,
    ],
    [
      'a mask that is none',
      () => (
        write(
          'own.cedar',
          '\n@id("m") @mask("last:four")\npermit (principal, action == Sluice::Action::"mask", resource);\n',
        ),
        configure()
      ),
      'own.cedar:2',
      /@mask\("last:four"\) is not a mask.*last:COUNT/s,
    ],
    [
      'a secret of masks that is not there',
      () => configure({ gateway: 'masking: { key: { file: nothing.key } }' }),
      'sluice.yaml:3',
      /nothing\.key/,
    ],
    [
      'no gateway document',
      () => write('sluice.yaml', 'kind: approvers\nfor: { label: regulated }\ngroups: [a]\ncount: 1\nexpires: 15m\n'),
      'sluice.yaml:1',
      /no gateway document/,
    ],
  ])('%s: exit code 78, with file and line', async (_name, prepare, place, words) => {
    prepare();
    const { code, stdout, stderr } = await run(command, '--config', directory);
    expect(code).toBe(78);
    // `check` reports what it finds about a resource among its findings.
    const told = place.startsWith('labels.csv') && command === 'check' ? stdout : stderr;
    expect(told).toContain(place);
    expect(told).toMatch(words);
    expect(stdout + stderr).not.toMatch(/\n\s+at /);
  });

  it('a directory that is not there: exit code 78, and its name', async () => {
    const { code, stderr } = await run(command, '--config', join(directory, 'nowhere'));
    expect(code).toBe(78);
    expect(stderr).toContain('nowhere');
  });

  it.skipIf(isRoot)('a file that may not be read: exit code 78, and its name', async () => {
    configure();
    chmodSync(join(directory, 'sluice.yaml'), 0);
    const { code, stderr } = await run(command, '--config', directory);
    expect(code).toBe(78);
    expect(stderr).toContain('sluice.yaml');
  });

  it.each([
    ['without --config', []],
    ['with an option that does not exist', ['--konfig', 'x']],
    ['with --config and no directory', ['--config']],
  ])('%s: exit code 64', async (_name, args) => {
    expect((await run(command, ...args)).code).toBe(64);
  });
});

describe('sluice-gateway check', () => {
  it('of a good configuration: exit code 0, with what it found', async () => {
    write('labels.csv', 'schema,table,column,label\npublic,people,ssn,regulated\npublic,people,ssm,regulated\n');
    configure({ more: 'classification: [{ csv: labels.csv }]' });
    const { code, stdout } = await run('check', '--config', directory);
    expect(code).toBe(0);
    expect(stdout).toMatch(/server: PostgreSQL \d+/);
    expect(stdout).toMatch(/without a column.*public\.people\.ssm/s);
  });

  it('tells which masks do not fit their column', async () => {
    write('labels.csv', 'schema,table,column,label,category\npublic,people,*,regulated,pii.all\n');
    configure({ more: 'classification: [{ csv: labels.csv }]' });
    const policy = (mask: string) =>
      write(
        'own.cedar',
        `@id("m") @mask("${mask}")\npermit (principal, action == Sluice::Action::"mask", resource in Sluice::Category::"pii");\n`,
      );
    policy('last:4');
    const { code, stdout } = await run('check', '--config', directory);
    expect(code).toBe(0);
    expect(stdout).toMatch(/1 masks? that do(es)? not fit/);
    expect(stdout).toContain('public.people.id: @mask("last:4") of m does not fit integer');
    policy('placeholder');
    expect((await run('check', '--config', directory)).stdout).not.toMatch(/not fit/);
  });

  it.each<[name: string, resource: Readonly<Record<string, string>>, words: RegExp]>([
    [
      'that nobody serves',
      { upstream: '{ host: 127.0.0.1, port: 1, database: postgres, tls: disable }' },
      /ERROR: cannot reach the database at 127\.0\.0\.1:1.*ECONNREFUSED/,
    ],
    [
      'that does not exist',
      { upstream: '{ host: db.invalid, database: postgres, tls: disable }' },
      /ERROR: cannot reach the database at db\.invalid/,
    ],
    ['without TLS, though it is demanded', {}, /ERROR: .*does not offer TLS/],
  ])('of a database %s: exit code 78, and says so', async (_name, resource, words) => {
    const demanded = `{ host: 127.0.0.1, port: ${server.port}, database: postgres }`;
    configure({ resource: { upstream: demanded, ...resource } });
    const { code, stdout } = await run('check', '--config', directory);
    expect(code).toBe(78);
    expect(stdout).toMatch(words);
  });

  it('with a password that is wrong: exit code 78, and the password is nowhere', async () => {
    configure();
    write('password', 'wrong-password-Q7\n');
    const { code, stdout, stderr } = await run('check', '--config', directory);
    expect(code).toBe(78);
    expect(stdout).toMatch(/ERROR: .*password authentication failed/);
    expect(stdout + stderr).not.toContain('wrong-password-Q7');
  });
});

describe('sluice-gateway start', () => {
  it('on a port in use: exit code 69, with the port named', async () => {
    configure({ gateway: `listen: { postgres: 127.0.0.1:${takenPort} }` });
    const { code, stderr } = await run('start', '--config', directory);
    expect(code).toBe(69);
    expect(stderr).toContain(`127.0.0.1:${takenPort}`);
    expect(stderr).toMatch(/in use|EADDRINUSE/);
  });

  it.each(['tunnel', 'metrics'])('with the port of %s in use: exit code 69, with the port named', async (door) => {
    const { server: certificate } = makeCertificates();
    write('server.crt', certificate.certificatePem);
    write('server.key', certificate.privateKeyPem);
    configure({ gateway: `listen: { ${door}: "127.0.0.1:${takenPort}" }\ntls: { cert: server.crt, key: server.key }` });
    const { code, stderr } = await run('start', '--config', directory);
    expect(code).toBe(69);
    expect(stderr).toContain(`127.0.0.1:${takenPort}`);
  });

  it.each(['postgres', 'tunnel'])(
    'with a certificate for %s that is none, or a key that is not its own: exit code 78',
    async (door) => {
      const [first, second] = [makeCertificates().server, makeCertificates().server];
      configure({ gateway: `listen: { ${door}: "127.0.0.1:0" }\ntls: { cert: server.crt, key: server.key }` });
      for (const [certificate, key, words] of [
        ['hello', first.privateKeyPem, /tls\.cert/],
        [first.certificatePem, 'hello', /tls\.key/],
        [first.certificatePem, second.privateKeyPem, /tls\.key/],
      ] as const) {
        write('server.crt', certificate);
        write('server.key', key);
        const { code, stderr } = await run('start', '--config', directory);
        expect({ code, stderr }).toEqual({ code: 78, stderr: expect.stringMatching(words) });
      }
    },
  );

  it('with a secret of masks that is too short: exit code 78, and the secret is nowhere', async () => {
    write('masks.key', 'correct horse');
    configure({ gateway: 'masking: { key: { file: masks.key } }' });
    for (const command of ['check', 'start']) {
      const { code, stdout, stderr } = await run(command, '--config', directory);
      expect(code).toBe(78);
      expect(stdout + stderr).toMatch(/masking\.key is too short/);
      expect(stdout + stderr).not.toContain('correct horse');
    }
  });

  it('with a masking key of its own that is broken: exit code 78, and its name', async () => {
    configure();
    mkdirSync(join(directory, 'data'));
    write('data/masking.key', 'no key\n');
    const { code, stderr } = await run('start', '--config', directory);
    expect(code).toBe(78);
    expect(stderr).toContain(join(directory, 'data/masking.key'));
  });

  it('with a data directory that cannot be made: exit code 69 or 74, and its name', async () => {
    configure();
    write('data', 'a file, not a directory');
    const { code, stderr } = await run('start', '--config', directory);
    expect([69, 73, 74, 78]).toContain(code);
    expect(stderr).toContain(join(directory, 'data'));
  });
});
