import { createHmac } from 'node:crypto';
import { WebhookSignatureError } from 'unicharge';
import { createStripe } from 'unicharge/stripe';
import { startSimulator } from 'unicharge/testing';

const simulator = await startSimulator();
const webhookSecret = 'whsec_example';
const charges = createStripe({ ...simulator.settings('stripe'), webhookSecret });

// What Stripe would send, signed as Stripe signs.
const source = simulator.source('stripe', 'approved');
const intent = (await charges.create({ amount: 4590, currency: 'EUR', source })).raw;
const created = Math.floor(Date.now() / 1000);
const event = { id: 'evt_81', object: 'event', type: 'payment_intent.succeeded', created, livemode: false };
const body = JSON.stringify({ ...event, data: { object: intent } });
const signature = createHmac('sha256', webhookSecret).update(`${created}.${body}`).digest('hex');

// Your handler gets the raw body, before any JSON parser touched it, and the headers as they are.
const handle = async (rawBody: string): Promise<void> => {
  const { type, charge, dedupeKey } = await charges.parseWebhook(rawBody, {
    'Stripe-Signature': `t=${created},v1=${signature}`,
  });
  console.log(type, charge?.status, charge?.amount, dedupeKey);
};
await handle(body);
await handle(body.replace('4590', '1')).catch((error: unknown) => {
  if (!(error instanceof WebhookSignatureError)) throw error;
  console.log(error.name, 'refused');
});

await simulator.close();
