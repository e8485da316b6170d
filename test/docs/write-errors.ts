/** `npm run docs`: writes what is generated into docs/, and the manual page of `sluice`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderErrors } from './errors-document.ts';
import { MAN_PAGE, renderManPage } from './man-page.ts';
import { renderRefusals } from './refusals-document.ts';

writeFileSync(join(import.meta.dirname, '../../docs/errors.md'), renderErrors());
writeFileSync(join(import.meta.dirname, '../../docs/refusals.md'), renderRefusals());
writeFileSync(MAN_PAGE, renderManPage());
