import { deepStrictEqual, notStrictEqual, ok, strictEqual } from 'node:assert/strict';
import type { StoreRules } from './bench.js';

const hundred = Array.from({ length: 100 }, (_, index) => index);

export const beginAndClaimRules: StoreRules = {
  'begin makes one record when a hundred begin at the same time': async (bench) => {
    const stores = [bench.store, bench.otherProcess] as const;
    const answers = await Promise.all(
      hundred.map((index) => (stores[index % 2] ?? bench.store).begin(bench.operation())),
    );
    const made = answers.filter(({ status }) => status === 'made');
    const found = answers.filter(({ status }) => status === 'exists');
    deepStrictEqual([made.length, found.length], [1, 99]);
    const owners = new Set(answers.map((answer) => ('record' in answer ? answer.record.owner : answer.by)));
    strictEqual(owners.size, 1);
  },

  'begin records what was asked, a lease by the clock of the store, and nothing sent': async (bench) => {
    const asked = bench.operation({
      operation: 'capture',
      target: 'ch_1',
      leaseMs: 60_000,
      refundLock: null,
    });
    const answer = await bench.store.begin(asked);
    ok(answer.status === 'made');
    const { record, now } = answer;
    const { leaseMs, ...kept } = asked;
    deepStrictEqual(record, {
      ...kept,
      state: 'started',
      attempt: 1,
      startedAt: record.startedAt,
      leaseUntil: record.startedAt + leaseMs,
      sentAt: null,
      prepared: false,
      openSend: null,
      resolved: null,
      result: null,
    });
    ok(record.startedAt <= now && now < record.leaseUntil, 'the time is not of the same clock as the lease');
    deepStrictEqual(await bench.read(), record);
  },

  'begin answers with the record that is there, whatever the second one asks': async (bench) => {
    const { record } = await bench.make();
    const second = bench.operation({ operation: 'refund', target: 'ch_9' });
    const answer = await bench.otherProcess.begin(second);
    ok(answer.status === 'exists');
    deepStrictEqual(answer.record, record);
  },

  'scopes are separate': async (bench) => {
    const scope = `${bench.scope}/other`;
    const charge = { operation: 'refund', target: 'ch_1', refundLock: 'ch_1' };
    const { owner } = await bench.make(charge);
    const there = await bench.make({ ...charge, scope });
    await bench.make({ key: 'order-2', scope });
    strictEqual(await bench.store.get(bench.scope, 'order-2'), null);
    strictEqual(
      await bench.store.settle(there.owner, { state: 'succeeded', result: null, claimedRefund: 're_1' }),
      true,
    );
    strictEqual((await bench.read()).state, 'started');
    deepStrictEqual(
      (await bench.unresolved()).map(({ key }) => key),
      ['order-1'],
    );
    deepStrictEqual(await bench.store.claimedRefunds(bench.scope, ['re_1'], 'order-2'), []);
    strictEqual(
      await bench.store.settle(owner, { state: 'succeeded', result: null, claimedRefund: 're_1' }),
      true,
    );
  },

  'keys that only look alike are separate': async (bench) => {
    const keys = [
      'order',
      'Order',
      'order:1',
      'order:',
      '{order}',
      '}order{',
      "order'",
      '%6Frder',
      'order*',
      'order_',
      '?',
    ];
    for (const key of keys) await bench.make({ key });
    for (const key of keys) strictEqual((await bench.read(key)).key, key);
    strictEqual(await bench.store.get(bench.scope, 'orde'), null);
  },

  'get finds nothing where nothing began': async (bench) => {
    strictEqual(await bench.store.get(bench.scope, 'order-1'), null);
    strictEqual(await bench.claim({ scope: bench.scope, key: 'order-1', attempt: 1 }), null);
    strictEqual(await bench.store.get(bench.scope, 'order-1'), null);
  },

  'claim is refused while the lease of the owner lives': async (bench) => {
    const { record } = await bench.make();
    strictEqual(await bench.claim(record), null);
    deepStrictEqual(await bench.read(), record);
  },

  'claim is granted when the lease is over: one attempt more, another owner, a new lease': async (bench) => {
    const { record } = await bench.make({ leaseMs: 1 });
    await bench.outliveLease();
    const taken = await bench.take(record);
    strictEqual(taken.record.attempt, 2);
    notStrictEqual(taken.record.owner, record.owner);
    ok(taken.record.leaseUntil > record.leaseUntil);
    deepStrictEqual(taken.record, {
      ...record,
      attempt: 2,
      owner: taken.record.owner,
      leaseUntil: taken.record.leaseUntil,
    });
    deepStrictEqual(await bench.read(), taken.record);
    strictEqual(await bench.claim(taken.record), null);
  },

  'claim is granted at once when the owner reported that it does not know': async (bench) => {
    const { record, owner } = await bench.make();
    await bench.store.settle(owner, { state: 'unknown', result: null });
    strictEqual((await bench.take(record)).record.attempt, 2);
  },

  'claim names the attempt that it saw: one that is over is refused': async (bench) => {
    const { record, owner } = await bench.make();
    await bench.store.settle(owner, { state: 'unknown', result: null });
    const taken = await bench.take(record);
    await bench.store.settle(taken.owner, { state: 'unknown', result: null });
    strictEqual(await bench.claim(record), null);
    strictEqual(await bench.claim({ ...record, attempt: 3 }), null);
    strictEqual((await bench.read()).state, 'unknown');
  },

  'claim is granted to one of many at the same time': async (bench) => {
    const { record, owner } = await bench.make();
    await bench.store.settle(owner, { state: 'unknown', result: null });
    const claims = await Promise.all(hundred.slice(0, 40).map(() => bench.claim(record)));
    const granted = claims.filter((claim) => claim !== null);
    strictEqual(granted.length, 1);
    strictEqual((await bench.read()).owner, granted[0]?.record.owner);
  },

  'claim of what succeeded or was rejected is refused': async (bench) => {
    for (const state of ['succeeded', 'rejected'] as const) {
      const { record, owner } = await bench.make({ key: `order-${state}` });
      const result = { kind: 'charge', value: { id: 'ch_1' } } as const;
      await bench.store.settle(owner, { state, result });
      const settled = await bench.read(record.key);
      strictEqual(await bench.claim(record), null);
      deepStrictEqual(await bench.read(record.key), settled);
    }
  },

  'claim of what did not happen keeps what was read and when it was first sent': async (bench) => {
    const { record, owner } = await bench.make();
    await bench.store.prepare(owner, { amount: 500 });
    const { sentAt } = await bench.read();
    await bench.store.settle(owner, { state: 'did_not_happen', result: null });
    const taken = await bench.take(record);
    strictEqual(taken.record.state, 'started');
    deepStrictEqual(taken.record.resolved, { amount: 500 });
    strictEqual(taken.record.sentAt, sentAt);
    strictEqual(taken.record.startedAt, record.startedAt);
    strictEqual(taken.record.prepared, false);
    strictEqual(taken.record.openSend, null);
  },

  'a stale owner can neither prepare nor settle nor release': async (bench) => {
    const { record, owner } = await bench.make({ leaseMs: 1 });
    await bench.outliveLease();
    const taken = await bench.take(record);
    const strangers = [owner, { ...taken.owner, owner: owner.owner }, { ...owner, owner: taken.owner.owner }];
    for (const stranger of strangers) {
      strictEqual(await bench.store.prepare(stranger, { amount: 1 }), false);
      strictEqual(await bench.store.settle(stranger, { state: 'succeeded', result: null }), false);
      strictEqual(await bench.store.release(stranger), false);
    }
    deepStrictEqual(await bench.read(), taken.record);
    strictEqual(await bench.store.settle(taken.owner, { state: 'succeeded', result: null }), true);
  },

  'an owner past its lease cannot prepare, and can still tell the end while nobody took over': async (
    bench,
  ) => {
    const { owner } = await bench.make({ leaseMs: 1 });
    await bench.outliveLease();
    strictEqual(await bench.store.prepare(owner, null), false);
    strictEqual((await bench.read()).prepared, false);
    strictEqual(await bench.store.settle(owner, { state: 'did_not_happen', result: null }), true);
  },

  'a settled record has no owner': async (bench) => {
    for (const state of ['unknown', 'succeeded', 'rejected', 'did_not_happen'] as const) {
      const key = `order-${state}`;
      const { owner } = await bench.make({ key });
      strictEqual(await bench.store.settle(owner, { state, result: null }), true);
      strictEqual(await bench.store.prepare(owner, null), false);
      strictEqual(await bench.store.release(owner), false);
      const other = state === 'rejected' ? 'succeeded' : 'rejected';
      strictEqual(await bench.store.settle(owner, { state: other, result: null }), false);
      strictEqual((await bench.read(key)).state, state);
    }
  },
};
