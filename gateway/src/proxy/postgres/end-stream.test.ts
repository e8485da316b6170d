import { once } from 'node:events';
import { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { endAfter, GOODBYE_MS } from './end-stream.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('the connection of a client that has left', () => {
  it('stays open until the server has ended the session', async () => {
    const [client, server] = [new PassThrough(), new Socket()];
    endAfter(client, server);
    expect(client.destroyed).toBe(false);
    const closed = once(client, 'close');
    server.destroy();
    await closed;
    expect(client.destroyed).toBe(true);
  });

  it('does not wait for a server that is gone', () => {
    const [client, server] = [new PassThrough(), new Socket()];
    server.destroy();
    endAfter(client, server);
    expect(client.destroyed).toBe(true);
  });

  it('does not wait for a server that takes too long', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const [client, server] = [new PassThrough(), new Socket()];
    endAfter(client, server);
    vi.advanceTimersByTime(GOODBYE_MS - 1);
    expect(client.destroyed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(client.destroyed).toBe(true);
    server.destroy();
  });
});
