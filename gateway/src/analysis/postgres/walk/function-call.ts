/**
 * Functions, wherever they hide: behind calls, operators, casts, aggregates, windows. A function is a reviewed built-in,
 * one that came with a reviewed extension, a user function whose body is analysed, or one that the administrator
 * declared. Everything else is a refusal.
 */
import { columnKey } from '../../flows.ts';
import { DECLARED_RESULTS, FIRST_ASSIGNED_OID, FIRST_USER_OID, type FunctionFacts } from '../facts.ts';
import { type BuiltIn, builtInFunction } from '../functions/built-in.ts';
import { conditionHolds } from '../functions/conditions.ts';
import { extensionFunction } from '../functions/extensions.ts';
import { isAllowedSetting } from '../settings.ts';
import { booleanAt, constantBytes, nodesAt, numberAt } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { contentsOf, fixedTable, isTable } from './fixed-tables.ts';
import { walkFunctionBody } from './function-body.ts';
import { walkQueryText } from './function-query-text.ts';
import { fixedText } from './literals.ts';
import { rowsAround } from './stored-form.ts';
import { type FunctionCall, NO_SOURCES, Opaque, type Scope, type Sources, union, type Walker } from './walker.ts';

const DECLARE =
  'Ask the administrator to declare the function (`functions` in the configuration; `sluice admin functions` tells how), or do without it.';

export function callFunction(walker: Walker, oid: number, call: FunctionCall, scope: Scope): Sources {
  if (oid < FIRST_ASSIGNED_OID) {
    const { columns, rows } = callBuiltIn(walker, oid, call, scope);
    return union(...columns, rows);
  }
  const facts = walker.facts.function(oid);
  if (facts === undefined) return call.sources;
  if (facts === null)
    throw new Opaque('function-unknown', `Function ${oid} is unknown to the server.`, 'Run the statement again.');
  const result = callFacts(walker, facts, call, scope);
  return union(...result.columns, result.rows);
}

/** pg_typeof, pg_collation_for: known from the statement, whatever the argument is. */
const STATIC: ReadonlySet<number> = new Set([1619, 3162]);

function callBuiltIn(walker: Walker, oid: number, call: FunctionCall, scope: Scope | null, width = 1): Result {
  const known = builtInFunction(oid, walker.serverMajor);
  if (known === undefined)
    throw new Opaque(
      'function-unreviewed',
      `The built-in function with OID ${oid} has not been reviewed for PostgreSQL ${walker.serverMajor}.`,
      DECLARE,
    );
  const plain: Result = {
    columns: [union(call.sources, rowsAround(walker, oid, call.arguments, scope))],
    rows: NO_SOURCES,
  };
  switch (known.class) {
    case 'total':
      if (STATIC.has(oid)) return { columns: [NO_SOURCES], rows: NO_SOURCES };
      if (
        !(known.condition === null || (call.spread !== true && conditionHolds(walker, known.condition, call.arguments)))
      )
        walker.findings.fault(call.sources);
      return plain;
    case 'faultable':
      walker.findings.fault(call.sources);
      return plain;
    case 'effect':
      walker.findings.effect(known.name, call.sources);
      return plain;
    case 'setting':
      return { columns: [changeSetting(walker, known, call, scope)], rows: NO_SOURCES };
    case 'large-object':
      walker.findings.effect(known.name, call.sources);
      return readStored(walker, oid, call, { width, scope });
    case 'reads':
      return readStored(walker, oid, call, { width, scope });
    case 'query-text':
      return walkQueryText(walker, { oid, name: known.name }, call);
    case 'refused':
      return callDeclared(walker, known, call);
  }
}

/** Its labels are asked under the function's own OID (reading-functions.ts). */
function readStored(
  walker: Walker,
  oid: number,
  call: FunctionCall,
  { width, scope }: { readonly width: number; readonly scope: Scope | null },
): Result {
  walker.findings.fault(call.sources);
  const size = SIZES.has(oid) ? sizeOfOne(walker, call, scope) : null;
  if (size !== null) return { columns: [size], rows: NO_SOURCES };
  walker.facts.relation(oid);
  return {
    columns: Array.from({ length: width }, (_, index) => union(call.sources, new Set([columnKey(oid, index + 1)]))),
    rows: NO_SOURCES,
  };
}

/** pg_relation_size, pg_table_size, pg_indexes_size, pg_total_relation_size. */
const SIZES: ReadonlySet<number> = new Set([2325, 2332, 2997, 2998, 2286]);
const REGCLASS = 2205;

