import { describe, expect, it } from 'vitest';
import { justifiProvider } from '../../src/providers/justifi/index.js';
import { magpieProvider } from '../../src/providers/magpie/index.js';
import { omiseProvider } from '../../src/providers/omise/index.js';
import { pinProvider } from '../../src/providers/pin/index.js';
import { stripeProvider } from '../../src/providers/stripe/index.js';
import { optionPaths } from './option-echo.js';

/*
 * `options.test.ts` (for Stripe `echo.test.ts`) of each provider holds the simulator to every option of the schemas that it
 * names. This finds the schemas by the provider's own rows, so that an operation that gets options cannot be forgotten there.
 */

const providers = [stripeProvider, omiseProvider, magpieProvider, justifiProvider, pinProvider];

/** The operations whose options those tests hold. */
const held: Readonly<Record<string, readonly string[]>> = {
  stripe: ['capture', 'create', 'list', 'refund', 'update'],
  omise: ['create', 'list', 'refund', 'search'],
  magpie: ['create'],
  // Search reads the list, with the same options.
  justifi: ['create', 'list', 'refund', 'search'],
  pin: ['create'],
};

interface Row {
  readonly params?: { readonly shape?: Readonly<Record<string, unknown>> };
}

const rowsOf = (operations: object): [operation: string, row: Row][] =>
  Object.entries(operations as Readonly<Record<string, Row>>);

const withOptions = (operations: object): string[] =>
  rowsOf(operations)
    .filter(([, { params }]) => optionPaths(params?.shape?.['providerOptions']).length > 0)
    .map(([operation]) => operation)
    .toSorted();

describe.each(providers.map((spec): [string, object] => [spec.provider, spec.operations]))(
  'the options of %s',
  (provider, operations) => {
    it('are held at every operation that has some', () => {
      expect(withOptions(operations)).toEqual(held[provider]);
    });

    it('can be found wherever params are read', () => {
      const read = rowsOf(operations).flatMap(([, { params }]) =>
        params === undefined ? [] : [params.shape],
      );
      expect(read.length).toBeGreaterThan(2);
      expect(read).not.toContain(undefined);
    });
  },
);
