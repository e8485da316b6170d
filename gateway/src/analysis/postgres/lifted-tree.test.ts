import { describe, expect, it } from 'vitest';
import { constantTypes, isBlindToText, isLiftedTree } from './lifted-tree.ts';

const constant = (at: number, { type = 23, typmod = -1, collation = 0 } = {}): string =>
  `{CONST :consttype ${type} :consttypmod ${typmod} :constcollid ${collation} :constlen 4 :constbyval true :constisnull false :location ${at} :constvalue 4 [ 7 0 0 0 0 0 0 0 ]}`;
const parameter = (number: number, { type = 23, collation = 0 } = {}): string =>
  `{PARAM :paramkind 0 :paramid ${number} :paramtype ${type} :paramtypmod -1 :paramcollid ${collation} :location 99}`;
const operation = (left: string, right: string): string =>
  `{OPEXPR :opno 96 :opfuncid 65 :opresulttype 16 :args (${left} ${right}) :location 9}`;

describe('trees of a statement with its literals as parameters', () => {
  it('are alike when parameters of the same types stand where the literals stood', () => {
    const tree = operation(constant(9), constant(14, { type: 25, collation: 100 }));
    const lifted = operation(parameter(1), parameter(2, { type: 25, collation: 100 }));
    expect(isLiftedTree(tree, lifted, [9, 14])).toBe(true);
    expect(isLiftedTree(tree.replace(' :constisnull', '\n:constisnull'), lifted, [9, 14])).toBe(true);
  });

  it.each([
    ['an operator became another', operation(parameter(1), parameter(2)).replace(':opno 96', ':opno 97')],
    ['a parameter has another type', operation(parameter(1), parameter(2, { type: 20 }))],
    ['parameters changed places', operation(parameter(2), parameter(1))],
    ['a literal is still there', operation(parameter(1), constant(14))],
    ['a cast came in', operation(parameter(1), `{FUNCEXPR :funcid 313 :args (${parameter(2)})}`)],
  ])('differ when %s', (_name, lifted) => {
    expect(isLiftedTree(operation(constant(9), constant(14)), lifted, [9, 14])).toBe(false);
  });

  it('tell the types of literals by their places', () => {
    expect(constantTypes(operation(constant(9), constant(14, { type: 25 })))).toEqual(
      new Map([
        [9, 23],
        [14, 25],
      ]),
    );
  });

  it('leave out a literal with a type modifier, and one that became two types', () => {
    expect(constantTypes(operation(constant(9, { typmod: 8 }), constant(14))).has(9)).toBe(false);
    expect(constantTypes(operation(constant(9), constant(9, { type: 20 }))).size).toBe(0);
  });

  it.each([
    ['a catalog', '{RANGETBLENTRY :rtekind 0 :relid 1259 }', false],
    ['a table of users', '{RANGETBLENTRY :rtekind 0 :relid 16385 }', true],
    ['a built-in function', '{FUNCEXPR :funcid 870 }', true],
    ['current_query()', '{FUNCEXPR :funcid 817 }', false],
    ['a function of users', '{FUNCEXPR :funcid 16400 }', false],
    ['an operator of users', '{OPEXPR :opno 16401 :opfuncid 16400 }', false],
    ['an aggregate of users', '{AGGREF :aggfnoid 16400 }', false],
    ['a domain', '{COERCETODOMAIN :arg 1 }', false],
  ])('say whether %s could notice the text', (_name, tree, isBlind) => {
    expect(isBlindToText(tree)).toBe(isBlind);
  });
});
