/** The record goes to receivers of every kind, while the data path does not wait for them unless it was told to. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { makeCertificates } from '../harness/certificates.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';

const OWNER = 'export_owner';
const PASSWORD = 'export-password';
const RESOURCE = 'export-db';
const DATABASE = 'export';
const USER = { username: 'ana', name: 'Ana', email: 'ana@example.com', password: 'ana-password', groups: ['analysts'] };
const SECRET_LITERAL = '123-45-6789';

let server: PostgresServer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-exports-'));
  server = await startPostgres();
  await server.admin(`CREATE ROLE ${OWNER} LOGIN PASSWORD '${PASSWORD}'`);
  await server.admin(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});

async function gatewayWith(evidence: object, more: { readonly telemetry?: object } = {}): Promise<TestGateway> {
  const gateway = await startGateway({
    users: [USER],
    resources: [
      {
        name: RESOURCE,
        upstream: { host: server.host, port: server.port, database: DATABASE },
        credential: { username: OWNER, password: PASSWORD },
        labelsCsv: 'schema,table,column,label,category\n',
        unclassified: 'public',
      },
    ],
    evidence,
    ...more,
  });
  onTestFinished(() => gateway.stop());
  return gateway;
}

async function connect(gateway: TestGateway): Promise<pg.Client> {
  const minted = await gateway.mintSession(USER.username, RESOURCE, 'exports');
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port: gateway.postgresPort, database: minted.database },
    ...{ user: minted.username, password: minted.secret },
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function runOne(gateway: TestGateway): Promise<void> {
  const client = await connect(gateway);
  await client.query(`SELECT '${SECRET_LITERAL}' AS literal`);
  await client.end();
}

type Line = { readonly sequence: number; readonly kind: string; readonly session?: { principal: { name: string } } };

/** A receiver on loopback: what was posted, by path; it answers what `status` says. */
async function receiver(): Promise<{
  readonly url: string;
  readonly bodies: Map<string, string[]>;
  readonly headers: IncomingMessage['headers'][];
  status: number;
}> {
  const got = {
    url: '',
    bodies: new Map<string, string[]>(),
    headers: [] as IncomingMessage['headers'][],
    status: 200,
  };
  const http: Server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (got.status === 200) {
        got.headers.push(request.headers);
        const path = request.url ?? '';
        got.bodies.set(path, [...(got.bodies.get(path) ?? []), Buffer.concat(chunks).toString('utf8')]);
      }
      response.writeHead(got.status).end('{}');
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  got.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return got;
}

/** The contiguous run of sequences from 0 that a list holds, duplicates aside. */
function unbroken(lines: readonly Line[]): boolean {
  const seen = [...new Set(lines.map(({ sequence }) => sequence))].toSorted((a, b) => a - b);
  return seen.every((sequence, index) => sequence === index);
}

