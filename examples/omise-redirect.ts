import { createOmise } from 'unicharge/omise';
import { startSimulator } from 'unicharge/testing';

const simulator = await startSimulator();
const charges = createOmise(simulator.settings('omise'));

// A wallet without a token: Omise makes the source together with the charge.
const wallet = await charges.create({
  amount: 45900,
  currency: 'THB',
  source: { type: 'redirect', method: 'truemoney', details: { phone_number: '+66811111111' } },
  returnUrl: 'https://shop.example/orders/81',
});
console.log(wallet.status, wallet.paymentMethod?.type);
if (wallet.nextAction?.type !== 'redirect') throw new Error('unexpected');
await simulator.payer.approve(wallet.nextAction.url);
console.log((await charges.verify3DS({ chargeId: wallet.id })).status);

// A QR code: show it, and wait for the webhook.
const code = await charges.create({
  amount: 45900,
  currency: 'THB',
  source: { type: 'redirect', method: 'promptpay' },
});
if (code.nextAction?.type !== 'display_code') throw new Error('unexpected');
console.log(code.status, code.nextAction.imageUrl === null ? 'no image' : 'an image to show');
await charges.markAsPaid(code.id); // test mode: plays the payer
console.log((await charges.retrieve(code.id)).status);

await simulator.close();
