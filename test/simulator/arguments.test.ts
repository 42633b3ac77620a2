import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemRuntime } from '../../src/runtime.js';
import {
  createFakeClient,
  createSimulatedProviders,
  startSimulator,
  type Simulator,
} from '../../src/testing/index.js';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ providers: ['stripe', 'pin'], seed: 1 });
});
afterAll(() => simulator.close());

/** A method as code without types calls it. */
const loose = (method: unknown) => method as (...given: unknown[]) => unknown;

describe('the name of a provider', () => {
  const { control } = createFakeClient();
  const calls = (): readonly (readonly [string, (provider: unknown) => unknown])[] => [
    ['ledger.charges', loose(simulator.ledger.charges)],
    ['settings', loose(simulator.settings)],
    ['source', (provider) => loose(simulator.source)(provider, 'approved')],
    ['url', loose(simulator.url)],
    ['publishableKey', loose(simulator.publishableKey)],
    ['deliverTo', (provider) => loose(simulator.webhooks.deliverTo)(provider, 'http://127.0.0.1:9/', 's')],
  ];

  it('is refused where the simulator runs without it', () => {
    for (const [, call] of calls()) {
      expect(() => call('Stripe')).toThrow(
        "This simulator runs without 'Stripe'. Did you mean 'stripe'? Running are stripe, pin.",
      );
      for (const other of ['omise', 'pi_3Nx81', '']) {
        expect(() => call(other)).toThrow(RangeError);
        expect(() => call(other)).toThrow(`This simulator runs without '${other}'. Running are stripe, pin.`);
      }
    }
  });

  it('is refused where it is no text', () => {
    for (const [method, call] of calls()) {
      for (const [wrong, words] of [
        [{ provider: 'stripe' }, 'an object'],
        [null, 'null'],
        [['stripe'], 'a list'],
        [0, '0'],
      ] as const) {
        expect(() => call(wrong)).toThrow(TypeError);
        expect(() => call(wrong)).toThrow(
          `${method} takes the name of a provider, not ${words}. Running are stripe, pin.`,
        );
      }
      if (method !== 'ledger.charges') expect(() => call(undefined)).toThrow('not undefined. Running are');
    }
    expect(simulator.ledger.charges(undefined)).toEqual([]);
  });

  it('is taken by no method that gives everything', () => {
    expect(() => loose(simulator.requests)('stripe')).toThrow(
      "requests takes no further argument such as 'stripe': it gives the requests to every provider; filter them.",
    );
    expect(() => loose(simulator.webhooks.deliveries)('stripe')).toThrow(
      'deliveries takes no further argument',
    );
    expect(() => loose(simulator.pendingFaults)('stripe')).toThrow('pendingFaults takes no further argument');
    expect(() => loose(control.charges)('ch_1')).toThrow('control.charges takes no further argument');
    expect(() => loose(control.requests)('create')).toThrow('control.requests takes no further argument');
    expect(() => loose(control.pendingFaults)('fake')).toThrow('pendingFaults takes no further argument');
  });

  it('is not mistaken for a count: what is not called has the length 0', () => {
    const { ledger, requests, pendingFaults, webhooks } = simulator;
    const lists = [ledger.charges, requests, pendingFaults, webhooks.deliveries];
    for (const list of [...lists, control.charges, control.requests, control.pendingFaults])
      expect(list).toHaveLength(0);
  });
});

describe('an argument of the simulator', () => {
  it('is refused where nobody reads it', () => {
    expect(() => loose(simulator.settings)('stripe', { settleMs: 1 })).toThrow(
      'settings takes no further argument such as an object: spread what it gives, and add yours.',
    );
    expect(() => loose(simulator.ledger.charges)('stripe', 'pi_1')).toThrow(
      'ledger.charges takes no further argument',
    );
    expect(() => loose(simulator.source)('stripe', 'approved', {}, 1)).toThrow(
      'source takes no further argument',
    );
    expect(() => loose(simulator.webhooks.deliverTo)('stripe', 'http://127.0.0.1:9/', 'whsec_1', {})).toThrow(
      'deliverTo takes no further argument',
    );
  });

  it('is refused where a source has no such option', () => {
    const source = (...given: unknown[]) => loose(simulator.source)('stripe', ...given);
    expect(() => source()).toThrow(
      'The kind of a source must be a word, not undefined. Known are approved, declined, insufficient_funds, requires_3ds, redirect.',
    );
    expect(() => source({ kind: 'approved' })).toThrow(TypeError);
    expect(() => source('approved', { return_url: 'https://shop.example' })).toThrow(
      "The source has no 'return_url'. Did you mean 'returnUrl'? Known are returnUrl.",
    );
    expect(() => source('approved', 'https://shop.example')).toThrow(
      "The options of a source must be an object such as { returnUrl: 'https://shop.example/return' }, not 'https://shop.example'.",
    );
    expect(() => source('approved', { returnUrl: new URL('https://shop.example') })).toThrow(
      'The returnUrl of a source must be a text',
    );
    expect(source('approved', { returnUrl: undefined })).toEqual(expect.anything());
  });

  it('is refused where a function is due', () => {
    expect(() => loose(simulator.ledger.subscribe)({})).toThrow(
      'The listener of ledger.subscribe must be a function, not an object.',
    );
    expect(() => loose(simulator.ledger.subscribe)()).toThrow(TypeError);
  });
});

