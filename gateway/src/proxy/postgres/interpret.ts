import { SluiceError } from '@sluice/contract/errors';
import { assertNever } from '@sluice/contract/vocabulary';
import type { Handling } from '../../analysis/postgres/gate/statement.ts';
import { explainFlows, refreshFlows } from '../../analysis/postgres/statement-flows.ts';
import { OWN_PREFIX } from './bounds.ts';
import { eventTriggerHolds, withHolds } from './event-triggers.ts';
import type { Examined } from './examine.ts';
import { fingerprintOf } from './fingerprint.ts';

import { type Interpretation, plain, refused, Stopped } from './interpretation.ts';
import { Interpreter, mapped } from './interpreter.ts';
import { analyseNewRoutine } from './new-routine.ts';
import { analyseNewTrigger } from './new-trigger.ts';
import { withPlace } from './place.ts';
import { analyseDo } from './routines.ts';
import type { Parsed } from './server-parse.ts';
import type { SessionContext } from './session-context.ts';
import { interpretSetRole } from './set-role.ts';
import { NO_EFFECTS, type StatementEffects } from './statement-effects.ts';

/** What a statement is. Throws Stopped, or QuestionFailed. */
export async function interpret(
  context: SessionContext,
  examined: Examined,
  parsed: Parsed,
  declaredTypes: readonly number[],
): Promise<Interpretation> {
  return withPlace(await interpretExamined(context, examined, parsed, declaredTypes), examined);
}

/** One way for each kind of statement that the gate knows; there is no default. */
async function interpretExamined(
  context: SessionContext,
  examined: Examined,
  parsed: Parsed,
  declaredTypes: readonly number[],
): Promise<Interpretation> {
  const { gate, text } = examined;
  const fingerprint = fingerprintOf(text);
  switch (gate.kind) {
    case 'empty':
      return plain(context, 'EmptyStatement', 'session', fingerprint);
    case 'syntax-error':
      // The server accepted what the gate could not read: nobody knows what it is.
      return refused(
        context,
        {
          rule: 'syntax',
          message: 'The statement could not be read by the gateway, though the server accepts it.',
          remedy: 'Write it in another way, or one statement at a time.',
        },
        'unknown',
        fingerprint,
      );
    case 'refused':
      return refused(context, gate, 'unknown', fingerprint);
    case 'statement':
      return await interpretStatement(new Interpreter(context, gate.statement, examined, parsed, declaredTypes));
  }
}

