import { checkFunction, checkNumber, checkObject } from '../simulator/check-values.js';
import { checkMembers } from '../simulator/nearest-name.js';
import { checkTest } from './conformance/check-options.js';
import { beginAndClaimRules } from './store-suite/begin-and-claim.js';
import { openBench, type StoreSuiteOptions } from './store-suite/bench.js';
import { listRules, refundRules } from './store-suite/refunds-and-lists.js';
import { sendingRules } from './store-suite/sending.js';

export type { StoreSuiteOptions } from './store-suite/bench.js';

/** The `test` or `it` of a runner: vitest, jest, mocha, node:test. */
export type TestFunction = (name: string, run: () => Promise<void>) => unknown;

const checkSuiteOptions = (options: StoreSuiteOptions): void => {
  checkObject('The options of testOperationStore', options, '{ createStore: () => myStore() }');
  checkMembers('testOperationStore', options, ['createStore', 'advance', 'leaseMs']);
  const { createStore, advance, leaseMs } = options as unknown as Readonly<Record<string, unknown>>;
  checkFunction("The 'createStore' of testOperationStore", createStore);
  if (advance !== undefined) checkFunction("The 'advance' of testOperationStore", advance);
  if (leaseMs !== undefined) checkNumber("The 'leaseMs' of testOperationStore", leaseMs, 1);
};

/**
 * Registers one test for each rule of the `OperationStore` interface, with the caller's own `test`: for whoever writes a
 * store. Every test works in a fresh scope, so the store may hold other records and the tests may run at the same time.
 *
 * @example
 * import { describe, it } from 'vitest';
 * import { testOperationStore } from 'unicharge/testing';
 *
 * describe('my store', () => {
 *   testOperationStore(it, { createStore: () => myStore(connection) });
 * });
 */
export const testOperationStore = (test: TestFunction, options: StoreSuiteOptions): void => {
  checkTest('testOperationStore', test);
  checkSuiteOptions(options);
  const rules = { ...beginAndClaimRules, ...sendingRules, ...refundRules, ...listRules };
  for (const [name, rule] of Object.entries(rules)) {
    test(name, async () => rule(await openBench(options)));
  }
};
