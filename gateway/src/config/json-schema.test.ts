import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configJsonSchema, DOCUMENT_KINDS, documentJsonSchema } from './json-schema.ts';

it('the JSON Schema in the repository is the one of this code', () => {
  const file = new URL('../../schema/config.schema.json', import.meta.url);
  const stored: unknown = JSON.parse(readFileSync(file, 'utf8'));
  expect(stored, 'run: node gateway/src/config/generate-schema.ts').toEqual(
    JSON.parse(JSON.stringify(configJsonSchema())),
  );
});

it.each(DOCUMENT_KINDS)('every key of %s has its place in docs/configuration.md', (kind) => {
  const text = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
  const start = text.indexOf(`\n## ${kind}\n`);
  const end = text.indexOf('\n## ', start + 1);
  const section = text.slice(start, end < 0 ? undefined : end);
  expect(start).toBeGreaterThan(0);
  // Accepted by the schema and refused by the loader until it is built.
  const keys = keysOf(documentJsonSchema(kind)).filter((key) => !key.startsWith('classification.openmetadata.'));
  for (const key of keys) expect(section).toContain(`\`${key}\``);
});

/** `limits.maxSessions`, for every leaf. */
function keysOf(schema: unknown, prefix = ''): string[] {
  const properties = property(schema, 'properties');
  const items = property(schema, 'items');
  if (typeof items === 'object' && items !== null && !Array.isArray(items)) return keysOf(items, prefix);
  if (typeof properties !== 'object' || properties === null) return [prefix];
  return Object.entries(properties).flatMap(([key, value]) => keysOf(value, prefix === '' ? key : `${prefix}.${key}`));
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
