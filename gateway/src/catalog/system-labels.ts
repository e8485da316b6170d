import type { Label } from '@sluice/contract/vocabulary';
import { classifiedReadingColumns } from '../analysis/postgres/functions/reading-functions.ts';
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
  ...[
    'stanumbers1',
    'stanumbers2',
    'stanumbers3',
    'stanumbers4',
    'stanumbers5',
    'stavalues1',
    'stavalues2',
    'stavalues3',
    'stavalues4',
    'stavalues5',
    'stanullfrac',
    'stawidth',
    'stadistinct',
  ].map((column) => rule('pg_catalog', 'pg_statistic', column, 'regulated', 'system.statistics')),
  ...['stxdndistinct', 'stxddependencies', 'stxdmcv', 'stxdexpr'].map((column) =>
    rule('pg_catalog', 'pg_statistic_ext_data', column, 'regulated', 'system.statistics'),
  ),
  // Contents of large objects.
  rule('pg_catalog', 'pg_largeobject', 'data', 'regulated', 'system.values'),
  // Secrets.
  rule('pg_catalog', 'pg_authid', 'rolpassword', 'regulated', 'system.secret'),
  rule('pg_catalog', 'pg_user_mapping', 'umoptions', 'regulated', 'system.secret'),
  rule('pg_catalog', 'pg_subscription', 'subconninfo', 'regulated', 'system.secret'),
  // Counters, sizes and statements of others, as functions answer them.
  ...classifiedReadingColumns().map(({ table, column }) =>
    rule('pg_catalog', table, column ?? ANY, 'confidential', 'system.statistics'),
  ),
  ...['relpages', 'reltuples', 'relallvisible', 'relallfrozen'].map((column) =>
    rule('pg_catalog', 'pg_class', column, 'confidential', 'system.statistics'),
  ),
  ...['stakind1', 'stakind2', 'stakind3', 'stakind4', 'stakind5'].map((column) =>
    rule('pg_catalog', 'pg_statistic', column, 'regulated', 'system.statistics'),
  ),
  // The value that rows from before ADD COLUMN have.
  rule('pg_catalog', 'pg_attribute', 'attmissingval', 'regulated', 'system.values'),
  // How many rows a table has tells what its classified columns decided, were it filtered by them; sizes are estimates.
  rule('pg_catalog', 'pg_seclabel', 'label', 'internal', null),
];

function rule(schema: string, table: string, column: string, label: Label, category: string | null): LabelRule {
  return { schema, table, column, label, category, path: null, origin: 'built in' };
}