async function interpretStatement(interpreter: Interpreter): Promise<Interpretation> {
  const { context, statement, fingerprint } = interpreter;
  const { verdict, kind } = statement;
  if (context.upstream.oracle === 'stored' && !isServed(verdict.handling, kind))
    return refused(context, readsOnly(kind), kind, fingerprint);
  const session = (effects: StatementEffects, cacheable = true): Interpretation =>
    plain(context, kind, 'session', fingerprint, effects, cacheable);
  switch (verdict.handling) {
    case 'analyse':
      return await interpreter.analyse();
    case 'explain':
      return interpreter.ofFlows(
        mapped(await interpreter.inner(verdict.innerText), (flows) => explainFlows(flows, verdict.options)),
        { cacheable: false },
      );
    case 'create-from-query':
      return await interpreter.createFromQuery(verdict);
    case 'declare-cursor':
      return await interpreter.declareCursor(verdict);
    case 'copy-query':
      return await interpreter.copyOut(verdict.innerText, verdict.options, true);
    case 'copy-table-out':
      return await interpreter.copyTable(verdict);
    case 'copy-table-in':
      return interpreter.ofFlows(await interpreter.copyIn(verdict), {
        ...{ copyIn: true, copyData: verdict.options, writes: true, cacheable: false },
      });
    case 'prepare':
      return await interpreter.prepare(verdict);
    case 'execute-prepared':
      return await interpreter.executePrepared(verdict.prepared);
    case 'explain-prepared':
      return await interpreter.explainPrepared(verdict);
    case 'create-from-prepared':
      return await interpreter.createFromPrepared(verdict);
    case 'fetch':
      return await interpreter.fetch(verdict.cursor);
    case 'close-cursor':
      return session({ ...NO_EFFECTS, names: { kind: 'close-cursor', cursor: verdict.cursor } });
    case 'deallocate':
      if (verdict.name?.startsWith(OWN_PREFIX) === true)
        throw new Stopped(
          new SluiceError('REFUSED_BY_POLICY', `the name "${verdict.name}" is reserved for the gateway`),
        );
      return session({ ...NO_EFFECTS, names: { kind: 'deallocate', name: verdict.name } }, false);
    case 'transaction':
      return plain(context, kind, 'transaction', fingerprint, {
        ...NO_EFFECTS,
        reverts: ['commit', 'rollback', 'rollback-to'].includes(verdict.transaction),
        transaction: verdict,
      });
    case 'notify':
      context.announce(verdict.channel, verdict.payload);
      return session(NO_EFFECTS);
    case 'set':
      return session({
        ...NO_EFFECTS,
        settings: true,
        names: { kind: 'setting', name: verdict.name, value: verdict.value },
      });
    case 'set-client-min-messages':
      return session({
        ...NO_EFFECTS,
        names: { kind: 'client-min-messages', value: verdict.value ?? 'notice', local: verdict.local },
      });
    case 'set-role':
      return await interpretSetRole(context, verdict, kind, fingerprint);
    case 'show':
    case 'session':
      return session(NO_EFFECTS);
    case 'discard':
      if (verdict.target === 'all')
        return session({ ...NO_EFFECTS, settings: true, names: { kind: 'discard-all' } }, false);
      // Names of temporary relations stand for others again.
      return session(verdict.target === 'temp' ? { ...NO_EFFECTS, settings: true } : NO_EFFECTS, false);
    case 'definition':
      return interpreter.ofFlows(await interpreter.definition(verdict), {
        // REINDEX CONCURRENTLY leaves an index with another OID behind, and names in trees are OIDs.
        effects: { ...NO_EFFECTS, schema: verdict.statementClass === 'ddl' || kind === 'ReindexStmt' },
        writes: true,
        cacheable: false,
        utility: false,
      });
    case 'create-routine':
      return interpreter.ofFlows(await analyseNewRoutine(context, verdict, kind), {
        effects: { ...NO_EFFECTS, schema: true },
        writes: true,
        cacheable: false,
        utility: false,
      });
    case 'create-trigger':
      return interpreter.ofFlows(await analyseNewTrigger(context, verdict, kind), {
        effects: { ...NO_EFFECTS, schema: true },
        writes: true,
        cacheable: false,
        utility: false,
      });
    case 'do':
      return await interpretDo(interpreter, verdict);
    case 'call':
      return interpreter.ofFlows(await interpreter.call(verdict), { writes: true, cacheable: false });
    case 'refresh': {
      const probed = await interpreter.inner(verdict.probeText);
      const fired = await eventTriggerHolds(context);
      return interpreter.ofFlows(
        mapped(probed, (flows) => withHolds(refreshFlows(flows), fired)),
        { writes: true, cacheable: false },
      );
    }
    case 'refuse':
      return refused(context, verdict, kind, fingerprint);
    default:
      return assertNever(verdict);
  }
}

async function interpretDo(
  interpreter: Interpreter,
  verdict: Extract<Handling, { handling: 'do' }>,
): Promise<Interpretation> {
  const analysed = await analyseDo(interpreter.context, verdict);
  const schema = analysed.kind === 'flows' && analysed.flows.statementClass === 'ddl';
  return interpreter.ofFlows(analysed, { effects: { ...NO_EFFECTS, schema }, writes: true, cacheable: false });
}

/** With the oracle `stored`: queries, and what needs no tree. Everything else would be analysed by the server while it runs, unseen. */
function isServed(handling: Handling['handling'], kind: string): boolean {
  switch (handling) {
    case 'analyse':
      return kind === 'SelectStmt';
    case 'transaction':
    case 'set':
    case 'set-client-min-messages':
    case 'set-role':
    case 'show':
    case 'session':
    case 'discard':
    case 'deallocate':
    case 'close-cursor':
    case 'notify':
    case 'definition':
    case 'refuse':
      return true;
    case 'explain':
    case 'create-from-query':
    case 'declare-cursor':
    case 'copy-query':
    case 'copy-table-out':
    case 'copy-table-in':
    case 'prepare':
    case 'execute-prepared':
    case 'explain-prepared':
    case 'create-from-prepared':
    case 'create-routine':
    case 'create-trigger':
    case 'fetch':
    case 'do':
    case 'call':
    case 'refresh':
      return false;
    default:
      return assertNever(handling);
  }
}

function readsOnly(kind: string): { readonly rule: 'reads-only'; readonly message: string; readonly remedy: string } {
  return {
    rule: 'reads-only',
    message: `This database only lets the gateway look at queries, and ${kind} is none.`,
    remedy: 'Ask the administrator to connect the gateway in a way in which the database can show its trees.',
  };
}
