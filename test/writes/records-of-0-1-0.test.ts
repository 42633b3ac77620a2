import { describe, expect, it } from 'vitest';
import type { ChargesClient, CreateParams, OperationStore } from '../../src/index.js';
import { memoryStore } from '../../src/index.js';
import { createJustifi } from '../../src/providers/justifi/index.js';
import { createMagpie } from '../../src/providers/magpie/index.js';
import { createOmise } from '../../src/providers/omise/index.js';
import { createPin } from '../../src/providers/pin/index.js';
import { createStripe } from '../../src/providers/stripe/index.js';
import { startSimulator, type Simulator } from '../../src/testing/index.js';
import stored from '../fixtures/records-0.1.0.json' with { type: 'json' };

/**
 * A shop updates the library while writes are open. The fixture holds what version 0.1.0 recorded of these very calls at the simulator
 * with this seed: this version records the same, and settles what that one left open.
 */

type Provider = keyof typeof stored;
const names = Object.keys(stored) as Provider[];

interface StoredRecord {
  readonly begin: Omit<Parameters<OperationStore['begin']>[0], 'owner' | 'leaseMs'>;
  readonly resolved: object | null;
}

const clientOf = (provider: Provider, simulator: Simulator, store: OperationStore): ChargesClient => {
  switch (provider) {
    case 'stripe':
      return createStripe({ ...simulator.settings('stripe'), store });
    case 'omise':
      return createOmise({ ...simulator.settings('omise'), store });
    case 'magpie':
      return createMagpie({ ...simulator.settings('magpie'), store });
    case 'justifi':
      return createJustifi({ ...simulator.settings('justifi'), store });
    case 'pin':
      return createPin({ ...simulator.settings('pin'), store });
  }
};

const paramsOf: Readonly<Record<Provider, CreateParams>> = {
  stripe: { amount: 4590, currency: 'EUR' },
  omise: { amount: 45900, currency: 'THB' },
  magpie: { amount: 12550, currency: 'PHP', description: 'Order 81', statementDescriptor: 'SHOP' },
  justifi: { amount: 4590, currency: 'USD' },
  pin: {
    amount: 4590,
    currency: 'AUD',
    email: 'payer@shop.example',
    description: 'Order 81',
    ip: '198.51.100.7',
  },
};

/** The calls of the fixture, in their order: each by its key, for any client of the same simulator. */
const callsOf = (provider: Provider, simulator: Simulator) => {
  const ids = new Map<string, string>();
  const sources = new Map<string, CreateParams['source']>();
  const create =
    (key: string, more: Partial<CreateParams> = {}) =>
    async (client: ChargesClient) => {
      const source = sources.get(key) ?? simulator.source(provider, 'approved');
      sources.set(key, source);
      const params = { ...paramsOf[provider], source, metadata: { order: '81' }, ...more };
      const charge = await client.create(params, { idempotencyKey: key });
      ids.set(key, charge.id);
      return charge;
    };
  const id = (key: string): string => ids.get(key) ?? '';
  const calls: Record<string, (client: ChargesClient) => Promise<{ readonly id: string }>> = {
    paid: create('paid'),
    hold: create('hold', { capture: false }),
    captured: (client) => client.capture(id('hold'), {}, { idempotencyKey: 'captured' }),
    second: create('second', { capture: false }),
    voided: (client) => client.void(id('second'), { idempotencyKey: 'voided' }),
    part: (client) => client.refund(id('paid'), { amount: 1000 }, { idempotencyKey: 'part' }),
    rest: (client) => client.refund(id('paid'), {}, { idempotencyKey: 'rest' }),
  };
  return calls;
};

/** A store that remembers what it was told, beside doing it. */
const listening = (store: OperationStore) => {
  const told: { begin: object; resolved: unknown }[] = [];
  const heard: OperationStore = {
    ...store,
    begin: (order) => {
      const { scope, key, operation, target, fingerprint, refundLock, resolved = null } = order;
      told.push({ begin: { scope, key, operation, target, fingerprint, refundLock }, resolved });
      return store.begin(order);
    },
    prepare: (ownership, resolved) => {
      const last = told.at(-1);
      if (last !== undefined) last.resolved = JSON.parse(JSON.stringify(resolved));
      return store.prepare(ownership, resolved);
    },
  };
  return { told, store: heard };
};

/** A store in which version 0.1.0 left this write open. */
const leftOpen = async ({ begin, resolved }: StoredRecord): Promise<OperationStore> => {
  const store = memoryStore();
  const begun = await store.begin({ ...begin, owner: 'version 0.1.0', leaseMs: 1000 });
  if (begun.status !== 'made') throw new Error('the record is there already');
  const ownership = {
    scope: begin.scope,
    key: begin.key,
    owner: 'version 0.1.0',
    attempt: begun.record.attempt,
  };
  await store.prepare(ownership, resolved);
  await store.settle(ownership, { state: 'unknown', result: null, sent: true, claimedRefund: null });
  return store;
};

describe.each(names)('a record of version 0.1.0 at %s', (provider) => {
  const records = (stored[provider] as readonly StoredRecord[]).filter(
    ({ begin }) => begin.key !== 'updated',
  );

  it('is what this version records, and more', async () => {
    const simulator = await startSimulator({ providers: [provider], seed: 1 });
    try {
      const { told, store } = listening(memoryStore());
      const client = clientOf(provider, simulator, store);
      for (const call of Object.values(callsOf(provider, simulator))) await call(client);
      expect(told.map(({ begin }) => begin)).toEqual(records.map(({ begin }) => begin));
      for (const [index, { resolved }] of records.entries())
        if (resolved !== null) expect(told[index]?.resolved).toMatchObject(resolved);
    } finally {
      await simulator.close();
    }
  });

  it.each(records.map((record, index) => [record.begin.key, record, index] as const))(
    'that was left open (%s) is settled by this version, with one effect',
    async (key, record, index) => {
      const simulator = await startSimulator({ providers: [provider], seed: 1 });
      try {
        const before = clientOf(provider, simulator, memoryStore());
        const calls = Object.values(callsOf(provider, simulator)).slice(0, index + 1);
        let made = { id: '' };
        for (const call of calls) made = await call(before);
        const ledger = JSON.stringify(simulator.ledger.charges());
        const again = await calls.at(-1)?.(clientOf(provider, simulator, await leftOpen(record)));
        expect([key, again?.id]).toEqual([key, made.id]);
        expect(JSON.stringify(simulator.ledger.charges())).toBe(ledger);
      } finally {
        await simulator.close();
      }
    },
  );
});
