import { SluiceError } from '@sluice/contract/errors';
import { NEWEST_SERVER, OLDEST_SERVER } from './analysis/postgres/analyse.ts';
import { Classification } from './catalog/classification.ts';
import { readLabelRules } from './catalog/labels-read.ts';
import { NO_BINDINGS, ResourceCatalog } from './catalog/resource-catalog.ts';
import { SYSTEM_LABEL_RULES } from './catalog/system-labels.ts';
import { masksThatCannotBe } from './check-masks.ts';
import { checkOracle } from './check-oracle.ts';
import type { GatewayConfig, ResourceConfig } from './config/config.ts';
import type { Environment } from './config/environment.ts';
import { loadConfig } from './config/load.ts';
import { readMaskKey, readSealingKey } from './gateway-keys.ts';
import { oracleOf, targetOf } from './proxy/postgres/open-resource.ts';
import { Authorization } from './upstream/authorization.ts';
import { connectPostgres } from './upstream/connect-postgres.ts';
import type { QueryConnection } from './upstream/query-connection.ts';
import { SaltedPasswords } from './upstream/salted-passwords.ts';

/** Lines of one list in the report; the rest is counted. */
const MAX_LISTED = 20;

type Report = { readonly errors: string[]; readonly warnings: string[]; readonly notes: string[] };

/**
 * `sluice-gateway check`: validates the configuration, connects to every resource as the gateway would, and says what
 * it found. Resolves with 0, or 78 when something would keep the gateway from doing its work.
 */
export async function check(directory: string, environment: Environment): Promise<number> {
  const config = loadConfig(directory, environment);
  process.stdout.write(
    `configuration ${config.directory}: valid; policies: ${config.policies.origin} (${config.policies.files.join(', ')})\n`,
  );
  let failed = false;
  try {
    if (config.gateway.masking.key !== undefined) await readMaskKey(config.gateway, environment);
    if (config.gateway.evidence.sealing.key !== undefined) await readSealingKey(config.gateway, environment);
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    failed = true;
    process.stdout.write(`  ERROR: ${error.message.replace(/\.$/, '')}. ${error.remedy}\n`);
  }
  for (const resource of config.resources) {
    const report: Report = { errors: [], warnings: [], notes: [] };
    try {
      await checkResource(resource, config, environment, report);
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error;
      report.errors.push(`${error.message.replace(/\.$/, '')}. ${error.remedy}`);
    }
    failed ||= report.errors.length > 0;
    process.stdout.write(
      `\nresource ${resource.name} (${resource.protocol}, ${resource.upstream.host}:${resource.upstream.port}/${resource.upstream.database})\n`,
    );
    for (const line of report.notes) process.stdout.write(`  ${line}\n`);
    for (const line of report.warnings) process.stdout.write(`  warning: ${line}\n`);
    for (const line of report.errors) process.stdout.write(`  ERROR: ${line}\n`);
  }
  return failed ? 78 : 0;
}

async function checkResource(
  resource: ResourceConfig,
  config: GatewayConfig,
  environment: Environment,
  report: Report,
): Promise<void> {
  const rules = await readLabelRules(resource.name, resource.classification);
  const target = targetOf(resource, environment, config.gateway.limits.upstreamTimeoutSeconds * 1_000);
  const classification = new Classification({
    rules,
    systemRules: SYSTEM_LABEL_RULES,
    unclassified: resource.unclassified,
    bindings: [],
  });
  const oracle = oracleOf(resource);
  const open = async (onClosed: () => void): Promise<QueryConnection> => {
    const authorization = Authorization.forCatalog({ name: resource.name, protocol: 'postgres' });
    const ports = { passwords: new SaltedPasswords(), signal: new AbortController().signal };
    return await oracle.open(async (kind) => await connectPostgres(authorization, target, [], ports, kind), onClosed);
  };
  const connection = await open(() => undefined);
  const catalog = new ResourceCatalog({
    bindings: NO_BINDINGS,
    classification,
    classifiedFrom: resource.classifiedFrom,
    declarationsOf: () => ({ function: () => undefined }),
    open,
    log: (message) => report.warnings.push(message),
  });
  try {
    await checkServer(connection, resource, report);
    const found = await checkOracle(connection, oracle, resource.credential.username);
    report.notes.push(found.note);
    report.warnings.push(...found.warnings);
    report.errors.push(...found.errors);
    await catalog.ready();
    list(
      report.warnings,
      'masks that do not fit their column, which is shown as NULL',
      await masksThatCannotBe({
        query: (text) => connection.query(text),
        classification,
        classifiedFrom: resource.classifiedFrom,
        resource: resource.name,
        policies: config.policies.set,
      }),
    );
  } finally {
    await catalog.close();
    connection.close();
  }
  list(
    report.warnings,
    'labels without a column (misspelled, or the table is not there)',
    classification.rulesWithoutColumn().map((rule) => `${rule.schema}.${rule.table}.${rule.column} (${rule.origin})`),
  );
  list(
    report.warnings,
    'labels on columns of views, which have no effect: the tables below count',
    classification.rulesOnViews().map((rule) => `${rule.schema}.${rule.table}.${rule.column} (${rule.origin})`),
  );
  list(
    report.notes,
    `columns without a label, which count as ${resource.unclassified}`,
    classification.columnsWithoutLabel().map((column) => `${column.schema}.${column.table}.${column.column}`),
  );
  report.notes.push(`labels: ${rules.length} rules`);
}

async function checkServer(connection: QueryConnection, resource: ResourceConfig, report: Report): Promise<void> {
  const version = connection.parameters.get('server_version') ?? 'unknown';
  const major = Number.parseInt(version, 10);
  report.notes.push(`server: PostgreSQL ${version}`);
  if (!(major >= OLDEST_SERVER && major <= NEWEST_SERVER))
    report.errors.push(`PostgreSQL ${version} is not supported: ${OLDEST_SERVER} to ${NEWEST_SERVER} are`);
  const [settings] = await connection.query(
    "SELECT current_setting('ssl'), current_setting('is_superuser'), (SELECT rolbypassrls::text FROM pg_catalog.pg_roles WHERE rolname = current_user)",
  );
  const [ssl, superuser, bypass] = settings ?? [];
  if (ssl !== 'on' || resource.upstream.tls === 'disable')
    report.warnings.push('the connection to the database is not encrypted (upstream.tls: disable)');
  if (superuser === 'on')
    report.warnings.push(
      `the role ${resource.credential.username} is a superuser: give the gateway a role of its own with what its users need`,
    );
  if (bypass === 'true') report.warnings.push(`the role ${resource.credential.username} bypasses row-level security`);
}

function list(target: string[], title: string, items: readonly string[]): void {
  if (items.length === 0) return;
  const shown = items.slice(0, MAX_LISTED).map((item) => `\n    ${item}`);
  target.push(
    `${items.length} ${title}:${shown.join('')}${items.length > MAX_LISTED ? `\n    … and ${items.length - MAX_LISTED} more` : ''}`,
  );
}
