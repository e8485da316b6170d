import { SluiceError } from '@sluice/contract/errors';
import { describe, expect, it } from 'vitest';
import { assertDistinct, childEnvironment, passFileText, serviceFileText, variableName } from './child-environment.ts';

const ORDERS = {
  resource: 'orders-db',
  settings: { host: '/run/s/t-1', port: 5432, database: 'orders', user: 'orders-db.s1', password: 'secret-1' },
};
const REPORTS = {
  resource: 'reports',
  settings: { host: '127.0.0.1', port: 15432, database: 'reports', user: 'reports.s2', password: 'se:cr\\et' },
};
const FILES = { passFile: '/run/s/t-3/pgpass', serviceFile: '/run/s/t-3/pg_service.conf' };

describe('the environment of a command', () => {
  it('has the first resource under the usual names, and each under its own', () => {
    expect(childEnvironment([ORDERS, REPORTS], FILES, 'environment')).toMatchObject({
      PGHOST: '/run/s/t-1',
      PGPASSWORD: 'secret-1',
      PGSERVICEFILE: '/run/s/t-3/pg_service.conf',
      DATABASE_URL: 'postgresql://orders-db.s1:secret-1@/orders?host=%2Frun%2Fs%2Ft-1&port=5432',
      ORDERS_DB_PGHOST: '/run/s/t-1',
      ORDERS_DB_PGPASSWORD: 'secret-1',
      REPORTS_PGHOST: '127.0.0.1',
      REPORTS_PGPORT: '15432',
      REPORTS_PGPASSWORD: 'se:cr\\et',
      DATABASE_URL_REPORTS: 'postgresql://reports.s2:se%3Acr%5Cet@127.0.0.1:15432/reports?sslmode=disable',
    });
  });

  it('has no secret at all when secrets belong into files', () => {
    const environment = childEnvironment([ORDERS, REPORTS], FILES, 'file');
    expect(environment).toMatchObject({ PGPASSFILE: '/run/s/t-3/pgpass' });
    expect(Object.values(environment).join()).not.toMatch(/secret-1|se:cr|se%3A/);
  });

  it.each([
    ['orders-db', 'ORDERS_DB'],
    ['2024.orders', '_2024_ORDERS'],
    ['größe', 'GR_SSE'],
  ])('%s becomes %s', (resource, variable) => {
    expect(variableName(resource)).toBe(variable);
  });

  it('two resources of one name are refused before anything is opened', () => {
    expect(() => assertDistinct(['orders-db', 'orders.db'])).toThrow(SluiceError);
    expect(() => assertDistinct(['orders-db', 'orders-db'])).toThrow('orders-db is named twice');
    expect(() => assertDistinct(['orders-db', 'orders'])).not.toThrow();
  });
});

it('the password file has a line for each, escaped', () => {
  expect(passFileText([ORDERS, REPORTS])).toBe('*:5432:*:orders-db.s1:secret-1\n*:15432:*:reports.s2:se\\:cr\\\\et\n');
});

it('the service file names each', () => {
  expect(serviceFileText([ORDERS])).toBe(
    '[orders-db]\nhost=/run/s/t-1\nport=5432\nuser=orders-db.s1\ndbname=orders\npassword=secret-1\nsslmode=disable\n',
  );
});
