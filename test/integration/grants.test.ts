/** Access for a window of time, end to end: asked by one person, granted by another, and gone when it is over. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../../agent-tunnel/src/client/api-client.ts';
import { entriesOf } from '../harness/evil-site.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { type Home, makeHome } from '../harness/sluice.ts';

const POLICIES = {
  'window.cedar': `
@id("connect") permit (principal in Sluice::Group::"support-now", action == Sluice::Action::"connect", resource);
@id("run") permit (principal, action in [Sluice::Action::"read", Sluice::Action::"session", Sluice::Action::"transaction"], resource);
@id("reveal-low") permit (principal, action == Sluice::Action::"reveal", resource) when { resource.rank < 2 };
@id("reveal-window") permit (principal in Sluice::Group::"support-now", action == Sluice::Action::"reveal", resource);
@id("mask") permit (principal, action == Sluice::Action::"mask", resource);
`,
};
const user = (username: string, ...groups: string[]) => ({
  ...{ username, name: username, email: `${username}@corp.test`, password: 'pw', groups },
});

let server: PostgresServer;
let gateway: TestGateway;
let home: Home;
let clerk: ApiClient;
let lead: ApiClient;
beforeAll(async () => {
  server = await startPostgres({ settings: { log_min_messages: 'fatal' } });
  await server.admin("CREATE ROLE sluice LOGIN PASSWORD 'upstream'");
  await server.admin('CREATE DATABASE shop OWNER sluice');
  await server.admin(
    "SET ROLE sluice; CREATE TABLE customers (id int, ssn text); INSERT INTO customers VALUES (1, '000-1')",
    'shop',
  );
  const resource = (name: string) => ({
    name,
    upstream: { host: server.host, port: server.port, database: 'shop' },
    credential: { username: 'sluice', password: 'upstream' },
    labelsCsv: 'schema,table,column,label,category\npublic,customers,ssn,regulated,pii.ssn\n',
    unclassified: 'public' as const,
  });
  const window = {
    kind: 'grant',
    resource: 'shop',
    group: 'support-now',
    groups: ['leads'],
    askers: ['support', 'leads'],
  };
  gateway = await startGateway({
    resources: [resource('shop'), resource('archive')],
    users: [
      user('clerk', 'support'),
      user('lead', 'leads'),
      user('lead-too', 'leads'),
      user('stranger'),
      user('admin', 'admin'),
    ],
    policies: POLICIES,
    documents: [
      { ...window, name: 'support', longest: '2h' },
      { ...window, name: 'short', longest: '2s' },
      { ...window, name: 'two', count: 2 },
    ],
  });
  [clerk, lead] = [await gateway.apiFor('clerk'), await gateway.apiFor('lead')];
  home = await makeHome({});
});
afterAll(async () => {
  try {
    await home?.remove();
    await gateway?.stop();
  } finally {
    await server?.stop();
  }
});

/** A session secret is minted only for whom policy lets in. */
async function connect(username: string): Promise<pg.Client & { readonly ended: Promise<Error> }> {
  const { username: name, secret } = await gateway.mintSession(username, 'shop');
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port: gateway.postgresPort, user: name, password: secret, database: 'shop' },
  });
  const ended = new Promise<Error>((resolve) => {
    client.on('error', resolve);
  });
  await client.connect();
  return Object.assign(client, { ended });
}

async function granted(name: string): Promise<string> {
  const { id } = await clerk.askGrant(name, 'ticket 4711', null);
  await lead.decideGrant(id, 'grant', '', null);
  return id;
}

