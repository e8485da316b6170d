/** `sluice admin functions`: what a database holds, and how each function is judged. */
import type { FunctionView } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import type { Label } from '@sluice/contract/vocabulary';
import { renderTable } from '../render/table.ts';
import { visibleLine } from '../render/visible.ts';
import type { Cli } from './cli.ts';
import type { ListOptions } from './look.ts';

export type FunctionsOptions = ListOptions & { readonly builtIns?: boolean; readonly refused?: boolean };

export async function listFunctions(cli: Cli, resource: string, options: FunctionsOptions): Promise<void> {
  const all = await (await cli.api()).functions(resource, options.builtIns === true);
  const functions = options.refused === true ? all.filter((one) => one.judged === 'refused') : all;
  if (options.json === true) return cli.json(functions);
  if (functions.length === 0) return cli.note('There are no such functions.\n');
  const rows = functions.map((one) => [
    { text: one.judged, paint: (text: string) => (one.judged === 'refused' ? cli.style.red(text) : text) },
    one.signature,
    one.extension ?? one.language,
    one.reads.map(({ schema, table, column }) => `${schema}.${table}.${column}`).join(' '),
    one.writes.join(' '),
    one.raises ? 'may raise' : '',
    one.reason,
  ]);
  cli.out(renderTable(['JUDGED', 'FUNCTION', 'FROM', 'READS', 'WRITES', '', 'WHY'], rows));
  const refused = functions.filter(
    (one) => one.judged === 'refused' && one.extension === null && one.definition !== null,
  );
  if (refused.length > 0 && cli.surroundings.stdout.isTTY === true) cli.note(HINT);
}

const HINT = `To allow a function that was refused, declare it: sluice admin functions RESOURCE --declare 'SIGNATURE'\n`;

/** The declaration of one function, to be completed and pasted into the configuration of the resource. */
export async function declareFunction(cli: Cli, resource: string, signature: string): Promise<void> {
  const client = await cli.api();
  const known = (one: FunctionView): boolean => one.signature === signature.trim();
  const found =
    (await client.functions(resource, false)).find(known) ?? (await client.functions(resource, true)).find(known);
  if (found === undefined || found.definition === null)
    throw new SluiceError('NOT_FOUND', `${resource} has no function ${visibleLine(signature)} that can be declared`, {
      remedy: `Copy the signature from: sluice admin functions ${resource}`,
    });
  cli.out(renderDeclaration(found.signature, found.definition, 'regulated'));
}

function renderDeclaration(signature: string, definition: string, label: Label): string {
  return [
    'functions:',
    `  - function: ${JSON.stringify(signature)}`,
    `    definition: ${definition}`,
    '    reads: []          # schema.table.column of everything that it reads',
    '    writes: []         # schema.table.column of everything that it writes',
    `    label: ${label}   # of its result`,
    '    raises: true       # false if no value that it is given or reads can make it fail',
    '    reason: ""         # how you know',
    '',
  ].join('\n');
}
