/**
 * Functions, wherever they hide: behind calls, operators, casts, aggregates, windows. A function is a reviewed built-in,
 * a user function whose body is analysed, or one that the administrator declared. Everything else is a refusal.
 */
import { columnKey } from '../../flows.ts';
import { FIRST_ASSIGNED_OID, FIRST_USER_OID, type FunctionFacts } from '../facts.ts';
import { type BuiltIn, builtInFunction } from '../functions/built-in.ts';
import { isReviewedExtensionFunction } from '../functions/extensions.ts';
import { isAllowedSetting } from '../settings.ts';
import { booleanAt, nodesAt, numberAt } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { walkFunctionBody } from './function-body.ts';
import { fixedText, literalInteger, literalText } from './literals.ts';
import { type FunctionCall, NO_SOURCES, Opaque, type Scope, type Sources, union, type Walker } from './walker.ts';

const DECLARE = 'Ask the administrator to declare the function (`functions` in the configuration), or do without it.';

export function callFunction(walker: Walker, oid: number, call: FunctionCall, scope: Scope): Sources {
  if (oid < FIRST_ASSIGNED_OID) return callBuiltIn(walker, oid, call, scope);
  const facts = walker.facts.function(oid);
  if (facts === undefined) return call.sources;
  if (facts === null)
    throw new Opaque('function-unknown', `Function ${oid} is unknown to the server.`, 'Run the statement again.');
  const result = callFacts(walker, facts, call, scope);
  return union(...result.columns, result.rows);
}

function callBuiltIn(walker: Walker, oid: number, call: FunctionCall, scope: Scope | null): Sources {
  const known = builtInFunction(oid);
  if (known === undefined)
    throw new Opaque('function-unreviewed', `The built-in function with OID ${oid} has not been reviewed.`, DECLARE);
  switch (known.class) {
    case 'total':
      if (!conditionHolds(walker, known, call)) walker.findings.fault(call.sources);
      return call.sources;
    case 'faultable':
      walker.findings.fault(call.sources);
      return call.sources;
    case 'effect':
      walker.findings.effect(known.name, call.sources);
      return call.sources;
    case 'setting':
      return changeSetting(walker, known, call, scope);
    case 'reads':
      walker.findings.fault(call.sources);
      // Its label is asked under the function's own OID (reading-functions.ts).
      walker.facts.relation(oid);
      return union(call.sources, new Set([columnKey(oid, 1)]));
    case 'refused':
      throw new Opaque('function-refused', `${known.name}() is not allowed: ${known.reason}.`, DECLARE);
  }
}

const LONGEST_SMALL_LITERAL = 10_000;
const BACKSLASH = 0x5c;
const DATE_FIELDS: ReadonlySet<string> = new Set([
  'century',
  'day',
  'decade',
  'dow',
  'doy',
  'epoch',
  'hour',
  'isodow',
  'isoyear',
  'microseconds',
  'millennium',
  'milliseconds',
  'minute',
  'month',
  'quarter',
  'second',
  'week',
  'year',
]);

/** Whether the arguments make a function total that is not total for all arguments. */
function conditionHolds(walker: Walker, known: BuiltIn, call: FunctionCall): boolean {
  if (known.condition === null) return true;
  const argument = call.arguments[known.condition.argument];
  switch (known.condition.is) {
    case 'small-literal':
    case 'positive-literal': {
      const value = literalInteger(walker, argument);
      const least = known.condition.is === 'small-literal' ? 0 : 1;
      return value !== null && value >= least && value <= LONGEST_SMALL_LITERAL;
    }
    case 'plain-pattern': {
      // A pattern that ends in an escape raises only when the text matched so far.
      const bytes = literalText(walker, argument);
      return bytes !== null && !bytes.includes(BACKSLASH);
    }
    case 'literal':
      return argument?.tag === 'CONST';
    case 'date-field': {
      const bytes = literalText(walker, argument);
      return bytes !== null && DATE_FIELDS.has(new TextDecoder().decode(Uint8Array.from(bytes)));
    }
  }
}

