/** `npm run docs`: writes what is generated into docs/. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderErrors } from './errors-document.ts';

writeFileSync(join(import.meta.dirname, '../../docs/errors.md'), renderErrors());
