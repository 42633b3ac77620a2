import { createStripe } from 'unicharge/stripe';
import { startSimulator } from 'unicharge/testing';

const simulator = await startSimulator();
const charges = createStripe(simulator.settings('stripe'));
const { id } = await charges.create({
  amount: 4590,
  currency: 'EUR',
  source: simulator.source('stripe', 'approved'),
});

const part = await charges.refund(
  id,
  { amount: 500, reason: 'requested_by_customer' },
  { idempotencyKey: 'return-7' },
);
console.log(part.amount, part.status);

// Without an amount: what is left.
const rest = await charges.refund(id, {}, { idempotencyKey: 'return-8' });
console.log(rest.amount, rest.status);

// A refunded charge stays captured: refundStatus is a question of its own.
const charge = await charges.retrieve(id);
console.log(charge.status, charge.refundStatus, charge.amountRefunded);

await simulator.close();
