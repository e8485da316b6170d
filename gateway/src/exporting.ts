/** The exports of the record, as configured, and what happens while one that is required is behind. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Registry } from 'prom-client';
import type { GatewaySettings } from './config/config.ts';
import type { Environment } from './config/environment.ts';
import { readSecret } from './config/secret-value.ts';
import { ExportThread } from './export/export-thread.ts';
import type { PostSettings } from './export/post.ts';
import type { ExportSettings } from './export/settings.ts';
import type { SessionRegistry } from './session/registry.ts';
import type { Logger } from './telemetry/logger.ts';
import { MetricsPush } from './telemetry/metrics-push.ts';
import { GATEWAY_VERSION } from './version.ts';

/** How often it is looked whether a required export is behind, milliseconds. */
const GUARD_INTERVAL_MS = 1_000;

type Configured = GatewaySettings['evidence']['exports'][number];

export type Exporting = { readonly thread: ExportThread; close(): Promise<void> };

/** Null without exports. */
export async function openExports(
  settings: Pick<GatewaySettings, 'evidence' | 'dataDir'>,
  ports: {
    readonly evidence: { readonly directory: string; readonly logId: string; readonly durableSequence: number };
    readonly environment: Environment;
    readonly registry: SessionRegistry;
    readonly now: () => number;
    readonly log: Logger;
  },
): Promise<Exporting | null> {
  const configured = settings.evidence.exports;
  if (configured.length === 0) return null;
  const { log, now, registry } = ports;
  const exports: ExportSettings[] = [];
  for (const one of configured) exports.push(await settingsOf(one, ports.environment));
  const thread = new ExportThread({
    log: ports.evidence,
    cursors: join(settings.dataDir, 'exports'),
    ...{ version: GATEWAY_VERSION, exports, now },
    required: new Map(
      configured.flatMap(({ name, endSessionsAfter }) =>
        endSessionsAfter === undefined ? [] : [[name, endSessionsAfter] as const],
      ),
    ),
    onStatus: ({ name, message }) => {
      if (message === '') log.info({ export: name }, 'the export of the record works again');
      else log.warn({ export: name, reason: message }, 'the export of the record fails; it is tried again');
    },
  });
  const guard = setInterval(() => {
    const { overdue } = thread;
    if (overdue !== null) registry.end(() => true, `the export "${overdue}" of the record is behind`);
  }, GUARD_INTERVAL_MS).unref();
  return {
    thread,
    close: async () => {
      clearInterval(guard);
      await thread.close();
    },
  };
}

/** Null unless configured. */
export async function openMetricsPush(
  settings: Pick<GatewaySettings, 'telemetry'>,
  ports: {
    readonly registry: Registry;
    readonly environment: Environment;
    readonly now: () => number;
    readonly log: Logger;
  },
): Promise<MetricsPush | null> {
  const { otlp } = settings.telemetry;
  if (otlp === undefined) return null;
  const { registry, now, log } = ports;
  return new MetricsPush({
    ...{ ...(await postSettingsOf(otlp, ports.environment)), registry, now },
    ...{ version: GATEWAY_VERSION, everyMs: otlp.every },
    onState: (message) => {
      if (message === '') log.info('metrics are sent again');
      else log.warn({ reason: message }, 'metrics could not be sent');
    },
  });
}

async function settingsOf(configured: Configured, environment: Environment): Promise<ExportSettings> {
  const { name, format, texts } = configured;
  return { name, format, includesTexts: texts === 'include', to: await destinationOf(configured, environment) };
}

async function destinationOf(
  { name, file, syslog, http, otlp }: Configured,
  environment: Environment,
): Promise<ExportSettings['to']> {
  if (file !== undefined) return { kind: 'file', ...file };
  if (syslog !== undefined) {
    const { host, port } = syslog;
    return { kind: 'syslog', host, port, ...(await pems(syslog)) };
  }
  const posted = http ?? otlp;
  // The schema lets nothing else through.
  if (posted === undefined) throw new RangeError(`the export "${name}" has no destination`);
  return { kind: http === undefined ? 'otlp' : 'http', ...(await postSettingsOf(posted, environment)) };
}

async function postSettingsOf(
  { url, token, ca }: Pick<NonNullable<Configured['http']>, 'url' | 'token' | 'ca'>,
  environment: Environment,
): Promise<PostSettings> {
  return {
    url,
    ...(token === undefined ? {} : { token: (await readSecret(token, environment)).reveal() }),
    ...(await pems({ ca })),
  };
}

async function pems(paths: Readonly<Partial<Record<'ca' | 'cert' | 'key', string | undefined>>>) {
  const read: Partial<Record<'ca' | 'cert' | 'key', string>> = {};
  for (const name of ['ca', 'cert', 'key'] as const) {
    const path = paths[name];
    if (path !== undefined) read[name] = await readFile(path, 'utf8');
  }
  return read;
}
