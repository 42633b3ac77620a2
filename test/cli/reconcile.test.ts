import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reconcileOpen } from '../../src/cli/reconcile.js';
import { ChargesError } from '../../src/errors.js';
import type { OperationStore } from '../../src/models/operation-store.js';
import { memoryStore } from '../../src/stores/memory.js';
import { createStripe } from '../../src/providers/stripe/index.js';
import { createRouter } from '../../src/router/index.js';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.js';
import { recordTerminal } from './a-terminal.js';
import { clientsOf, orderAt, surroundingsOf } from './surroundings.js';

let simulator: Simulator;
let store: OperationStore;

beforeEach(async () => {
  simulator = await startSimulator();
  store = memoryStore();
});
afterEach(() => simulator.close());

interface Printed {
  settled: number;
  happened: number;
  didNotHappen: number;
  open: number;
  writes: { scope: string; key: string; outcome: string; chargeId: string | null }[];
  failures: { scope: string; message: string }[];
  unserved: { scope: string; open: number }[];
}

const reconcile = async (
  surroundings: ReturnType<typeof surroundingsOf>,
  waitMs = 20_000,
): Promise<{ exitCode: number; printed: Printed }> => {
  const terminal = recordTerminal();
  const exitCode = await reconcileOpen(surroundings, terminal, { json: true, waitMs });
  return { exitCode, printed: JSON.parse(terminal.written.stdout) as Printed };
};

const outcomeOf = async (attempt: Promise<unknown>): Promise<string> => {
  try {
    await attempt;
    return 'answered';
  } catch (error) {
    if (error instanceof ChargesError) return error.outcome;
    throw error;
  }
};

/** Every write that this run leaves open is one whose answer was lost: after it was executed, and before. */
const loseAnswers = async (clients: ReturnType<typeof clientsOf>): Promise<void> => {
  for (const provider of simulator.providers) {
    for (const fault of ['cut_after_commit', 'cut_before_commit'] as const) {
      simulator.inject({ provider, operation: 'create', fault });
      const outcome = await outcomeOf(
        clients[provider].create(orderAt(simulator, provider), {
          idempotencyKey: `${provider}-${fault}`,
          maxRetries: 0,
        }),
      );
      expect(outcome).toBe('unknown');
    }
  }
};

/** Every request but the one for a token, which moves nothing and has no other method. */
const writesAmong = (requests: ReturnType<Simulator['requests']>): string[] =>
  requests
    .filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')
    .map(({ method, path }) => `${method} ${path}`);

