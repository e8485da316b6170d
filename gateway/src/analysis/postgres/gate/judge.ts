/**
 * The allow list of statement kinds. Every kind of the grammar stands here or is refused by `default`.
 */
import { statementInWords } from '../../statement-words.ts';
import { isAllowedSetting, isAllowedSettingValue, isGuardedSetting } from '../settings.ts';
import { type Ast, astAt, flagAt, isAst, listOf, newRelation, quoteRangeVar, stringOf, textAt, unwrap } from './ast.ts';
import { judgeCopy } from './copy.ts';
import { cutArguments, cutInto, cutQuery, cutTypes, fromWord } from './cut-text.ts';
import { judgeDefinition } from './definitions.ts';
import { explainOptions, withoutAnalyze, withoutSizes } from './explain.ts';
import type { Grammar } from './grammar.ts';
import { cutRecursiveView } from './recursive-view.ts';
import { judgeCall, judgeDo } from './routines.ts';
import { type Handling, type PreparedCall, refuse, type TransactionKind } from './statement.ts';

export function judge(
  grammar: Grammar,
  statement: Ast,
  text: string,
): { readonly kind: string; readonly verdict: Handling } {
  const { tag, body } = unwrap(statement);
  return { kind: tag, verdict: judgeKind(grammar, tag, body, text) };
}

const NOT_ALLOWED = 'Ask the administrator to run it directly, or do without it.';

function judgeKind(grammar: Grammar, tag: string, body: Ast, text: string): Handling {
  switch (tag) {
    case 'SelectStmt':
      return astAt(body, 'intoClause') === null ? { handling: 'analyse' } : selectInto(grammar, body, text);
    case 'InsertStmt':
    case 'UpdateStmt':
    case 'DeleteStmt':
    case 'MergeStmt':
      return { handling: 'analyse' };
    case 'ExplainStmt':
      return explain(grammar, body, text);
    case 'CreateTableAsStmt':
      return createTableAs(grammar, body, text);
    case 'ViewStmt':
      return fromQuery(grammar, body, text, astAt(body, 'view'), listOf(body, 'aliases').map(stringOf));
    case 'DeclareCursorStmt':
      return declareCursor(grammar, body, text);
    case 'CopyStmt':
      return judgeCopy(grammar, body, text);
    case 'PrepareStmt':
      return prepare(grammar, body, text);
    case 'ExecuteStmt':
      return execute(grammar, body, text);
    case 'DeallocateStmt':
      return { handling: 'deallocate', name: textAt(body, 'name') === '' ? null : textAt(body, 'name') };
    case 'FetchStmt':
      return { handling: 'fetch', cursor: textAt(body, 'portalname'), moves: flagAt(body, 'ismove') };
    case 'ClosePortalStmt':
      return {
        handling: 'close-cursor',
        cursor: textAt(body, 'portalname') === '' ? null : textAt(body, 'portalname'),
      };
    case 'TransactionStmt':
      return transaction(textAt(body, 'kind'), textAt(body, 'savepoint_name'));
    case 'VariableSetStmt':
      return setVariable(body);
    case 'VariableShowStmt':
      return { handling: 'show', name: textAt(body, 'name').toLowerCase() };
    case 'DiscardStmt':
      return discard(textAt(body, 'target'));
    case 'ListenStmt':
    case 'UnlistenStmt':
    case 'ConstraintsSetStmt':
      return { handling: 'session' };
    case 'NotifyStmt':
      return { handling: 'notify', channel: textAt(body, 'conditionname'), payload: textAt(body, 'payload') };
    case 'RefreshMatViewStmt': {
      const relation = quoteRangeVar(astAt(body, 'relation') ?? {});
      return { handling: 'refresh', relation, probeText: `SELECT * FROM ${relation}` };
    }
    case 'DoStmt':
      return judgeDo(body);
    case 'CallStmt':
      return judgeCall(body);
    default:
      return (
        judgeDefinition(grammar, tag, body, text) ??
        refuse(
          GUARDED_KINDS.has(tag) ? 'statement-guarded' : 'statement-kind',
          `${statementInWords(tag)} statements are not allowed through the gateway.`,
          NOT_ALLOWED,
        )
      );
  }
}

/**
 * Kinds that nobody runs through the gateway: they could change the password or the settings of the role with which it
 * logs in, the server's own configuration and files, or make it replicate.
 */
const GUARDED_KINDS: ReadonlySet<string> = new Set([
  'AlterRoleStmt',
  'AlterRoleSetStmt',
  'AlterDatabaseSetStmt',
  'AlterSystemStmt',
  'LoadStmt',
  'CreateTableSpaceStmt',
  'CreateSubscriptionStmt',
  'AlterSubscriptionStmt',
  'DropSubscriptionStmt',
]);

function uncut(): Handling {
  return refuse('inner-query', 'The query inside the statement could not be singled out.', 'Send the query by itself.');
}

