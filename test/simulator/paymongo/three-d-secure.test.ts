import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPaymongo } from '../../../src/providers/paymongo/index.js';
import { startSimulator, type Simulator } from '../../../src/simulator/simulator.js';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ providers: ['paymongo'] });
});
afterEach(() => simulator.close());

const methodOf = async (card_number: string): Promise<string> => {
  const { baseUrl, secretKey } = simulator.settings('paymongo');
  const details = { card_number, exp_month: 12, exp_year: 2030, cvc: '123' };
  const answer = await fetch(`${baseUrl}/v1/payment_methods`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${secretKey}:`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ data: { attributes: { type: 'card', details } } }),
  });
  const { data } = (await answer.json()) as { data: { id: string } };
  return data.id;
};

describe('3-D Secure of the simulated PayMongo', () => {
  it.each([
    ['4120000000000007', 'automatic', 'requires_action'],
    ['4120000000000007', 'any', 'requires_action'],
    ['5123000000000001', 'automatic', 'captured'],
    ['5123000000000001', 'any', 'requires_action'],
    ['4343434343434345', 'any', 'captured'],
  ] as const)('of %s, where the intent asks for %s: %s', async (number, requestThreeDSecure, status) => {
    const charges = createPaymongo(simulator.settings('paymongo'));
    const charge = await charges.create({
      amount: 45_900,
      currency: 'PHP',
      source: await methodOf(number),
      returnUrl: 'https://shop.example/back',
      providerOptions: { requestThreeDSecure },
    });
    expect(charge.status).toBe(status);
  });
});
