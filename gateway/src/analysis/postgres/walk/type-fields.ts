/** Fields in which an expression node of primnodes.h names the type of its result; a node has one of them at most. */
export const TYPE_FIELDS = [
  'vartype',
  'consttype',
  'paramtype',
  'funcresulttype',
  'opresulttype',
  'resulttype',
  'casetype',
  'coalescetype',
  'minmaxtype',
  'array_typeid',
  'aggtype',
  'wintype',
] as const;
