import { ok, strictEqual } from 'node:assert/strict';
import { ChargesError, IdempotencyConflictError } from '../../errors.js';
import { gains } from './idempotency.js';
import { rejection, type Bench, type ConformanceCase } from './bench.js';

/** The same order with another token, as a checkout sends it when the payer tries again. */
const changedParams = (bench: Bench, params: ReturnType<Bench['params']>) => ({
  ...params,
  source: bench.options.sources.approved(),
  metadata: { try: '2' },
});

/** Insists that nobody is told that nothing was sent with a key that has charged, or may have. */
const neverDenied = async (work: () => Promise<{ readonly id: string }>, id: string | null) => {
  try {
    const charge = await work();
    if (id !== null) strictEqual(charge.id, id, 'one key has one charge');
  } catch (error) {
    ok(error instanceof ChargesError, 'an untyped error came out');
    strictEqual(error.outcome, 'unknown', `the key has charged, but ${error.name} says otherwise`);
    if (id !== null && error.chargeId !== null) strictEqual(error.chargeId, id);
  }
};

/** A key that comes again with something else in it: its outcome is that of the key. */
export const reusedKeys: readonly ConformanceCase[] = [
  {
    name: 'a key that has charged is told with its charge when it comes again with another token',
    lookAt:
      "the stamp in 'json' of the row 'create', and the row 'list', which has to show the charge with its metadata",
    needs: ['create'],
    run: async (bench) => {
      const params = bench.params();
      const options = { idempotencyKey: bench.key() };
      await gains(bench, 1, async () => {
        const { id } = await bench.client.create(params, options);
        const changed = changedParams(bench, params);
        const error = await rejection(
          () => bench.client.create(changed, options),
          IdempotencyConflictError,
          'unknown',
        );
        strictEqual(error.chargeId, id, 'the charge that the key made has to be named');
        await neverDenied(() => bench.another().client.create(changed, options), id);
      });
    },
  },
  {
    name: 'a key whose answer was lost is never said to be unsent when it comes again with another token',
    lookAt: "the stamp in 'json' of the row 'create', and 'refusals' of failureOf",
    needs: ['create'],
    applies: ({ options }) => options.faults !== undefined,
    run: async (bench) => {
      const params = bench.params();
      const options = { idempotencyKey: bench.key() };
      await gains(bench, 1, async () => {
        const { client } = bench.another({ maxRetries: 0 });
        bench.options.faults?.inject({ operation: 'create', fault: 'cut_after_commit' });
        await rejection(() => client.create(params, options), ChargesError, 'unknown');
        const changed = changedParams(bench, params);
        const error = await rejection(
          () => client.create(changed, options),
          IdempotencyConflictError,
          'unknown',
        );
        ok(error.unresolved !== null, 'reconcile needs what the error carries of the open write');
        await neverDenied(() => bench.another().client.create(changed, options), null);
      });
    },
  },
];