function explain(grammar: Grammar, body: Ast, text: string): Handling {
  const options = explainOptions(body);
  const sizeless = withoutSizes(grammar, text, listOf(body, 'options').length > 0, options);
  const plainTextOf = (behindOptions: string | null): string | null =>
    options.executes ? behindOptions && withoutAnalyze(body, behindOptions) : sizeless;
  const explained = astAt(body, 'query');
  const { tag, body: inner } = explained === null ? { tag: '', body: {} } : unwrap(explained);
  if (tag === 'ExecuteStmt') {
    const prepared = preparedIn(grammar, inner, text);
    const plainText = plainTextOf(fromWord(grammar, text, 'execute'));
    return prepared === null ? unclearArguments() : { handling: 'explain-prepared', prepared, options, plainText };
  }
  // ANALYZE would store the result, or leave an open cursor behind.
  const query = !options.executes && STORING.has(tag) ? astAt(inner, 'query') : explained;
  if (query === null || !isPlannable(query))
    return refuse('explain', 'Only queries and data changes may be explained.', 'Explain the query itself.');
  const innerText = cutQuery(grammar, text, query);
  if (innerText === null) return uncut();
  return { handling: 'explain', innerText, options, plainText: plainTextOf(tag === 'SelectStmt' ? innerText : null) };
}

const STORING: ReadonlySet<string> = new Set(['CreateTableAsStmt', 'DeclareCursorStmt']);

const PLANNABLE: ReadonlySet<string> = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

function isPlannable(node: Ast): boolean {
  const { tag, body } = unwrap(node);
  return PLANNABLE.has(tag) && astAt(body, 'intoClause') === null;
}

function createTableAs(grammar: Grammar, body: Ast, text: string): Handling {
  const into = astAt(body, 'into') ?? {};
  const { tag, body: execution } = unwrap(astAt(body, 'query') ?? {});
  const target = astAt(into, 'rel');
  if (tag === 'ExecuteStmt' && target !== null) {
    const prepared = preparedIn(grammar, execution, text);
    const columnNames = listOf(into, 'colNames').map(stringOf);
    return prepared === null
      ? unclearArguments()
      : {
          handling: 'create-from-prepared',
          prepared,
          target: quoteRangeVar(target),
          makes: newRelation(target),
          columnNames,
        };
  }
  return fromQuery(grammar, body, text, astAt(into, 'rel'), listOf(into, 'colNames').map(stringOf));
}

function fromQuery(
  grammar: Grammar,
  body: Ast,
  text: string,
  target: Ast | null,
  columnNames: readonly string[],
): Handling {
  const query = astAt(body, 'query');
  if (query === null || target === null || !isPlannable(query))
    return refuse('create-from', 'Only the result of a query can be stored.', 'Create it from a SELECT.');
  const innerText = cutQuery(grammar, text, query) ?? cutRecursiveView(grammar, text, query);
  return innerText === null
    ? uncut()
    : {
        handling: 'create-from-query',
        innerText,
        target: quoteRangeVar(target),
        makes: newRelation(target),
        columnNames,
      };
}

function selectInto(grammar: Grammar, body: Ast, text: string): Handling {
  const into = astAt(body, 'intoClause') ?? {};
  const innerText = cutInto(grammar, text, body);
  if (innerText === null) return uncut();
  const target = astAt(into, 'rel') ?? {};
  return {
    handling: 'create-from-query',
    innerText,
    target: quoteRangeVar(target),
    makes: newRelation(target),
    columnNames: [],
  };
}

const CURSOR_BINARY = 0x0001;
const CURSOR_HOLD = 0x0020;

function declareCursor(grammar: Grammar, body: Ast, text: string): Handling {
  const query = astAt(body, 'query');
  const innerText = query === null ? null : cutQuery(grammar, text, query);
  const options = typeof body['options'] === 'number' ? body['options'] : 0;
  return innerText === null
    ? uncut()
    : {
        handling: 'declare-cursor',
        cursor: textAt(body, 'portalname'),
        innerText,
        hold: (options & CURSOR_HOLD) !== 0,
        binary: (options & CURSOR_BINARY) !== 0,
      };
}

function prepare(grammar: Grammar, body: Ast, text: string): Handling {
  const query = astAt(body, 'query');
  if (query === null || !isPlannable(query))
    return refuse('prepare', 'Only queries and data changes may be prepared.', 'Run the statement without PREPARE.');
  const innerText = cutQuery(grammar, text, query);
  const parameterTypes = cutTypes(grammar, text, listOf(body, 'argtypes').length);
  return innerText === null || parameterTypes === null
    ? uncut()
    : { handling: 'prepare', name: textAt(body, 'name'), innerText, parameterTypes };
}

function execute(grammar: Grammar, body: Ast, text: string): Handling {
  const prepared = preparedIn(grammar, body, text);
  return prepared === null ? unclearArguments() : { handling: 'execute-prepared', prepared };
}