describe('a member of the simulator', () => {
  it('is refused where there is none, by its nearest name', () => {
    const simulated = createSimulatedProviders({ runtime: systemRuntime, seed: 1 });
    for (const one of [simulator, simulated]) {
      expect(() => Object.assign(one, { indexDelay: 500 })).toThrow(
        "The simulator has no member 'indexDelay' that can be set. Did you mean 'indexDelayMs'? Known are indexDelayMs.",
      );
      expect(() => Object.assign(one, { providers: ['pin'] })).toThrow(RangeError);
      expect(() => Object.assign(one, { indexDelayMs: '500' })).toThrow(TypeError);
      for (const wrong of [-1, Number.NaN])
        expect(() => Object.assign(one, { indexDelayMs: wrong })).toThrow(RangeError);
      one.indexDelayMs = 20;
      expect(one.indexDelayMs).toBe(20);
      one.indexDelayMs = 0;
    }
  });

  it('is refused among the switches, where a new object would change nothing', () => {
    const { switches } = createSimulatedProviders({ runtime: systemRuntime, seed: 1 });
    expect(() => Object.assign(switches, { strpe: {} })).toThrow(TypeError);
    expect(() => Object.assign(switches, { pin: { ...switches.pin } })).toThrow(TypeError);
    Object.assign(switches.pin, { ...switches.pin });
  });

  it('can be watched and replaced by a test where it is a method', () => {
    const spy = vi.spyOn(simulator, 'requests');
    simulator.requests();
    expect(spy).toHaveBeenCalledOnce();
    spy.mockRestore();
    expect(simulator.requests()).toEqual([]);
  });
});

describe('an option of startSimulator', () => {
  const runtime = { ...systemRuntime };
  const wrong: readonly (readonly [string, unknown, new () => Error, string])[] = [
    ['options that are none', null, TypeError, 'The options of startSimulator must be an object'],
    ['a list of options', ['stripe'], TypeError, 'not a list'],
    ['port as text', { port: '4710' }, TypeError, 'from 0 to 65535, not'],
    ['port that is no number', { port: Number.NaN }, RangeError, 'not NaN'],
    ['port below 0', { port: -1 }, RangeError, 'not -1'],
    ['port that there is not', { port: 70_000 }, RangeError, 'not 70000'],
    ['ports up to one that there is not', { port: 65_533 }, RangeError, 'the last of 6 providers'],
    ['seed as text', { seed: 'a' }, TypeError, "The seed of the simulator must be a number, not 'a'."],
    ['seed that is no number', { seed: Number.NaN }, RangeError, 'not NaN'],
    ['no providers', { providers: [] }, RangeError, 'needs at least one provider'],
    ['providers as text', { providers: 'stripe' }, TypeError, "must be a list such as ['stripe'], not"],
    ['a provider twice', { providers: ['pin', 'pin'] }, RangeError, "has 'pin' twice"],
    ['a provider that is no text', { providers: [undefined] }, TypeError, 'not undefined'],
    ['requestLimit as text', { requestLimit: '5' }, TypeError, "not '5'"],
    ['requestLimit of none', { requestLimit: 0 }, RangeError, 'from 1, not 0'],
    ['runtime that is none', { runtime: 5 }, TypeError, 'not 5'],
    ['runtime without a clock', { runtime: { ...runtime, now: undefined } }, TypeError, "has no 'now'"],
    ['switches that are none', { switches: 'on' }, TypeError, "not 'on'"],
    ['switches of a provider that are none', { switches: { pin: true } }, TypeError, 'not true'],
  ];

  it.each(wrong)('is refused: %s', async (_, options, kind, message) => {
    const start = async () => startSimulator(options as object);
    await expect(start()).rejects.toThrow(kind);
    await expect(start()).rejects.toThrow(message);
  });

  it('is taken where it is right', async () => {
    const all = { port: 0, seed: 0, providers: ['pin'], requestLimit: 1, runtime, switches: {} } as const;
    await (await startSimulator(all)).close();
    await (await startSimulator({ requestLimit: Infinity, seed: undefined, port: undefined })).close();
  });
});

describe('createSimulatedProviders', () => {
  const make = loose(createSimulatedProviders);

  it('refuses what it cannot work with', () => {
    const runtime = systemRuntime;
    expect(() => make(null)).toThrow('The options of createSimulatedProviders must be an object');
    expect(() => make({ runtime, sed: 1 })).toThrow("The simulator has no 'sed'. Did you mean 'seed'?");
    expect(() => make({ runtime })).toThrow('The seed of the simulator must be a number, not undefined.');
    expect(() => make({ seed: 1 })).toThrow('The runtime of the simulator must be an object');
    expect(() => make({ runtime, seed: 1, origin: 'http://127.0.0.1' })).toThrow(
      'The origin of the simulator must be a function',
    );
    expect(() => make({ runtime, seed: 1, providers: ['pin', 'pin'] })).toThrow("has 'pin' twice");
  });
});

describe('an argument that is undefined', () => {
  it('is none', () => {
    expect(loose(simulator.settings)('stripe', undefined)).toEqual(simulator.settings('stripe'));
    expect(loose(simulator.requests)(undefined)).toEqual([]);
  });
});
