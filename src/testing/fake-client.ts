import { types } from 'node:util';
import { createChargesClient, type ChargesClientOf, type ClientSettings } from '../create-charges-client.js';
import { createFakeServer } from './fake-provider/server.js';
import { fakeProvider } from './fake-provider/spec.js';
import {
  createInMemoryExchange,
  createInstantRuntime,
  tamperedExchange,
  type WireIncoming,
} from './in-memory-exchange.js';
import { createAgenda } from '../simulator/agenda.js';
import {
  checkFault,
  checkOperation,
  createFaultQueue,
  type FaultOrder,
  type PendingFault,
} from '../simulator/faults.js';
import { checkFunction, checkObject, checkSurplus, shown } from '../simulator/check-values.js';
import type { LedgerCharge, LedgerState } from '../simulator/ledger.js';

/** Settings of the fake client: those of every client (`onEvent`, `store`, `maxRetries`, …), and where its time begins. */
export type FakeClientOptions = ClientSettings<typeof fakeProvider> & {
  /** The moment at which this client begins; it moves on by a second with every request, and with delays. Default: 2026-01-01, UTC. */
  readonly startsAt?: Date | undefined;
};

/** The other side of a fake client, for tests. */
export interface FakeControl {
  /** Every charge that exists, oldest first: ground truth. */
  charges(): LedgerCharge[];
  /** The payer approves a charge that is `requires_action`. */
  approve(chargeId: string): void;
  /** The payer declines it. */
  decline(chargeId: string): void;
  /** Lets the next fitting requests meet a fault, like the simulator's `inject`. A provider is `'fake'` or left out. */
  inject(order: FaultOrder): void;
  /** Forgets injected faults that have not struck yet. */
  clearFaults(): void;
  /** Injected faults that have not struck as often as they are to, oldest first: none when a test is over. */
  pendingFaults(): PendingFault[];
  /** Every request that was sent. */
  requests(): readonly { readonly method: string; readonly path: string; readonly operation: string }[];
  /** Another client of the same fake provider, without the records of this one: another process. */
  anotherClient(settings?: ClientSettings<typeof fakeProvider>): FakeClient;
  /** Another client whose answers, as parsed JSON, go through `change` first: what if the provider said something else? */
  tamperedClient(change: (body: unknown) => unknown): FakeClient;
}

/** A client over a provider in memory. It fits `ChargesClient`. */
export type FakeClient = ChargesClientOf<typeof fakeProvider> & {
  /** What a test makes the provider do, and what it received. */
  readonly control: FakeControl;
};

const operationNames: Readonly<Record<string, string>> = {
  capture: 'capture',
  void: 'void',
  expire: 'expire',
  refunds: 'refund',
};

const operationOf = ({ method, path, query }: WireIncoming): string => {
  const [, , , id, action, refundId] = path.split('/');
  if (method === 'PATCH') return 'update';
  if (method === 'POST') return id === undefined ? 'create' : (operationNames[action ?? ''] ?? 'unknown');
  if (id === undefined) return query.has('amount') || query.has('currency') ? 'search' : 'list';
  if (action === undefined) return 'retrieve';
  return refundId === undefined ? 'list_refunds' : 'retrieve_refund';
};

/** What `operationOf` may give. */
const operations: readonly string[] = [
  'capture',
  'create',
  'expire',
  'list',
  'list_refunds',
  'refund',
  'retrieve',
  'retrieve_refund',
  'search',
  'update',
  'void',
];

const states: Readonly<Record<string, LedgerState>> = {
  processing: 'pending',
  needs_action: 'requires_action',
};

/** The milliseconds of a Date, also of one that another realm has made (Jest). */
const momentOf = (startsAt: unknown): number => {
  const wrong = 'The startsAt of createFakeClient must be a Date, not';
  if (!types.isDate(startsAt)) throw new TypeError(`${wrong} ${shown(startsAt)}.`);
  if (Number.isNaN(startsAt.getTime())) throw new RangeError(`${wrong} an invalid one.`);
  return startsAt.getTime();
};

