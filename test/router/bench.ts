import type { ChargesClient } from '../../src/charges-client.js';
import type { OperationStore } from '../../src/models/operation-store.js';
import type { Reconciliation } from '../../src/models/reconciliation.js';
import { memoryStore } from '../../src/stores/memory.js';
import { createRouter, type Route, type Router, type RouterEvent } from '../../src/router/index.js';
import type { RouterSettings } from '../../src/router/route.js';
import { createFakeClient, type FakeClient } from '../../src/testing/index.js';
import type { FaultType } from '../../src/simulator/faults.js';

/** A store of this process that passes for one that outlives it. */
export const sharedStore = (): OperationStore => ({ ...memoryStore(), durable: true });

/** A durable store whose clock is set by hand. */
export const clockedStore = () => {
  let now = Date.UTC(2026, 0, 1);
  const store: OperationStore = { ...memoryStore({ runtime: { now: () => now } }), durable: true };
  return {
    store,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
};

/** The same client, which says this of every key. */
export const saying = (client: ChargesClient, word: Reconciliation | Error): ChargesClient => ({
  ...client,
  reconcile: () => (word instanceof Error ? Promise.reject(word) : Promise.resolve(word)),
});

export interface Bench {
  readonly store: OperationStore;
  readonly first: FakeClient;
  readonly second: FakeClient;
  readonly third: FakeClient;
  readonly routes: readonly Route[];
  readonly router: Router;
  readonly events: RouterEvent[];
  /** Another router over the same accounts and store: another process. */
  another(settings?: Partial<RouterSettings>): Router;
  /** Charges by route that took money or may take it. */
  ledger(): Readonly<Record<string, number>>;
  fail(client: FakeClient, fault: FaultType, times?: number): void;
}

/** The source that every route approves. */
export const approved = { first: 'approved', second: 'approved', third: 'approved' } as const;

export const order = { amount: 4590, currency: 'EUR', sources: approved } as const;

/** A router over three accounts of the fake provider, with a store that all share. */
export const makeBench = (
  settings: Partial<RouterSettings> = {},
  routeSettings: Partial<Record<string, Partial<Route>>> = {},
): Bench => {
  const store = settings.store ?? sharedStore();
  const events: RouterEvent[] = [];
  const make = (namespace: string) => createFakeClient({ store, namespace, maxRetries: 0 });
  const clients = { first: make('first'), second: make('second'), third: make('third') };
  const routes = Object.entries(clients).map(([name, client]): Route => ({
    name,
    client,
    ...routeSettings[name],
  }));
  const another = (more: Partial<RouterSettings> = {}): Router =>
    createRouter({
      store,
      routes,
      onEvent: (event) => {
        events.push(event);
      },
      ...settings,
      ...more,
    });
  return {
    store,
    ...clients,
    routes,
    router: another(),
    events,
    another,
    ledger: () =>
      Object.fromEntries(
        Object.entries(clients).map(([name, { control }]) => [
          name,
          control.charges().filter(({ state }) => state !== 'failed').length,
        ]),
      ),
    fail: ({ control }, fault, times = 1) => {
      control.inject({ operation: 'create', fault, times });
    },
  };
};
