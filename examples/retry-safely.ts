import { ChargesError } from 'unicharge';
import { createOmise } from 'unicharge/omise';
import { startSimulator } from 'unicharge/testing';

const simulator = await startSimulator();
const charges = createOmise(simulator.settings('omise'));
const params = { amount: 45900, currency: 'THB', source: simulator.source('omise', 'approved') };
const charge = () => charges.create(params, { idempotencyKey: 'order-81' });

// The provider charges the card, and the connection breaks before the answer. Omise knows no idempotency keys.
simulator.inject({ provider: 'omise', operation: 'create', fault: 'cut_after_commit' });
try {
  await charge();
} catch (error) {
  if (!(error instanceof ChargesError)) throw error;
  console.log(error.name, 'outcome:', error.outcome);
}

// The same call with the same key finds the charge instead of making a second one, as often as you like.
const found = await charge();
const again = await charge();
console.log(found.status, found.id === again.id ? 'the same charge' : 'another charge');
console.log('charges at the provider:', simulator.ledger.charges().length);

await simulator.close();
