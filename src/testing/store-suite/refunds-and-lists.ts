import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import type { Bench, StoreRules } from './bench.js';

const refund = (key: string, target = 'ch_1') => ({ key, operation: 'refund', target, refundLock: target });

const finished = ['succeeded', 'rejected', 'did_not_happen'] as const;

const beginRefund = async (bench: Bench, key: string, target?: string) => {
  const answer = await bench.otherProcess.begin(bench.operation(refund(key, target)));
  return answer.status === 'locked' ? { status: answer.status, by: answer.by } : { status: answer.status };
};

export const refundRules: StoreRules = {
  'an unresolved refund locks its charge, and only that': async (bench) => {
    const before = await bench.make(refund('refund-0'));
    await bench.store.settle(before.owner, { state: 'succeeded', result: null });
    await bench.make(refund('refund-1'));
    deepStrictEqual(await beginRefund(bench, 'refund-2'), { status: 'locked', by: 'refund-1' });
    strictEqual(await bench.store.get(bench.scope, 'refund-2'), null);
    deepStrictEqual(await beginRefund(bench, 'refund-3', 'ch_2'), { status: 'made' });
    strictEqual(
      (await bench.make({ key: 'capture-1', operation: 'capture', target: 'ch_1' })).record.attempt,
      1,
    );
  },

  'an unresolved refund keeps the lock past its lease and while it is unknown': async (bench) => {
    const { record } = await bench.make({ ...refund('refund-1'), leaseMs: 1 });
    await bench.outliveLease('refund-1');
    strictEqual((await beginRefund(bench, 'refund-2')).status, 'locked');
    const { owner } = await bench.take(record);
    await bench.store.settle(owner, { state: 'unknown', result: null, sent: true });
    strictEqual((await beginRefund(bench, 'refund-2')).status, 'locked');
  },

  'every end but unknown frees the lock, and so does release': async (bench) => {
    for (const state of finished) {
      const { owner } = await bench.make(refund(`refund-${state}`));
      await bench.store.settle(owner, { state, result: null });
    }
    const { owner } = await bench.make(refund('refund-released'));
    await bench.store.release(owner);
    deepStrictEqual(await beginRefund(bench, 'refund-after'), { status: 'made' });
  },

  'one of a hundred refunds of a charge at the same time is made': async (bench) => {
    const stores = [bench.store, bench.otherProcess] as const;
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (stores[index % 2] ?? bench.store).begin(bench.operation(refund(`refund-${index}`))),
      ),
    );
    const made = answers.filter(({ status }) => status === 'made');
    const locked = answers.filter(({ status }) => status === 'locked');
    deepStrictEqual([made.length, locked.length], [1, 99]);
    deepStrictEqual((await bench.unresolved()).length, 1);
  },

  'a refund that began before is answered by its record, whoever holds the lock': async (bench) => {
    const { owner } = await bench.make(refund('refund-1'));
    await bench.store.settle(owner, { state: 'did_not_happen', result: null });
    await bench.make(refund('refund-2'));
    deepStrictEqual(await beginRefund(bench, 'refund-1'), { status: 'exists' });
  },

  'claim takes a lost lock again, or fails': async (bench) => {
    const first = await bench.make(refund('refund-1'));
    await bench.store.settle(first.owner, { state: 'did_not_happen', result: null });
    const second = await bench.make(refund('refund-2'));
    strictEqual(await bench.claim(first.record), null);
    strictEqual((await bench.read('refund-1')).state, 'did_not_happen');
    await bench.store.settle(second.owner, { state: 'succeeded', result: null });
    strictEqual((await bench.take(first.record)).record.refundLock, 'ch_1');
    deepStrictEqual(await beginRefund(bench, 'refund-3'), { status: 'locked', by: 'refund-1' });
  },

  'one of several refunds that ended takes the lock again when all try at the same time': async (bench) => {
    const records = [];
    for (let count = 0; count < 10; count += 1) {
      const { record, owner } = await bench.make(refund(`refund-${count}`));
      await bench.store.settle(owner, { state: 'did_not_happen', result: null });
      records.push(record);
    }
    const claims = await Promise.all(records.map((record) => bench.claim(record)));
    strictEqual(claims.filter((claim) => claim !== null).length, 1);
    strictEqual((await bench.unresolved()).length, 1);
  },

  'a refund is claimed by one key, and what the second one tried is as it was': async (bench) => {
    const first = await bench.make(refund('refund-1'));
    await bench.store.settle(first.owner, { state: 'succeeded', result: null, claimedRefund: 're_1' });
    const second = await bench.make(refund('refund-2'));
    const end = { state: 'succeeded' as const, result: null, claimedRefund: 're_1' };
    strictEqual(await bench.store.settle(second.owner, end), false);
    deepStrictEqual(await bench.read('refund-2'), second.record);
    strictEqual(await bench.store.settle(second.owner, { ...end, claimedRefund: 're_2' }), true);
    const seen = ['re_0', 're_2', 're_1', 're_3'];
    deepStrictEqual(await bench.otherProcess.claimedRefunds(bench.scope, seen, 'refund-1'), ['re_2']);
    deepStrictEqual(await bench.otherProcess.claimedRefunds(bench.scope, seen, 'refund-2'), ['re_1']);
    deepStrictEqual([...(await bench.store.claimedRefunds(bench.scope, seen, 'refund-3'))].sort(), [
      're_1',
      're_2',
    ]);
    deepStrictEqual(await bench.store.claimedRefunds(bench.scope, [], 'refund-3'), []);
  },

  'one of two keys that claim a refund at the same time gets it': async (bench) => {
    const keys = Array.from({ length: 20 }, (_, index) => `refund-${index}`);
    const owners = await Promise.all(
      keys.map(async (key) => (await bench.make({ ...refund(key), refundLock: null })).owner),
    );
    const ends = await Promise.all(
      owners.map((owner) =>
        bench.store.settle(owner, { state: 'succeeded', result: null, claimedRefund: 're_1' }),
      ),
    );
    strictEqual(ends.filter(Boolean).length, 1);
    strictEqual((await bench.unresolved()).length, 19);
  },

  'a key may claim its own refund again': async (bench) => {
    const { record, owner } = await bench.make(refund('refund-1'));
    await bench.store.settle(owner, { state: 'unknown', result: null, claimedRefund: 're_1' });
    const taken = await bench.take(record);
    const end = { state: 'succeeded' as const, result: null, claimedRefund: 're_1' };
    strictEqual(await bench.store.settle(taken.owner, end), true);
  },

  'a stale owner claims no refund': async (bench) => {
    const { record, owner } = await bench.make({ ...refund('refund-1'), leaseMs: 1 });
    await bench.outliveLease('refund-1');
    await bench.take(record);
    const end = { state: 'succeeded' as const, result: null, claimedRefund: 're_1' };
    strictEqual(await bench.store.settle(owner, end), false);
    deepStrictEqual(await bench.store.claimedRefunds(bench.scope, ['re_1'], 'refund-2'), []);
  },
};

