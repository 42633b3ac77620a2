import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { confirmed, createStripeWire } from './stripe-wire.js';

const resources = new URL('../../../node_modules/stripe/esm/resources/', import.meta.url);

/** The members that the official SDK declares as always present. */
const requiredMembers = async (resource: string, name: string): Promise<string[]> => {
  const text = await readFile(new URL(`${resource}.d.ts`, resources), 'utf8');
  const start = text.indexOf(`export interface ${name} {`);
  const body = text.slice(start, text.indexOf('\n}', start));
  return [...body.matchAll(/^ {4}([a-z_0-9]+): /gm)].map((match) => match[1]!);
};

const objects = async (): Promise<Record<string, object>> => {
  const stripe = createStripeWire();
  const { body: customer } = await stripe.post('/v1/customers', { payment_method: 'pm_card_visa' });
  const params = confirmed({
    customer: customer.id,
    expand: ['latest_charge.balance_transaction', 'payment_method'],
  });
  const { body: intent } = await stripe.post('/v1/payment_intents', {
    ...params,
    capture_method: 'automatic',
  });
  const { body: refund } = await stripe.post('/v1/refunds', { payment_intent: intent.id });
  const { body: token } = await stripe.post('/v1/tokens', { card: { number: '4242424242424242' } });
  const charge = intent.latest_charge;
  return {
    PaymentIntent: intent,
    Charge: charge,
    BalanceTransaction: charge.balance_transaction,
    PaymentMethod: intent.payment_method,
    Refund: refund,
    Customer: customer,
    Token: token,
  };
};

describe('every object has all members that the official SDK declares', () => {
  it.each([
    ['PaymentIntents', 'PaymentIntent'],
    ['Charges', 'Charge'],
    ['Refunds', 'Refund'],
    ['PaymentMethods', 'PaymentMethod'],
    ['Customers', 'Customer'],
    ['BalanceTransactions', 'BalanceTransaction'],
    ['Tokens', 'Token'],
  ])('%s', async (resource, name) => {
    const required = await requiredMembers(resource, name);
    const object = (await objects())[name]!;
    expect(required.length).toBeGreaterThan(5);
    expect(required.filter((member) => !Object.hasOwn(object, member))).toEqual([]);
  });
});
