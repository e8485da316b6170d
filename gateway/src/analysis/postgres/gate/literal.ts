/** Literals in the grammar's terms. */
import { type Ast, isAst, listOf, unwrap } from './ast.ts';

/** A literal, or one cast to a type by a name (whose input function runs on the literal alone). */
export function isLiteral(node: Ast): boolean {
  const { tag, body } = unwrap(node);
  if (tag === 'A_Const') return true;
  if (tag === 'TypeCast') return isAst(body['arg']) && isLiteral(body['arg']);
  if (tag === 'A_ArrayExpr') return listOf(body, 'elements').every(isLiteral);
  return false;
}
