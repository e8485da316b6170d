import { describe, expect, it } from 'vitest';
import { columnKey, type Flows } from '../../analysis/flows.ts';
import { Classification } from '../../catalog/classification.ts';
import { labelsDigest } from './labels-digest.ts';

const [SSN, NOTE, OTHER] = [columnKey(20_001, 1), columnKey(20_002, 1), columnKey(20_003, 1)];
const flows: Flows = {
  ...{ statementClass: 'write', statementKind: 'InsertStmt', outputs: [], holds: [] },
  ...{ shaping: new Set(), faultable: new Set(), relations: new Set([20_001, 20_002]) },
  writes: [{ target: NOTE, targetName: 'public.daily.note', sources: new Set([SSN]) }],
};

function classification(): Classification {
  const labels = new Classification({ rules: [], systemRules: [], unclassified: 'public', bindings: [] });
  const columns = [
    [20_001, 'customers', 'ssn'],
    [20_002, 'daily', 'note'],
    [20_003, 'others', 'text'],
  ] as const;
  labels.learn(
    columns.map(([relationOid, table, column]) => ({
      ...{ relationOid, schema: 'public', table, attnum: 1, column, relkind: 'r' },
    })),
    [],
  );
  return labels;
}

describe('the digest of labels', () => {
  it('is the same for the same labels, whatever happened before', () => {
    const [a, b] = [classification(), classification()];
    for (const key of [SSN, NOTE, OTHER]) b.describe(key);
    b.setDerived(OTHER, { label: 'regulated', category: null });
    b.setDerived(NOTE, { label: 'regulated', category: null });
    b.setDerived(NOTE, null);
    expect(a.version).not.toBe(b.version);
    expect(labelsDigest(flows, a)).toBe(labelsDigest(flows, b));
  });

  it.each([
    ['source', SSN],
    ['target', NOTE],
  ])('changes with the label or category of a %s, at once', (_, key) => {
    const labels = classification();
    const seen = new Set([labelsDigest(flows, labels)]);
    labels.setDerived(key, { label: 'confidential', category: null });
    seen.add(labelsDigest(flows, labels));
    labels.setDerived(key, { label: 'confidential', category: 'pii' });
    seen.add(labelsDigest(flows, labels));
    expect(seen.size).toBe(3);
  });
});
