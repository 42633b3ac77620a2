import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/runtime.js';
import { startSimulator } from '../../src/simulator/index.js';
import { createFakeClient } from '../../src/testing/index.js';
import { faces, type SimulatedProvider } from '../../src/simulator/faces.js';
import { createSimulatedProviders } from '../../src/simulator/simulated-providers.js';
import { textOf } from '../source-tree.js';

const simulated = createSimulatedProviders({ runtime: systemRuntime, seed: 1 });
const providers = Object.keys(faces) as SimulatedProvider[];

/** The names that a refusal lists. */
const namesIn = (inject: () => void): string[] => {
  try {
    inject();
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return /Known are (.+)\.$/.exec((error as Error).message)?.[1]?.split(', ') ?? [];
  }
  throw new Error('nothing was refused');
};

describe('a fault for an operation that no request has', () => {
  it('is refused with the names that there are', () => {
    const names = namesIn(() => simulated.inject({ operation: 'listRefunds', fault: 'refuse' }));
    expect(names).toEqual(expect.arrayContaining(['create', 'list_refunds', 'verify', 'token']));
    expect(() => simulated.inject({ operation: 'list_refunds', fault: 'refuse' })).not.toThrow();
    simulated.clearFaults();
  });

  it('is refused where the one provider has none', () => {
    expect(() => simulated.inject({ provider: 'stripe', operation: 'verify', fault: 'refuse' })).toThrow(
      "There is no operation 'verify' at stripe. Known are ",
    );
    expect(namesIn(() => simulated.inject({ provider: 'magpie', operation: 'x', fault: 'refuse' }))).toEqual([
      'capture',
      'create',
      'create_source',
      'list',
      'refund',
      'retrieve',
      'retrieve_source',
      'verify',
      'void',
    ]);
  });

  it('is told apart from a particular that stands beside the fault', () => {
    const inject = (order: object) => () => simulated.inject(order as never);
    expect(inject({ fault: 'delay', ms: 5 })).toThrow(
      "A fault has no 'ms' beside it: give fault: { type: 'delay', ms }.",
    );
    expect(inject({ fault: { type: 'delay' }, when: 'after_commit' })).toThrow('fault: { type: …, when }');
  });

  it('is refused by the fake client', () => {
    const { control } = createFakeClient();
    expect(() => control.inject({ operation: 'creat', fault: 'refuse' })).toThrow(
      "There is no operation 'creat'. Did you mean 'create'? Known are capture, create, expire, list, list_refunds, refund, retrieve, retrieve_refund, search, update, void.",
    );
  });

  it('can be looked up: the documentation has every name', () => {
    const page = textOf('docs/testing.md');
    for (const provider of providers) {
      const names = namesIn(() => simulated.inject({ provider, operation: 'x', fault: 'refuse' }));
      expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    }
  });
});

/** A value for every member that some fault has. */
const all = {
  ms: 1,
  when: 'after_commit',
  retryAfterSeconds: 1,
  answer: 'first',
  headers: { 'x-more': 'yes' },
} as const;
const particulars = ['ms', 'when', 'retryAfterSeconds', 'answer', 'headers'] as const;
const { headers } = all;
const faults: readonly (readonly [string, Partial<typeof all>])[] = [
  ['refuse', {}],
  ['delay', { ms: 1, when: 'after_commit', headers }],
  ['cut_before_commit', {}],
  ['cut_after_commit', {}],
  ['half_answer', {}],
  ['rate_limited', { retryAfterSeconds: 1, headers }],
  ['server_error', { headers }],
  ['server_error_after_commit', { headers }],
  ['bad_gateway_after_commit', { headers }],
  ['malformed_json', { headers }],
  ['empty_body', { headers }],
  ['duplicate_delivery', { answer: 'first', headers }],
];

describe('a fault with a member that there is not', () => {
  const order = (members: object) => members as Parameters<typeof simulated.inject>[0];
  const cases = [
    ['op', { op: 'create', fault: 'refuse' }, 'operation'],
    ['providers', { providers: 'pin', fault: 'refuse' }, 'provider'],
    ['count', { fault: 'refuse', count: 2 }, null],
    ['ms', { fault: 'delay', ms: 5000 }, null],
    ['milliseconds', { fault: { type: 'delay', milliseconds: 5 } }, 'ms'],
    ['retryAfter', { fault: { type: 'rate_limited', retryAfter: 5 } }, 'retryAfterSeconds'],
    ['constructor', { fault: 'refuse', constructor: 1 }, null],
  ] as const;

  it.each(cases)('is refused: %s', (name, members, nearest) => {
    const { control } = createFakeClient();
    for (const inject of [simulated.inject, control.inject]) {
      const complaint = new RegExp(`A fault has no '${name}'.*Known are .+\\.$`);
      expect(() => inject(order(members))).toThrow(complaint);
      if (nearest !== null) expect(() => inject(order(members))).toThrow(`Did you mean '${nearest}'?`);
    }
  });

  it.each([undefined, null, 'refuse', {}, { fault: null }, { fault: {} }, { fault: 5 }, { type: 'refuse' }])(
    'is refused without a fault: %j',
    (members) => {
      const { control } = createFakeClient();
      for (const inject of [simulated.inject, control.inject])
        expect(() => inject(order(members as object))).toThrow(RangeError);
    },
  );

  it('has a nearest fault', () => {
    expect(() => simulated.inject(order({ fault: 'cut_after_comit' }))).toThrow(
      "There is no fault 'cut_after_comit'. Did you mean 'cut_after_commit'?",
    );
    expect(() => simulated.inject(order({ operation: 'listRefunds', fault: 'refuse' }))).toThrow(
      "There is no operation 'listRefunds'. Did you mean 'list_refunds'?",
    );
  });

  it.each(faults)('takes every member that %s has', (type, members) => {
    const { control } = createFakeClient();
    for (const { inject, pendingFaults, clearFaults } of [simulated, control]) {
      inject(order({ operation: 'create', fault: { type, ...members }, times: 2 }));
      const absent = Object.fromEntries(particulars.map((name) => [name, undefined]));
      inject(order({ provider: undefined, operation: undefined, fault: { type, ...absent } }));
      expect(pendingFaults()).toHaveLength(2);
      clearFaults();
    }
  });

  it.each(faults)('takes no member that %s lacks', (type, members) => {
    const { control } = createFakeClient();
    for (const { inject, pendingFaults } of [simulated, control]) {
      for (const name of particulars.filter((each) => !Object.hasOwn(members, each))) {
        const known = ['type', ...Object.keys(members)].join(', ');
        expect(() => inject(order({ fault: { type, [name]: all[name] } }))).toThrow(
          new RangeError(`The fault '${type}' has no '${name}'. Known are ${known}.`),
        );
      }
      expect(pendingFaults()).toEqual([]);
    }
  });
});

