/** A gateway that clients reach by another address than its own. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { DEFAULT_HTTP, readBody, send } from '../../../agent-tunnel/src/client/https.ts';
import { makeHome } from '../../harness/sluice.ts';
import { NOWHERE, startSite } from './site.ts';

const FRONT = 'https://front.example.test';

it('takes proofs for the addresses that are configured, and tells others what is missing', async () => {
  const site = await startSite({ origins: [FRONT] }, NOWHERE);
  const home = await makeHome({ SLUICE_CA: site.gateway.caFile, SLUICE_GATEWAY: site.gateway.url.origin });
  try {
    const http = { ...DEFAULT_HTTP, ca: await readFile(site.gateway.caFile, 'utf8') };
    const url = new URL('/api/v1/whoami', site.gateway.url);
    const { key, value: token } = await site.bound();
    const statusBy = async (origin: string | URL) => {
      const proof = await key.prove({ method: 'GET', url: new URL(url.pathname, origin), token });
      const headers = { authorization: `DPoP ${token}`, dpop: proof };
      const response = await send({ method: 'GET', url, headers, body: null }, http);
      await readBody(response, http);
      return response.status;
    };
    expect([await statusBy(FRONT), await statusBy(url)]).toEqual([200, 401]);

    const secret = path.join(home.directory, 'secret');
    await writeFile(secret, 'executor-secret\n', { mode: 0o600 });
    const env = { SLUICE_AGENT: 'nightly-executor', SLUICE_CLIENT_SECRET_FILE: secret };
    const refused = await home.sluice(['whoami'], { env });
    expect(refused).toMatchObject({ code: 77, stderr: expect.stringContaining('origins') });
    expect(await home.sluice(['whoami'], { env: { ...env, SLUICE_DPOP: 'off' } })).toMatchObject({ code: 0 });
  } finally {
    await home.remove();
    await site.stop();
  }
});
