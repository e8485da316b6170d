import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_HTTP, fetchThrough, readBody, send } from './https.ts';
import { problemError } from './problem.ts';

const HTTP = { ...DEFAULT_HTTP, ca: null };
let server: Server;
let origin: URL;
let listener: RequestListener;
beforeEach(async () => {
  server = createServer((request, response) => listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  origin = new URL(`http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`);
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const get = (url: URL, http = HTTP) => send({ method: 'GET', url, headers: {}, body: null }, http);

it('a body at the bound is read, one byte more is refused', async () => {
  listener = (_request, response) => response.end('x'.repeat(100));
  expect(await readBody(await get(origin), { ...HTTP, maxBodyBytes: 100 })).toHaveLength(100);
  await expect(readBody(await get(origin), { ...HTTP, maxBodyBytes: 99 })).rejects.toMatchObject({
    code: 'LIMIT_FRAME_BYTES',
  });
});

it('a server that never answers, or stops in the middle, is given up', async () => {
  const http = { ...HTTP, idleTimeoutMs: 50 };
  listener = () => undefined;
  await expect(get(origin, http)).rejects.toMatchObject({
    code: 'GATEWAY_UNREACHABLE',
    message: expect.stringContaining('no answer within'),
  });
  listener = (_request, response) => response.writeHead(200).write('half');
  await expect(readBody(await get(origin, http), http)).rejects.toMatchObject({ code: 'GATEWAY_UNREACHABLE' });
});

it.each(['http://gateway.example.com', 'http://10.0.0.1', 'http://127.0.0.1.example.com', 'ftp://127.0.0.1'])(
  'nothing is sent to %s',
  async (url) => {
    await expect(get(new URL(url))).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  },
);

it('a redirect is not followed: it could carry the token elsewhere', async () => {
  let asked = 0;
  listener = (_request, response) => {
    asked += 1;
    response.writeHead(302, { location: '/elsewhere' }).end();
  };
  expect((await get(origin)).status).toBe(302);
  expect(asked).toBe(1);
});

it('an abort is told as what it was', async () => {
  const stop = new AbortController();
  listener = () => stop.abort(new Error('enough'));
  await expect(
    send({ method: 'GET', url: origin, headers: {}, body: null, signal: stop.signal }, HTTP),
  ).rejects.toThrow('enough');
});

it('the fetch of the sign-in sends forms and reads empty answers', async () => {
  listener = async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    response
      .writeHead(body === '' ? 204 : 200, { 'x-method': request.method ?? '' })
      .end(body === '' ? undefined : body);
  };
  const fetch = fetchThrough(HTTP);
  const posted = await fetch(origin.href, { method: 'POST', headers: {}, body: new URLSearchParams({ code: 'a b' }) });
  expect([posted.status, posted.headers.get('x-method'), await posted.text()]).toEqual([200, 'POST', 'code=a+b']);
  expect((await fetch(origin.href, { method: 'GET', headers: {} })).status).toBe(204);
});

describe('an answer that is no success', () => {
  const problem = {
    type: 'about:blank',
    title: 'Refused',
    status: 403,
    detail: 'not you',
    code: 'REQUEST_NOT_YOURS',
    remedy: 'Ask another.',
  };

  it('is the error that the gateway meant', () => {
    expect(problemError(403, JSON.stringify(problem))).toMatchObject({
      code: 'REQUEST_NOT_YOURS',
      message: 'not you',
      remedy: 'Ask another.',
    });
  });

  it.each([
    [401, '', 'AUTH_REQUIRED'],
    [403, '<html>proxy</html>', 'REFUSED_BY_POLICY'],
    [404, '{}', 'NOT_FOUND'],
    [502, 'Bad Gateway', 'GATEWAY_UNREACHABLE'],
    [302, '', 'PROTOCOL_VIOLATION'],
    [403, JSON.stringify({ ...problem, code: 'toString' }), 'REFUSED_BY_POLICY'],
  ])('%i %s becomes one of ours', (status, body, code) => {
    expect(problemError(status, body).code).toBe(code);
  });
});
