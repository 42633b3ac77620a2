import { createStripe } from 'unicharge/stripe';
import { startSimulator } from 'unicharge/testing';

const simulator = await startSimulator();
const charges = createStripe(simulator.settings('stripe'));

// When the order comes in: reserve the money.
const authorized = await charges.create(
  { amount: 4590, currency: 'EUR', source: simulator.source('stripe', 'approved'), capture: false },
  { idempotencyKey: 'order-81' },
);
console.log(authorized.status, authorized.amountCaptured, 'of', authorized.amount);

// When the parcel leaves, with one item less: take what was shipped. The rest is released.
const captured = await charges.capture(
  authorized.id,
  { amount: 4000 },
  { idempotencyKey: 'order-81-capture' },
);
console.log(captured.status, captured.amountCaptured, 'of', captured.amount);

await simulator.close();
