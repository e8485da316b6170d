import type { Flows } from '../../analysis/flows.ts';
import type { DefinitionHandling } from '../../analysis/postgres/gate/statement.ts';
import type { SessionContext } from './session-context.ts';
import { isClassified } from './understand.ts';

/**
 * Labels in a file name schemas, too: as with a table that is renamed, they would be looked for in vain under the new
 * name. A schema whose columns are all open is renamed freely.
 */
export function heldAsRenamed(context: SessionContext, { renamedSchema }: DefinitionHandling, flows: Flows): Flows {
  if (renamedSchema === undefined) return flows;
  const { classification } = context.ports.catalog;
  if (!classification.columnsIn(renamedSchema).some((key) => isClassified(context, key))) return flows;
  const why = `The statement renames the schema ${renamedSchema}, which has classified columns.`;
  return { ...flows, holds: [...(flows.holds ?? []), why] };
}