describe('exports of the record', () => {
  it('fill a file with a line an entry, without texts, and go on after a restart', async () => {
    const path = join(folder, 'record.ndjson');
    const gateway = await gatewayWith({ exports: [{ name: 'file', file: { path } }] });
    await runOne(gateway);
    await gateway.end('SIGTERM');
    const before = readFileSync(path, 'utf8').trimEnd().split('\n').length;
    await gateway.restart();
    await runOne(gateway);
    await gateway.end('SIGTERM');
    const text = readFileSync(path, 'utf8');
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    expect(lines.length).toBeGreaterThan(before);
    expect(lines.map(({ sequence }) => sequence)).toEqual(lines.map((_, index) => index));
    expect(lines.at(-1)?.kind).toBe('gateway.stopped');
    expect(text).not.toContain(SECRET_LITERAL);
    expect(lines.find(({ kind }) => kind === 'statement.decided')?.session?.principal.name).toBe('Ana');
  });

  it('reach an HTTP receiver that was away, whole and in order, while sessions went on', async () => {
    const got = await receiver();
    got.status = 503;
    writeFileSync(join(folder, 'token'), 'receiver-token\n');
    const gateway = await gatewayWith({
      exports: [
        {
          name: 'siem',
          format: 'ndjson',
          texts: 'include',
          http: { url: `${got.url}/in`, token: { file: join(folder, 'token') } },
        },
      ],
    });
    await runOne(gateway);
    await vi.waitFor(() => expect(gateway.output()).toContain('the receiver answered 503'), { timeout: 90_000 });
    await runOne(gateway);
    got.status = 200;
    const linesOf = () =>
      (got.bodies.get('/in') ?? [])
        .flatMap((body) => body.trimEnd().split('\n'))
        .map((line) => JSON.parse(line) as Line);
    await vi.waitFor(() => expect(linesOf().filter(({ kind }) => kind === 'session.closed')).toHaveLength(2), {
      timeout: 90_000,
    });
    expect(unbroken(linesOf())).toBe(true);
    expect(got.headers[0]).toMatchObject({
      'content-type': 'application/x-ndjson',
      authorization: 'Bearer receiver-token',
    });
    expect([...got.bodies.values()].join('')).toContain(SECRET_LITERAL);
    expect(gateway.output()).not.toContain('receiver-token');
  });

  it('end sessions, and let none open, where one is required and too far behind', async () => {
    const got = await receiver();
    const gateway = await gatewayWith({
      exports: [{ name: 'required', endSessionsAfter: '4s', otlp: { url: got.url } }],
    });
    const client = await vi.waitFor(() => connect(gateway), { timeout: 90_000 });
    const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
    got.status = 500;
    // Its entries are what nobody takes. On a busy machine the session may have been ended before.
    await client.query('SELECT 1').catch((error: unknown) => expect(String(error)).toContain('behind'));
    await ended;
    await expect(connect(gateway)).rejects.toThrow(/required" of the record is behind/);
    got.status = 200;
    await vi.waitFor(() => runOne(gateway), { timeout: 90_000, interval: 500 });
  });

  it('reach an OpenTelemetry receiver, with metrics', async () => {
    const got = await receiver();
    const gateway = await gatewayWith(
      { exports: [{ name: 'otel', otlp: { url: got.url } }] },
      { telemetry: { otlp: { url: got.url, every: '1s' } } },
    );
    await runOne(gateway);
    await vi.waitFor(() => expect(got.bodies.get('/v1/logs')?.join('')).toContain('sluice.session.closed'), {
      timeout: 90_000,
    });
    await vi.waitFor(() => expect(got.bodies.get('/v1/metrics')?.join('')).toContain('"sluice_statements_total"'), {
      timeout: 90_000,
    });
    await vi.waitFor(
      () =>
        expect(durationsIn(got.bodies.get('/v1/metrics')?.at(-1) ?? '{}')).toEqual([
          expect.objectContaining({ count: '1', explicitBounds: expect.arrayContaining([0.001, 30]) }),
        ]),
      { timeout: 90_000 },
    );
  });

  it('reach a syslog receiver over TLS, and only one whose certificate is trusted', async () => {
    const certificates = makeCertificates();
    const { certificatePem: cert, privateKeyPem: key } = certificates.server;
    let received = Buffer.alloc(0);
    const syslog: TlsServer = createTlsServer({ cert, key }, (socket) => {
      socket.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
      });
      socket.on('error', () => undefined);
    });
    syslog.on('tlsClientError', () => undefined);
    syslog.listen(0, '127.0.0.1');
    await once(syslog, 'listening');
    onTestFinished(() => {
      syslog.close();
    });
    const { port } = syslog.address() as AddressInfo;
    writeFileSync(join(folder, 'ca.pem'), certificates.authority.certificatePem);
    writeFileSync(join(folder, 'other.pem'), makeCertificates().authority.certificatePem);
    const to = (name: string, ca: string) => ({
      ...{ name, format: 'ocsf', syslog: { host: 'localhost', port, ca: join(folder, ca) } },
    });
    const gateway = await gatewayWith({ exports: [to('trusted', 'ca.pem'), to('untrusted', 'other.pem')] });
    await runOne(gateway);
    await vi.waitFor(() => expect(messagesOf(received).join('')).toContain('session.closed'), { timeout: 90_000 });
    await vi.waitFor(() => expect(gateway.output()).toContain('"export":"untrusted"'), { timeout: 90_000 });
    const messages = messagesOf(received);
    for (const message of messages) expect(message).toMatch(/^<1\d\d>1 \S+ \S+ sluice-gateway \d+ [a-z.]+ - \uFEFF\{/);
    const events = messages.map((message) => JSON.parse(message.slice(message.indexOf('\uFEFF') + 1)) as object);
    expect(events).toContainEqual(expect.objectContaining({ class_uid: 6_005, type_uid: 600_501 }));
  });
});

/** Points of the histogram of statements in an export of metrics. */
function durationsIn(body: string): unknown {
  const sent = JSON.parse(body) as {
    resourceMetrics: { scopeMetrics: { metrics: { name: string; histogram?: { dataPoints: unknown[] } }[] }[] }[];
  };
  const metrics = sent.resourceMetrics[0]?.scopeMetrics[0]?.metrics ?? [];
  return metrics.find(({ name }) => name === 'sluice_statement_duration_seconds')?.histogram?.dataPoints;
}

/** Octet counting (RFC 5425 §4.3.1): the length in decimal, a space, and so many bytes. */
function messagesOf(bytes: Buffer): readonly string[] {
  const messages: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at);
    if (space < 0) break;
    const end = space + 1 + Number(bytes.toString('latin1', at, space));
    if (end > bytes.length) break;
    messages.push(bytes.toString('utf8', space + 1, end));
    at = end;
  }
  return messages;
}
