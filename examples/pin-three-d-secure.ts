import { createPin } from 'unicharge/pin';
import { startSimulator } from 'unicharge/testing';

const simulator = await startSimulator();
// Pin requires an email, a description and an IP address of every charge: in each call, or as defaults.
const charges = createPin({ ...simulator.settings('pin'), defaults: { description: 'Shop' } });

const charge = await charges.create({
  amount: 4590,
  currency: 'AUD',
  source: simulator.source('pin', 'requires_3ds'),
  email: 'kim@shop.example',
  ip: '198.51.100.7',
  returnUrl: 'https://shop.example/orders/81', // asks for 3-D Secure at Pin
});
console.log(charge.status);
if (charge.nextAction?.type !== 'redirect') throw new Error('unexpected');

// The payer comes back with a session token. Verifying it finishes the payment at Pin, so it is sent once.
const sentBackTo = new URL(await simulator.payer.approve(charge.nextAction.url));
const sessionToken = sentBackTo.searchParams.get('session_token') ?? '';
const paid = await charges.verify3DS({
  sessionToken,
  chargeId: charge.id,
  // A payer can paste the token of a cheaper charge: compare with the order.
  expected: { chargeId: charge.id, amount: 4590, currency: 'AUD' },
});
console.log(paid.status, paid.amountCaptured);

await simulator.close();
