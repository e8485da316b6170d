/** A cancel request finds its statement wherever it is: at the server, or still being decided about. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelRequest, EvilClient, query, reportOf } from '../harness/evil-client.ts';
import { type EvilSite, startEvilSite } from '../harness/evil-site.ts';

/** Takes the gate some time to read. */
const SLOW_TO_READ = `SELECT pg_sleep(60) WHERE 0 IN (${Array.from({ length: 3_000 }, (_, index) => index).join()})`;

let site: EvilSite;
beforeAll(async () => {
  site = await startEvilSite();
});
afterAll(() => site.stop());

describe('a cancel request', () => {
  it('that comes while the statement is decided about keeps it from running', async () => {
    const client = await site.session();
    await client.query("SET statement_timeout = '20s'");
    const canceller = await EvilClient.connect(site.gateway.postgresPort);
    // All but the last byte is there, so that the statement begins with it; the request comes right behind.
    const bytes = query(SLOW_TO_READ);
    client.send(bytes.subarray(0, -1));
    await site.unharmed();
    client.send(bytes.subarray(-1));
    canceller.send(cancelRequest(client.processId, client.cancelKey));
    const error = (await client.until('Z')).find(({ type }) => type === 'E');
    expect(error === undefined ? null : reportOf(error)).toMatchObject({
      C: '57014',
      M: expect.stringMatching(/user request/),
    });
    // Its entry is written with those of the next statement at the latest.
    expect(await client.value('SELECT 7')).toBe('7');
    const completed = (await site.entries()).filter((entry) => entry.kind === 'statement.completed');
    expect(completed).toContainEqual(expect.objectContaining({ error: '57014', rows: 0 }));
    await client.close();
  });

  it('that comes between two statements ends neither', async () => {
    const client = await site.session();
    const canceller = await EvilClient.connect(site.gateway.postgresPort);
    canceller.send(cancelRequest(client.processId, client.cancelKey));
    await canceller.rest();
    await site.unharmed();
    expect(await client.value('SELECT 8')).toBe('8');
    await client.close();
  });
});
