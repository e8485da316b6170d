import { describe, expect, it } from 'vitest';
import { FIRST_ASSIGNED_OID } from '../facts.ts';
import { builtInClasses, builtInFunction, builtInFunctionsOf } from './built-in.ts';
import { BUILT_IN_GROUPS } from './built-in-list.ts';

describe('the reviewed built-in functions', () => {
  it('are listed once each, by an OID that every server shares', () => {
    const oids = BUILT_IN_GROUPS.flatMap((group) =>
      group.functions.split(',').map((pair) => Number(pair.trim().split(' ')[0])),
    );
    expect(new Set(oids).size).toBe(oids.length);
    expect(oids.every((oid) => Number.isInteger(oid) && oid > 0 && oid < FIRST_ASSIGNED_OID)).toBe(true);
  });

  it.each([
    'query_to_xml',
    'cursor_to_xml',
    'table_to_xml',
    'database_to_xml',
    'ts_stat',
    'pg_read_file',
    'pg_read_binary_file',
    'pg_ls_dir',
    'pg_stat_file',
    'lo_import',
    'lo_export',
    'pg_terminate_backend',
    'pg_logical_slot_get_changes',
    'pg_logical_emit_message',
    'pg_replication_origin_create',
    'pg_backup_start',
  ])('%s is refused', (name) => {
    expect(builtInClasses(name)).toEqual(['refused']);
  });

  it.each([
    'nextval',
    'setval',
    'pg_notify',
    'pg_advisory_lock',
    'lo_from_bytea',
    'lowrite',
    'pg_export_snapshot',
    'pg_sleep',
  ])('%s carries its arguments out of the tables', (name) => {
    expect(builtInClasses(name)).toEqual(['effect']);
  });

  it.each([
    'int4in',
    'record_in',
    'pg_stop_making_pinned_objects',
    'binary_upgrade_set_next_pg_type_oid',
    'pg_control_system',
  ])('%s may not be called', (name) => {
    expect(builtInClasses(name).filter((one) => one !== 'refused')).toEqual([]);
  });

  it('a function that nobody reviewed is unknown', () => {
    expect(builtInFunction(1)).toBeUndefined();
    expect(builtInClasses('no_such_function')).toEqual([]);
  });

  it('text can be changed and compared without raising, numbers cannot be added', () => {
    expect(builtInFunction(870)).toMatchObject({ name: 'lower', class: 'total' });
    expect(builtInFunction(67)).toMatchObject({ name: 'texteq', class: 'total' });
    expect(builtInFunction(177)).toMatchObject({ name: 'int4pl', class: 'faultable' });
    expect(builtInFunctionsOf('setting')).toEqual(['set_config']);
  });
});
