import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { requireHost } from './guards.ts';
import { problemResponse, toSluiceError } from './problem.ts';

describe('the Host check', () => {
  const app = new Hono();
  app.use(requireHost(['sluice.example.com:7443', '127.0.0.1:7443']));
  app.onError((error) => problemResponse(toSluiceError(error)));
  app.get('/', (context) => context.text('served'));

  it.each([
    ['127.0.0.1:7443', 200],
    ['Sluice.Example.com:7443', 200],
    ['127.0.0.1:7444', 400],
    ['127.0.0.1', 400],
    ['rebound.example.net:7443', 400],
    ['', 400],
  ])('%j gets %d', async (host, status) => {
    const response = await app.request('/', { headers: { host } });
    expect(response.status).toBe(status);
  });

  it('a request without one is not served', async () => {
    expect((await app.request('/')).status).toBe(400);
  });
});
