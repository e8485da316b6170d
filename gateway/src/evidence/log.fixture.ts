/**
 * Entries and directories for the tests of evidence, approvals and the API.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor, Principal } from '@sluice/contract/vocabulary';
import type { Entry } from './entry.ts';
import type { SegmentedLog } from './segmented-log.ts';

/** A directory of its own, removed when disposed. */
export function temporaryDirectory(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A principal of the issuer `test`; `behalfOf` are the members of the chain before it. */
export function principal(
  subject: string,
  options: {
    readonly kind?: Actor['kind'];
    readonly groups?: readonly string[];
    readonly behalfOf?: readonly Principal[];
  } = {},
): Principal {
  const actor: Actor = { id: `https://test|${subject}`, kind: options.kind ?? 'user', name: subject };
  const before = (options.behalfOf ?? []).map(({ id, kind, name }): Actor => ({ id, kind, name }));
  return {
    ...actor,
    groups: [...(options.groups ?? [])],
    chain: [...before, actor],
    onBehalfOfGroups: [...(options.behalfOf?.[0]?.groups ?? [])],
  };
}

export function sessionOpened(sessionId: string, who: Principal): Entry {
  return {
    kind: 'session.opened',
    sessionId,
    principal: who,
    resource: 'orders-db',
    protocol: 'postgres',
    from: '127.0.0.1:5000',
    application: 'psql',
    via: 'native',
  };
}

export function statementDecided(sessionId: string, statementId: number, text = 'select 1'): Entry {
  return {
    kind: 'statement.decided',
    sessionId,
    statementId,
    text,
    fingerprint: 'f'.repeat(16),
    statementKind: 'SelectStmt',
    effect: 'mask',
    reasons: [{ effect: 'mask', policyId: 'mask-regulated', message: 'ssn is masked', remedy: 'ask', columns: [] }],
    flows: [{ kind: 'output', target: 'ssn', targetLabel: null, sources: [] }],
    highestLabel: 'regulated',
    policyVersion: 'p1',
    requestId: null,
  };
}

export function statementCompleted(sessionId: string, statementId: number): Entry {
  return {
    kind: 'statement.completed',
    sessionId,
    statementId,
    tag: 'SELECT 2',
    rows: 2,
    maskedCells: 2,
    durationUs: 750,
    error: null,
  };
}

/** `total` decisions like one another, numbered from 1: one that says all every `anewEvery`, the others name the last such. */
export async function stageRepeats(
  log: SegmentedLog,
  sessionId: string,
  { total, anewEvery }: { readonly total: number; readonly anewEvery: number },
): Promise<void> {
  let as = 1;
  let taken: Promise<unknown>[] = [];
  for (let statementId = 1; statementId <= total; statementId += 1) {
    const entry = statementDecided(sessionId, statementId);
    const isWhole = statementId % anewEvery === 1;
    if (isWhole) as = statementId;
    const { kind } = entry;
    taken.push(log.append(entry, 'write', JSON.stringify(isWhole ? entry : { kind, sessionId, statementId, as })));
    if (taken.length < 256) continue;
    await Promise.all(taken);
    taken = [];
  }
  await Promise.all(taken);
}
