import { quoteLiteral } from '../../catalog/introspection.ts';
import { encodeFrontend } from '../../protocol/postgres/frontend-encode.ts';
import { OWN_PREFIX } from './bounds.ts';
import type { SessionContext } from './session-context.ts';
import { KEPT_SETTINGS } from './session-reads.ts';

const OWN_SETTER = `${OWN_PREFIX}setter`;
/** What the oracle needs, as at log-in. */
const FOR_THE_ORACLE: ReadonlyMap<string, string> = new Map([
  ['client_min_messages', 'log'],
  ['debug_print_rewritten', 'on'],
  ['debug_pretty_print', 'off'],
]);

/**
 * Sends `execute` between two changes of settings, so that a statement that reads them finds what the client expects.
 * Only for what is parsed, decided about and bound already, and runs nothing else: no tree is announced meanwhile.
 * Should it fail, the transaction is undone, and the settings with it.
 */
export function withClientSettings(context: SessionContext, execute: () => void): void {
  apply(context, new Map([...KEPT_SETTINGS, ['client_min_messages', context.clientMinMessages.value]]));
  execute();
  apply(context, FOR_THE_ORACLE);
}

function apply({ link }: SessionContext, settings: ReadonlyMap<string, string>): void {
  const gateway = { audience: 'gateway' as const };
  const calls = [...settings].map(
    ([name, value]) => `pg_catalog.set_config(${quoteLiteral(name)}, ${quoteLiteral(value)}, false)`,
  );
  const text = `SELECT ${calls.join(', ')}`;
  link.ask(encodeFrontend({ kind: 'Parse', name: OWN_SETTER, text, parameterTypes: [] }), {
    kind: 'parse',
    ...gateway,
  });
  link.ask(
    encodeFrontend({
      kind: 'Bind',
      portal: OWN_SETTER,
      statement: OWN_SETTER,
      parameterFormats: [],
      parameters: [],
      resultFormats: [],
    }),
    { kind: 'bind', ...gateway },
  );
  link.ask(encodeFrontend({ kind: 'Execute', portal: OWN_SETTER, maxRows: 0 }), {
    kind: 'execute',
    ...gateway,
    statementId: null,
    rule: () => ({ kind: 'collect', columns: settings.size }),
    onOutcome: () => undefined,
  });
  for (const target of ['portal', 'statement'] as const)
    link.ask(encodeFrontend({ kind: 'Close', target, name: OWN_SETTER }), { kind: 'close', ...gateway });
}
