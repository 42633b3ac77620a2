import type { BeginAnswer, NewOperation, Ownership } from '../../src/models/operation-store.js';
import { systemRuntime } from '../../src/runtime.js';

/** A create of the key `order-1`, with a fresh owner. */
export const anOperation = (changes: Partial<NewOperation> & Pick<NewOperation, 'scope'>): NewOperation => ({
  key: 'order-1',
  operation: 'create',
  target: null,
  fingerprint: {
    version: 1,
    hash: 'b5bb9d8014a0f9b1',
    operation: 'create',
    target: null,
    amount: 4590,
    currency: 'EUR',
  },
  owner: systemRuntime.uuid(),
  leaseMs: 60_000,
  refundLock: null,
  ...changes,
});

/** Whoever owns the record that was made. */
export const ownerOf = (answer: BeginAnswer): Ownership => {
  if (answer.status !== 'made') throw new Error(`nothing was made: ${answer.status}`);
  const { scope, key, owner, attempt } = answer.record;
  return { scope, key, owner, attempt };
};
