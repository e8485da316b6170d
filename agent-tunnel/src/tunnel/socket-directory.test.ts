import { expect, it } from 'vitest';
import { canBeginPostgres } from './first-byte.ts';
import { postgresSocketPath } from './socket-directory.ts';

it('a socket path at the bound is taken, one byte more is refused with a remedy', () => {
  const bound = 103 - '/.s.PGSQL.5432'.length;
  expect(postgresSocketPath(`/${'x'.repeat(bound - 1)}`, 5432)).toHaveLength(103);
  expect(() => postgresSocketPath(`/${'x'.repeat(bound)}`, 5432)).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', remedy: expect.stringContaining('SLUICE_RUNTIME_DIR') }),
  );
});

it('no letter, digit or line break can begin the PostgreSQL protocol', () => {
  const accepted = Array.from({ length: 256 }, (_, byte) => byte).filter(canBeginPostgres);
  expect(accepted).toEqual([0x00]);
});
