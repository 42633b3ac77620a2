import { memoryStore } from 'unicharge';
import { createJustifi } from 'unicharge/justifi';
import { createRouter } from 'unicharge/router';
import { createStripe } from 'unicharge/stripe';
import { startSimulator } from 'unicharge/testing';

const simulator = await startSimulator();
// In a shop with several processes: postgresStore(pool) or redisStore(client), one for all three.
const store = memoryStore();
const charges = createRouter({
  store,
  routes: [
    { name: 'us-main', client: createStripe({ ...simulator.settings('stripe'), store }) },
    { name: 'us-spare', client: createJustifi({ ...simulator.settings('justifi'), store }) },
  ],
  cascade: { declines: ['processing_error', 'issuer_unavailable', 'generic_decline'] },
});

// Tokens do not travel: one for each route.
const sources = {
  'us-main': simulator.source('stripe', 'declined'),
  'us-spare': simulator.source('justifi', 'approved'),
};
const order = { amount: 4590, currency: 'USD', sources };

// The first acquirer declines without a reason. Another one may decide otherwise, and does.
const charge = await charges.create(order, { idempotencyKey: 'order-81' });
console.log(charge.route, charge.status, charge.amount);

// The repeat goes where the payment lives, in every process.
console.log((await charges.create(order, { idempotencyKey: 'order-81' })).route);

// So do follow-ups.
await charges.for(charge).refund(charge.id);
const paid = simulator.ledger.charges().filter(({ amountCaptured }) => amountCaptured > 0);
console.log((await charges.retrieve(charge.id)).refundStatus, paid.length);

await simulator.close();
