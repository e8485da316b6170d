/** Writes `gateway/schema/config.schema.json`. Run it after a change of a document's schema: `node generate-schema.ts`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configJsonSchema } from './json-schema.ts';

const target = fileURLToPath(new URL('../../schema/config.schema.json', import.meta.url));
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
console.log(`wrote ${target}`);
