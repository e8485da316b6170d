import { once } from 'node:events';
import { SluiceError } from '@sluice/contract/errors';
import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { Metrics } from './metrics.ts';
import { createMetricsServer } from './metrics-server.ts';

function lines(): { stream: { write: (line: string) => void }; read: () => Record<string, unknown>[] } {
  const written: string[] = [];
  return { stream: { write: (line) => written.push(line) }, read: () => written.map((line) => JSON.parse(line)) };
}

describe('logger', () => {
  it('writes one JSON line an event, with level and time in words', () => {
    const output = lines();
    const logger = createLogger({ level: 'info', stream: output.stream });
    logger.info({ resource: 'orders-db' }, 'session opened');
    logger.debug('not this one');
    expect(output.read()).toEqual([
      { level: 'info', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/), resource: 'orders-db', msg: 'session opened' },
    ]);
  });

  it('hides what is named like a secret, at each depth that is logged', () => {
    const output = lines();
    const secrets = { password: 'hunter2', token: 'hunter2', secret: 'hunter2', authorization: 'hunter2' };
    const logger = createLogger({ level: 'info', stream: output.stream });
    logger.info({ ...secrets, a: { ...secrets, b: { ...secrets, c: secrets } } }, 'wired');
    logger.child({ accessToken: 'hunter2' }).info('child');
    expect(JSON.stringify(output.read())).not.toContain('hunter2');
    expect(output.read()[0]).toMatchObject({ password: '[secret]', a: { b: { c: { token: '[secret]' } } } });
  });

  it('tells an error by code, facts and cause', () => {
    const output = lines();
    const error = new SluiceError('UPSTREAM_AUTH', 'refused', {
      cause: new Error('28P01'),
      facts: { resource: 'orders-db' },
    });
    createLogger({ level: 'info', stream: output.stream }).error({ err: error }, 'connect');
    expect(output.read()[0]).toMatchObject({
      err: { code: 'UPSTREAM_AUTH', facts: { resource: 'orders-db' }, cause: { message: '28P01' } },
    });
  });
});

describe('metrics', () => {
  it('are served as text, and health by status', async () => {
    let healthy = true;
    const metrics = new Metrics({
      defaults: false,
      sources: {
        sessionsOpen: () => 3,
        requestsPending: () => Promise.resolve(2),
        evidence: () => ({ entries: 10, unsyncedBytes: 1, backlogBytes: 0, healthy }),
        exports: () => [{ name: 'siem', state: 'failing', lagEntries: 7 }],
        indexLagEntries: () => 4,
        checkpoints: () => ({ state: 'signing', size: 9, lagEntries: 1, witnesses: [{ state: 'witnessed', size: 7 }] }),
      },
    });
    metrics.statementDecided('postgres', 'mask');
    metrics.statementCompleted('postgres', { durationUs: 700, maskedCells: 5 });
    metrics.statementCompleted('postgres', { durationUs: 1_000, maskedCells: 0 });
    metrics.statementCompleted('postgres', { durationUs: 31_000_000, maskedCells: 0 });
    metrics.error('REFUSED_BY_POLICY');
    metrics.login('accepted');
    const server = createMetricsServer(metrics, () => healthy).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const address = server.address();
      const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
      await fetch(`${origin}/metrics`);
      // Asked again, the counts are the same.
      const text = await (await fetch(`${origin}/metrics`)).text();
      for (const line of [
        'sluice_sessions_open 3',
        'sluice_requests_pending 2',
        'sluice_statements_total{protocol="postgres",effect="mask"} 1',
        'sluice_masked_cells_total{protocol="postgres"} 5',
        '# TYPE sluice_statement_duration_seconds histogram',
        'sluice_statement_duration_seconds_bucket{le="0.0005",protocol="postgres"} 0',
        'sluice_statement_duration_seconds_bucket{le="0.001",protocol="postgres"} 2',
        'sluice_statement_duration_seconds_bucket{le="30",protocol="postgres"} 2',
        'sluice_statement_duration_seconds_bucket{le="+Inf",protocol="postgres"} 3',
        'sluice_statement_duration_seconds_sum{protocol="postgres"} 31.0017',
        'sluice_statement_duration_seconds_count{protocol="postgres"} 3',
        'sluice_errors_total{code="REFUSED_BY_POLICY"} 1',
        'sluice_logins_total{outcome="accepted"} 1',
        'sluice_evidence_healthy 1',
        'sluice_evidence_index_lag_entries 4',
        'sluice_export_lag_entries{export="siem"} 7',
        'sluice_export_failing{export="siem"} 1',
      ]) {
        expect(text.split('\n')).toContain(line);
      }
      expect((await fetch(`${origin}/healthz`)).status).toBe(200);
      healthy = false;
      expect((await fetch(`${origin}/healthz`)).status).toBe(503);
      expect((await fetch(`${origin}/other`)).status).toBe(404);
      expect((await fetch(`${origin}/metrics`, { method: 'POST' })).status).toBe(404);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
