import { vi } from 'vitest';
import { ConnectionError, type ErrorDetails } from '../../src/errors.js';
import type { OperationRecord, OperationStore } from '../../src/models/operation-store.js';
import type { Charge } from '../../src/models/charge.js';
import { fingerprintOf } from '../../src/writes/fingerprint.js';
import { memoryStore } from '../../src/stores/memory.js';
import type { LookupResult, Write } from '../../src/writes/protocol.js';
import type { Protocol } from '../../src/calls/protocol.js';
import { runWrite } from '../../src/writes/write.js';
import { createVirtualTime, type VirtualTime } from '../virtual-time.js';

export const settleMs = 5 * 60_000;
export const abandonedMs = 15 * 60_000;
export const callMs = 120_000;

/** What a charge is to these tests: an id is enough. */
export const made = (id: string): Charge => ({ id }) as Charge;

export const lostAnswer = (details: Partial<ErrorDetails> = {}): ConnectionError =>
  new ConnectionError({ message: 'the connection failed', outcome: 'unknown', ...details });

export interface Shop {
  readonly time: VirtualTime;
  readonly store: OperationStore;
  readonly protocol: Protocol;
  /** Calls one write of the key `order-1`; every part may be replaced. */
  write(changes?: Partial<Write<Charge>>): Promise<Charge>;
  record(): Promise<OperationRecord>;
}

export const scope = 'default/acme/test/-';
export const key = 'order-1';

/** One merchant process: the real protocol over a memory store in virtual time, with a scripted provider. */
export const openShop = ({
  time = createVirtualTime(),
  store = memoryStore({ runtime: time.runtime }),
  keyLifetimeMs = null as number | null,
  sendsWithoutStore = false,
} = {}): Shop => {
  const protocol: Protocol = {
    provider: 'acme',
    store,
    runtime: time.runtime,
    settleMs,
    abandonedMs,
    sendsWithoutStore,
    secrets: [],
    keyLifetimeMs,
    emit: () => undefined,
  };
  return {
    time,
    store,
    protocol,
    write: (changes = {}) =>
      runWrite(protocol, {
        scope,
        key,
        operation: 'create',
        target: null,
        fingerprint: fingerprintOf({
          operation: 'create',
          target: null,
          amount: 4590,
          currency: 'EUR',
          params: { amount: 4590, currency: 'EUR' },
        }),
        refundLock: null,
        resolvedAtOnce: null,
        mayBeOlder: () => false,
        attribution: () => 'ours',
        heldKey: { begins: () => undefined, mayBeSentByAnother: () => false },
        deadline: time.runtime.monotonic() + callMs,
        signal: null,
        looksUpFirst: false,
        beforeRepeat: () => Promise.resolve(),
        needsClearLookup: false,
        refresh: (output) => Promise.resolve(output),
        prepare: () => Promise.resolve({ read: 'before' }),
        send: (_resolved, assertLease) => {
          assertLease();
          return Promise.resolve(made('ch_1'));
        },
        lookUp: () => Promise.resolve<LookupResult<Charge>>({ seen: 'nothing' }),
        lookUpBriefly: changes.lookUp ?? (() => Promise.resolve<LookupResult<Charge>>({ seen: 'nothing' })),
        lookUpBefore: changes.lookUp ?? (() => Promise.resolve<LookupResult<Charge>>({ seen: 'nothing' })),
        refundIdOf: () => null,
        snapshot: (output) => ({ kind: 'charge', value: { id: output.id } }),
        restore: (result) => made((result?.value as { id: string }).id),
        ...changes,
      }),
    record: async () => {
      const stored = await store.get(scope, key);
      if (stored === null) throw new Error('there is no record');
      return stored.record;
    },
  };
};

/** A provider that remembers what it did: `send` commits, and may lose the answer afterwards. */
export const createLedger = () => {
  const charges: string[] = [];
  return {
    charges,
    send: (fate: 'answered' | 'answer_lost' | 'request_lost' = 'answered') =>
      vi.fn((_resolved: unknown, assertLease: () => void) => {
        assertLease();
        if (fate !== 'request_lost') charges.push(`ch_${charges.length + 1}`);
        const id = charges.at(-1);
        return fate === 'answered' && id !== undefined
          ? Promise.resolve(made(id))
          : Promise.reject(lostAnswer());
      }),
    look: vi.fn((): Promise<LookupResult<Charge>> => {
      const id = charges[0];
      return Promise.resolve(
        id === undefined ? { seen: 'nothing' } : { seen: 'happened', output: made(id), refundId: null },
      );
    }),
  };
};
