import { describe, expect, it } from 'vitest';
import type { StoredOperation } from '../../src/models/operation-store.js';
import { openSession } from '../../src/writes/protocol.js';
import { createInstantRuntime } from '../../src/testing/in-memory-exchange.js';

const stored = {
  record: { scope: 'shop', key: 'order-1', owner: 'a', attempt: 2 },
  now: 5_000_000,
} as StoredOperation;

describe('a session', () => {
  it('carries the time of the store on by the monotonic clock, wherever that began', () => {
    const runtime = createInstantRuntime(0);
    runtime.pass(70_000);
    const session = openSession(runtime, stored, { monotonic: 69_000, wall: runtime.now() }, 30_000);
    expect(session.storeNow()).toBe(5_000_000);
    runtime.pass(1_234);
    expect(session.storeNow()).toBe(5_001_234);
  });

  it('counts its lease from before the store was asked', () => {
    const runtime = createInstantRuntime(0);
    runtime.pass(70_000);
    expect(openSession(runtime, stored, { monotonic: 69_000, wall: runtime.now() }, 30_000).leaseUntil).toBe(
      99_000,
    );
  });
});