describe('a grant', () => {
  it('opens a window by two people and the command line, and revoking it ends the session', async () => {
    const as = async (who: string) => {
      const file = join(home.directory, `${who}.token`);
      writeFileSync(file, await gateway.tokenOf(who), { mode: 0o600 });
      return { SLUICE_GATEWAY: gateway.url.href, SLUICE_CA: gateway.caFile, SLUICE_TOKEN_FILE: file };
    };
    const [asClerk, asLead] = [await as('clerk'), await as('lead')];
    const psql = ['psql', 'shop', '-XAtc', 'SELECT ssn FROM customers'];
    expect(await home.sluice(psql, { env: asClerk })).toMatchObject({ code: 77 });

    const asking = ['access', 'request', 'support', '--for', '1h', '--reason', 'ticket 4711', '--json'];
    const asked = JSON.parse((await home.sluice(asking, { env: asClerk })).stdout);
    expect(asked).toMatchObject({ state: 'asked', windowSeconds: 3_600, reason: 'ticket 4711' });
    expect((await home.sluice(['access', 'ls'], { env: asLead })).stdout).toContain('ticket 4711');
    const given = await home.sluice(['access', 'grant', asked.id, '--for', '30m'], { env: asLead });
    expect(given.stdout).toMatch(/granted until/);

    expect(await home.sluice(psql, { env: asClerk })).toMatchObject({ code: 0, stdout: '000-1\n' });
    const client = await connect('clerk');
    const [live] = await clerk.sessions(1);
    const watched = clerk.watchSession(live?.sessionId ?? '', new AbortController().signal);
    const first = watched.next();
    const query = () => client.query('SELECT 1').then(() => null);
    // Until who looks on is told of one: from then on nothing is missed.
    let told = null;
    do told = await Promise.race([first, query()]);
    while (told === null);
    expect((await home.sluice(['access', 'revoke', asked.id, '--note', 'done'], { env: asLead })).stdout).toMatch(
      /revoked/,
    );
    expect(await client.ended).toMatchObject({ code: '57P01', message: expect.stringMatching(/access was revoked/) });
    // And so is over for who looked on.
    const rest = [];
    for await (const event of watched) rest.push(event);
    expect(rest.at(-1)).toMatchObject({ kind: 'closed', reason: expect.stringMatching(/access was revoked/) });
    expect(await home.sluice(psql, { env: asClerk })).toMatchObject({ code: 77 });
  });

  it('ends sessions when its window does', async () => {
    await granted('short');
    const client = await connect('clerk');
    const { rows } = await client.query('SELECT ssn FROM customers');
    expect(rows).toEqual([{ ssn: '000-1' }]);
    expect(await client.ended).toMatchObject({
      code: '57P01',
      message: expect.stringMatching(/window of the access is over/),
    });
    await expect(gateway.mintSession('clerk', 'shop')).rejects.toMatchObject({ code: 'REFUSED_BY_POLICY' });
  });

  it('counts for who asked and where, and makes nobody else anything', async () => {
    const id = await granted('support');
    await expect(gateway.mintSession('clerk', 'archive')).rejects.toMatchObject({ code: 'REFUSED_BY_POLICY' });
    await expect(gateway.mintSession('stranger', 'shop')).rejects.toMatchObject({ code: 'REFUSED_BY_POLICY' });
    expect((await clerk.whoami()).principal.groups).toEqual(['support']);
    expect(await clerk.decideGrant(id, 'revoke', 'not needed any more', null)).toMatchObject({ state: 'revoked' });
  });

  it('is given by nobody to themselves, needs as many as it says, and says no to strangers', async () => {
    const own = await lead.askGrant('two', 'mine', null);
    await expect(lead.decideGrant(own.id, 'grant', '', null)).rejects.toMatchObject({ code: 'REQUEST_NOT_YOURS' });
    const { id } = await clerk.askGrant('two', 'ticket 4712', 60);
    const [other, stranger, admin] = await Promise.all(
      ['lead-too', 'stranger', 'admin'].map((who) => gateway.apiFor(who)),
    );
    await expect(clerk.decideGrant(id, 'grant', '', null)).rejects.toMatchObject({ code: 'REQUEST_NOT_YOURS' });
    await expect(stranger?.decideGrant(id, 'grant', '', null)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(stranger?.askGrant('two', 'me too', null)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(admin?.decideGrant(id, 'grant', '', null)).rejects.toMatchObject({ code: 'REQUEST_NOT_YOURS' });
    await expect(lead.decideGrant(id, 'grant', '', 61)).rejects.toMatchObject({ code: 'USAGE' });
    expect(await lead.decideGrant(id, 'grant', '', null)).toMatchObject({ state: 'asked', grants: 1 });
    await expect(lead.decideGrant(id, 'grant', '', null)).rejects.toMatchObject({ code: 'REQUEST_STATE' });
    await expect(gateway.mintSession('clerk', 'shop')).rejects.toMatchObject({ code: 'REFUSED_BY_POLICY' });
    expect(await other?.decideGrant(id, 'grant', '', null)).toMatchObject({ state: 'granted', grants: 2 });
    const client = await connect('clerk');
    expect(await admin?.decideGrant(id, 'revoke', 'enough', null)).toMatchObject({
      state: 'revoked',
      revokedBy: { name: 'admin' },
    });
    expect(await client.ended).toMatchObject({ code: '57P01' });
  });

  it('streams its changes to whoever may see it, and the session that it let in says on record why it ended', async () => {
    const stop = new AbortController();
    const follow = async (api: ApiClient) => {
      const live = Promise.withResolvers<void>();
      const events = api.calls.watchGrants(stop.signal, live.resolve);
      const first = events.next();
      await Promise.race([live.promise, first]);
      return { first, events };
    };
    const [asker, stranger] = [await follow(clerk), await follow(await gateway.apiFor('stranger'))];
    try {
      const asked = await clerk.askGrant('support', 'ticket 4713', null);
      await lead.decideGrant(asked.id, 'grant', '', null);
      const client = await connect('clerk');
      const [opened] = await clerk.sessions(1);
      const sessionId = opened?.sessionId ?? '';
      await lead.decideGrant(asked.id, 'revoke', 'done', null);
      expect(await client.ended).toMatchObject({ message: expect.stringContaining(asked.id) });
      const told = [(await asker.first).value, (await asker.events.next()).value, (await asker.events.next()).value];
      expect(told).toMatchObject(['asked', 'granted', 'revoked'].map((state) => ({ id: asked.id, state })));

      const ofSession = async () =>
        (await entriesOf(join(gateway.directory, 'data'))).filter(
          (entry) => 'sessionId' in entry && entry.sessionId === sessionId,
        );
      await expect
        .poll(ofSession)
        .toMatchObject([
          { kind: 'session.opened', grants: [asked.id] },
          { kind: 'recording.closed' },
          { kind: 'session.closed', reason: expect.stringContaining(`the access was revoked (${asked.id})`) },
        ]);
      // The stranger's stream lives and was told nothing: what comes first is the stranger's own.
      expect(await Promise.race([stranger.first, Promise.resolve('nothing')])).toBe('nothing');
    } finally {
      stop.abort(new Error('enough'));
      await Promise.allSettled([stranger.first]);
    }
  });

  it('stays over a restart, until its end', async () => {
    const id = await granted('support');
    await gateway.end('SIGKILL');
    await gateway.restart();
    [clerk, lead] = [await gateway.apiFor('clerk'), await gateway.apiFor('lead')];
    const client = await connect('clerk');
    expect((await client.query('SELECT ssn FROM customers')).rows).toEqual([{ ssn: '000-1' }]);
    await lead.decideGrant(id, 'revoke', '', null);
    expect(await client.ended).toMatchObject({ code: '57P01' });
  });
});
