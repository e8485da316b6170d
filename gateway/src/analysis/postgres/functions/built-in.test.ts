import { describe, expect, it } from 'vitest';
import { NEWEST_SERVER, OLDEST_SERVER } from '../analyse.ts';
import { FIRST_ASSIGNED_OID } from '../facts.ts';
import { BUILT_INS, builtInClasses, builtInFunction, builtInFunctionsOf } from './built-in.ts';

describe('the reviewed built-in functions', () => {
  it('are listed once for each version, by an OID that every server shares', () => {
    for (let major = OLDEST_SERVER; major <= NEWEST_SERVER; major++) {
      const oids = BUILT_INS.filter((one) => one.firstMajor <= major && one.lastMajor >= major).map(({ oid }) => oid);
      expect(new Set(oids).size).toBe(oids.length);
      expect(oids.every((oid) => Number.isInteger(oid) && oid > 0 && oid < FIRST_ASSIGNED_OID)).toBe(true);
      expect(oids.length).toBeGreaterThan(3_000);
    }
  });

  it('have a reason each, and none waits for a review', () => {
    expect(BUILT_INS.filter((one) => one.reason.length < 10 || one.reason.includes('not reviewed'))).toEqual([]);
  });

  it('an OID that means other functions in other versions is judged by the version', () => {
    expect(builtInFunction(3813, 14)).toMatchObject({ name: 'pg_is_in_backup' });
    expect(builtInFunction(3813, 15)).toBeUndefined();
    expect(builtInFunction(3813, 17)).toMatchObject({ name: 'xmltext' });
  });

  it('a function of a later version is unknown to an earlier one', () => {
    expect(builtInFunction(6428, 17)).toBeUndefined();
    expect(builtInFunction(6428, 18)).toMatchObject({ name: 'uuidv4', class: 'faultable' });
  });

  it.each([
    'cursor_to_xml',
    'table_to_xml',
    'database_to_xml',
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

  it.each(['query_to_xml', 'query_to_xmlschema', 'ts_stat'])('%s runs a query given as text', (name) => {
    expect(builtInClasses(name)).toEqual(['query-text']);
  });

  it.each(['lo_get', 'loread'])('%s reads large objects', (name) => {
    expect(builtInClasses(name)).toEqual(['large-object']);
  });

  it('a function that nobody reviewed is unknown', () => {
    expect(builtInFunction(1)).toBeUndefined();
    expect(builtInClasses('no_such_function')).toEqual([]);
  });

  it('text can be changed and compared without raising, numbers added where they are known to be small', () => {
    expect(builtInFunction(870)).toMatchObject({ name: 'lower', class: 'total' });
    expect(builtInFunction(67)).toMatchObject({ name: 'texteq', class: 'total' });
    expect(builtInFunction(177)).toMatchObject({ name: 'int4pl', class: 'total', condition: { is: 'numbers' } });
    expect(builtInFunction(1368)).toMatchObject({ name: 'power', class: 'faultable' });
    expect(builtInFunctionsOf('setting')).toEqual(['set_config']);
  });
});
