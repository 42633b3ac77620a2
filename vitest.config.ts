import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * Two projects: `unit` is everything that runs from source, `package` installs the packed tarball and needs a build.
 * No test file shares a process with another, so one that loads nock cannot change the sockets of its neighbours.
 */
export default defineConfig({
  test: {
    // Vitest leaves one core to itself, which halves a machine with two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        // The examples import `unicharge/…` as users do; tsconfig.json says which source that is.
        resolve: { tsconfigPaths: true },
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/package.test.ts', 'test/package/**', '**/node_modules/**'],
          environment: 'node',
          pool: 'forks',
          // They end a test that hangs. A machine under load is no failure.
          testTimeout: 30_000,
          hookTimeout: 60_000,
          restoreMocks: true,
          unstubEnvs: true,
        },
      },
      {
        test: {
          name: 'package',
          include: ['test/package.test.ts'],
          environment: 'node',
          pool: 'forks',
          testTimeout: 180_000,
          hookTimeout: 240_000,
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/cli/main.ts'],
      reporter: ['text-summary', 'html'],
    },
  },
});
