import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { startIdentityProvider } from '../../gateway/src/demo/identity-provider.ts';
import { FormBrowser } from '../../gateway/src/demo/identity-provider-browser.ts';
import { DemoIdentity } from '../harness/demo-identity.ts';

let demo: DemoIdentity;
beforeAll(async () => {
  demo = await DemoIdentity.start();
});
afterAll(() => demo.stop());

describe('pages', () => {
  const openLogin = async (parameters: Record<string, string> = {}) => {
    const query = new URLSearchParams({
      client_id: 'sluice',
      response_type: 'code',
      redirect_uri: 'http://127.0.0.1:12345/callback',
      scope: 'openid',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
      ...parameters,
    });
    const browser = new FormBrowser('http://127.0.0.1:9/');
    return { browser, page: await browser.open(`${demo.idp.issuer}/auth?${query.toString()}`) };
  };

  test('what a link puts into the sign-in form stays text', async () => {
    const { page } = await openLogin({ login_hint: '"><script>alert(1)</script>' });
    expect(page.html).toContain('&quot;&gt;&lt;script&gt;');
    expect(page.html).not.toContain('<script>');
  });

  test('a wrong password shows the form again, with the name kept', async () => {
    const { browser, page } = await openLogin();
    const again = await browser.submit(page, { username: 'analyst', password: 'wrong' });
    expect(again.status).toBe(401);
    expect(again.html).toMatch(/role="alert".*wrong.*value="analyst"/s);
  });

  test('a form of another browser, or one that is too long, is refused with a page', async () => {
    const { browser, page } = await openLogin();
    const fields = { username: 'analyst', password: 'correct horse' };
    expect(await new FormBrowser().submit(page, fields)).toMatchObject({
      status: 400,
      html: expect.stringContaining('Start again'),
    });
    expect(await browser.submit(page, { ...fields, password: 'x'.repeat(9_000) })).toMatchObject({ status: 413 });
  });

  it.each([
    ['an address that is not the client’s', { redirect_uri: 'https://evil.example.test/callback' }],
    ['no PKCE', { code_challenge: '', code_challenge_method: '' }],
    ['an unknown client', { client_id: 'evil' }],
  ])('a sign-in with %s does not show the form', async (_name, parameters) => {
    const query = await openLogin(parameters).catch((error: unknown) => String(error));
    expect(typeof query === 'string' ? query : query.page.html).not.toContain('name="password"');
  });

  test('a page of another host name that points here gets nothing', async () => {
    const request = httpRequest(`${demo.idp.issuer}/.well-known/openid-configuration`, {
      headers: { host: 'evil.example.test' },
    });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(421);
  });
});

test('a port that is taken is explained', async () => {
  const port = Number(new URL(demo.idp.issuer).port);
  const start = startIdentityProvider({ port, audience: 'sluice', principals: { users: [], agents: [] } });
  await expect(start).rejects.toMatchObject({
    code: 'CONFIG_PORT_TAKEN',
    message: expect.stringContaining(String(port)),
  });
});

test('nothing of all this was printed, and the provider met no defect of its own', () => {
  expect(demo.printed()).toEqual([]);
  expect(demo.errors).toEqual([]);
});
