/**
 * Settings that a client may change. Everything else is refused: settings silence the oracle (`client_min_messages`,
 * `debug_print_*`, `log_*`), change how text is read (`standard_conforming_strings`, `client_encoding`), or lend
 * rights (`role`, `session_authorization`, `row_security`, `session_replication_role`).
 */
const ALLOWED: ReadonlySet<string> = new Set([
  // How values look; the gateway masks by type, not by text.
  'datestyle',
  'intervalstyle',
  'timezone',
  'time zone',
  'extra_float_digits',
  'bytea_output',
  'xmlbinary',
  'xmloption',
  'lc_monetary',
  'lc_numeric',
  'lc_time',
  // Names: the server's tree makes search_path harmless.
  'search_path',
  'application_name',
  // Time limits.
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'transaction_timeout',
  'client_connection_check_interval',
  'tcp_keepalives_count',
  'tcp_keepalives_idle',
  'tcp_keepalives_interval',
  'tcp_user_timeout',
  // What random() gives next.
  'seed',
  // Transactions.
  'transaction_isolation',
  'transaction_read_only',
  'transaction_deferrable',
  'default_transaction_isolation',
  'default_transaction_read_only',
  'default_transaction_deferrable',
  'synchronous_commit',
  // Planning and memory: change speed, not meaning.
  'plan_cache_mode',
  'work_mem',
  'maintenance_work_mem',
  'temp_buffers',
  'hash_mem_multiplier',
  'random_page_cost',
  'seq_page_cost',
  'cpu_tuple_cost',
  'cpu_index_tuple_cost',
  'cpu_operator_cost',
  'effective_cache_size',
  'effective_io_concurrency',
  'maintenance_io_concurrency',
  'vacuum_cost_delay',
  'vacuum_cost_limit',
  'jit',
  'jit_above_cost',
  'jit_inline_above_cost',
  'jit_optimize_above_cost',
  'from_collapse_limit',
  'join_collapse_limit',
  'geqo',
  'geqo_threshold',
  'geqo_effort',
  'geqo_generations',
  'geqo_pool_size',
  'geqo_seed',
  'geqo_selection_bias',
  'cursor_tuple_fraction',
  'default_statistics_target',
  'constraint_exclusion',
  'enable_async_append',
  'enable_bitmapscan',
  'enable_gathermerge',
  'enable_hashagg',
  'enable_hashjoin',
  'enable_incremental_sort',
  'enable_indexonlyscan',
  'enable_indexscan',
  'enable_material',
  'enable_memoize',
  'enable_mergejoin',
  'enable_nestloop',
  'enable_parallel_append',
  'enable_parallel_hash',
  'enable_partition_pruning',
  'enable_partitionwise_aggregate',
  'enable_partitionwise_join',
  'enable_presorted_aggregate',
  'enable_seqscan',
  'enable_sort',
  'enable_tidscan',
  'enable_distinct_reordering',
  'enable_group_by_reordering',
  'enable_self_join_elimination',
  'max_parallel_workers_per_gather',
  'max_parallel_workers',
  'max_parallel_maintenance_workers',
  'min_parallel_index_scan_size',
  'min_parallel_table_scan_size',
  'recursive_worktable_factor',
  'parallel_setup_cost',
  'parallel_tuple_cost',
  'parallel_leader_participation',
  'quote_all_identifiers',
  'default_text_search_config',
  'gin_fuzzy_search_limit',
  'check_function_bodies',
  'default_table_access_method',
  'default_tablespace',
  'temp_tablespaces',
  'default_toast_compression',
  'array_nulls',
  'transform_null_equals',
  // The gateway's own: says in NOTICEs what was decided, and why.
  'sluice.explain',
  'sluice.reason',
  // Only ever takes relations away.
  'restrict_nonsystem_relation_kind',
]);

/** Settings whose one harmless value drivers like to send. */
const ALLOWED_VALUES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['standard_conforming_strings', new Set(['on', 'true', '1', 'yes'])],
  ['client_encoding', new Set(['utf8', 'utf-8', 'unicode'])],
  ['names', new Set(['utf8', 'utf-8', 'unicode'])],
  ['backslash_quote', new Set(['safe_encoding'])],
  // Off makes row security an error instead of a filter: nothing more is seen. pg_dump sets it.
  ['row_security', new Set(['on', 'true', '1', 'yes', 'off', 'false', '0', 'no'])],
  ['session_replication_role', new Set(['origin'])],
  ['escape_string_warning', new Set(['on', 'off', 'true', 'false'])],
  ['synchronize_seqscans', new Set(['off', 'on', 'true', 'false'])],
]);

/** May the setting `name` take any value that the server accepts? Names in lower case. */
export function isAllowedSetting(name: string): boolean {
  return ALLOWED.has(name) || isApplicationSetting(name);
}

/**
 * Settings with a dot are the applications' own (`app.tenant`): the server only keeps them. Those of its modules are not:
 * they change how bodies of functions are read, what is logged, or what is hidden.
 */
function isApplicationSetting(name: string): boolean {
  const [module = '', ...rest] = name.split('.');
  return rest.length > 0 && [module, ...rest].every((part) => NAME_PART.test(part)) && !MODULES.has(module);
}

const NAME_PART = /^[a-z_][a-z0-9_$]*$/;
const MODULES: ReadonlySet<string> = new Set([
  'anon',
  'auth_delay',
  'auto_explain',
  'basebackup_to_shell',
  'basic_archive',
  'citus',
  'credcheck',
  'cron',
  'hypopg',
  'isn',
  'ltree',
  'pg_hint_plan',
  'pg_prewarm',
  'pg_stat_kcache',
  'pg_stat_statements',
  'pg_trgm',
  'pgaudit',
  'pgcrypto',
  'pgsodium',
  'pgtle',
  'pljava',
  'plperl',
  'plpgsql',
  'plpgsql_check',
  'plpython',
  'plpython3',
  'plr',
  'plrust',
  'pltcl',
  'pltclu',
  'plv8',
  'postgis',
  'postgres_fdw',
  'sepgsql',
  'set_user',
  'sluice',
  'supautils',
  'timescaledb',
  'vault',
]);

/** May it take exactly this value? Covers what `isAllowedSetting` does not. */
export function isAllowedSettingValue(name: string, value: string): boolean {
  return ALLOWED_VALUES.get(name)?.has(value.toLowerCase()) === true;
}

/**
 * Settings that stay as the gateway made them, whoever asks: they silence the oracle or change how text is read. Names in lower case; what ends in `_` stands for all names that begin with it.
 */
const GUARDED: readonly string[] = [
  'debug_print_',
  'debug_pretty_print',
  'client_min_messages',
  'client_encoding',
  'names',
  'standard_conforming_strings',
  'backslash_quote',
  'log_',
  'session_preload_libraries',
  'local_preload_libraries',
  'dynamic_library_path',
];

/** May it be changed by nobody, trusted or not, to a value that is not allowed to everybody? */
export function isGuardedSetting(name: string): boolean {
  return GUARDED.some((guarded) => (guarded.endsWith('_') ? name.startsWith(guarded) : name === guarded));
}
