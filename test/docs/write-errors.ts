/** `npm run docs`: writes what is generated into docs/. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderErrors } from './errors-document.ts';
import { renderRefusals } from './refusals-document.ts';

writeFileSync(join(import.meta.dirname, '../../docs/errors.md'), renderErrors());
writeFileSync(join(import.meta.dirname, '../../docs/refusals.md'), renderRefusals());
