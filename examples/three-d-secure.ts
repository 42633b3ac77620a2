import { CardError } from 'unicharge';
import { createStripe } from 'unicharge/stripe';
import { startSimulator } from 'unicharge/testing';

const simulator = await startSimulator();
const charges = createStripe(simulator.settings('stripe'));

for (const decision of ['approve', 'decline'] as const) {
  const charge = await charges.create({
    amount: 4590,
    currency: 'EUR',
    source: simulator.source('stripe', 'requires_3ds'),
    returnUrl: 'https://shop.example/orders/81',
  });
  console.log(charge.status, charge.nextAction?.type);
  if (charge.nextAction?.type !== 'redirect') throw new Error('unexpected');

  // Your server redirects the payer to nextAction.url. Here the simulator plays the payer, who then comes back.
  await simulator.payer[decision](charge.nextAction.url);

  // On the return page: never trust what the browser brings, compare with the order.
  const expected = { chargeId: charge.id, amount: 4590, currency: 'EUR' };
  try {
    const verified = await charges.verify3DS({ chargeId: charge.id, expected });
    console.log(verified.status, verified.threeDS?.status);
  } catch (error) {
    // A payer who failed is a decline: a forgotten status check must not ship goods.
    if (!(error instanceof CardError)) throw error;
    console.log(error.name, error.declineCode);
  }
}

await simulator.close();
