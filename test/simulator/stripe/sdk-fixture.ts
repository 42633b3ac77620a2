// The official SDK, unchanged, against the simulator. It runs in a process of its own and reports what it saw as JSON.
import { createInterface } from 'node:readline';
import Stripe from 'stripe';

const [port = '', secretKey = ''] = process.argv.slice(2);
const stripe = new Stripe(secretKey, { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0 });
const impatient = new Stripe(secretKey, {
  host: '127.0.0.1',
  port,
  protocol: 'http',
  maxNetworkRetries: 0,
  timeout: 100,
});

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
/** Asks the test to do something outside the SDK and waits for its answer. */
const ask = async (request: object): Promise<unknown> => {
  process.stdout.write(`${JSON.stringify({ ask: request })}\n`);
  const line = await lines.next();
  return line.done === true ? undefined : JSON.parse(line.value);
};
const failure = async (promise: Promise<unknown>): Promise<Record<string, unknown>> => {
  try {
    await promise;
    return { kind: 'none' };
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    const { type, statusCode, code, decline_code: declineCode, charge, requestId, headers } = error;
    const kind = error.constructor.name;
    return {
      kind,
      type,
      statusCode,
      code,
      declineCode,
      charge,
      requestId,
      retryAfter: headers?.['retry-after'],
    };
  }
};
const collect = async (pages: AsyncIterable<{ id: string }>): Promise<string[]> => {
  const ids: string[] = [];
  for await (const each of pages) ids.push(each.id);
  return ids;
};

const base = {
  amount: 4590,
  currency: 'eur',
  confirm: true,
  payment_method: 'pm_card_visa',
  automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
};
/** An expanded field: the SDK's types leave open whether it is only an id. */
const expanded = <Item extends object>(field: Item | string | null | undefined): Item => {
  if (typeof field !== 'object' || field === null) throw new Error(`Not expanded: ${field}`);
  return field;
};
const idOf = (field: { id: string } | string | null): string =>
  typeof field === 'string' ? field : expanded(field).id;
const seen: Record<string, unknown> = {};

// Authorize, capture a part, refund a part of that.
const authorized = await stripe.paymentIntents.create({
  ...base,
  capture_method: 'manual',
  metadata: { order: '81', 'key with space': 'a&b=c' },
  expand: ['latest_charge'],
});
seen.authorized = [
  authorized.status,
  authorized.amount_capturable,
  expanded(authorized.latest_charge).object,
  authorized.metadata,
];
const captured = await stripe.paymentIntents.capture(authorized.id, { amount_to_capture: 4000 });
seen.captured = [captured.status, captured.amount_received];
const refund = await stripe.refunds.create({
  payment_intent: authorized.id,
  amount: 500,
  reason: 'duplicate',
});
seen.refund = [refund.status, refund.amount, refund.reason, refund.payment_intent === authorized.id];
const charge = await stripe.charges.retrieve(idOf(captured.latest_charge), {
  expand: ['balance_transaction'],
});
seen.charge = [charge.amount_captured, charge.amount_refunded, expanded(charge.balance_transaction).net];
seen.requestId = /^req_/.test(charge.lastResponse.requestId);
seen.version = charge.lastResponse.headers['stripe-version'];

// 3-D Secure with the payer.
const asked = await stripe.paymentIntents.create({
  ...base,
  payment_method: 'pm_card_threeDSecure2Required',
  automatic_payment_methods: { enabled: true },
  return_url: 'https://shop.test/return',
});
const sentTo = await ask({ approve: asked.next_action?.redirect_to_url?.url });
const approved = await stripe.paymentIntents.retrieve(asked.id, { expand: ['latest_charge'] });
const evidence = expanded(approved.latest_charge).payment_method_details?.card?.three_d_secure;
seen.threeDSecure = [
  asked.status,
  new URL(String(sentTo)).searchParams.get('redirect_status'),
  approved.status,
  evidence?.result,
];