/** Of a table that the statement names: what is in its rows, and which rows they are. Null for anything else. */
function sizeOfOne(walker: Walker, call: FunctionCall, scope: Scope | null): Sources | null {
  const [relation] = call.arguments;
  const oid = fixedTable(scope, relation) ?? literalRelation(walker, relation);
  if (oid === null) return null;
  const isOne = isTable(walker, oid);
  if (isOne === undefined) return NO_SOURCES;
  return isOne ? union(call.sources, contentsOf(walker, oid)) : null;
}

function literalRelation(walker: Walker, relation: TreeNode | undefined): number | null {
  if (relation?.tag !== 'CONST' || numberAt(relation, 'consttype') !== REGCLASS) return null;
  walker.findings.readConstant = true;
  const bytes = constantBytes(relation);
  return bytes === null ? null : bytes.slice(0, 4).reduceRight((value, byte) => value * 256 + byte, 0);
}

/** A refused built-in may still be declared. */
function callDeclared(walker: Walker, known: BuiltIn, call: FunctionCall): Result {
  const facts = walker.facts.function(known.oid);
  if (facts === undefined) return { columns: [call.sources], rows: NO_SOURCES };
  const declared = facts === null ? null : declaredResult(walker, facts, call);
  if (declared === null)
    throw new Opaque('function-refused', `${known.name}() is not allowed: ${known.reason}.`, DECLARE);
  return declared;
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
  // An aggregate is what its functions are; each of them may be declared.
  if (facts.kind === 'a') return callAggregate(walker, facts, call, scope);
  const declared = declaredResult(walker, facts, call);
  if (declared !== null) return declared;
  // Helpers of information_schema; numbered by initdb, owned by the system. Some take whole rows of catalogs.
  if (facts.oid < FIRST_USER_OID && facts.schema === 'information_schema' && facts.bodyTree === null)
    return pure(walker, call);
  if (facts.language === 'c' || facts.language === 'internal') return callCompiled(walker, facts, call);
  if (facts.hasSupport)
    throw new Opaque(
      'function-support',
      `${facts.signature} has a planner support function, which runs while the statement is planned.`,
      DECLARE,
    );
  if (facts.language === 'sql' || facts.language === 'plpgsql') return walkFunctionBody(walker, facts, call, scope);
  throw new Opaque(
    'function-undeclared',
    `${facts.signature} is written in ${facts.language}, which is not analysed.`,
    DECLARE,
  );
}

function declaredResult(walker: Walker, facts: FunctionFacts, call: FunctionCall): Result | null {
  const declared = walker.declarations.function(facts);
  if (declared === undefined) return null;
  // Its result has a label of its own, asked under a relation that no server has.
  const result = DECLARED_RESULTS + facts.oid;
  walker.facts.relation(result);
  const everything = union(call.sources, new Set([...declared.reads, columnKey(result, 1)]));
  const given = union(call.sources, new Set(declared.reads));
  for (const { key, name } of declared.writes)
    walker.findings.writes.push({ target: key, targetName: name, sources: new Set(given) });
  if (declared.writes.length > 0) walker.findings.changesData = true;
  if (!declared.total) walker.findings.fault(given);
  return { columns: [everything], rows: everything };
}

/** Compiled code is known only when it is exactly what a reviewed extension came with. */
function callCompiled(walker: Walker, facts: FunctionFacts, call: FunctionCall): Result {
  const known = extensionFunction(facts);
  if (known === undefined || known.class === 'refused') {
    const { extension } = facts;
    const owner = extension === null ? '' : ` of the extension ${extension.name} ${extension.version}`;
    throw new Opaque(
      extension === null ? 'function-undeclared' : 'function-extension',
      known === undefined
        ? `${facts.signature}${owner} has not been reviewed.`
        : `${facts.signature}${owner} is not allowed: ${known.reason}.`,
      DECLARE,
    );
  }
  if (known.class === 'query-text') return walkQueryText(walker, facts, call);
  return known.class === 'total' ? { columns: [call.sources], rows: NO_SOURCES } : pure(walker, call);
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
    oid < FIRST_ASSIGNED_OID ? callBuiltIn(walker, oid, call, null, columnCount) : userTable(walker, oid, call, scope);
  const everything = union(...result.columns);
  const columns =
    result.columns.length === columnCount ? result.columns : Array.from({ length: columnCount }, () => everything);
  return { columns, rows: set ? union(result.rows, call.sources) : NO_SOURCES };
}

function userTable(walker: Walker, oid: number, call: FunctionCall, scope: Scope): Result {
  const facts = walker.facts.function(oid);
  if (facts === undefined) return { columns: [call.sources], rows: NO_SOURCES };
  if (facts === null)
    throw new Opaque('function-unknown', `Function ${oid} is unknown to the server.`, 'Run the statement again.');
  return callFacts(walker, facts, call, scope);
}
