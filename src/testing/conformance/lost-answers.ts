import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { ChargesError } from '../../errors.js';
import type { FaultType } from '../../simulator/faults.js';
import { gains, isWrite } from './idempotency.js';
import { rejection, usualAmount, type Bench, type ConformanceCase, type Facts } from './bench.js';

const withFaults = ({ options }: Facts): boolean => options.faults !== undefined;

/** Faults after which a write has happened though nobody was told. */
const losses: readonly FaultType[] = [
  'cut_after_commit',
  'half_answer',
  'malformed_json',
  'empty_body',
  'bad_gateway_after_commit',
];

/** A write whose answer is lost: the error of the call, which must leave the outcome open. */
const losing = async (bench: Bench, operation: string, fault: FaultType, work: () => unknown) => {
  bench.options.faults?.inject({ operation, fault });
  const what = `'faults' had to meet the request '${operation}' with ${fault}`;
  const error = await rejection(work, ChargesError, 'unknown', what);
  ok(error.idempotencyKey !== null, 'the key is needed to find out');
  return error;
};

/** What becomes of a write whose answer never came. */
export const lostAnswers: readonly ConformanceCase[] = [
  {
    name: 'a create whose answer is lost is found or replayed, never made again',
    lookAt:
      "'writeSafety', the stamp in 'json' of the row 'create', and the row 'list', which has to show the charge with its metadata",
    needs: ['create'],
    applies: withFaults,
    run: async (bench) => {
      for (const fault of losses) {
        const params = bench.params();
        const options = { idempotencyKey: bench.key() };
        await gains(bench, 1, async () => {
          const { client } = bench.another({ maxRetries: 0 });
          const error = await losing(bench, 'create', fault, () => client.create(params, options));
          strictEqual(error.idempotencyKey, options.idempotencyKey);
          const charge = await client.create(params, options);
          deepStrictEqual([charge.status, charge.amount], ['captured', usualAmount]);
          bench.agreesWithLedger(charge);
        });
      }
    },
  },
  {
    name: 'a create whose answer is lost is found by another process',
    lookAt:
      "'writeSafety', the stamp in 'json' of the row 'create', and the row 'list', which has to show the charge with its metadata",
    needs: ['create'],
    applies: withFaults,
    run: async (bench) => {
      const params = bench.params();
      const options = { idempotencyKey: bench.key() };
      await gains(bench, 1, async () => {
        const { client } = bench.another({ maxRetries: 0 });
        await losing(bench, 'create', 'cut_after_commit', () => client.create(params, options));
        const charge = await bench.another().client.create(params, options);
        deepStrictEqual([charge.status, charge.amount], ['captured', usualAmount]);
      });
    },
  },
  {
    name: 'an authorization whose answer is lost is found or replayed, and held once',
    lookAt:
      "the row 'list', which has to show authorizations too, else 'covers' is 'settled' and the row 'create' has a 'lookup'",
    needs: ['create', 'capture'],
    applies: withFaults,
    run: async (bench) => {
      for (const fault of losses) {
        const params = bench.params({ capture: false });
        const options = { idempotencyKey: bench.key() };
        await gains(bench, 1, async () => {
          const { client } = bench.another({ maxRetries: 0 });
          await losing(bench, 'create', fault, () => client.create(params, options));
          const charge = await client.create(params, options);
          deepStrictEqual([charge.status, charge.amount], ['authorized', usualAmount]);
          bench.agreesWithLedger(charge);
        });
      }
    },
  },
  {
    name: 'an authorization whose answer is lost is found by reconcile, which never says that it did not happen',
    lookAt:
      "the row 'list', which has to show authorizations too, else 'covers' is 'settled' and the row 'create' has a 'lookup'",
    needs: ['create', 'capture', 'retrieve', 'list'],
    applies: withFaults,
    run: async (bench) => {
      const params = bench.params({ capture: false });
      const { client, events } = bench.another({ maxRetries: 0 });
      const error = await losing(bench, 'create', 'cut_after_commit', () => client.create(params));
      const writes = events.filter(isWrite).length;
      for (const { outcome, ...found } of [
        await client.reconcile(error),
        await bench.another().client.reconcile(error.toJSON()),
      ]) {
        strictEqual(outcome, 'happened', 'money of the payer is held');
        const charge = 'charge' in found ? found.charge : null;
        deepStrictEqual([charge?.status, charge?.amount], ['authorized', usualAmount]);
      }
      strictEqual(events.filter(isWrite).length, writes, 'reconcile sent a write');
    },
  },
  {
    name: 'a create that never arrived is made by the repeat, once',
    lookAt: "'writeSafety', and 'failure' of the adapter",
    needs: ['create'],
    applies: withFaults,
    run: async (bench) => {
      const params = bench.params();
      const options = { idempotencyKey: bench.key() };
      await gains(bench, 1, async () => {
        const { client } = bench.another({ maxRetries: 0 });
        await losing(bench, 'create', 'cut_before_commit', () => client.create(params, options));
        strictEqual((await client.create(params, options)).status, 'captured');
      });
    },
  },
  {
    name: 'a capture whose answer is lost is settled by the repeat',
    lookAt: "'mayBeOwnSuccess' of failureOf: 'already captured' may be the echo of an earlier attempt",
    needs: ['create', 'capture', 'retrieve'],
    applies: withFaults,
    run: async (bench) => {
      const { id } = await bench.authorize();
      const { client } = bench.another({ maxRetries: 0 });
      const options = { idempotencyKey: bench.key() };
      await losing(bench, 'capture', 'cut_after_commit', () => client.capture(id, {}, options));
      const charge = await client.capture(id, {}, options);
      deepStrictEqual([charge.id, charge.status], [id, 'captured']);
      bench.agreesWithLedger(await client.retrieve(id));
    },
  },
  {
    name: 'a refund whose answer is lost is settled by the repeat, and given once',
    lookAt:
      "'amount' and 'id' in 'read' of the refund, the row 'listRefunds', and 'mayBeOwnSuccess' of failureOf",
    needs: ['create', 'refund', 'listRefunds'],
    applies: ({ options, capabilities }) =>
      options.faults !== undefined && capabilities.refund.partial === true,
    run: async (bench) => {
      const { id } = await bench.create();
      const { client } = bench.another({ maxRetries: 0 });
      const options = { idempotencyKey: bench.key() };
      const refund = () => client.refund(id, { amount: 3_000 }, options);
      await losing(bench, 'refund', 'cut_after_commit', refund);
      const settled = await refund();
      strictEqual(settled.amount, 3_000);
      const listed = await client.listRefunds(id);
      deepStrictEqual(
        listed.map((each) => each.id),
        [settled.id],
      );
      strictEqual(bench.truthOf(id)?.amountRefunded, bench.options.ledger && 3_000);
    },
  },
  {
    name: 'a void whose answer is lost is settled by the repeat',
    lookAt: "'mayBeOwnSuccess' of failureOf: 'already released' may be the echo of an earlier attempt",
    needs: ['create', 'capture', 'void', 'retrieve'],
    applies: withFaults,
    run: async (bench) => {
      const { id } = await bench.authorize();
      const { client } = bench.another({ maxRetries: 0 });
      const options = { idempotencyKey: bench.key() };
      // Stripe's charges are voided by a refund, so the request has that name there.
      bench.options.faults?.inject({ operation: 'refund', fault: 'cut_after_commit' });
      await losing(bench, 'void', 'cut_after_commit', () => client.void(id, options));
      bench.options.faults?.clear?.();
      const charge = await client.void(id, options);
      deepStrictEqual([charge.id, charge.status], [id, 'voided']);
      bench.agreesWithLedger(await client.retrieve(id));
    },
  },
  {
    name: 'reconcile finds what happened, and sends no write',
    lookAt:
      "the stamp in 'json' of the row 'create', and the row 'list', which has to show the charge with its metadata",
    needs: ['create', 'retrieve', 'list'],
    applies: withFaults,
    run: async (bench) => {
      const params = bench.params();
      const { client, events } = bench.another({ maxRetries: 0 });
      const error = await losing(bench, 'create', 'cut_after_commit', () => client.create(params));
      const writes = events.filter(isWrite).length;
      const found = await client.reconcile(error);
      strictEqual(found.outcome, 'happened');
      ok('charge' in found && found.charge?.amount === usualAmount);
      strictEqual(events.filter(isWrite).length, writes, 'reconcile sent a write');
      const elsewhere = await bench.another().client.reconcile(error.toJSON());
      strictEqual(elsewhere.outcome, 'happened');
    },
  },
];