export const listRules: StoreRules = {
  'listScopes, where the store has it, names a scope while it holds something unresolved': async (bench) => {
    const isListed = async () => (await bench.otherProcess.listScopes?.())?.includes(bench.scope);
    if (bench.store.listScopes === undefined) return;
    strictEqual(await isListed(), false);
    const { owner, record } = await bench.make();
    strictEqual(await isListed(), true);
    await bench.store.settle(owner, { state: 'did_not_happen', result: null });
    strictEqual(await isListed(), false);
    const taken = await bench.take(record);
    await bench.store.settle(taken.owner, { state: 'unknown', result: null, sent: true });
    strictEqual(await isListed(), true);
    const again = await bench.take(await bench.read());
    await bench.store.settle(again.owner, { state: 'succeeded', result: null });
    strictEqual(await isListed(), false);
  },

  'listUnresolved shows what is started or unknown, oldest first': async (bench) => {
    const keys = ['order-9', 'order-5', 'order-7', 'order-1', 'order-3'];
    const owners = [];
    for (const key of keys) {
      owners.push((await bench.make({ key })).owner);
      await bench.pause();
    }
    const [, second, third, fourth] = owners;
    ok(second && third && fourth);
    await bench.store.settle(second, { state: 'unknown', result: null, sent: true });
    await bench.store.settle(third, { state: 'succeeded', result: null });
    await bench.store.settle(fourth, { state: 'rejected', result: null });
    const records = await bench.unresolved();
    deepStrictEqual(
      records.map(({ key }) => key),
      ['order-9', 'order-5', 'order-3'],
    );
    deepStrictEqual(records[1], await bench.read('order-5'));
  },

  'listUnresolved shows again what did not happen and was claimed': async (bench) => {
    const { record, owner } = await bench.make();
    await bench.store.settle(owner, { state: 'did_not_happen', result: null });
    deepStrictEqual(await bench.unresolved(), []);
    const taken = await bench.take(record);
    deepStrictEqual(await bench.unresolved(), [taken.record]);
  },

  'listUnresolved shows every record once, however many, while they are being settled': async (bench) => {
    const count = 450;
    for (let done = 0; done < count; done += 50) {
      await Promise.all(
        Array.from({ length: 50 }, (_, index) => bench.make({ key: `order-${done + index}` })),
      );
    }
    const keys: string[] = [];
    for await (const { key, owner, attempt, scope } of bench.store.listUnresolved(bench.scope)) {
      keys.push(key);
      strictEqual(
        await bench.store.settle({ scope, key, owner, attempt }, { state: 'did_not_happen', result: null }),
        true,
      );
    }
    deepStrictEqual([keys.length, new Set(keys).size], [count, count]);
    deepStrictEqual(await bench.unresolved(), []);
  },
};
