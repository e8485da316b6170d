/**
 * Functions in C of extensions that PostgreSQL ships. An extension is listed when all its functions are pure;
 * the exceptions run queries, read files or pages, or reach other servers.
 */
export const PURE_EXTENSION_NAMES: readonly string[] = [
  'btree_gin',
  'btree_gist',
  'citext',
  'cube',
  'earthdistance',
  'fuzzystrmatch',
  'hstore',
  'intarray',
  'isn',
  'ltree',
  'pg_trgm',
  'pgcrypto',
  'seg',
  'tsm_system_rows',
  'tsm_system_time',
  'unaccent',
  'uuid-ossp',
];
const PURE_EXTENSIONS: ReadonlySet<string> = new Set(PURE_EXTENSION_NAMES);

/** `set_limit` of pg_trgm stores a value in the session. */
const EXCEPTIONS: ReadonlySet<string> = new Set(['pg_trgm.set_limit', 'tablefunc.crosstab', 'tablefunc.connectby']);

export function isReviewedExtensionFunction(extension: string, name: string): boolean {
  if (extension === 'tablefunc') return name === 'normal_rand';
  return PURE_EXTENSIONS.has(extension) && !EXCEPTIONS.has(`${extension}.${name}`);
}
