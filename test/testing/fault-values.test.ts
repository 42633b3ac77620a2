import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/runtime.js';
import { createSimulatedProviders } from '../../src/simulator/simulated-providers.js';
import { createFakeClient, type FaultOrder } from '../../src/testing/index.js';

const simulated = createSimulatedProviders({ runtime: systemRuntime, seed: 1 });
const { control } = createFakeClient();
const injectors = [simulated, control];
const order = (members: unknown) => members as FaultOrder;

describe('a value of a fault that would never do what was meant', () => {
  const wrong: readonly (readonly [string, unknown, new () => Error, string])[] = [
    ['ms as text', { fault: { type: 'delay', ms: '1500' } }, TypeError, "not '1500'"],
    ['ms that is no number', { fault: { type: 'delay', ms: Number.NaN } }, RangeError, 'not NaN'],
    ['ms below 0', { fault: { type: 'delay', ms: -1 } }, RangeError, 'not -1'],
    ['ms without end', { fault: { type: 'delay', ms: Infinity } }, RangeError, 'not Infinity'],
    [
      'when',
      { fault: { type: 'delay', when: 'afterCommit' } },
      RangeError,
      "Did you mean 'after_commit'? Known are before_commit, after_commit.",
    ],
    ['when of another kind', { fault: { type: 'delay', when: true } }, TypeError, 'Known are before_commit'],
    ['times as text', { fault: 'refuse', times: '2' }, TypeError, "not '2'"],
    ['times with a fraction', { fault: 'refuse', times: 1.5 }, RangeError, 'not 1.5'],
    ['times that is no number', { fault: 'refuse', times: Number.NaN }, RangeError, 'not NaN'],
    ['no times', { fault: 'refuse', times: 0 }, RangeError, 'not 0'],
    [
      'retryAfterSeconds as text',
      { fault: { type: 'rate_limited', retryAfterSeconds: '3' } },
      TypeError,
      "not '3'",
    ],
    [
      'answer',
      { fault: { type: 'duplicate_delivery', answer: 'last' } },
      RangeError,
      'Known are first, second.',
    ],
    ['headers as text', { fault: { type: 'server_error', headers: 'x: y' } }, TypeError, "not 'x: y'"],
    ['headers as a list', { fault: { type: 'server_error', headers: [] } }, TypeError, 'not a list'],
    [
      'a header that is no text',
      { fault: { type: 'server_error', headers: { 'retry-after': 3 } } },
      TypeError,
      "The header 'retry-after' of a fault must be a text such as '3', not 3.",
    ],
    [
      'a list of operations',
      { operation: ['create'], fault: 'refuse' },
      TypeError,
      "The operation of a fault must be a text such as 'create', not a list.",
    ],
    ['a provider that is no text', { provider: { name: 'x' }, fault: 'refuse' }, TypeError, 'not an object'],
    ['no operation', { operation: null, fault: 'refuse' }, TypeError, 'not null'],
  ];

  it.each(wrong)('is refused: %s', (_, members, kind, message) => {
    for (const { inject, pendingFaults } of injectors) {
      expect(() => inject(order(members))).toThrow(kind);
      expect(() => inject(order(members))).toThrow(message);
      expect(pendingFaults()).toEqual([]);
    }
  });

  it('is refused with the faults that there are', () => {
    for (const { inject } of injectors)
      expect(() => inject(order({ fault: 'timeout' }))).toThrow(
        "There is no fault 'timeout'. Known are refuse, delay, cut_before_commit, cut_after_commit, half_answer, rate_limited, server_error, server_error_after_commit, bad_gateway_after_commit, malformed_json, empty_body, duplicate_delivery.",
      );
  });

  it('is refused as a provider that the fake client has not', () => {
    expect(() => control.inject({ provider: 'stripe', fault: 'refuse' })).toThrow(
      "There is no provider 'stripe' at the fake client: leave 'provider' out, or say 'fake'.",
    );
    expect(control.pendingFaults()).toEqual([]);
    control.inject({ provider: 'fake', fault: 'refuse' });
    control.inject({ provider: undefined, fault: 'refuse' });
    expect(control.pendingFaults()).toHaveLength(2);
    control.clearFaults();
  });
});

describe('faults that have not struck yet', () => {
  it('are told with how many are left', async () => {
    const charges = createFakeClient({ maxRetries: 0 });
    const faults = charges.control;
    const create = () => charges.create({ amount: 500, currency: 'EUR', source: 'approved' });
    expect(faults.pendingFaults()).toEqual([]);
    faults.inject({ operation: 'create', fault: { type: 'server_error' }, times: 2 });
    faults.inject({ provider: 'fake', fault: 'refuse', times: Infinity });
    await expect(create()).rejects.toThrow();
    expect(faults.pendingFaults()).toEqual([
      { provider: null, operation: 'create', fault: 'server_error', left: 1 },
      { provider: 'fake', operation: null, fault: 'refuse', left: Infinity },
    ]);
    await expect(create()).rejects.toThrow();
    await expect(create()).rejects.toThrow();
    expect(faults.pendingFaults()).toEqual([
      { provider: 'fake', operation: null, fault: 'refuse', left: Infinity },
    ]);
    faults.clearFaults();
    expect(faults.pendingFaults()).toEqual([]);
  });

  it('are told by the simulator', () => {
    simulated.inject({ provider: 'pin', operation: 'refund', fault: 'refuse' });
    expect(simulated.pendingFaults()).toEqual([
      { provider: 'pin', operation: 'refund', fault: 'refuse', left: 1 },
    ]);
    simulated.clearFaults();
    expect(simulated.pendingFaults()).toEqual([]);
  });
});

describe('headers of a fault', () => {
  it('come with the answer of the fake client, too', async () => {
    const charges = createFakeClient({ maxRetries: 0 });
    charges.control.inject({ fault: { type: 'rate_limited', headers: { 'retry-after': '42' } } });
    await expect(charges.create({ amount: 500, currency: 'EUR', source: 'approved' })).rejects.toMatchObject({
      retryAfterMs: 42_000,
    });
  });
});