/** Arguments are expressions: what they read is found out from a query of them, unless they are literals. */
function preparedIn(grammar: Grammar, execution: Ast, text: string): PreparedCall | null {
  const name = textAt(execution, 'name');
  const values = listOf(execution, 'params');
  if (values.every((value) => unwrap(value).tag === 'A_Const')) return { name, argumentsText: null };
  const argumentsText = cutArguments(grammar, text, values);
  return argumentsText === null ? null : { name, argumentsText };
}

function unclearArguments(): Handling {
  return refuse(
    'execute-arguments',
    'The arguments of EXECUTE could not be singled out.',
    'Write the values as literals, or bind them with the extended protocol.',
  );
}

const TRANSACTIONS: Readonly<Record<string, TransactionKind>> = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'release',
  TRANS_STMT_ROLLBACK_TO: 'rollback-to',
};

function transaction(kind: string, savepoint: string): Handling {
  const known = TRANSACTIONS[kind];
  return known === undefined
    ? refuse('two-phase', 'Two-phase commit is not allowed through the gateway.', 'Use an ordinary transaction.')
    : { handling: 'transaction', transaction: known, savepoint };
}

const DISCARDS: Readonly<Record<string, 'all' | 'plans' | 'sequences' | 'temp'>> = {
  DISCARD_ALL: 'all',
  DISCARD_PLANS: 'plans',
  DISCARD_SEQUENCES: 'sequences',
  DISCARD_TEMP: 'temp',
};

function discard(target: string): Handling {
  const known = DISCARDS[target === '' ? 'DISCARD_ALL' : target];
  return known === undefined
    ? refuse('discard', 'An unknown kind of DISCARD.', NOT_ALLOWED)
    : { handling: 'discard', target: known };
}

function setVariable(body: Ast): Handling {
  const name = textAt(body, 'name').toLowerCase();
  const local = flagAt(body, 'is_local');
  switch (textAt(body, 'kind') === '' ? 'VAR_SET_VALUE' : textAt(body, 'kind')) {
    case 'VAR_RESET_ALL':
      return { handling: 'set', name: null, value: null, local };
    // Back to what the session started with, which the gateway chose.
    case 'VAR_RESET':
    case 'VAR_SET_DEFAULT':
      return name === 'client_min_messages'
        ? { handling: 'set-client-min-messages', value: null, local }
        : { handling: 'set', name, value: null, local };
    case 'VAR_SET_VALUE':
      return setValue(name, body, local);
    case 'VAR_SET_MULTI':
      return setMulti(name, body, local);
    default:
      return refuse('setting', 'This form of SET is not allowed through the gateway.', 'Write the value as a literal.');
  }
}

function setValue(name: string, body: Ast, local: boolean): Handling {
  const values = listOf(body, 'args').map(literalText);
  if (values.some((value) => value === null))
    return refuse('setting-value', 'SET takes literals only through the gateway.', 'Write the value as a literal.');
  const value = values.join(', ');
  if (name === 'client_min_messages') return { handling: 'set-client-min-messages', value: value.toLowerCase(), local };
  if (isAllowedSetting(name) || isAllowedSettingValue(name, value)) return { handling: 'set', name, value, local };
  if (name === 'role' || name === 'session_authorization') return { handling: 'set-role', setting: name, role: value };
  return refuse(
    isGuardedSetting(name) ? 'setting-guarded' : 'setting-unlisted',
    `The setting ${name} may not be changed to this value through the gateway.`,
    'Leave it as it is.',
  );
}

/** SET TRANSACTION, with or without a SNAPSHOT that another session exported (pg_dump -j), and SET SESSION CHARACTERISTICS. */
function setMulti(name: string, body: Ast, local: boolean): Handling {
  // The rows of an earlier moment, of the same columns under the same labels: what REPEATABLE READ shows, too.
  if (name === 'transaction snapshot' && listOf(body, 'args').every((value) => literalText(value) !== null))
    return { handling: 'set', name: 'transaction_snapshot', value: null, local: true };
  const options = listOf(body, 'args').map((item) => textAt(astAt(item, 'DefElem') ?? {}, 'defname'));
  const known = name === 'transaction' || name === 'session characteristics';
  if (!known || !options.every(isAllowedSetting))
    return refuse('setting', 'This form of SET is not allowed through the gateway.', 'Use an ordinary transaction.');
  return { handling: 'set', name: 'default_transaction_isolation', value: null, local };
}

function literalText(node: Ast): string | null {
  const { tag, body } = unwrap(node);
  if (tag === 'TypeCast') return isAst(body['arg']) ? literalText(body['arg']) : null;
  if (tag !== 'A_Const') return null;
  for (const [kind, field] of [
    ['sval', 'sval'],
    ['fval', 'fval'],
  ] as const) {
    const value = astAt(body, kind);
    if (value !== null) return textAt(value, field);
  }
  const boolean = astAt(body, 'boolval');
  if (boolean !== null) return String(flagAt(boolean, 'boolval'));
  const integer = astAt(body, 'ival');
  if (integer !== null) return String(typeof integer['ival'] === 'number' ? integer['ival'] : 0);
  return null;
}
