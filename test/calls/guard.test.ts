import { describe, expect, it } from 'vitest';
import { wrapAdapterErrors } from '../../src/calls/call.js';
import type { CallContext } from '../../src/calls/start-call.js';

const abortedRun = (isWrite: boolean): CallContext =>
  ({
    context: { spec: { provider: 'small' }, secrets: [] },
    operation: 'verify3DS',
    idempotencyKey: 'order-1',
    target: 'ch_1',
    isWrite,
    signal: AbortSignal.abort(),
  }) as unknown as CallContext;

describe('an abort while a row reads its answer', () => {
  it.each([
    [true, 'unknown'],
    [false, 'not_sent'],
  ])('leaves open what a write did (write: %s, outcome %s)', async (isWrite, outcome) => {
    const run = abortedRun(isWrite);
    const guarded = wrapAdapterErrors(run, () => Promise.reject(run.signal?.reason as Error));
    await expect(guarded).rejects.toMatchObject({ name: 'AbortError', outcome });
  });
});
