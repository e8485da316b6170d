/** The record and what keeps it: the log, its checkpoints, exports, index, recordings, keys and retention. Opened first, closed last. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import { blankLiterals } from './analysis/postgres/gate/blank-literals.ts';
import { HeldTexts } from './approval/held-texts.ts';
import { sealOldRequests } from './approval/seal-old-requests.ts';
import { openCheckpointing } from './checkpointing.ts';
import type { Opened } from './closers.ts';
import type { GatewaySettings } from './config/config.ts';
import type { Environment } from './config/environment.ts';
import { ADMIN_GROUPS } from './control/dependencies.ts';
import { EvidenceIndex, indexedHead } from './evidence/evidence-index.ts';
import { openEvidenceLog } from './evidence/log.ts';
import { Recordings } from './evidence/recordings.ts';
import { Expiry } from './evidence/retention/expiry.ts';
import { LegalHolds } from './evidence/retention/legal-holds.ts';
import { PlanExpiry } from './evidence/retention/plan-expiry.ts';
import { Turns } from './evidence/retention/turns.ts';
import { OwnTexts } from './evidence/sealing/own-texts.ts';
import { SESSION_KEYS_DIRECTORY, SessionKeys } from './evidence/sealing/session-keys.ts';
import type { SegmentedLog } from './evidence/segmented-log.ts';
import { openExports } from './exporting.ts';
import { readSealingKey } from './gateway-keys.ts';
import type { SessionRegistry } from './session/registry.ts';
import { openStore, type Store } from './store/store.ts';
import type { Logger } from './telemetry/logger.ts';

export type RecordPorts = {
  readonly environment: Environment;
  readonly registry: SessionRegistry;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Called when the record is lost for good. */
  readonly onFatal: (error: SluiceError) => void;
  readonly opened: Opened;
};

export type GatewayRecord = Awaited<ReturnType<typeof openRecord>>;

/** Closed in the reverse of this order: nothing is recorded any more once the log closes. */
export async function openRecord(settings: GatewaySettings, ports: RecordPorts) {
  const { environment, registry, log, now, opened } = ports;
  const { dataDir, evidence: kept, limits } = settings;
  if (settings.store.kind !== 'sqlite')
    throw new SluiceError('CONFIG_INVALID', 'store.postgres is not available in this version', {
      remedy: 'use store: { sqlite: PATH }',
    });
  const store = opened('store', await openStore({ sqlite: settings.store.path }), (part) => part.close());
  const logDirectory = join(dataDir, 'evidence');
  const recordingsDirectory = join(dataDir, 'recordings');
  const evidence = opened('evidence log', await openLog(logDirectory, store, ports), (part) => part.close());
  const checkpointing = opened(
    'checkpoints',
    await openCheckpointing(settings, { evidence, recordingsDirectory, environment, now, log }),
    async (part) => {
      if (evidence.healthy) await evidence.sync();
      part.reads.close();
      await part.thread.close();
    },
  );
  const exporting = await openExports(settings, { evidence, environment, registry, now, log });
  if (exporting !== null) opened('exports', exporting, (part) => part.close());
  const index = opened(
    'evidence index',
    new EvidenceIndex({
      log: evidence,
      store,
      onError: (error) => log.error({ err: error }, 'the index of the record lags'),
    }),
    (part) => part.close(),
  );
  let started = false;
  // After the doors and the recordings have closed, before the log does.
  opened('last entry', evidence, async (part) => {
    if (started && part.healthy) await part.append({ kind: 'gateway.stopped' }, 'fsync');
  });
  const recordings = opened(
    'recordings',
    new Recordings({
      directory: recordingsDirectory,
      log: evidence,
      bounds: { rowsPerStatement: limits.recordingRowsPerStatement, bytesPerSession: limits.recordingBytesPerSession },
      onGrown: (sessionId) => evidence.tieRecording(sessionId),
      onFailure: (sessionId, error) => registry.get(sessionId)?.end(error.message),
    }),
    (part) => part.close(),
  );
  evidence.tellRecorded((sessionId) => recordings.written(sessionId));
  const sessionKeys = new SessionKeys({
    directory: join(dataDir, SESSION_KEYS_DIRECTORY),
    logId: evidence.logId,
    recipients: kept.sealing.recipients,
    withoutLiterals: blankLiterals,
  });
  const { heldTexts, planTexts } = await openTexts(settings, environment);
  const sealedNow = await sealOldRequests(store, heldTexts);
  if (sealedNow > 0) log.info({ requests: sealedNow }, 'requests of an older gateway are sealed now');
  const turns = new Turns();
  const holds = new LegalHolds({
    ...{ store, index, turns, log: evidence, adminGroups: ADMIN_GROUPS },
    newId: () => `h_${randomBytes(8).toString('base64url')}`,
  });
  const expiry = opened(
    'expiry',
    new Expiry({
      ...{ store, index, recordings, turns, now, log: evidence, keys: sessionKeys },
      plans: new PlanExpiry({
        ...{ store, index, now, log: evidence, texts: planTexts },
        retentionMs: kept.retention.regulated,
      }),
      destroyRequestText: (requestId) => heldTexts.destroy(requestId),
      retention: kept.retention,
      onError: (error) => log.error({ err: error }, 'sessions whose retention is over could not be expired'),
    }),
    (part) => part.stop(),
  );
  return {
    ...{ store, evidence, logDirectory, checkpointing, exporting, index, recordings },
    ...{ sessionKeys, heldTexts, planTexts, holds },
    /** The first entry of this process; from now on sessions expire. */
    begin: async (version: string, policyVersion: string): Promise<void> => {
      const { origin, keys: checkpointKeys } = checkpointing;
      await evidence.append({ kind: 'gateway.started', version, policyVersion, origin, checkpointKeys }, 'fsync');
      started = true;
      expiry.start();
    },
  };
}

async function openLog(
  directory: string,
  store: Store,
  { registry, log, now, onFatal }: RecordPorts,
): Promise<SegmentedLog> {
  return await openEvidenceLog({
    directory,
    now,
    expectedHead: await indexedHead(store),
    onFailure: ({ error, fatal }) => {
      registry.end(() => true, 'the record cannot be written');
      log.error({ err: error }, 'the evidence log failed');
      if (fatal) onFatal(error);
    },
  });
}

/** What the gateway itself reads again (ADR 20). */
async function openTexts(
  settings: GatewaySettings,
  environment: Environment,
): Promise<{ readonly heldTexts: HeldTexts; readonly planTexts: OwnTexts }> {
  const gatewayKey = createSecretKey(await readSealingKey(settings, environment));
  const texts = (of: 'request' | 'plan') =>
    new OwnTexts({ of, directory: join(settings.dataDir, `${of}-keys`), gatewayKey });
  return { heldTexts: new HeldTexts(texts('request')), planTexts: texts('plan') };
}
