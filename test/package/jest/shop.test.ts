import { CardError, isPaid } from 'unicharge';
import { createStripe } from 'unicharge/stripe';
import { startSimulator, type Simulator } from 'unicharge/testing';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});

afterAll(async () => {
  await simulator.close();
});

test('a shop charges a card', async () => {
  const charges = createStripe(simulator.settings('stripe'));
  const charge = await charges.create({
    amount: 4590,
    currency: 'EUR',
    source: simulator.source('stripe', 'approved'),
  });
  expect(charge).toMatchObject({ amount: 4590, currency: 'EUR', status: 'captured' });
  expect(isPaid(charge)).toBe(true);
});

test('a shop hears that a card was declined', async () => {
  const charges = createStripe(simulator.settings('stripe'));
  const source = simulator.source('stripe', 'declined');
  await expect(charges.create({ amount: 1000, currency: 'EUR', source })).rejects.toBeInstanceOf(CardError);
});