describe('the fake client', () => {
  it('takes a fault for everything that it sends', async () => {
    const charges = createFakeClient();
    const charge = await charges.create({ amount: 500, currency: 'EUR', source: 'x', capture: false });
    await charges.retrieve(charge.id);
    await charges.update(charge.id, { description: 'a' });
    await charges.list();
    await charges.search({ amount: 500 });
    await charges.capture(charge.id);
    const refund = await charges.refund(charge.id, { amount: 100 });
    await charges.listRefunds(charge.id);
    await charges.retrieveRefund(charge.id, refund.id);
    await charges.void(charge.id).catch(() => undefined);
    await charges.expire(charge.id).catch(() => undefined);
    const sent = new Set(charges.control.requests().map(({ operation }) => operation));
    expect([...sent].sort()).toEqual(
      namesIn(() => charges.control.inject({ operation: 'x', fault: 'refuse' })),
    );
  });
});

describe('a kind of source that there is not', () => {
  it.each(providers)('is refused at %s with those that there are', (provider) => {
    expect(() => simulated.source(provider, 'aproved' as never)).toThrow(
      new RangeError(
        "There is no source of the kind 'aproved'. Did you mean 'approved'? Known are approved, declined, insufficient_funds, requires_3ds, redirect.",
      ),
    );
  });
});

describe('a token of the fake client that is nearly one of those that it knows', () => {
  const charges = createFakeClient();
  const create = (source: string) => charges.create({ amount: 500, currency: 'EUR', source });

  it.each([
    ['insufficient-funds', 'insufficient_funds'],
    ['insufficientFunds', 'insufficient_funds'],
    ['decline', 'declined'],
    ['tok_declined', 'declined'],
    ['requires_3DS', 'requires_3ds'],
  ])('is refused: %s', async (token, meant) => {
    await expect(create(token)).rejects.toMatchObject({
      name: 'InvalidRequestError',
      outcome: 'not_sent',
      issues: [{ path: 'source', message: `is not a source of the fake client; did you mean ${meant}?` }],
    });
    expect(charges.control.charges()).toEqual([]);
  });

  it.each(['tok_visa', 'pm_card_visa', 'x', 'tokn_test_5g5mep9yrko3vx2f0hx'])(
    'every other one is approved: %s',
    async (token) => {
      await expect(
        createFakeClient().create({ amount: 500, currency: 'EUR', source: token }),
      ).resolves.toMatchObject({
        status: 'captured',
      });
    },
  );
});

describe('an option of the simulator that there is not', () => {
  const start = (options: object) => startSimulator(options);

  it('is refused by name', async () => {
    await expect(start({ provider: 'stripe' })).rejects.toThrow(
      "The simulator has no 'provider'. Did you mean 'providers'? Known are providers, port,",
    );
    await expect(start({ providers: ['strpe'] })).rejects.toThrow("Did you mean 'stripe'?");
    await expect(start({ switches: { strpe: {} } })).rejects.toThrow("Did you mean 'stripe'?");
    await expect(start({ switches: { stripe: { no: true } } })).rejects.toThrow(
      "'stripe' has no 'no'. Known are",
    );
  });

  it('is refused as a switch that is set later', () => {
    expect(() => Object.assign(simulated.switches.stripe, { keepsErrors: true })).toThrow(TypeError);
  });

  it('is refused where notifications are to go', async () => {
    const simulator = await start({ providers: ['stripe'] });
    const deliver = (...values: readonly unknown[]) =>
      simulator.webhooks.deliverTo(...(values as Parameters<typeof simulator.webhooks.deliverTo>));
    const url = 'http://127.0.0.1:9/';
    try {
      expect(() => deliver('stripe', url, undefined)).toThrow('the secret must be a text');
      expect(() => deliver('stripe', url, '')).toThrow('the secret must be a text');
      expect(() => deliver('stripe', '/webhooks', 'whsec_1')).toThrow('the address must be a URL');
      expect(() => deliver('strpe', url, 'whsec_1')).toThrow("runs without 'strpe'. Did you mean 'stripe'?");
      expect(() => deliver('pin', url, 'whsec_1')).toThrow("runs without 'pin'");
      await expect(
        Promise.resolve().then(() => simulator.webhooks.release({ copys: 2 } as object)),
      ).rejects.toThrow("Did you mean 'copies'?");
    } finally {
      await simulator.close();
    }
  });
});