/** `set_config(name, value, local)`: the name must be a literal on the allow list; the value is stored where anybody may read it. */
function changeSetting(walker: Walker, known: BuiltIn, call: FunctionCall, scope: Scope | null): Sources {
  const bytes = fixedText(walker, call.arguments[0], scope);
  if (bytes === null)
    throw new Opaque(
      'setting-name',
      `${known.name}() needs a literal as the name of the setting.`,
      'Write the name as a literal.',
    );
  const name = new TextDecoder().decode(Uint8Array.from(bytes)).toLowerCase();
  if (!isAllowedSetting(name))
    throw new Opaque(
      'setting-guarded',
      `The setting ${name} may not be changed through the gateway.`,
      'Leave it as it is.',
    );
  walker.findings.effect(`setting ${name}`, call.sources);
  return call.sources;
}

type Result = { readonly columns: readonly Sources[]; readonly rows: Sources };

function callFacts(walker: Walker, facts: FunctionFacts, call: FunctionCall, scope: Scope): Result {
  const declared = walker.declarations.function(facts.signature);
  if (declared !== undefined) {
    if (!declared.total) walker.findings.fault(call.sources);
    return { columns: [union(call.sources, new Set(declared.reads))], rows: NO_SOURCES };
  }
  // Helpers of information_schema; numbered by initdb, owned by the system. Some take whole rows of catalogs.
  if (facts.oid < FIRST_USER_OID && facts.schema === 'information_schema' && facts.bodyTree === null)
    return pure(walker, call);
  if (facts.extension !== null && facts.language === 'c') {
    if (isReviewedExtensionFunction(facts.extension, facts.name)) return pure(walker, call);
    throw new Opaque(
      'function-extension',
      `${facts.signature} of the extension ${facts.extension} has not been reviewed.`,
      DECLARE,
    );
  }
  if (facts.kind === 'a') return callAggregate(walker, facts, call, scope);
  if (facts.language === 'sql' || facts.language === 'plpgsql') return walkFunctionBody(walker, facts, call, scope);
  throw new Opaque(
    'function-undeclared',
    `${facts.signature} is written in ${facts.language}, which is not analysed.`,
    DECLARE,
  );
}

function pure(walker: Walker, call: FunctionCall): Result {
  walker.findings.fault(call.sources);
  return { columns: [call.sources], rows: NO_SOURCES };
}

function callAggregate(walker: Walker, facts: FunctionFacts, call: FunctionCall, scope: Scope): Result {
  const found: Sources[] = [call.sources];
  for (const part of facts.aggregateParts)
    found.push(walker.call(part, { sources: call.sources, arguments: [] }, scope));
  walker.findings.fault(call.sources);
  return { columns: [union(...found)], rows: NO_SOURCES };
}

/** A function in FROM: its columns and its rows. What is not a plain call gives one value in every column. */
export function functionTable(walker: Walker, expression: TreeNode, columnCount: number, scope: Scope): Result {
  if (expression.tag !== 'FUNCEXPR') {
    const sources = walker.expression(expression, scope);
    return { columns: Array.from({ length: columnCount }, () => sources), rows: sources };
  }
  const set = booleanAt(expression, 'funcretset');
  const oid = numberAt(expression, 'funcid');
  const call: FunctionCall = {
    sources: walker.expression(nodesAt(expression, 'args'), scope),
    arguments: nodesAt(expression, 'args'),
  };
  const result =
    oid < FIRST_ASSIGNED_OID ? builtInTable(walker, oid, call, columnCount) : userTable(walker, oid, call, scope);
  const everything = union(...result.columns);
  const columns =
    result.columns.length === columnCount ? result.columns : Array.from({ length: columnCount }, () => everything);
  return { columns, rows: set ? union(result.rows, call.sources) : NO_SOURCES };
}

function builtInTable(walker: Walker, oid: number, call: FunctionCall, columnCount: number): Result {
  const known = builtInFunction(oid);
  const sources = callBuiltIn(walker, oid, call, null);
  if (known?.class !== 'reads') return { columns: [sources], rows: NO_SOURCES };
  return {
    columns: Array.from({ length: columnCount }, (_, index) =>
      union(call.sources, new Set([columnKey(oid, index + 1)])),
    ),
    rows: NO_SOURCES,
  };
}

function userTable(walker: Walker, oid: number, call: FunctionCall, scope: Scope): Result {
  const facts = walker.facts.function(oid);
  if (facts === undefined) return { columns: [call.sources], rows: NO_SOURCES };
  if (facts === null)
    throw new Opaque('function-unknown', `Function ${oid} is unknown to the server.`, 'Run the statement again.');
  return callFacts(walker, facts, call, scope);
}
