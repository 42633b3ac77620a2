import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/runtime.js';
import { createFakeClient } from '../../src/testing/index.js';
import { faces, type SimulatedProvider } from '../../src/testing/simulator/faces.js';
import { createSimulatedProviders } from '../../src/testing/simulator/simulated-providers.js';
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
      "There is no operation 'verify'. Known are ",
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

  it('is refused by the fake client', () => {
    const { control } = createFakeClient();
    expect(() => control.inject({ operation: 'creat', fault: 'refuse' })).toThrow(
      "There is no operation 'creat'. Known are capture, create, expire, list, list_refunds, refund, retrieve, retrieve_refund, search, update, void.",
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
        "There is no source of the kind 'aproved'. Known are approved, declined, insufficient_funds, requires_3ds, redirect.",
      ),
    );
  });
});
