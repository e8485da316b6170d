import { afterEach, describe, expect, it, vi } from 'vitest';
import { WitnessGuard } from './checkpointing.ts';
import { SessionRegistry } from './session/registry.ts';

describe('while no witness confirms the record', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('sessions go on up to the configured time, then they are ended and none opens', () => {
    vi.useFakeTimers();
    const registry = new SessionRegistry({ maxSessions: 1 });
    const ended = vi.spyOn(registry, 'end');
    const thread = { unwitnessedMs: 0 };
    const guard = new WitnessGuard(60_000, thread, registry);
    thread.unwitnessedMs = 60_000;
    vi.advanceTimersByTime(1_000);
    expect(() => guard.assertWitnessed()).not.toThrow();
    expect(ended).not.toHaveBeenCalled();
    thread.unwitnessedMs = 60_001;
    vi.advanceTimersByTime(1_000);
    expect(() => guard.assertWitnessed()).toThrow(expect.objectContaining({ code: 'EVIDENCE_UNWITNESSED' }));
    expect(ended).toHaveBeenCalledOnce();
    // Confirmed again: sessions open again.
    thread.unwitnessedMs = 0;
    expect(() => guard.assertWitnessed()).not.toThrow();
    guard.close();
  });
});
