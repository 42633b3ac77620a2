import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that change what others of the same process would see (nock and mocked modules), or that start browsers, databases
 * and processes: each has a process of its own.
 */
const isolated = [
  'test/bench/**/*.test.ts',
  'test/browser/**/*.test.ts',
  'test/cli/**/*.test.ts',
  'test/docs/**/*.test.ts',
  'test/providers/**/*.test.ts',
  'test/queues/**/*.test.ts',
  'test/transport/**/*.test.ts',
  'test/calls/mocking.test.ts',
  'test/examples.test.ts',
  'test/webhooks/unsigned.test.ts',
];

const notFromSource = ['test/package.test.ts', 'test/package/**', '**/node_modules/**'];

const unit = {
  environment: 'node',
  pool: 'forks',
  // They end a test that hangs. A machine under load is no failure.
  testTimeout: 30_000,
  hookTimeout: 60_000,
  restoreMocks: true,
  unstubEnvs: true,
} as const;

/** These install packages or wait for leases of real processes: at the end of a run, the other core would wait for them. */
const longest = /\/test\/(?:package\.test|bench\/(?:route-)?faults|queues\/)/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => longest.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/**
 * Three projects: `unit` and `unit-isolated` run from source, `package` installs the packed tarball and needs a build. The
 * files of `unit` share a process, which halves their time: loading the library costs more than most of them.
 */
export default defineConfig({
  test: {
    // Vitest leaves one core to itself, which halves a machine with two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        // The examples import `unicharge/…` as users do; tsconfig.json says which source that is.
        resolve: { tsconfigPaths: true },
        test: {
          ...unit,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...isolated, ...notFromSource],
          isolate: false,
        },
      },
      {
        resolve: { tsconfigPaths: true },
        test: { ...unit, name: 'unit-isolated', include: isolated, exclude: notFromSource },
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
