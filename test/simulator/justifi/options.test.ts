import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJustifi, justifiProvider, type JustifiClient } from '../../../src/providers/justifi/index.js';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.js';
import { paramsIn } from '../../providers/seam.js';
import { optionsOf, valueAt } from '../option-echo.js';

let simulator: Simulator;
let justifi: JustifiClient;

beforeAll(async () => {
  simulator = await startSimulator({ providers: ['justifi'], seed: 1 });
  simulator.switches.justifi.rawCardsAllowed = true;
  justifi = createJustifi(simulator.settings('justifi'));
});
afterAll(() => simulator.close());

const day = 86_400_000;
const order = { amount: 4590, currency: 'USD' } as const;
const account = {
  type: 'bank_account',
  holderName: 'Ada Test',
  routingNumber: '110000000',
  accountNumber: '000123456789',
  accountType: 'checking',
  ownerType: 'individual',
} as const;

/** Each option of create with the place in the payment where the simulator shows it, a day later, when fees are filled in. */
const created = [
  ['applicationFeeAmount', { applicationFeeAmount: 123 }, 'application_fee.amount', 123],
  ['fees', { fees: [{ type: 'platform_fee', amount: 20 }] }, 'fees.0.amount', 20],
  ['expedited', { expedited: true }, 'expedited', true],
  [
    'paymentMethodMetadata',
    { paymentMethodMetadata: { a: 'b' } },
    'payment_method.bank_account.metadata.a',
    'b',
  ],
  ['bankName', { bankName: 'Wells Fargo' }, 'payment_method.bank_account.brand', 'Wells Fargo'],
  ['testScenario', { testScenario: 'success' }, 'metadata.payment_test.scenario', 'success'],
] as const;

describe('every option of create', () => {
  it('is known here', () => {
    expect(optionsOf(paramsIn(justifiProvider, 'create')).toSorted()).toEqual(
      created.map(([name]) => name).toSorted(),
    );
  });

  it.each(created)('%s is shown by the payment', async (_, providerOptions, shownAt, value) => {
    const { id } = await justifi.create({
      ...order,
      source: account,
      providerOptions: structuredClone(providerOptions) as never,
    });
    simulator.clock.advance(day);
    expect(valueAt((await justifi.retrieve(id)).raw, shownAt)).toEqual(value);
  });
});

describe('every option of a refund', () => {
  it('is known here, and shown by the refund', async () => {
    expect(optionsOf(paramsIn(justifiProvider, 'refund')).toSorted()).toEqual(['description', 'fees']);
    const { id } = await justifi.create({
      ...order,
      source: simulator.source('justifi', 'approved'),
      providerOptions: { fees: [{ type: 'platform_fee', amount: 20 }] },
    });
    simulator.clock.advance(day);
    const refund = await justifi.refund(id, {
      amount: 100,
      providerOptions: { description: 'returned', fees: [{ type: 'platform_fee', amount: 5 }] },
    });
    expect(refund.raw).toMatchObject({ description: 'returned', returned_fees: [{ returned_amount: 5 }] });
  });
});

describe('every option of a list', () => {
  it('is known here, and filters', async () => {
    expect(optionsOf(paramsIn(justifiProvider, 'list')).toSorted()).toEqual([
      'paymentMethodId',
      'paymentStatus',
      'voidId',
    ]);
    const source = simulator.source('justifi', 'approved');
    const { id } = await justifi.create({ ...order, source });
    const found = await justifi.list({ providerOptions: { paymentMethodId: source } });
    expect(found.data.map((charge) => charge.id)).toEqual([id]);
    expect((await justifi.list({ providerOptions: { paymentStatus: 'disputed' } })).data).toEqual([]);
    expect((await justifi.list({ providerOptions: { voidId: 'vo_nobody' } })).data).toEqual([]);
  });
});
