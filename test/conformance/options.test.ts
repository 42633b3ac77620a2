import { describe, expect, it } from 'vitest';
import { createFakeClient, testChargesClient, testOperationStore } from '../../src/testing/index.js';
import { memoryStore } from '../../src/index.js';

const createClient = () => createFakeClient();
const sources = { approved: () => 'approved' };
const deliver = () => ({ rawBody: '{}', headers: {} });
const right = { createClient, sources, currency: 'EUR' };

/** How many tests the kit registers, called as code without types calls it. */
const register = (kit: unknown, ...given: unknown[]): number => {
  let count = 0;
  (kit as (...all: unknown[]) => void)(
    ...given.map((each) => (each === 'test' ? () => void (count += 1) : each)),
  );
  return count;
};
const registered = (options: unknown) => register(testChargesClient, 'test', options);

describe('the options of testChargesClient', () => {
  const { control } = createFakeClient();
  const faults = { inject: control.inject, clear: control.clearFaults };

  it('decide how many tests there are', () => {
    expect(registered({ ...right, faults })).toBeGreaterThan(registered(right));
    const signed = { deliver, secret: 'whsec_81' };
    expect(registered({ ...right, webhooks: { deliver } })).toBeGreaterThan(registered(right));
    const withoutTime = registered({ ...right, webhooks: { ...signed, signsTime: false } });
    expect(registered({ ...right, webhooks: signed })).toBe(withoutTime + 1);
    const absent = { faults: undefined, payer: undefined, ledger: undefined, params: undefined };
    expect(registered({ ...right, ...absent })).toBe(registered(right));
  });

  const wrong: readonly (readonly [string, unknown, new () => Error, string])[] = [
    ['fault', { ...right, fault: faults }, RangeError, "has no 'fault'. Did you mean 'faults'? Known are"],
    ['legder', { ...right, legder: control.charges }, RangeError, "Did you mean 'ledger'?"],
    ['no options', undefined, TypeError, 'The options of testChargesClient must be an object'],
    [
      'no createClient',
      { sources, currency: 'EUR' },
      TypeError,
      "'createClient' of testChargesClient must be",
    ],
    [
      'an async createClient',
      { ...right, createClient: () => Promise.resolve(createFakeClient()) },
      TypeError,
      'createClient must be synchronous: it is called while the tests are registered. Make what it waits for beforehand.',
    ],
    [
      'a createClient that returns nothing',
      { ...right, createClient: () => undefined },
      TypeError,
      'createClient must return a ChargesClient, not undefined.',
    ],
    [
      'a createClient that returns something else',
      { ...right, createClient: () => ({}) },
      TypeError,
      'createClient must return a ChargesClient, not an object.',
    ],
    [
      'no sources',
      { createClient, currency: 'EUR' },
      TypeError,
      "The 'sources' of testChargesClient must be",
    ],
    [
      'no approved',
      { ...right, sources: {} },
      TypeError,
      "The source 'approved' of testChargesClient must be",
    ],
    [
      'a source that is none',
      { ...right, sources: { ...sources, decline: () => 'x' } },
      RangeError,
      "has no 'decline'. Did you mean 'declined'?",
    ],
    [
      'a source as text',
      { ...right, sources: { approved: 'tok_1' } },
      TypeError,
      "must be a function, not 'tok_1'",
    ],
    [
      'no currency',
      { createClient, sources },
      TypeError,
      "The 'currency' of testChargesClient must be a text",
    ],
    ['a currency in lower case', { ...right, currency: 'eur' }, RangeError, "such as 'EUR', not 'eur'"],
    [
      'currencies as text',
      { ...right, currencies: 'JPY' },
      TypeError,
      "must be a list of texts such as ['JPY', 'KWD'].",
    ],
    ['currencies in lower case', { ...right, currencies: ['jpy'] }, RangeError, "not 'jpy'"],
    ['faults that are none', { ...right, faults: control.inject }, TypeError, 'not a function'],
    ['faults without inject', { ...right, faults: { clear: control.clearFaults } }, TypeError, 'inject'],
    [
      'faults with another clear',
      { ...right, faults: { ...faults, clearFaults: control.clearFaults } },
      RangeError,
      "has no 'clearFaults'. Did you mean 'clear'?",
    ],
    ['a payer without decline', { ...right, payer: { approve: () => 'x' } }, TypeError, 'decline'],
    [
      'a ledger that is none',
      { ...right, ledger: control.charges() },
      TypeError,
      'must be a function, not a list',
    ],
    ['requests that are none', { ...right, requests: [] }, TypeError, 'must be a function, not a list'],
    ['a verification that is none', { ...right, verification: {} }, TypeError, 'must be a function'],
    ['a tamperedClient that is none', { ...right, tamperedClient: {} }, TypeError, 'must be a function'],
    [
      'params that are none',
      { ...right, params: 'x' },
      TypeError,
      "The 'params' of testChargesClient must be",
    ],
    [
      'secrets as text',
      { ...right, secrets: 'sk' },
      TypeError,
      "The 'secrets' of testChargesClient must be a list",
    ],
    ['webhooks that are none', { ...right, webhooks: deliver }, TypeError, 'such as { deliver, secret }'],
    [
      'webhooks without deliver',
      { ...right, webhooks: { secret: 'whsec_81' } },
      TypeError,
      "The 'deliver' of",
    ],
    [
      'webhooks with another member',
      { ...right, webhooks: { deliver, secrets: ['whsec_81'] } },
      RangeError,
      "has no 'secrets'. Did you mean 'secret'?",
    ],
    ['a secret that is none', { ...right, webhooks: { deliver, secret: 81 } }, TypeError, 'must be a text.'],
    [
      'a secret that is too short',
      { ...right, webhooks: { deliver, secret: 'x' } },
      RangeError,
      'must be as long as a real one.',
    ],
    [
      'a signsTime that is none',
      { ...right, webhooks: { deliver, signsTime: 0 } },
      TypeError,
      'must be true or false, not 0',
    ],
    ['livemode as text', { ...right, livemode: 'no' }, TypeError, 'must be true or false'],
  ];

  it.each(wrong)('are refused at once: %s', (_, options, kind, message) => {
    expect(() => registered(options)).toThrow(kind);
    expect(() => registered(options)).toThrow(message);
  });

  it('are refused in the place of the test function', () => {
    expect(() => register(testChargesClient, right, () => undefined)).toThrow(
      new TypeError(
        'testChargesClient takes the test function of your runner first, not an object: testChargesClient(test, { … }).',
      ),
    );
    expect(() => register(testChargesClient)).toThrow(TypeError);
  });

  it('do not quote a secret', () => {
    const error = (() => {
      try {
        return registered({ ...right, secrets: 'sk_live_81' });
      } catch (thrown) {
        return String(thrown);
      }
    })();
    expect(error).not.toContain('sk_live');
    expect(() => registered({ ...right, webhooks: { deliver, secret: '8_1' } })).toThrow(/^[^8]+$/);
  });
});

describe('the options of testOperationStore', () => {
  const createStore = () => memoryStore();
  const rules = (...given: unknown[]) => register(testOperationStore, ...given);

  it('are refused at once where they are none', () => {
    expect(rules('test', { createStore, leaseMs: 50, advance: undefined })).toBeGreaterThan(40);
    expect(() => rules({ createStore }, 'test')).toThrow(
      'testOperationStore takes the test function of your runner first, not an object: testOperationStore(test, { … }).',
    );
    expect(() => rules('test')).toThrow(TypeError);
    expect(() => rules('test', { createStor: createStore })).toThrow("Did you mean 'createStore'?");
    expect(() => rules('test', {})).toThrow("'createStore' of testOperationStore must be a function");
    expect(() => rules('test', { createStore, advance: 5 })).toThrow('must be a function, not 5');
    expect(() => rules('test', { createStore, leaseMs: '50' })).toThrow(TypeError);
    expect(() => rules('test', { createStore, leaseMs: 0 })).toThrow(RangeError);
  });
});
