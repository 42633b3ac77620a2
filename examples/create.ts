import { isPaid } from 'unicharge';
import { createStripe } from 'unicharge/stripe';
import { startSimulator } from 'unicharge/testing';

// In your shop: createStripe({ secretKey: process.env.STRIPE_SECRET_KEY }), and the source is a token from the browser.
const simulator = await startSimulator();
const charges = createStripe(simulator.settings('stripe'));

const charge = await charges.create(
  {
    amount: 4590, // minor units: 45.90 EUR
    currency: 'EUR',
    source: simulator.source('stripe', 'approved'),
    description: 'Order 81',
    metadata: { order: '81' },
  },
  { idempotencyKey: 'order-81' },
);
console.log(charge.status, charge.amountCaptured, charge.currency, charge.metadata);
console.log(isPaid(charge) ? 'ship it' : 'wait');

await simulator.close();
