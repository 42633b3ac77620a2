import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import {
  CardError,
  IdempotencyConflictError,
  InvalidRequestError,
  OperationInProgressError,
} from '../../errors.js';
import { stampMetadataKey, stampOf } from '../../models/attachments.js';
import { rejection, usualAmount, type Bench, type ConformanceCase } from './bench.js';

/** Insists that the ledger gained exactly so many charges. */
export const gains = async <Output>(
  bench: Bench,
  count: number,
  work: () => Promise<Output>,
): Promise<Output> => {
  const before = bench.countCharges();
  const output = await work();
  if (bench.options.ledger !== undefined)
    strictEqual(bench.countCharges() - before, count, `${count} charges were due`);
  return output;
};

/** Requests that may change something. */
export const isWrite = (event: Bench['events'][number]): boolean =>
  event.type === 'request' && event.method !== 'GET' && !/token/.test(event.route);

/** The same write with the same key happens once, whatever became of its answers. */
export const idempotency: readonly ConformanceCase[] = [
  {
    name: 'a repeated create answers with the same charge',
    lookAt:
      "'writeSafety' of the adapter, and 'read' of the charge, which has to give the same for the same answer",
    needs: ['create'],
    run: async (bench) => {
      const params = bench.params();
      const options = { idempotencyKey: bench.key() };
      await gains(bench, 1, async () => {
        const first = await bench.client.create(params, options);
        const second = await bench.client.create(params, options);
        deepStrictEqual({ ...second }, { ...first });
      });
    },
  },
  {
    name: 'a repeated create from another process answers with the same charge',
    lookAt:
      "'json' of the row 'create', which has to send the 'metadata' that it gets (the stamp is in them), and 'metadata' in 'read' of the charge, where it is found again",
    needs: ['create'],
    run: async (bench) => {
      const params = bench.params();
      const options = { idempotencyKey: bench.key() };
      await gains(bench, 1, async () => {
        const first = await bench.client.create(params, options);
        const second = await bench.another().client.create(params, options);
        deepStrictEqual([second.id, second.status], [first.id, first.status]);
      });
    },
  },
  {
    name: 'two creates under two keys are two charges',
    needs: ['create'],
    run: async (bench) => {
      await gains(bench, 2, async () => {
        const first = await bench.create({}, { idempotencyKey: bench.key() });
        const second = await bench.create({}, { idempotencyKey: bench.key() });
        ok(first.id !== second.id);
      });
    },
  },
  {
    name: 'a key that was used for other params is a conflict',
    needs: ['create'],
    run: async (bench) => {
      const params = bench.params();
      const options = { idempotencyKey: bench.key() };
      await gains(bench, 1, async () => {
        await bench.client.create(params, options);
        const other = { ...params, amount: usualAmount + 100 };
        await rejection(() => bench.client.create(other, options), IdempotencyConflictError);
      });
    },
  },
  {
    name: 'a key that another process used for other params is a conflict, where the provider keeps keys',
    lookAt:
      "'refusals' of failureOf: the provider's answer to a key with other params is of the kind 'idempotency_conflict'",
    needs: ['create'],
    applies: ({ capabilities }) => capabilities.writeSafety === 'provider-key',
    run: async (bench) => {
      const params = bench.params();
      const options = { idempotencyKey: bench.key() };
      await gains(bench, 1, async () => {
        await bench.client.create(params, options);
        const other = { ...params, amount: usualAmount + 100 };
        await rejection(() => bench.another().client.create(other, options), IdempotencyConflictError);
      });
    },
  },
  {
    name: 'a decline is the answer of its key',
    lookAt: "'declines' of failureOf: a decline is 'rejected', and names its charge with 'chargeId'",
    needs: ['create'],
    applies: ({ options }) => options.sources.declined !== undefined,
    run: async (bench) => {
      const params = bench.params({ source: bench.options.sources.declined?.() });
      const options = { idempotencyKey: bench.key() };
      const first = await rejection(() => bench.client.create(params, options), CardError, 'rejected');
      const count = bench.countCharges();
      const second = await rejection(() => bench.client.create(params, options), CardError, 'rejected');
      strictEqual(bench.countCharges(), count, 'a stored decline is not tried again');
      deepStrictEqual([second.chargeId, first.idempotencyKey], [first.chargeId, options.idempotencyKey]);
    },
  },
  {
    name: 'the same create twice at the same time charges once',
    lookAt: "'writeSafety' of the adapter",
    needs: ['create'],
    run: async (bench) => {
      const params = bench.params();
      const options = { idempotencyKey: bench.key() };
      await gains(bench, 1, async () => {
        const both = await Promise.allSettled([
          bench.client.create(params, options),
          bench.client.create(params, options),
        ]);
        ok(both.some(({ status }) => status === 'fulfilled'));
        for (const each of both)
          if (each.status === 'rejected')
            ok(each.reason instanceof OperationInProgressError, String(each.reason));
      });
    },
  },
  {
    name: 'a repeated capture takes the money once',
    lookAt: "the row 'capture', and 'mayBeOwnSuccess' of failureOf",
    needs: ['create', 'capture', 'retrieve'],
    run: async (bench) => {
      const { id } = await bench.authorize();
      const options = { idempotencyKey: bench.key() };
      const first = await bench.client.capture(id, {}, options);
      const second = await bench.client.capture(id, {}, options);
      deepStrictEqual({ ...second }, { ...first });
      bench.agreesWithLedger(second);
    },
  },
  {
    name: 'a repeated refund gives back once, two keys give back twice',
    lookAt: "the row 'refund', and 'id' in 'read' of the refund",
    needs: ['create', 'refund'],
    applies: ({ capabilities }) => capabilities.refund.partial === true,
    run: async (bench) => {
      const { id } = await bench.create();
      const options = { idempotencyKey: bench.key() };
      const first = await bench.client.refund(id, { amount: 2_000 }, options);
      const again = await bench.client.refund(id, { amount: 2_000 }, options);
      strictEqual(again.id, first.id);
      const other = await bench.client.refund(id, { amount: 2_000 }, { idempotencyKey: bench.key() });
      ok(other.id !== first.id, 'another key is another refund');
      strictEqual(bench.truthOf(id)?.refunds.length, bench.options.ledger && 2);
    },
  },
  {
    name: 'the key is kept with the charge at the provider, and not shown',
    lookAt:
      "'json' of the row 'create', which has to send the 'metadata' that it gets (the stamp is in them), and 'metadata' in 'read' of the charge (without makeCharge: attach(charge, { stamp }))",
    needs: ['create', 'retrieve'],
    run: async (bench) => {
      const idempotencyKey = bench.key();
      const made = await bench.create({ metadata: { order: '81' } }, { idempotencyKey });
      const read = await bench.client.retrieve(made.id);
      strictEqual(stampOf(read), idempotencyKey);
      for (const charge of [made, read]) deepStrictEqual(charge.metadata, { order: '81' });
      if (!bench.supports('list')) return;
      for await (const charge of bench.client.list({ limit: 100 })) {
        if (charge.id !== made.id) continue;
        strictEqual(stampOf(charge), idempotencyKey, 'a lookup reads the list');
        deepStrictEqual(charge.metadata, { order: '81' });
        return;
      }
      ok(false, 'the list does not hold the charge');
    },
  },
  {
    name: 'update keeps the key with the charge',
    lookAt:
      "'metadata' of the row 'update': 'replaced', where the provider forgets what it is not told again",
    needs: ['create', 'update', 'retrieve'],
    run: async (bench) => {
      const idempotencyKey = bench.key();
      const { id } = await bench.create({ metadata: { order: '81' } }, { idempotencyKey });
      await bench.client.update(id, { metadata: { note: 'sent', order: null } });
      strictEqual(stampOf(await bench.client.retrieve(id)), idempotencyKey);
      await bench.client.update(id, { description: 'only a text' });
      const charge = await bench.client.retrieve(id);
      strictEqual(stampOf(charge), idempotencyKey);
      deepStrictEqual(charge.metadata, { note: 'sent' });
    },
  },
  {
    name: 'the key is kept with the refund where refunds carry metadata',
    lookAt:
      "'json' of the row 'refund', which has to send the 'metadata' that it gets, and 'metadata' in 'read' of the refund",
    needs: ['create', 'refund', 'listRefunds'],
    applies: ({ capabilities }) => capabilities.refund.metadata === true,
    run: async (bench) => {
      const idempotencyKey = bench.key();
      const { id } = await bench.create();
      await bench.client.refund(
        id,
        { amount: usualAmount, metadata: { why: 'returned' } },
        { idempotencyKey },
      );
      const [refund] = await bench.client.listRefunds(id);
      ok(refund !== undefined);
      strictEqual(stampOf(refund), idempotencyKey);
      deepStrictEqual(Object.keys(refund.metadata), ['why']);
    },
  },
  {
    name: 'the name under which the key is kept belongs to the library',
    needs: ['create'],
    run: async ({ params, refusesUnsent }) => {
      const metadata = { [stampMetadataKey]: 'mine' };
      await refusesUnsent((client) => client.create(params({ metadata })), InvalidRequestError);
    },
  },
  {
    name: 'a key that does not fit is refused unsent',
    needs: ['create'],
    run: async ({ params, refusesUnsent }) => {
      for (const idempotencyKey of ['', 'with space', 'k'.repeat(91), 'schlüssel'])
        await refusesUnsent((client) => client.create(params(), { idempotencyKey }), InvalidRequestError);
    },
  },
];