// Cancel.
const open = await stripe.paymentIntents.create({ ...base, capture_method: 'manual' });
const canceled = await stripe.paymentIntents.cancel(open.id, { cancellation_reason: 'abandoned' });
seen.canceled = [canceled.status, canceled.cancellation_reason];

// The Charges API.
const bare = await stripe.charges.create({
  amount: 900,
  currency: 'usd',
  source: 'tok_visa',
  capture: false,
});
const bareCaptured = await stripe.charges.capture(bare.id, { amount: 500 });
seen.bare = [bare.captured, bareCaptured.amount_captured, bareCaptured.amount_refunded];
seen.again = await failure(stripe.charges.capture(bare.id));
seen.updated = (await stripe.charges.update(bare.id, { metadata: { a: '1' }, description: 'x' })).metadata;

// Declines.
seen.declined = await failure(
  stripe.paymentIntents.create({ ...base, payment_method: 'pm_card_chargeDeclinedInsufficientFunds' }),
);
seen.declinedBare = await failure(
  stripe.charges.create({ amount: 900, currency: 'usd', source: 'tok_chargeDeclined' }),
);

// Keys.
const options = { idempotencyKey: 'order-90' };
const first = await stripe.paymentIntents.create(base, options);
const replay = await stripe.paymentIntents.create(base, options);
seen.replay = [replay.id === first.id, replay.lastResponse.headers['idempotent-replayed']];
seen.otherParams = await failure(stripe.paymentIntents.create({ ...base, amount: 1 + base.amount }, options));

// Connected account.
const connected = { stripeAccount: 'acct_connected' };
const foreign = await stripe.paymentIntents.create(base, connected);
seen.connected = [
  (await stripe.paymentIntents.retrieve(foreign.id, {}, connected)).id === foreign.id,
  (await failure(stripe.paymentIntents.retrieve(foreign.id))).code,
];

// Lists and search.
const many: string[] = [];
for (let index = 0; index < 7; index += 1) {
  many.push((await stripe.paymentIntents.create({ ...base, metadata: { batch: 'seven' } })).id);
}
const newestFirst = many.toReversed();
seen.listed =
  (await collect(stripe.paymentIntents.list({ limit: 3 }))).slice(0, 7).join() === newestFirst.join();
const backwards = await collect(stripe.paymentIntents.list({ limit: 3, ending_before: many[0] ?? '' }));
seen.backwards = backwards.join() === many.slice(1).join();
const query = 'metadata["batch"]:"seven"';
seen.searched =
  (await collect(stripe.paymentIntents.search({ query, limit: 2 }))).join() === newestFirst.join();
seen.refunds = (await collect(stripe.refunds.list({ payment_intent: authorized.id }))).length;

// Trouble.
seen.unknownParameter = await failure(stripe.paymentIntents.create({ ...base, ...{ colour: 'red' } }));
seen.wrongKey = await failure(
  new Stripe('sk_test_wrong', { host: '127.0.0.1', port, protocol: 'http' }).charges.list(),
);
await ask({ inject: { operation: 'retrieve', fault: { type: 'rate_limited', retryAfterSeconds: 3 } } });
seen.rateLimited = await failure(stripe.paymentIntents.retrieve(first.id));
await ask({ inject: { operation: 'create', fault: { type: 'delay', ms: 60_000 } } });
const slow = { idempotencyKey: 'order-91' };
seen.timeout = await failure(impatient.paymentIntents.create(base, slow));
seen.inFlight = await failure(stripe.paymentIntents.create(base, slow));
await ask({ inject: { operation: 'create', fault: 'half_answer' } });
seen.halfAnswer = await failure(stripe.paymentIntents.create(base, { idempotencyKey: 'order-92' }));
const recovered = await stripe.paymentIntents.create(base, { idempotencyKey: 'order-92' });
seen.recovered = recovered.lastResponse.headers['idempotent-replayed'];
await ask({ inject: { operation: 'create', fault: 'server_error' } });
seen.serverError = await failure(stripe.paymentIntents.create(base));

process.stdout.write(`${JSON.stringify({ seen })}\n`);
process.exit(0);
