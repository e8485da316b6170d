import { defineConfig } from 'vitest/config';

/** Tests wait for what they started, not for a clock; the bound only ends a hang, on a busy machine too. */
const SERVERS_MS = 120_000;
const POLLED = { expect: { poll: { timeout: 60_000 } } };

const IN_PACKAGES = '{gateway/contract,gateway,agent-tunnel}/src/**';

/** One project for each kind of test; `npm run verify` runs them in this order. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...POLLED,
          name: 'unit',
          include: [
            `${IN_PACKAGES}/*.test.ts`,
            'test/architecture/**/*.test.ts',
            'test/{docs,bench,launcher,matrix,verify}/**/*.test.ts',
          ],
          exclude: ['**/*.{integration,property}.test.ts', '**/node_modules/**'],
          testTimeout: SERVERS_MS,
          hookTimeout: SERVERS_MS,
        },
      },
      {
        test: {
          ...POLLED,
          name: 'integration',
          include: [`${IN_PACKAGES}/*.integration.test.ts`, 'test/{harness,integration}/**/*.test.ts'],
          testTimeout: SERVERS_MS,
          hookTimeout: SERVERS_MS,
        },
      },
      {
        test: {
          ...POLLED,
          name: 'security',
          include: ['test/security/**/*.test.ts'],
          testTimeout: SERVERS_MS,
          hookTimeout: SERVERS_MS,
        },
      },
      {
        test: {
          ...POLLED,
          name: 'property',
          include: [`${IN_PACKAGES}/*.property.test.ts`, 'test/{property,fuzz}/**/*.test.ts'],
          testTimeout: SERVERS_MS,
        },
      },
      {
        test: {
          ...POLLED,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 2 * SERVERS_MS,
          hookTimeout: 2 * SERVERS_MS,
        },
      },
      {
        test: {
          ...POLLED,
          name: 'drivers',
          include: ['test/{drivers,transparency}/**/*.test.ts'],
          testTimeout: 2 * SERVERS_MS,
          hookTimeout: 2 * SERVERS_MS,
        },
      },
    ],
  },
});