describe('unicharge reconcile', () => {
  it('settles every lost answer by itself, agrees with the ledger, and sends no write', async () => {
    const clients = clientsOf(simulator, { store });
    await loseAnswers(clients);
    const before = simulator.requests().length;
    const { exitCode, printed } = await reconcile(surroundingsOf([store], clients));
    expect(writesAmong(simulator.requests().slice(before))).toEqual([]);
    expect(exitCode).toBe(0);
    expect(printed).toMatchObject({ settled: 12, open: 0, failures: [], unserved: [] });
    expect(await store.listScopes?.()).toEqual([]);
    const ids = new Set(simulator.ledger.charges().map(({ id }) => id));
    for (const { key, outcome, chargeId } of printed.writes) {
      expect([key, outcome]).toEqual([key, key.endsWith('cut_after_commit') ? 'happened' : 'did_not_happen']);
      if (outcome === 'happened') expect(ids).toContain(chargeId);
    }
    expect(printed.happened).toBe(ids.size);
  });

  it('says what stays open, when to look again, and ends with 3', async () => {
    const settings = { ...simulator.settings('stripe'), store, settleMs: 600_000 };
    const stripe = createStripe(settings);
    simulator.inject({ provider: 'stripe', operation: 'create', fault: 'cut_before_commit' });
    await outcomeOf(
      stripe.create(orderAt(simulator, 'stripe'), { idempotencyKey: 'order-1', maxRetries: 0 }),
    );
    const terminal = recordTerminal();
    const exitCode = await reconcileOpen(surroundingsOf([store], { stripe }), terminal, {
      json: false,
      waitMs: 0,
    });
    expect(exitCode).toBe(3);
    expect(terminal.written.stdout).toMatch(
      /^open {12}default\/stripe\/test\/- {2}order-1 {2}create {2}look again in 9 min\nsettled 0 {2}happened 0 {2}did not happen 0 {2}open 1 \(exit 3\)\n$/,
    );
  });

  it('looks at connected accounts that only the store knows of', async () => {
    const stripe = createStripe({ ...simulator.settings('stripe'), store });
    simulator.inject({ provider: 'stripe', operation: 'create', fault: 'cut_after_commit' });
    const headers = { 'Stripe-Account': 'acct_1Shop' };
    const options = { idempotencyKey: 'order-1', maxRetries: 0, headers };
    await outcomeOf(stripe.create(orderAt(simulator, 'stripe'), options));
    const { exitCode, printed } = await reconcile(surroundingsOf([store], { stripe }));
    expect(printed.writes).toMatchObject([{ scope: 'default/stripe/test/acct_1Shop', outcome: 'happened' }]);
    expect(exitCode).toBe(0);
  });

  it('leaves alone what no client can look at, and says so', async () => {
    const clients = clientsOf(simulator, { store });
    await loseAnswers(clients);
    const { omise } = clients;
    const { exitCode, printed } = await reconcile(surroundingsOf([store], { omise }));
    expect(exitCode).toBe(3);
    expect(printed).toMatchObject({ settled: 2, open: 10 });
    expect(printed.unserved.map(({ open }) => open)).toEqual([2, 2, 2, 2, 2]);
    expect(printed.writes.every(({ scope }) => scope.includes('/omise/'))).toBe(true);
  });

  it('ends with 1 when a provider refuses the key, and still looks at the others', async () => {
    const clients = clientsOf(simulator, { store });
    await loseAnswers(clients);
    const stranger = createStripe({
      ...simulator.settings('stripe'),
      secretKey: `sk_test_${'x'.repeat(20)}`,
      store,
    });
    const { exitCode, printed } = await reconcile(
      surroundingsOf([store], { ...clients, stripe: stranger }),
      2_000,
    );
    expect(exitCode).toBe(1);
    expect(printed).toMatchObject({ settled: 10, open: 2 });
    expect(printed.failures).toEqual([
      {
        scope: 'default/stripe/test/-',
        message: expect.stringContaining('AuthenticationError'),
        ofOneWrite: false,
      },
    ]);
    expect(JSON.stringify(printed)).not.toContain('x'.repeat(20));
  });

  describe('with a router as the only client of the config', () => {
    const settings = { settleMs: 200, abandonedMs: 200, maxRetries: 0 };
    const routerOf = (records: OperationStore) => {
      const { stripe, justifi } = clientsOf(simulator, { store: records, ...settings });
      return createRouter({
        store: records,
        routes: [
          { name: 'main', client: stripe },
          { name: 'spare', client: justifi },
        ],
        cascade: { declines: ['generic_decline'] },
        settleMs: 200,
        abandonedMs: 200,
      });
    };
    const pay = (records: OperationStore, key: string, main: 'approved' | 'declined') => {
      const sources = {
        main: simulator.source('stripe', main),
        spare: simulator.source('justifi', 'approved'),
      };
      const order = { amount: 45_900, currency: 'USD', sources };
      return outcomeOf(routerOf(records).create(order, { idempotencyKey: key }));
    };

    it('settles its own records and those of its routes, each once', async () => {
      simulator.inject({ provider: 'stripe', operation: 'create', fault: 'cut_after_commit' });
      expect(await pay(store, 'at-main', 'approved')).toBe('unknown');
      simulator.inject({ provider: 'justifi', operation: 'create', fault: 'cut_before_commit' });
      expect(await pay(store, 'at-spare', 'declined')).toBe('unknown');
      const before = simulator.requests().length;
      const { exitCode, printed } = await reconcile(surroundingsOf([store], { charges: routerOf(store) }));
      expect(writesAmong(simulator.requests().slice(before))).toEqual([]);
      expect(exitCode).toBe(0);
      expect(printed).toMatchObject({ open: 0, failures: [], unserved: [] });
      const told = printed.writes.map(({ scope, key, outcome }) => `${scope} ${key} ${outcome}`).sort();
      expect(told).toEqual([
        expect.stringMatching(/^default\/justifi\/.* at-spare did_not_happen$/),
        'default/router/keys at-main happened',
        'default/router/keys at-spare did_not_happen',
        expect.stringMatching(/^default\/stripe\/.* at-main happened$/),
      ]);
      expect(await store.listScopes?.()).toEqual([]);
    });

    it('settles what a process left that died before the client of its route heard of the key', async () => {
      let aheadMs = 0;
      const clocked = memoryStore({ runtime: { now: () => Date.now() + aheadMs } });
      let isPrepared = false;
      const dying: OperationStore = {
        ...clocked,
        prepare: async (owner, resolved) => {
          isPrepared = await clocked.prepare(owner, resolved);
          return new Promise<boolean>(() => undefined);
        },
      };
      void pay(dying, 'order-1', 'approved');
      await expect.poll(() => isPrepared).toBe(true);
      aheadMs = 60 * 60_000;
      const { exitCode, printed } = await reconcile(
        surroundingsOf([clocked], { charges: routerOf(clocked) }),
      );
      expect(printed.writes).toMatchObject([{ key: 'order-1', outcome: 'did_not_happen' }]);
      expect(exitCode).toBe(0);
    });

    it('ends records of ids that were about to be remembered, and tells nothing of them', async () => {
      expect(await pay(store, 'order-1', 'approved')).toBe('answered');
      const [charge] = simulator.ledger.charges();
      await store.begin({
        scope: 'default/router/charges',
        key: `main:${charge?.id ?? ''}x`,
        operation: 'create',
        target: null,
        fingerprint: {
          version: 1,
          hash: '',
          operation: 'create',
          target: null,
          amount: null,
          currency: null,
        },
        owner: 'dead',
        leaseMs: 0,
        refundLock: null,
      });
      const { exitCode, printed } = await reconcile(surroundingsOf([store], { charges: routerOf(store) }));
      expect(printed).toMatchObject({ settled: 0, open: 0, writes: [], unserved: [] });
      expect(exitCode).toBe(0);
    });

    it('takes clients that stand beside their router once', () => {
      const clients = clientsOf(simulator, { store });
      const router = createRouter({ store, routes: [{ name: 'main', client: clients.stripe }] });
      const names = surroundingsOf([store], { router, ...clients }).clients.map(({ name }) => name);
      expect(names).toEqual(['router', 'stripe', 'omise', 'magpie', 'pin', 'justifi', 'paymongo']);
      expect(surroundingsOf([store], { router }).clients.map(({ name }) => name)).toEqual([
        'router',
        'router/main',
      ]);
    });

    it('refuses a copy of a client below it', () => {
      const { stripe } = clientsOf(simulator, { store });
      const router = createRouter({ store, routes: [{ name: 'main', client: { ...stripe } }] });
      expect(() => surroundingsOf([store], { router })).toThrow('The route main of router');
    });
  });

  it('draws a bar on a terminal, and only on standard error', async () => {
    const clients = clientsOf(simulator, { store });
    await loseAnswers(clients);
    const terminal = recordTerminal({ isTTY: true });
    await reconcileOpen(surroundingsOf([store], clients), terminal, { json: false, waitMs: 20_000 });
    expect(terminal.written.stderr).toContain('[------------------------] 0/12');
    expect(terminal.written.stderr).toContain('[########################] 12/12');
    expect(terminal.written.stderr.endsWith('\r\u001b[2K')).toBe(true);
    expect(terminal.written.stdout).toContain('\u001b[32mhappened');
    const pipe = recordTerminal();
    await reconcileOpen(surroundingsOf([store], clients), pipe, { json: false, waitMs: 0 });
    expect(pipe.written).toEqual({ stdout: 'settled 0  happened 0  did not happen 0  open 0\n', stderr: '' });
  });

  it('wants clients, and clients with a store', async () => {
    const terminal = recordTerminal();
    const options = { json: false, waitMs: 0 };
    await expect(reconcileOpen(surroundingsOf([store]), terminal, options)).rejects.toThrow('--config');
    const { omise } = clientsOf(simulator, {});
    await expect(reconcileOpen(surroundingsOf([store], { omise }), terminal, options)).rejects.toThrow(
      'store',
    );
  });
});
