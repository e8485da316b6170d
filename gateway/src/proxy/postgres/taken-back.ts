import { passAll } from '../../masking/plan.ts';
import type { Acknowledged, Described, Exchange, Executed, Synced } from './exchange.ts';

/** What the record says of a statement whose answer was not told: 42501, as of any other that the gateway refuses. */
const NOT_TOLD = '42501';

/**
 * What is owed for one statement, from its Bind to its Sync, as questions of the gateway's own: the client is told nothing
 * of the answers. Null when something else stands among them, of which the client would miss the answer. `columns`: of its rows.
 */
export function takenBack(owed: readonly Exchange[], columns: number): readonly Exchange[] | null {
  const [bind, ...rest] = owed;
  const sync = rest.pop();
  if (bind?.kind !== 'bind' || sync?.kind !== 'sync') return null;
  const own = rest.filter(({ kind, audience }) => kind !== 'close' || audience !== 'gateway');
  const kinds = own.map(({ kind }) => kind).join();
  if (kinds !== 'describe,execute' && kinds !== 'execute') return null;
  return [silentBind(bind), ...rest.map((exchange) => silent(exchange, columns)), silentSync(sync)];
}

function silent(exchange: Exchange, columns: number): Exchange {
  if (exchange.kind === 'execute') return silentExecute(exchange, columns);
  return exchange.kind === 'describe' ? SILENT_DESCRIBE : exchange;
}

function silentBind(bind: Acknowledged): Acknowledged {
  // The portal is not the client's any more.
  bind.onFailed?.(null);
  return {
    ...{ kind: 'bind', audience: 'gateway', sensitive: true, quiet: true },
    onNestedTree: (tree) => bind.onNestedTree?.(tree),
  };
}

const SILENT_DESCRIBE: Described = {
  kind: 'describe',
  audience: 'gateway',
  simple: false,
  sensitive: true,
  quiet: true,
};

function silentExecute(execute: Executed, columns: number): Executed {
  return {
    ...{ kind: 'execute', audience: 'gateway', sensitive: true, quiet: true, statementId: null },
    rule: () => ({ kind: 'rows', plan: passAll(columns), deliver: false }),
    onNestedTree: (tree) => execute.onNestedTree?.(tree),
    onOutcome: (outcome) =>
      execute.onOutcome({ ...outcome, tag: '', rows: 0, maskedCells: 0, error: NOT_TOLD, suspended: false }),
  };
}

function silentSync(sync: Synced): Synced {
  return {
    ...{ kind: 'sync', audience: 'gateway' },
    onNestedTree: (tree) => sync.onNestedTree?.(tree),
    onReady: (status, failed) => sync.onReady?.(status, failed),
  };
}
