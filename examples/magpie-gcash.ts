import { createMagpie } from 'unicharge/magpie';
import { startSimulator } from 'unicharge/testing';

const simulator = await startSimulator();
// Magpie and Zip share an API but not a company: `platform` says whose (the simulator's settings have it).
const charges = createMagpie({
  ...simulator.settings('magpie'),
  defaults: { statementDescriptor: 'TINDAHAN' },
});

// The source was made in the browser, for GCash, with its own return address.
const source = simulator.source('magpie', 'redirect', { returnUrl: 'https://shop.example/orders/81' });
const charge = await charges.create(
  { amount: 125_50, currency: 'PHP', source, description: 'Order 81' },
  { idempotencyKey: 'order-81' },
);
console.log(charge.status, charge.paymentMethod?.type);
if (charge.nextAction?.type !== 'redirect') throw new Error('unexpected');

const sentBackTo = await simulator.payer.approve(charge.nextAction.url);
console.log(sentBackTo);
const paid = await charges.verify3DS({ chargeId: charge.id, expected: { amount: 125_50, currency: 'PHP' } });
console.log(paid.status, paid.amountCaptured);

await simulator.close();
