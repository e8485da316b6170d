import type { LabelChanges } from '../../approval/label-changes.ts';
import { Classification } from '../../catalog/classification.ts';
import { declarationsOf, resultLabelRules } from '../../catalog/declarations.ts';
import { readLabelRules } from '../../catalog/labels-read.ts';
import { ResourceCatalog } from '../../catalog/resource-catalog.ts';
import { StoredBindings } from '../../catalog/stored-bindings.ts';
import { SYSTEM_LABEL_RULES } from '../../catalog/system-labels.ts';
import type { ResourceConfig } from '../../config/config.ts';
import type { Environment } from '../../config/environment.ts';
import { readPemFiles } from '../../config/pem-files.ts';
import { readSecret } from '../../config/secret-value.ts';
import { Detectors } from '../../detection/detectors.ts';
import { ColumnNames } from '../../detection/names.ts';
import type { ShownValues } from '../../detection/shown-values.ts';
import type { MaskKeys } from '../../masking/mask-keys.ts';
import type { PipelinePorts } from '../../session/pipeline.ts';
import type { Store } from '../../store/store.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { Authorization } from '../../upstream/authorization.ts';
import { connectPostgres, type PostgresTarget } from '../../upstream/connect-postgres.ts';
import { OracleChoice } from '../../upstream/oracle.ts';
import type { SaltedPasswords } from '../../upstream/salted-passwords.ts';
import { Announcements } from './announcements.ts';
import type { GatePool } from './gate-pool.ts';
import type { PostgresResource } from './postgres-proxy.ts';
import { EffectPreviews } from './preview/effect-preview.ts';

const CATALOG_SETTINGS = [['application_name', 'sluice catalog']] as const;

export type OpenResourceParts = {
  readonly pipeline: PipelinePorts;
  readonly gate: GatePool;
  readonly passwords: SaltedPasswords;
  readonly environment: Environment;
  readonly upstreamTimeoutMs: number;
  readonly maxNames: number;
  readonly maskKeys: MaskKeys;
  readonly shown: ShownValues;
  /** Keeps label bindings. */
  readonly store: Store;
  readonly log: Logger;
  readonly labelChanges: LabelChanges;
  /** Previews of held statements that are under way, of all resources. */
  readonly previews: { count: number };
};

/**
 * A configured PostgreSQL database as the proxy uses it. Reads labels and certificates; connects at the first use.
 * Errors: `CONFIG_INVALID` listing every problem of the label files.
 */
export async function openPostgresResource(
  config: ResourceConfig,
  parts: OpenResourceParts,
): Promise<PostgresResource> {
  const target = targetOf(config, parts.environment, parts.upstreamTimeoutMs);
  const oracle = oracleOf(config);
  const rules = await readLabelRules(config.name, config.classification);
  const bindings = new StoredBindings({
    store: parts.store,
    resource: config.name,
    onError: (error) => parts.log.error({ err: error, resource: config.name }, 'label bindings could not be kept'),
  });
  const catalog = new ResourceCatalog({
    bindings,
    classification: new Classification({
      rules,
      systemRules: [...SYSTEM_LABEL_RULES, ...resultLabelRules(config.functions)],
      unclassified: config.unclassified,
      bindings: [],
      onBinding: (binding) => bindings.add(binding),
    }),
    classifiedFrom: config.classifiedFrom,
    declarationsOf: (named) => declarationsOf(config.functions, named),
    open: async (onClosed) => {
      const authorization = Authorization.forCatalog({ name: config.name, protocol: 'postgres' });
      const ports = { passwords: parts.passwords, signal: new AbortController().signal };
      const before = oracle.current;
      const connection = await oracle.open(
        async (kind) => await connectPostgres(authorization, target, CATALOG_SETTINGS, ports, kind),
        onClosed,
      );
      if (oracle.current !== before)
        parts.log.warn({ resource: config.name, oracle: oracle.current }, `oracle: ${oracle.reason}`);
      return connection;
    },
    onLearned: () => parts.labelChanges.restore(config.name),
    log: (message) => parts.log.warn({ resource: config.name }, message),
  });
  parts.labelChanges.add(
    config.name,
    {
      classification: catalog.classification,
      labelsFollow: (flows) => catalog.labelsFollow(flows),
      definitionsChanged: () => catalog.definitionsChanged(),
    },
    bindings,
  );
  const previews = new EffectPreviews({
    target,
    passwords: parts.passwords,
    underWay: parts.previews,
    onError: (error) => parts.log.warn({ err: error, resource: config.name }, 'a preview could not be made'),
  });
  return {
    name: config.name,
    target,
    oracle,
    ports: {
      ...parts.pipeline,
      catalog,
      gate: parts.gate,
      maxNames: parts.maxNames,
      labelChanges: parts.labelChanges,
      announcements: new Announcements(),
      preview: (context, opened) => previews.of(context, opened),
      masks: { keys: parts.maskKeys, resource: config.name },
      shown: parts.shown,
      detectors: new Detectors(config.detect),
      columnNames: new ColumnNames(config.names),
    },
  };
}

export function oracleOf({ oracle, upstream }: ResourceConfig): OracleChoice {
  return new OracleChoice(oracle, upstream.pooler ?? null);
}

/** Where a resource is and what opens it; the secret is read at each connection. */
export function targetOf(config: ResourceConfig, environment: Environment, timeoutMs: number): PostgresTarget {
  const { upstream, credential } = config;
  const { password } = credential;
  return {
    address: { host: upstream.host, port: upstream.port, tls: upstream.tls, timeoutMs, ...readPemFiles(upstream) },
    database: upstream.database,
    credential: {
      username: credential.username,
      password: async () => (password === undefined ? null : (await readSecret(password, environment)).reveal()),
    },
  };
}
