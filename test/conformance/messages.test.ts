import { AssertionError } from 'node:assert/strict';
import { describe, expect, it } from 'vitest';
import { acmeMutants } from '../../bench/kit-mutants/acme-mutants.js';
import { acmeSubject } from '../../bench/kit-mutants/subject.js';
import { ConflictError } from '../../src/index.js';
import { createFakeClient, testChargesClient, type ConformanceOptions } from '../../src/testing/index.js';

/** What the case says that begins so, or null where it passes. */
const failureOf = async (options: ConformanceOptions, name: string): Promise<unknown> => {
  const cases: { name: string; run: () => Promise<void> }[] = [];
  testChargesClient((each, run) => cases.push({ name: each, run }), options);
  const found = cases.filter((each) => each.name.startsWith(name));
  expect(found).toHaveLength(1);
  return found[0]?.run().then(
    () => null,
    (error: unknown) => error,
  );
};

describe('a case that fails', () => {
  it('says where in the adapter to look, in the message and in the stack', async () => {
    const planted = acmeMutants.find(({ name }) => name === 'create loses the stamp');
    const options = acmeSubject.open(planted?.change?.(acmeSubject.spec) ?? acmeSubject.spec);
    const failure = await failureOf(options, 'idempotency: the key is kept with the charge');
    expect(failure).toBeInstanceOf(AssertionError);
    const { message, stack } = failure as AssertionError;
    expect(message).toMatch(/^Expected values to be strictly equal:/);
    expect(message).toMatch(
      /\n\nLook at 'json' of the row 'create', which has to send the 'metadata' .+\)\.$/,
    );
    expect(stack).toContain(message);
    expect(stack).toContain('idempotency.ts');
  });

  it('says so, too, where an error of the client comes through', async () => {
    const capture = () =>
      Promise.reject(new ConflictError({ message: 'The intent is succeeded.', outcome: 'rejected' }));
    const failure = await failureOf(
      {
        createClient: (overrides) => ({ ...createFakeClient(overrides), capture }),
        sources: { approved: () => 'approved' },
        currency: 'EUR',
      },
      'lifecycle: capture takes everything',
    );
    expect(failure).toBeInstanceOf(ConflictError);
    expect((failure as Error).message).toBe(
      "The intent is succeeded.\n\nThis ConflictError came out of a call that had to succeed. Look at the row 'capture', and 'captured' of makeCharge.",
    );
  });

  it('that passes says nothing', async () => {
    const options = acmeSubject.open(acmeSubject.spec);
    expect(await failureOf(options, 'idempotency: the key is kept with the charge')).toBeNull();
  });

  it.each([
    [
      'ledger',
      { ledger: () => Promise.resolve([]) as never },
      'lifecycle: an approved charge is captured',
      "'ledger' of testChargesClient must return a list at once, not a promise: make it before the tests are registered",
    ],
    [
      'requests',
      { requests: () => Promise.resolve([]) as never },
      'capabilities: onEvent hears',
      "'requests' of testChargesClient must return a list at once, not a promise: make it before the tests are registered",
    ],
    [
      'source',
      { sources: { approved: () => Promise.resolve('approved') as never } },
      'lifecycle: an approved charge is captured',
      "'sources.approved' of testChargesClient must return a source at once, not a promise: make it before the tests are registered",
    ],
  ] as const)(
    'because a %s is a promise says that, and blames no adapter',
    async (_, change, name, message) => {
      const options = {
        createClient: createFakeClient,
        sources: { approved: () => 'approved' },
        currency: 'EUR',
        ...change,
      };
      const failure = await failureOf(options, name);
      expect(failure).toBeInstanceOf(TypeError);
      expect((failure as Error).message).toBe(message);
    },
  );
});
