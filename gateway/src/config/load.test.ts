import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approversFor, type GatewayConfig } from './config.ts';
import { loadConfig } from './load.ts';
import { readDefaultPolicies } from './shipped-policies.ts';

const GATEWAY = `kind: gateway
listen: { tunnel: 127.0.0.1:7443, postgres: '[::1]:6432' }
tls: { cert: cert.pem, key: key.pem }
`;
const ISSUER = `kind: issuer
name: company
issuer: https://idp.example.com
audience: sluice
clientId: sluice-desktop
claims: { groups: groups, agent: act }
`;
const RESOURCE = `kind: resource
name: orders-db
protocol: postgres
upstream: { host: db.internal, port: 5432, database: orders, tls: verify-full }
credential: { username: sluice, password: { env: ORDERS_PASSWORD } }
classification:
  - csv: labels.csv
  - dbt: target/manifest.json
`;
const APPROVERS = `kind: approvers
for: { label: regulated }
groups: [data-protection]
count: 1
expires: 15m
`;

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sluice-config-'));
  mkdirSync(join(directory, 'target'));
  for (const name of ['cert.pem', 'key.pem', 'labels.csv', 'target/manifest.json']) write(name, '');
});

afterEach(() => rmSync(directory, { recursive: true }));

function write(name: string, text: string): void {
  writeFileSync(join(directory, name), text);
}

function load(...documents: string[]): GatewayConfig {
  if (documents.length > 0) write('sluice.yaml', documents.join('---\n'));
  return loadConfig(directory, (name) => (name === 'ORDERS_PASSWORD' ? 'x' : undefined));
}

/** The lines of the error, without the remedies' arrows. */
function problems(...documents: string[]): string {
  try {
    load(...documents);
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    expect(error.code).toBe('CONFIG_INVALID');
    return error.message;
  }
  throw new Error('the configuration was accepted');
}

