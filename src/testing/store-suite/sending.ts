import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import type { StoreRules } from './bench.js';

/** What JSON can hold and a store could bend. */
const awkward = {
  empty: { list: [], object: {}, text: '' },
  none: null,
  numbers: [0, -1, 0.1, 1.5e-7, 12345678901234, Number.MAX_SAFE_INTEGER, 1e21],
  text: 'quote " \' \\ / {brace} %s $1 :name',
  scripts: 'ก ข 日本 ñ 💳 \u2028',
  control: 'line\nfeed\ttab\u0000null\u001f',
  'key with spaces': [[[]], [{}], [null]],
  flags: [true, false],
  long: 'x'.repeat(70_000),
};

export const sendingRules: StoreRules = {
  'prepare keeps what was read and the first moment of sending': async (bench) => {
    const { owner } = await bench.make();
    strictEqual(await bench.store.prepare(owner, { amount: 500 }), true);
    const first = await bench.read();
    ok(first.prepared);
    ok(first.sentAt !== null && first.sentAt >= first.startedAt);
    deepStrictEqual(first.resolved, { amount: 500 });
    await bench.pause();
    strictEqual(await bench.store.prepare(owner, awkward), true);
    deepStrictEqual(await bench.read(), { ...first, resolved: awkward });
  },

  'a record that begins with what was resolved is prepared, unless the store leaves that to prepare': async (
    bench,
  ) => {
    const made = await bench.make({ resolved: awkward });
    deepStrictEqual(await bench.read(), made.record);
    if (!made.record.prepared) {
      strictEqual(made.record.sentAt, null);
      strictEqual(await bench.store.prepare(made.owner, awkward), true);
    }
    const record = await bench.read();
    deepStrictEqual(record.resolved, awkward);
    ok(record.prepared);
    ok(record.sentAt !== null && record.sentAt >= record.startedAt);
    strictEqual(await bench.store.release(made.owner), false, 'it may have been sent');
    const { record: taken } = await bench.makeAbandoned({ key: 'order-2', resolved: {} });
    deepStrictEqual((await bench.take(taken)).record.openSend, { until: taken.leaseUntil, reported: false });
  },

  'an owner that was about to send and fell silent leaves an open send until its lease, not reported': async (
    bench,
  ) => {
    const { record } = await bench.makeAbandoned();
    const taken = await bench.take(record);
    deepStrictEqual(taken.record.openSend, { until: record.leaseUntil, reported: false });
    strictEqual(taken.record.prepared, false);
    strictEqual(taken.record.sentAt, record.sentAt);
  },

  'an owner that fell silent before it was about to send leaves nothing open': async (bench) => {
    const { record } = await bench.make({ leaseMs: 1 });
    await bench.outliveLease();
    const { record: taken } = await bench.take(record);
    strictEqual(taken.openSend, null);
    strictEqual(taken.sentAt, null);
  },

  'unknown after sending leaves an open send until now, reported': async (bench) => {
    const { record, owner } = await bench.make();
    await bench.store.prepare(owner, null);
    const { sentAt } = await bench.read();
    await bench.pause();
    await bench.store.settle(owner, { state: 'unknown', result: null, sent: true });
    const stored = await bench.store.get(bench.scope, 'order-1');
    ok(stored?.record.openSend && sentAt !== null);
    const { openSend, prepared } = stored.record;
    strictEqual(openSend.reported, true);
    ok(openSend.until > sentAt && openSend.until <= stored.now, 'the end is not by the clock of the store');
    strictEqual(prepared, false);
    deepStrictEqual((await bench.take(record)).record.openSend, openSend);
  },

  'unknown without sending opens nothing': async (bench) => {
    const { record, owner } = await bench.make();
    await bench.store.prepare(owner, null);
    await bench.store.settle(owner, { state: 'unknown', result: null });
    strictEqual((await bench.read()).openSend, null);
    strictEqual((await bench.take(record)).record.openSend, null);
  },

  'looking at what a silent owner left does not make it a reported one': async (bench) => {
    const { record } = await bench.makeAbandoned();
    const looking = await bench.take(record);
    await bench.store.settle(looking.owner, { state: 'unknown', result: null, sent: false });
    deepStrictEqual((await bench.read()).openSend, { until: record.leaseUntil, reported: false });
    const again = await bench.take(looking.record);
    deepStrictEqual(again.record.openSend, { until: record.leaseUntil, reported: false });
  },

  'an owner that takes over and falls silent before sending leaves the older open send': async (bench) => {
    const first = await bench.makeAbandoned();
    const second = await bench.take(first.record);
    await bench.store.settle(second.owner, { state: 'unknown', result: null });
    const third = await bench.take(second.record);
    strictEqual(third.record.attempt, second.record.attempt + 1);
    deepStrictEqual(third.record.openSend, { until: first.record.leaseUntil, reported: false });
  },

  'the last of several silent owners counts': async (bench) => {
    const first = await bench.makeAbandoned();
    const second = await bench.takeAndAbandon(first.record);
    ok(second.record.leaseUntil > first.record.leaseUntil);
    const third = await bench.take(second.record);
    deepStrictEqual(third.record.openSend, { until: second.record.leaseUntil, reported: false });
    strictEqual(third.record.sentAt, first.record.sentAt);
  },

  'every end but unknown closes what was open': async (bench) => {
    for (const state of ['succeeded', 'rejected', 'did_not_happen'] as const) {
      const key = `order-${state}`;
      const { record, owner } = await bench.make({ key });
      await bench.store.prepare(owner, null);
      await bench.store.settle(owner, { state: 'unknown', result: null, sent: true });
      const taken = await bench.take(record);
      await bench.store.prepare(taken.owner, null);
      strictEqual(await bench.store.settle(taken.owner, { state, result: null, sent: true }), true);
      const ended = await bench.read(key);
      deepStrictEqual([ended.state, ended.openSend, ended.prepared], [state, null, false]);
    }
  },

  'release forgets a record that was never sent, and the key can begin anew': async (bench) => {
    const { owner } = await bench.make();
    strictEqual(await bench.store.release(owner), true);
    strictEqual(await bench.store.get(bench.scope, 'order-1'), null);
    deepStrictEqual(await bench.unresolved(), []);
    strictEqual(await bench.store.release(owner), false);
    strictEqual((await bench.make()).record.attempt, 1);
  },

  'release is refused once anything was about to be sent, by whichever owner': async (bench) => {
    const { record, owner } = await bench.make();
    await bench.store.prepare(owner, null);
    strictEqual(await bench.store.release(owner), false);
    await bench.store.settle(owner, { state: 'did_not_happen', result: null });
    const taken = await bench.take(record);
    strictEqual(await bench.store.release(taken.owner), false);
    deepStrictEqual(await bench.read(), taken.record);
  },

  'results come back as they went in': async (bench) => {
    for (const kind of ['charge', 'refund', 'error', 'none'] as const) {
      const key = `order-${kind}`;
      const { owner } = await bench.make({ key });
      const result = { kind, value: kind === 'none' ? null : awkward };
      await bench.store.settle(owner, { state: 'succeeded', result });
      deepStrictEqual((await bench.read(key)).result, result);
    }
  },

  'finished records answer, in every process': async (bench) => {
    for (const state of ['succeeded', 'rejected', 'did_not_happen'] as const) {
      const key = `order-${state}`;
      const { owner, record } = await bench.make({ key });
      await bench.store.prepare(owner, { amount: 4590 });
      const result = state === 'did_not_happen' ? null : { kind: 'charge' as const, value: { id: 'ch_1' } };
      await bench.store.settle(owner, { state, result });
      const answer = await bench.otherProcess.begin(bench.operation({ key }));
      ok(answer.status === 'exists');
      const { sentAt, ...rest } = answer.record;
      const { sentAt: _none, ...begun } = record;
      ok(sentAt !== null);
      deepStrictEqual(rest, { ...begun, state, resolved: { amount: 4590 }, result });
    }
  },

  'what an unknown write came to is kept by the next owner': async (bench) => {
    const { record, owner } = await bench.make();
    const result = { kind: 'error' as const, value: { name: 'ConnectionError', outcome: 'unknown' } };
    await bench.store.prepare(owner, null);
    await bench.store.settle(owner, { state: 'unknown', result, sent: true });
    deepStrictEqual((await bench.take(record)).record.result, result);
  },

  'records are copies: nobody changes them from outside': async (bench) => {
    const resolved = { ids: ['re_1'] };
    const { owner } = await bench.make();
    await bench.store.prepare(owner, resolved);
    resolved.ids.push('re_2');
    const seen = await bench.read();
    (seen.resolved as typeof resolved).ids.push('re_3');
    deepStrictEqual((await bench.read()).resolved, { ids: ['re_1'] });
  },
};