const checkOnlyProvider = ({ provider }: FaultOrder): void => {
  if (provider === undefined || provider === 'fake') return;
  throw new RangeError(
    `There is no provider '${provider}' at the fake client: leave 'provider' out, or say 'fake'.`,
  );
};

/**
 * A `ChargesClient` for unit tests of your own code: the real engine over a provider in memory, without HTTP, waits or a
 * clock. The source decides what happens: `'declined'`, `'insufficient_funds'` and `'requires_3ds'` do what they say, every
 * other one is approved. One that looks like a misspelt form of these is refused, and so is what means a decline or an action
 * elsewhere: a decline code, the test token of a provider.
 *
 * @example
 * const charges = createFakeClient();
 * await checkout(charges, { amount: 4590, currency: 'EUR', source: 'approved' });
 * expect(charges.control.charges()).toHaveLength(1);
 */
export const createFakeClient = (options: FakeClientOptions = {}): FakeClient => {
  checkObject('The options of createFakeClient', options, '{ maxRetries: 0 }');
  const { startsAt = new Date(Date.UTC(2026, 0, 1)), ...settings } = options;
  const runtime = createInstantRuntime(momentOf(startsAt));
  const server = createFakeServer(() => runtime.now());
  const faults = createFaultQueue();
  const agenda = createAgenda();
  const settle = (): void => {
    agenda.runDue(runtime.now());
  };
  const seen: { method: string; path: string; operation: string }[] = [];
  const exchange = createInMemoryExchange({
    provider: 'fake',
    handle: server.handle,
    operationOf,
    faults,
    time: runtime,
    agenda,
    problem: (code, message) => ({ error: { code, message } }),
    onRequest: (request) => {
      runtime.pass(1000);
      seen.push({ method: request.method, path: request.path, operation: operationOf(request) });
    },
  });
  const control: FakeControl = {
    charges: (...given: unknown[]) => {
      checkSurplus('control.charges', given, 'it gives every charge; filter them.');
      settle();
      return server.charges().map((charge) => ({
        provider: 'fake',
        id: charge.id,
        account: null,
        amount: charge.amount,
        currency: charge.currency.toUpperCase(),
        amountCaptured: charge.captured_amount,
        amountRefunded: charge.refunded_amount,
        state: states[charge.status] ?? (charge.status as LedgerState),
        metadata: { ...charge.metadata },
        createdAt: charge.created_at,
        refunds: charge.refunds.map(({ id, amount, created_at, metadata }) => ({
          id,
          amount,
          status: 'succeeded',
          createdAt: created_at,
          metadata: { ...metadata },
        })),
      }));
    },
    approve: (chargeId) => {
      settle();
      server.decide(chargeId, 'approve');
    },
    decline: (chargeId) => {
      settle();
      server.decide(chargeId, 'decline');
    },
    inject: (order) => {
      checkFault(order);
      checkOnlyProvider(order);
      checkOperation(order, operations);
      faults.add(order);
    },
    clearFaults: () => {
      faults.clear();
    },
    pendingFaults: (...given: unknown[]) => {
      checkSurplus('control.pendingFaults', given, 'it gives every fault; filter them.');
      return faults.pending();
    },
    requests: (...given: unknown[]) => {
      checkSurplus('control.requests', given, 'it gives every request; filter them.');
      return [...seen];
    },
    anotherClient: (other = {}) => {
      checkObject('The settings of control.anotherClient', other, '{ maxRetries: 0 }');
      return makeClient(other);
    },
    tamperedClient: (change) => {
      checkFunction('The change of control.tamperedClient', change);
      return makeClient({}, tamperedExchange(exchange, change));
    },
  };
  const makeClient = (own: ClientSettings<typeof fakeProvider>, way = exchange): FakeClient => ({
    ...createChargesClient(fakeProvider, own, { runtime, exchange: way }),
    control,
  });
  return makeClient(settings);
};