describe('a good configuration', () => {
  it('is read whole, with defaults and absolute paths', () => {
    const config = load(GATEWAY, ISSUER, RESOURCE, APPROVERS);
    expect(config.gateway.listen).toEqual({
      tunnel: { host: '127.0.0.1', port: 7443 },
      postgres: { host: '::1', port: 6432 },
    });
    expect(config.gateway.tls).toEqual({ cert: join(directory, 'cert.pem'), key: join(directory, 'key.pem') });
    expect(config.gateway.store).toEqual({ kind: 'sqlite', path: join(directory, 'data/sluice.db') });
    expect(config.gateway.limits.loginTimeoutSeconds).toBe(10);
    expect(config.gateway.evidence.retention.regulated).toBe(7 * 366 * 86_400_000);
    expect(config.gateway.evidence.sync).toEqual({
      public: 'write',
      internal: 'write',
      confidential: 'write',
      regulated: 'fsync',
    });
    expect(config.issuers[0]?.scopes).toContain('openid');
    expect(config.resources[0]).toMatchObject({
      unclassified: 'confidential',
      classifiedFrom: 'confidential',
      credential: { username: 'sluice', password: { kind: 'env', name: 'ORDERS_PASSWORD' } },
      classification: [{ csv: join(directory, 'labels.csv') }, { dbt: join(directory, 'target/manifest.json') }],
    });
    expect(config.approvers[0]).toMatchObject({ groups: ['data-protection'], count: 1, expiresMs: 900_000 });
    expect(config.policies.origin).toBe('shipped');
  });

  it('may be spread over files, which are read by name', () => {
    write('10-gateway.yaml', GATEWAY);
    write('20-issuer.yml', ISSUER);
    write('notes.txt', 'not: [yaml');
    expect(load().issuers).toHaveLength(1);
  });

  it('cannot be changed afterwards, at any depth', () => {
    const config = load(GATEWAY, ISSUER, RESOURCE);
    for (const part of [config, config.gateway.limits, config.resources, config.resources[0]?.upstream]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('takes its own policies as the whole set, not on top of the shipped ones', () => {
    write('mine.cedar', '@id("nobody") forbid (principal, action, resource);');
    const config = load(GATEWAY);
    expect(config.policies.origin).toBe('directory');
    expect([...config.policies.set.policies.keys()]).toEqual(['nobody']);
  });

  it('accepts a copy of the shipped policies', () => {
    for (const { file, text } of readDefaultPolicies()) write(file.replace('defaults/', ''), text);
    expect(load(GATEWAY).policies.set.policies.size).toBeGreaterThan(5);
  });
});

describe('an error names file, line, column and remedy', () => {
  const table: readonly (readonly [string, readonly string[], string, string])[] = [
    [
      'a misspelled key',
      [GATEWAY.replace('listen', 'lisen')],
      'sluice.yaml:2:1  unknown key "lisen"',
      'Did you mean "listen"?',
    ],
    [
      'a misspelled key further down',
      [RESOURCE.replace('port:', 'prot:')],
      'sluice.yaml:4:32  unknown key "prot" in upstream',
      'Did you mean "port"?',
    ],
    [
      'a key that resembles none',
      [ISSUER + 'zebra: 1\n'],
      'sluice.yaml:7:1  unknown key "zebra"',
      'Known are name, issuer,',
    ],
    ['a misspelled kind', ['kind: resorce\n'], 'sluice.yaml:1:7  unknown kind "resorce"', 'Did you mean "resource"?'],
    ['no kind', ['name: x\n'], 'sluice.yaml:1:1  this document has no kind', 'one of gateway, issuer'],
    [
      'a list as document',
      ['- kind: gateway\n'],
      'sluice.yaml:1:1  this document is not a map',
      'Start it with "kind: …"',
    ],
    [
      'a wrong type',
      [RESOURCE.replace('port: 5432', 'port: many')],
      'sluice.yaml:4:38  upstream.port is a text',
      'a number',
    ],
    [
      'a missing key',
      [ISSUER.replace('audience: sluice\n', '')],
      'sluice.yaml:1:1  audience is missing',
      'Add it: a text',
    ],
    ['an empty key', [ISSUER.replace('audience: sluice', 'audience:')], 'audience is empty', 'Give it a value'],
    [
      'a misspelled word',
      [RESOURCE.replace('verify-full', 'verify-ful')],
      'upstream.tls is "verify-ful"',
      'Did you mean "verify-full"?',
    ],
    ['a number out of range', [GATEWAY + 'limits: { maxSessions: 0 }\n'], 'limits.maxSessions is 0', 'The least is 1.'],
    ['a bad endpoint', [GATEWAY.replace('127.0.0.1:7443', '7443')], 'listen.tunnel is a number', 'a text'],
    [
      'an endpoint without address',
      [GATEWAY.replace('127.0.0.1:7443', '":7443"')],
      'listen.tunnel: ":7443" is not "host:port"',
      '127.0.0.1:6432',
    ],
    [
      'a bad duration',
      [APPROVERS.replace('15m', '15 minutes')],
      'expires: "15 minutes" is not a duration',
      '15m, 90d, 7y',
    ],
    [
      'a missing file',
      [RESOURCE.replace('labels.csv', 'lables.csv')],
      'sluice.yaml:7:10  lables.csv does not exist',
      'correct the path',
    ],
    [
      'an unset variable',
      [RESOURCE.replace('ORDERS_PASSWORD', 'OTHER')],
      'sluice.yaml:5:50  the environment variable OTHER is not set',
      'Set OTHER',
    ],
    [
      'a secret in the text',
      [RESOURCE.replace('env: ORDERS_PASSWORD', 'value: hunter2')],
      'unknown key "value" in credential.password: secrets do not stand',
      'file, env or command',
    ],
    [
      'two sources of one secret',
      [RESOURCE.replace('env: ORDERS_PASSWORD', 'env: ORDERS_PASSWORD, file: x')],
      'credential.password: file and env exclude each other',
      'exactly one of',
    ],
    [
      'an unset variable of the store',
      [`${GATEWAY}store: { postgres: { env: STORE_URI } }\n`],
      'sluice.yaml:4:27  the environment variable STORE_URI is not set',
      'Set STORE_URI',
    ],
    [
      'two stores',
      [`${GATEWAY}store: { sqlite: a, postgres: { env: B } }\n`],
      'store: sqlite and postgres exclude each other',
      'exactly one',
    ],
    [
      'a tab',
      ['kind: gateway\nlisten:\n\ttunnel: 127.0.0.1:1\n'],
      'sluice.yaml:3:1  a tab indents this line',
      'spaces',
    ],
    ['a key twice', ['kind: gateway\nkind: gateway\n'], 'sluice.yaml:2:1  this key is there twice', 'Keep one'],
    ['broken YAML', ['kind: [gateway\n'], 'sluice.yaml:2:1', 'Correct the YAML'],
    [
      'a resource twice',
      [GATEWAY, RESOURCE, RESOURCE],
      'resource "orders-db" exists already, at sluice.yaml:6',
      'Rename or remove',
    ],
    ['two gateways', [GATEWAY, GATEWAY], 'sluice.yaml:5:7  a second gateway document', 'Keep one'],
    ['no gateway', [ISSUER], 'there is no gateway document', 'kind: gateway'],
    [
      'an unknown resource',
      [GATEWAY, RESOURCE, APPROVERS + 'resource: order-db\n'],
      'there is no resource "order-db"',
      'Known are orders-db.',
    ],
    [
      'a protocol of later',
      [GATEWAY, RESOURCE.replace('protocol: postgres', 'protocol: mysql')],
      'protocol "mysql" is not available in this version',
      'postgres',
    ],
    [
      'openmetadata',
      [GATEWAY, RESOURCE.replace('csv: labels.csv', 'openmetadata: { url: u, service: s }')],
      'sluice.yaml:11:19  openmetadata is not available in this version',
      'CSV',
    ],
    ['a tunnel without a certificate', [GATEWAY.replace(/tls.*\n/, '')], 'listen.tunnel needs tls', 'cert and key'],
    ['an issuer over plain http', [ISSUER.replace('https:', 'http:')], 'issuer: must be an https URL', 'Use https'],
    ['a name with a dot', [RESOURCE.replace('orders-db', 'orders.db')], 'name: is not a name', 'docs/configuration.md'],
    [
      'an algorithm with a shared key',
      [ISSUER + 'algorithms: [HS256]\n'],
      'algorithms[0] is "HS256"',
      'Did you mean "RS256"?',
    ],
  ];
  it.each(table)('%s: refused with its place and what to do', (_, documents, message, remedy) => {
    const text = problems(...documents);
    expect(text).toContain(message);
    expect(text).toContain(remedy);
  });

  it('all at once, sorted by place, policies included', () => {
    write(
      'a.cedar',
      '@id("x") permit (principal, action == Sluice::Action::"connect", resource) when { resource.nothing };',
    );
    write('b.yaml', 'kind: nothing\n');
    const text = problems(GATEWAY.replace('cert.pem', 'none.pem'), RESOURCE.replace('port:', 'prot:'), 'kind: x\n');
    expect(text.split('\n')[0]).toContain('5 problems');
    const places = [...text.matchAll(/^ {2}(\S+):\d+:\d+ /gm)].map(([, file]) => file);
    expect(places).toEqual(['a.cedar', 'b.yaml', 'sluice.yaml', 'sluice.yaml', 'sluice.yaml']);
  });

  it('never repeats a secret that was pasted into the wrong place', () => {
    const pasted = 'hunter2-'.repeat(8);
    expect(problems(RESOURCE.replace('{ env: ORDERS_PASSWORD }', pasted))).not.toContain('hunter2');
    expect(problems(RESOURCE.replace('verify-full', pasted))).not.toContain('hunter2');
  });

  it('a directory that is not there: refused', () => {
    expect(() => loadConfig(join(directory, 'none'), () => undefined)).toThrow(/does not exist/);
  });

  it('a file that is not UTF-8: refused', () => {
    writeFileSync(join(directory, 'x.yaml'), Buffer.from([0x6b, 0xff, 0xfe]));
    expect(problems(GATEWAY)).toContain('x.yaml:1:1  is not UTF-8 text');
  });
});

describe('approvers of a label', () => {
  it('are those of the resource, else of every resource, else of the next higher label, never of a lower one', () => {
    const approvers = (label: string, group: string, more = '') =>
      `kind: approvers\nfor: { label: ${label} }\ngroups: [${group}]\n${more}`;
    const config = load(
      GATEWAY,
      RESOURCE,
      approvers('regulated', 'general'),
      approvers('regulated', 'own', 'resource: orders-db\n'),
      approvers('internal', 'low'),
    );
    expect(approversFor(config, 'orders-db', 'regulated')?.groups).toEqual(['own']);
    expect(approversFor(config, 'other', 'regulated')?.groups).toEqual(['general']);
    expect(approversFor(config, 'other', 'confidential')?.groups).toEqual(['general']);
    expect(approversFor(config, 'other', 'public')?.groups).toEqual(['low']);
    expect(approversFor({ approvers: config.approvers.slice(2) }, 'other', 'regulated')).toBeNull();
  });
});
