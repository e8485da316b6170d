import type { Label } from '@sluice/contract/vocabulary';
import { ANY, type LabelRule } from './labels.ts';

/**
 * Labels of the server's own relations: public, because drivers, psql and ORMs read them, but for what holds values
 * of user tables, statements of others, or secrets.
 */
export const SYSTEM_LABEL_RULES: readonly LabelRule[] = [
  rule('pg_catalog', ANY, ANY, 'public', null),
  rule('information_schema', ANY, ANY, 'public', null),
  rule('pg_toast', ANY, ANY, 'regulated', 'system.values'),
  // Statistics hold sampled values of every analysed column.
  ...['stanumbers1', 'stanumbers2', 'stanumbers3', 'stanumbers4', 'stanumbers5', 'stavalues1', 'stavalues2', 'stavalues3', 'stavalues4', 'stavalues5', 'stanullfrac', 'stawidth', 'stadistinct'].map((column) =>
    rule('pg_catalog', 'pg_statistic', column, 'regulated', 'system.statistics'),
  ),
  ...['stxdndistinct', 'stxddependencies', 'stxdmcv', 'stxdexpr'].map((column) => rule('pg_catalog', 'pg_statistic_ext_data', column, 'regulated', 'system.statistics')),
  // Contents of large objects.
  rule('pg_catalog', 'pg_largeobject', 'data', 'regulated', 'system.values'),
  // Secrets.
  rule('pg_catalog', 'pg_authid', 'rolpassword', 'regulated', 'system.secret'),
  rule('pg_catalog', 'pg_user_mapping', 'umoptions', 'regulated', 'system.secret'),
  rule('pg_catalog', 'pg_foreign_server', 'srvoptions', 'confidential', 'system.secret'),
  rule('pg_catalog', 'pg_subscription', 'subconninfo', 'regulated', 'system.secret'),
  // How many rows a table has tells what its classified columns decided, were it filtered by them; sizes are estimates.
  rule('pg_catalog', 'pg_seclabel', 'label', 'internal', null),
];

function rule(schema: string, table: string, column: string, label: Label, category: string | null): LabelRule {
  return { schema, table, column, label, category, path: null, origin: 'built in' };
}
