import { type Label, labelRank } from '@sluice/contract/vocabulary';
import { columnKey } from './analysis/flows.ts';
import type { Classification } from './catalog/classification.ts';
import { MASKING_KEY_BYTES, MaskKeys } from './masking/mask-keys.ts';
import { cellMask } from './masking/plan.ts';
import { spellMask } from './policy/mask-annotation.ts';
import { scopedMasks } from './policy/mask-scope.ts';
import type { PolicySet } from './policy/policy-set.ts';

/** Columns of users' relations with their base types: a domain is described to clients as what is below it. */
const COLUMN_TYPES = `
WITH RECURSIVE bases(oid, base, modifier) AS (
  SELECT oid, oid, -1 FROM pg_catalog.pg_type WHERE typtype <> 'd'
  UNION ALL
  SELECT t.oid, b.base, CASE WHEN b.modifier = -1 THEN t.typtypmod ELSE b.modifier END
  FROM pg_catalog.pg_type t JOIN bases b ON b.oid = t.typbasetype WHERE t.typtype = 'd'
)
SELECT c.oid::pg_catalog.int8, a.attnum, b.base::pg_catalog.int8,
       CASE WHEN a.atttypmod = -1 THEN b.modifier ELSE a.atttypmod END,
       pg_catalog.format_type(a.atttypid, a.atttypmod)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname NOT IN ('pg_catalog', 'information_schema')
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN bases b ON b.oid = a.atttypid
WHERE c.relkind IN ('r', 'p', 'f', 'm')
ORDER BY n.nspname, c.relname, a.attnum`;

/** What has a mask that its type cannot show, in words: such a column is NULL instead. */
export async function masksThatCannotBe(parts: {
  readonly query: (text: string) => Promise<readonly (readonly (string | null)[])[]>;
  readonly classification: Classification;
  readonly classifiedFrom: Label;
  readonly resource: string;
  readonly policies: PolicySet;
}): Promise<string[]> {
  const { classification, resource } = parts;
  const masks = scopedMasks(parts.policies);
  if (masks.length === 0) return [];
  // Whether a keyed mask fits does not depend on its key.
  const scope = { keys: new MaskKeys(Buffer.alloc(MASKING_KEY_BYTES)), resource };
  const found: string[] = [];
  for (const [relation, attribute, typeOid, typeModifier, typeName] of await parts.query(COLUMN_TYPES)) {
    if (!classification.knows(Number(relation))) continue;
    const column = classification.describe(columnKey(Number(relation), Number(attribute)));
    if (labelRank(column.label) < labelRank(parts.classifiedFrom)) continue;
    const planned = { typeOid: Number(typeOid), typeModifier: Number(typeModifier), format: 0 } as const;
    for (const { policyId, mask, covers } of masks) {
      if (!covers(column, resource) || cellMask(mask, planned, scope) !== null) continue;
      found.push(
        `${column.schema}.${column.table}.${column.column}: @mask("${spellMask(mask)}") of ${policyId} does not fit ${typeName ?? 'its type'}`,
      );
    }
  }
  return found;
}
