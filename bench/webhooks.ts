import { createHmac } from 'node:crypto';
import { Stripe } from 'stripe';
import { Bench } from 'tinybench';
import { createStripe, verifyStripeWebhook } from '../src/providers/stripe/index.js';

/**
 * Verifications of a Stripe webhook per second, against `constructEvent` of Stripe's SDK in the same run: the machine drifts,
 * the ratio does not. Usage: npx tsx bench/webhooks.ts
 */

const secret = 'whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH';
const seconds = Math.floor(Date.now() / 1000);

const intent = {
  id: 'pi_3MtwBwLkdIwHu7ix28a3tqPa',
  object: 'payment_intent',
  amount: 4590,
  amount_capturable: 4590,
  amount_received: 0,
  capture_method: 'manual',
  client_secret: 'pi_3MtwBwLkdIwHu7ix28a3tqPa_secret_YrKJUKribcBjcG8HVhfZluoGH',
  created: seconds - 5,
  currency: 'eur',
  customer: null,
  description: 'Order 81',
  last_payment_error: null,
  latest_charge: 'ch_3MtwBwLkdIwHu7ix28a3tqPa',
  livemode: false,
  metadata: { order: '81', unicharge_key: 'order-81' },
  next_action: null,
  payment_method: 'pm_1MtwBwLkdIwHu7ixAbCdEfGh',
  payment_method_options: { card: { request_three_d_secure: 'automatic' } },
  payment_method_types: ['card'],
  receipt_email: null,
  shipping: null,
  statement_descriptor: null,
  status: 'requires_capture',
};
const body = Buffer.from(
  JSON.stringify(
    {
      id: 'evt_1',
      object: 'event',
      api_version: '2025-03-31.basil',
      created: seconds,
      livemode: false,
      pending_webhooks: 1,
      request: { id: 'req_1', idempotency_key: 'order-81' },
      type: 'payment_intent.amount_capturable_updated',
      data: { object: intent },
    },
    null,
    2,
  ),
);
const signature = createHmac('sha256', secret)
  .update(`${String(seconds)}.`)
  .update(body)
  .digest('hex');
const header = `t=${String(seconds)},v1=${signature}`;
const headers = { 'stripe-signature': header, 'content-type': 'application/json' };

const stripe = new Stripe('sk_test_123');
const charges = createStripe({ secretKey: 'sk_test_123', webhookSecret: secret });

const bench = new Bench({ time: 1500, warmupTime: 300 });
const names = {
  theirs: 'stripe constructEvent',
  ours: 'verifyStripeWebhook',
  event: 'charges.parseWebhook (to a ChargeEvent)',
};
bench
  .add(names.theirs, () => {
    stripe.webhooks.constructEvent(body, header, secret);
  })
  .add(names.ours, () => {
    verifyStripeWebhook(body, headers, { secret });
  })
  .add(names.event, async () => {
    await charges.parseWebhook(body, headers);
  });
await bench.run();

const perSecond = (name: string): number => {
  const result = bench.getTask(name)?.result;
  if (result === undefined || !('throughput' in result)) throw new Error(`${name} did not run.`);
  return result.throughput.mean;
};
const base = perSecond(names.theirs);
console.log(`A signed event of ${String(body.length)} bytes, verified and parsed`);
for (const name of Object.values(names)) {
  const rate = perSecond(name);
  console.log(
    `${name.padEnd(42)}${Math.round(rate).toLocaleString('en').padStart(9)} per second  ${(rate / base).toFixed(2)} of stripe`,
  );
}
