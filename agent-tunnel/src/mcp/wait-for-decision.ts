import type { RequestView } from '@sluice/contract/api';
import type { ApiClient } from '../client/api-client.ts';

/**
 * The request once it is decided, or as it is when the time is over. Live first, looked at second: a decision between
 * the two comes in both.
 */
export async function waitForDecision(
  api: Pick<ApiClient, 'request' | 'requestEvents'>,
  id: string,
  waitMs: number,
  signal: AbortSignal,
): Promise<RequestView> {
  const now = await api.request(id);
  if (now.state !== 'pending' || waitMs <= 0) return now;
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), waitMs);
  const live = Promise.withResolvers<void>();
  const events = api.requestEvents(AbortSignal.any([signal, over.signal]), live.resolve);
  try {
    let next = events.next();
    await Promise.race([live.promise, next]);
    let latest = await api.request(id);
    while (latest.state === 'pending') {
      const event = await next;
      // The stream broke off; the caller is told what holds now, and may ask again.
      if (event.done === true) return await api.request(id);
      if (event.value.id === id) latest = event.value;
      next = events.next();
    }
    // The stream's last promise ends with the abort below.
    next.catch(() => undefined);
    return latest;
  } catch (error) {
    if (!over.signal.aborted || signal.aborted) throw error;
    return await api.request(id);
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}
