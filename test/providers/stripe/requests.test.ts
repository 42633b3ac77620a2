import nock from 'nock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChargesError, ClientEvent } from '../../../src/index.js';
import { createStripe, defaultApiVersion, type StripeSettings } from '../../../src/providers/stripe/index.js';
import {
  authorizedIntent,
  capturedCharge,
  paidIntent,
  wireCharge,
  wireIntent,
  wireList,
  wireRefund,
} from './wire-objects.js';

interface Seen {
  readonly line: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

type Answer = readonly [status: number, body: unknown, headers?: Record<string, string>];

let answers: Answer[] = [];
let seen: Seen[] = [];

/** The answers of Stripe, in the order in which they are asked for. */
const script = (...next: Answer[]) => {
  answers = next;
};

const lines = () => seen.map(({ line }) => line);
const bodies = () => seen.map(({ body }) => body);

beforeAll(() => {
  nock.disableNetConnect();
});

beforeEach(() => {
  seen = [];
  answers = [];
  const scope = nock('https://api.stripe.com').persist();
  for (const method of ['GET', 'POST']) {
    scope.intercept(/.*/, method).reply(function reply(path, body) {
      const headers = this.req.headers;
      seen.push({
        line: `${method} ${decodeURIComponent(path)}`,
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers,
      });
      const [status, content, extra] = answers.shift() ?? [
        500,
        { error: { type: 'api_error', message: 'unscripted' } },
      ];
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      return [
        status,
        text,
        { 'content-type': 'application/json', 'request-id': `req_${seen.length}`, ...extra },
      ];
    });
  }
});

afterEach(() => {
  nock.cleanAll();
  expect(answers).toEqual([]);
});

afterAll(() => {
  nock.enableNetConnect();
});

const client = (settings: StripeSettings = {}) =>
  createStripe({ secretKey: 'sk_test_a1', maxRetries: 0, ...settings });
const key = { idempotencyKey: 'order-81' };
const stamped = { metadata: { order: '81', unicharge_key: 'order-81' } };
const params = { amount: 4590, currency: 'EUR', source: 'pm_card_visa' } as const;
const failureOf = async (work: Promise<unknown>): Promise<ChargesError> =>
  work.then(
    () => expect.fail('it did not reject'),
    (error: unknown) => error as ChargesError,
  );

describe('create', () => {
  it('confirms an intent, and says who asks, in which version and under which key', async () => {
    script([200, paidIntent({}, stamped)]);
    const charge = await client().create({ ...params, metadata: { order: '81' } }, key);
    expect(charge).toMatchObject({
      id: 'pi_demoA1',
      status: 'captured',
      amountCaptured: 4590,
      metadata: { order: '81' },
    });
    expect(lines()).toEqual(['POST /v1/payment_intents']);
    expect(bodies()).toEqual([
      'amount=4590&currency=eur&metadata[order]=81&metadata[unicharge_key]=order-81&payment_method=pm_card_visa&confirm=true' +
        '&automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never' +
        '&error_on_requires_action=true&expand[0]=latest_charge',
    ]);
    expect(seen[0]?.headers).toMatchObject({
      authorization: 'Bearer sk_test_a1',
      'stripe-version': defaultApiVersion,
      'idempotency-key': 'order-81',
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(seen[0]?.headers['stripe-account']).toBeUndefined();
  });

  it('makes a PaymentMethod of a token first, under a key of its own', async () => {
    script([200, { id: 'pm_made', object: 'payment_method' }], [200, paidIntent({}, stamped)]);
    await client().create({ ...params, source: 'tok_visa', email: 'sam@shop.test' }, key);
    expect(lines()).toEqual(['POST /v1/payment_methods', 'POST /v1/payment_intents']);
    expect(bodies()[0]).toBe('type=card&card[token]=tok_visa&billing_details[email]=sam%40shop.test');
    expect(bodies()[1]).toContain('payment_method=pm_made');
    expect(seen.map(({ headers }) => headers['idempotency-key'])).toEqual(['order-81:1', 'order-81']);
  });

  it('sends the same bytes under the same key after a fault, and the token only once', async () => {
    script(
      [200, { id: 'pm_made', object: 'payment_method' }],
      [500, { error: { type: 'api_error', message: 'Oops.' } }],
      [200, paidIntent({}, stamped)],
    );
    await client({ maxRetries: 1 }).create({ ...params, source: 'tok_visa' }, key);
    expect(bodies()[2]).toBe(bodies()[1]);
    expect(seen.map(({ headers }) => headers['idempotency-key'])).toEqual([
      'order-81:1',
      'order-81',
      'order-81',
    ]);
  });

  it('charges a saved card of a customer', async () => {
    script([200, paidIntent({}, stamped)]);
    const source = { type: 'customer', customer: 'cus_demoA1', card: 'pm_saved' } as const;
    await client().create({ ...params, source, providerOptions: { offSession: true } }, key);
    expect(bodies()[0]).toContain('customer=cus_demoA1&');
    expect(bodies()[0]).toContain('payment_method=pm_saved&');
    expect(bodies()[0]).toContain('&off_session=true');
  });

  it('resolves with the address of the 3-D Secure page', async () => {
    const waiting = wireIntent({
      ...stamped,
      status: 'requires_action',
      amount_received: 0,
      next_action: { type: 'redirect_to_url', redirect_to_url: { url: 'https://hooks.stripe.test/3ds' } },
    });
    script([200, waiting]);
    const charge = await client().create({ ...params, returnUrl: 'https://shop.example/back' }, key);
    expect(charge).toMatchObject({
      status: 'requires_action',
      nextAction: { type: 'redirect', url: 'https://hooks.stripe.test/3ds' },
      threeDS: { status: 'required' },
    });
  });

  it('charges in charges mode', async () => {
    script([200, capturedCharge(stamped)]);
    const charge = await client({ api: 'charges' }).create({ ...params, source: 'tok_visa' }, key);
    expect(charge).toMatchObject({ id: 'ch_demoA1', status: 'captured' });
    expect(lines()).toEqual(['POST /v1/charges']);
    expect(bodies()).toEqual(['amount=4590&currency=eur&metadata[unicharge_key]=order-81&source=tok_visa']);
  });

  it('rejects a decline with the failed intent, and answers the key without asking again', async () => {
    const error = {
      code: 'card_declined',
      decline_code: 'insufficient_funds',
      message: 'Insufficient funds.',
    };
    const intent = wireIntent({
      ...stamped,
      status: 'requires_payment_method',
      latest_charge: 'ch_f',
      last_payment_error: error,
    });
    script([402, { error: { type: 'card_error', ...error, charge: 'ch_f', payment_intent: intent } }]);
    const stripe = client();
    for (let time = 1; time <= 2; time += 1) {
      expect(await failureOf(stripe.create(params, key))).toMatchObject({
        name: 'CardError',
        outcome: 'rejected',
        declineCode: 'insufficient_funds',
        advice: 'retry_later',
        chargeId: 'pi_demoA1',
        charge: { id: 'pi_demoA1', status: 'failed' },
        requestId: 'req_1',
        idempotencyKey: 'order-81',
      });
    }
    expect(lines()).toHaveLength(1);
  });

  it('in charges mode reads the declined charge that the error names', async () => {
    const declined = wireCharge({
      ...stamped,
      status: 'failed',
      captured: true,
      paid: false,
      failure_code: 'expired_card',
      failure_message: 'Expired.',
    });
    script(
      [
        402,
        { error: { type: 'card_error', code: 'expired_card', charge: 'ch_demoA1', message: 'Expired.' } },
      ],
      [200, declined],
    );
    const error = await failureOf(client({ api: 'charges' }).create({ ...params, source: 'tok_visa' }, key));
    expect(error).toMatchObject({
      name: 'CardError',
      declineCode: 'expired_card',
      charge: { status: 'failed', amountCaptured: 0 },
    });
    expect(lines()).toEqual(['POST /v1/charges', 'GET /v1/charges/ch_demoA1']);
  });

  it('rejects an answer of another amount, another mode or another key', async () => {
    for (const fields of [
      { amount: 4591 },
      { livemode: true },
      { metadata: { unicharge_key: 'order-82' } },
    ]) {
      script([200, paidIntent({}, { ...stamped, ...fields })]);
      expect(await failureOf(client().create(params, key))).toMatchObject({
        name: 'IntegrityError',
        outcome: 'unknown',
      });
    }
  });

  it('keeps a payment whose answer is damaged only where it informs', async () => {
    const events: ClientEvent[] = [];
    script([
      200,
      paidIntent({ description: 5, billing_details: 'x' }, { ...stamped, description: { a: 1 } }),
    ]);
    const charge = await client({ onEvent: (event) => events.push(event) }).create(params, key);
    expect(charge).toMatchObject({
      status: 'captured',
      amountCaptured: 4590,
      description: null,
      email: null,
    });
    expect(events.filter(({ type }) => type === 'drift')).toHaveLength(3);
  });

  it('never calls a payment failed whose answer is damaged where it decides', async () => {
    for (const [charge, intent] of [
      [{ captured: 'yes' }, {}],
      [{ amount_refunded: null }, {}],
      [{}, { amount: '4590' }],
      [{}, { status: null }],
    ]) {
      script([200, paidIntent(charge, { ...stamped, ...intent })]);
      expect(await failureOf(client().create(params, key))).toMatchObject({
        name: 'InvalidResponseError',
        outcome: 'unknown',
        chargeId: 'pi_demoA1',
      });
    }
  });

  it.each([
    ['an HTML page', 502, '<html>Bad Gateway</html>', 'ProviderError', 'unknown'],
    ['an empty body', 500, '', 'ProviderError', 'unknown'],
    ['an envelope without an error', 500, { message: 'x' }, 'ProviderError', 'unknown'],
    ['an empty success', 200, '', 'InvalidResponseError', 'unknown'],
    ['a list as success', 200, [], 'InvalidResponseError', 'unknown'],
    ['a banana', 200, { id: 5, object: 'banana' }, 'InvalidResponseError', 'unknown'],
    ['null', 200, 'null', 'InvalidResponseError', 'unknown'],
    ['a refused key', 401, { error: { type: 'invalid_request_error' } }, 'AuthenticationError', 'rejected'],
    ['a key that something in front refused', 401, { msg: 'no' }, 'AuthenticationError', 'unknown'],
    ['a redirect', 302, {}, 'ProviderError', 'unknown'],
  ] as const)('reads %s as what it is', async (_, status, body, name, outcome) => {
    script([status, body]);
    expect(await failureOf(client().create(params, key))).toMatchObject({
      name,
      outcome,
      statusCode: status,
    });
  });

  it.each([
    ['a busy key', [409, { error: { type: 'invalid_request_error', code: 'idempotency_key_in_use' } }]],
    ['a rate limit', [429, { error: { type: 'invalid_request_error', code: 'rate_limit' } }]],
    ['a locked object', [429, { error: { type: 'invalid_request_error', code: 'lock_timeout' } }]],
  ] as const)('asks again with the same key after %s', async (_, first) => {
    script(first, [200, paidIntent({}, stamped)]);
    expect((await client({ maxRetries: 1 }).create(params, key)).status).toBe('captured');
    expect(seen.map(({ headers }) => headers['idempotency-key'])).toEqual(['order-81', 'order-81']);
  });

  it('follows the advice of Stripe not to retry', async () => {
    script([500, { error: { type: 'api_error', message: 'Oops.' } }, { 'stripe-should-retry': 'false' }]);
    expect(await failureOf(client({ maxRetries: 3 }).create(params, key))).toMatchObject({
      outcome: 'unknown',
    });
    expect(lines()).toHaveLength(1);
  });

  it('refuses what Stripe cannot do, unsent', async () => {
    const source = { type: 'customer', customer: 'cus_1' } as const;
    expect(await failureOf(client().create({ ...params, source }, key))).toMatchObject({
      name: 'InvalidRequestError',
      outcome: 'not_sent',
      issues: [{ path: 'source.card' }],
    });
    expect(lines()).toEqual([]);
  });
});

describe('a connected account', () => {
  it('is named by the settings', async () => {
    script([200, paidIntent()]);
    await client({ account: 'acct_1' }).retrieve('pi_demoA1');
    expect(seen[0]?.headers['stripe-account']).toBe('acct_1');
  });

  it('is named by a call, which beats the settings and keeps keys of accounts apart', async () => {
    const stripe = client({ account: 'acct_1' });
    script([200, paidIntent({}, stamped)], [200, paidIntent({}, { ...stamped, id: 'pi_demoA2' })]);
    const first = await stripe.create(params, key);
    const second = await stripe.create(params, { ...key, headers: { 'Stripe-Account': 'acct_2' } });
    expect([first.id, second.id]).toEqual(['pi_demoA1', 'pi_demoA2']);
    expect(seen.map(({ headers }) => headers['stripe-account'])).toEqual(['acct_1', 'acct_2']);
  });

  it('is the only header that a caller may set', async () => {
    const error = await failureOf(
      client().retrieve('pi_1', { headers: { authorization: 'Bearer sk_test_b2' } }),
    );
    expect(error).toMatchObject({ name: 'InvalidRequestError', outcome: 'not_sent' });
  });
});

describe('the API version', () => {
  it.each(['2026-08-26.dahlia', '2026-10-28.endive', '2020-08-27'])('can be %s', async (apiVersion) => {
    script([200, paidIntent()]);
    await client({ apiVersion }).retrieve('pi_demoA1');
    expect(seen[0]?.headers['stripe-version']).toBe(apiVersion);
  });

  it('must look like one', () => {
    expect(() => client({ apiVersion: 'latest' })).toThrow(/apiVersion/);
  });
});

describe('retrieve', () => {
  it('reads an intent with its charge', async () => {
    script([200, paidIntent()]);
    await client().retrieve('pi_demoA1');
    expect(lines()).toEqual(['GET /v1/payment_intents/pi_demoA1?expand[0]=latest_charge']);
    expect(seen[0]?.headers['idempotency-key']).toBeUndefined();
  });

  it('finds the intent of a charge, and leaves a charge without one as it is', async () => {
    script(
      [200, capturedCharge({ payment_intent: 'pi_demoA1' })],
      [200, paidIntent()],
      [200, capturedCharge()],
    );
    expect((await client().retrieve('ch_demoA1')).id).toBe('pi_demoA1');
    expect((await client().retrieve('ch_demoA1')).id).toBe('ch_demoA1');
    expect(lines().slice(0, 2)).toEqual([
      'GET /v1/charges/ch_demoA1',
      'GET /v1/payment_intents/pi_demoA1?expand[0]=latest_charge',
    ]);
  });

  it('says that there is no such charge', async () => {
    script([
      404,
      { error: { type: 'invalid_request_error', code: 'resource_missing', message: 'No such charge' } },
    ]);
    expect(await failureOf(client().retrieve('ch_none'))).toMatchObject({
      name: 'NotFoundError',
      outcome: 'not_sent',
    });
  });
});

describe('update', () => {
  it('changes the intent; null removes a key of its metadata', async () => {
    script([200, paidIntent()]);
    await client().update('pi_demoA1', { description: '', metadata: { gone: null, kept: 'yes' } }, key);
    expect(lines()).toEqual(['POST /v1/payment_intents/pi_demoA1']);
    expect(bodies()).toEqual(['description=&metadata[gone]=&metadata[kept]=yes&expand[0]=latest_charge']);
    expect(seen[0]?.headers['idempotency-key']).toBe('order-81');
  });

  it('changes the intent behind a charge, and a charge without one itself', async () => {
    script([200, capturedCharge({ payment_intent: 'pi_demoA1' })], [200, paidIntent()]);
    await client().update('ch_demoA1', { metadata: { a: 'b' } });
    script([200, capturedCharge()], [200, capturedCharge()]);
    await client().update('ch_demoA1', {
      providerOptions: { receiptEmail: 'sam@shop.test', transferGroup: 'g' },
    });
    expect(lines()).toEqual([
      'GET /v1/charges/ch_demoA1',
      'POST /v1/payment_intents/pi_demoA1',
      'GET /v1/charges/ch_demoA1',
      'POST /v1/charges/ch_demoA1',
    ]);
    expect(bodies()[3]).toBe('receipt_email=sam%40shop.test&transfer_group=g');
  });
});

describe('update in charges mode', () => {
  it('changes the charge, also where an intent made it: that is what is shown', async () => {
    const wire = capturedCharge({ payment_intent: 'pi_demoA1', metadata: { a: 'b' } });
    script([200, wire], [200, paidIntent()], [200, wire]);
    expect((await client({ api: 'charges' }).update('ch_demoA1', { metadata: { a: 'b' } })).metadata).toEqual(
      { a: 'b' },
    );
    await client({ api: 'charges' }).update('pi_demoA1', { metadata: { a: 'b' } });
    expect(lines()).toEqual([
      'POST /v1/charges/ch_demoA1',
      'GET /v1/payment_intents/pi_demoA1?expand[0]=latest_charge',
      'POST /v1/charges/ch_demoA1',
    ]);
  });

  it('changes the intent while there is no charge', async () => {
    const waiting = wireIntent({ status: 'requires_action', amount_received: 0 });
    script([200, waiting], [200, waiting]);
    await client({ api: 'charges' }).update('pi_demoA1', { metadata: { a: 'b' } });
    expect(lines()[1]).toBe('POST /v1/payment_intents/pi_demoA1');
  });
});

describe('the secret key', () => {
  it('says whether it is for tests', async () => {
    script([200, paidIntent({}, { livemode: true })], [200, paidIntent()]);
    expect((await client({ secretKey: 'rk_live_a1' }).retrieve('pi_demoA1')).livemode).toBe(true);
    expect(await failureOf(client({ secretKey: 'sk_live_a1' }).retrieve('pi_demoA1'))).toMatchObject({
      name: 'IntegrityError',
    });
  });

  it('is not the publishable one, and is never repeated', () => {
    expect(() => client({ secretKey: 'pk_test_a1' })).toThrow(/secret or restricted key/);
    expect(() => client({ secretKey: 'pk_test_a1' })).not.toThrow(/pk_test/);
  });
});

describe('capture', () => {
  it('takes everything in one request', async () => {
    script([200, paidIntent()]);
    expect((await client().capture('pi_demoA1', {}, key)).amountCaptured).toBe(4590);
    expect(lines()).toEqual(['POST /v1/payment_intents/pi_demoA1/capture']);
    expect(bodies()).toEqual(['expand[0]=latest_charge']);
  });

  it('reads the currency before a part, and does not take the release for a refund', async () => {
    script(
      [200, authorizedIntent()],
      [200, paidIntent({ amount_captured: 4000, amount_refunded: 590 }, { amount_received: 4000 })],
    );
    const charge = await client().capture('pi_demoA1', { amount: 4000, statementDescriptor: 'SHOP 82' }, key);
    expect(charge).toMatchObject({
      amount: 4590,
      amountCaptured: 4000,
      amountRefunded: 0,
      refundStatus: 'none',
    });
    expect(bodies()[1]).toBe(
      'amount_to_capture=4000&statement_descriptor_suffix=SHOP%2082&expand[0]=latest_charge',
    );
  });

  it('counts a part in the unit of the currency', async () => {
    const isk = { currency: 'isk', amount: 500_000 };
    script(
      [200, authorizedIntent({ ...isk, latest_charge: wireCharge({ ...isk, payment_intent: 'pi_demoA1' }) })],
      [200, paidIntent({ ...isk, amount_captured: 100_000 }, { ...isk, amount_received: 100_000 })],
    );
    expect((await client().capture('pi_demoA1', { amount: 1000 }, key)).amountCaptured).toBe(1000);
    expect(bodies()[1]).toContain('amount_to_capture=100000&');
  });

  it('refuses a part that cannot be said, after reading and before sending', async () => {
    script([200, authorizedIntent({ currency: 'kwd' })]);
    expect(await failureOf(client().capture('pi_demoA1', { amount: 4001 }, key))).toMatchObject({
      name: 'InvalidRequestError',
      outcome: 'not_sent',
      issues: [{ path: 'amount' }],
    });
    expect(lines()).toHaveLength(1);
  });

  it('compares a part with what was captured in part before: the answer tells the total', async () => {
    script(
      [200, authorizedIntent({ amount_received: 300 })],
      [200, paidIntent({ amount_captured: 1000, amount: 4590 }, { amount_received: 1000 })],
    );
    expect(await client().capture('pi_demoA1', { amount: 700 }, key)).toMatchObject({
      status: 'captured',
      amountCaptured: 1000,
    });
    expect(bodies()[1]).toContain('amount_to_capture=700');
  });

  it('captures a charge without an intent itself', async () => {
    script([200, wireCharge()], [200, capturedCharge({ amount_captured: 4000, amount_refunded: 590 })]);
    const charge = await client({ api: 'charges' }).capture('ch_demoA1', { amount: 4000 }, key);
    expect(charge).toMatchObject({ id: 'ch_demoA1', amountCaptured: 4000, amountRefunded: 0 });
    expect(lines()).toEqual(['GET /v1/charges/ch_demoA1', 'POST /v1/charges/ch_demoA1/capture']);
    expect(bodies()[1]).toBe('amount=4000');
  });

  it('captures the intent of a charge, in charges mode, too', async () => {
    script([200, wireCharge({ payment_intent: 'pi_demoA1' })], [200, paidIntent()]);
    const charge = await client({ api: 'charges' }).capture('ch_demoA1', {}, key);
    expect(charge).toMatchObject({ id: 'ch_demoA1', status: 'captured' });
    expect(lines()[1]).toBe('POST /v1/payment_intents/pi_demoA1/capture');
  });

  it('converts the shares of a platform', async () => {
    script(
      [200, authorizedIntent({ currency: 'jpy' })],
      [200, paidIntent({ currency: 'jpy' }, { currency: 'jpy' })],
    );
    await client().capture('pi_demoA1', {
      providerOptions: { applicationFeeAmount: 7, transferData: { amount: 9 } },
    });
    expect(bodies()[1]).toBe('application_fee_amount=7&transfer_data[amount]=9&expand[0]=latest_charge');
  });

  it.each([
    ['payment_intent_unexpected_state', 'ConflictError'],
    ['charge_expired_for_capture', 'ConflictError'],
    ['amount_too_large', 'InvalidRequestError'],
  ])('is refused with %s as %s', async (code, name) => {
    script([400, { error: { type: 'invalid_request_error', code, message: 'No.' } }]);
    expect(await failureOf(client().capture('pi_demoA1', {}, key))).toMatchObject({
      name,
      outcome: 'rejected',
    });
  });
});

describe('void', () => {
  const canceled = wireIntent({ status: 'canceled', cancellation_reason: null, amount_received: 0 });

  it('cancels an intent, paid or not', async () => {
    script([200, canceled]);
    expect((await client().void('pi_demoA1', key)).status).toBe('voided');
    expect(lines()).toEqual(['POST /v1/payment_intents/pi_demoA1/cancel']);
    expect(bodies()).toEqual(['expand[0]=latest_charge']);
  });

  it('releases a charge without an intent by a refund of all of it', async () => {
    const released = wireCharge({ refunded: true, amount_refunded: 4590 });
    const refund = wireRefund({ amount: 4590, payment_intent: null, reason: null });
    script([200, wireCharge()], [200, { ...refund, charge: released }]);
    const charge = await client({ api: 'charges' }).reverse('ch_demoA1', key);
    expect(charge).toMatchObject({
      id: 'ch_demoA1',
      status: 'voided',
      amountRefunded: 0,
      refundStatus: 'none',
    });
    expect(bodies()[1]).toBe('charge=ch_demoA1&expand[0]=charge');
  });

  it.each([
    ['captured', capturedCharge()],
    ['pending', wireCharge({ status: 'pending' })],
  ])('never sends a refund for a charge that is %s', async (_, wire) => {
    script([200, wire]);
    expect(await failureOf(client({ api: 'charges' }).void('ch_demoA1', key))).toMatchObject({
      name: 'ConflictError',
    });
    expect(lines()).toEqual(['GET /v1/charges/ch_demoA1']);
  });

  it('asks again where the charge is voided: the key tells whether it did it, and nothing can move', async () => {
    const voided = wireCharge({ refunded: true, amount_refunded: 4590 });
    script([200, voided], [200, { ...wireRefund({ amount: 4590, payment_intent: null }), charge: voided }]);
    expect((await client({ api: 'charges' }).void('ch_demoA1', key)).status).toBe('voided');
    script(
      [200, voided],
      [400, { error: { type: 'invalid_request_error', code: 'charge_already_refunded' } }],
    );
    expect(
      await failureOf(client({ api: 'charges' }).void('ch_demoA1', { idempotencyKey: 'another' })),
    ).toMatchObject({ name: 'ConflictError', outcome: 'rejected' });
  });

  it('shows what it is where somebody captured in between: taken and given back', async () => {
    const raced = capturedCharge({ refunded: true, amount_refunded: 4590 });
    script(
      [200, wireCharge()],
      [200, { ...wireRefund({ amount: 4590, payment_intent: null }), charge: raced }],
    );
    expect(await client({ api: 'charges' }).void('ch_demoA1', key)).toMatchObject({
      status: 'captured',
      amountCaptured: 4590,
      amountRefunded: 4590,
      refundStatus: 'full',
    });
  });

  it('reads the charge where the refund does not hold it', async () => {
    const released = wireCharge({ refunded: true, amount_refunded: 4590 });
    script([200, wireCharge()], [200, wireRefund({ amount: 4590 })], [200, released]);
    expect((await client({ api: 'charges' }).void('ch_demoA1', key)).status).toBe('voided');
    expect(lines()[2]).toBe('GET /v1/charges/ch_demoA1');
  });

  it('cancels the intent of a charge', async () => {
    script([200, wireCharge({ payment_intent: 'pi_demoA1' })], [200, canceled]);
    expect((await client().void('ch_demoA1', key)).id).toBe('pi_demoA1');
    expect(lines()[1]).toBe('POST /v1/payment_intents/pi_demoA1/cancel');
  });
});

describe('refund', () => {
  const made = (fields: Record<string, unknown> = {}) =>
    wireRefund({ metadata: { unicharge_key: 'order-81' }, ...fields });

  it('gives back what is left, with reason, metadata and stamp', async () => {
    script([200, paidIntent()], [200, made({ amount: 4590 })]);
    const refund = await client().refund(
      'pi_demoA1',
      { reason: 'requested_by_customer', metadata: { note: 'x' } },
      key,
    );
    expect(refund).toMatchObject({
      id: 're_demoA1',
      chargeId: 'pi_demoA1',
      amount: 4590,
      status: 'succeeded',
    });
    expect(bodies()[1]).toBe(
      'payment_intent=pi_demoA1&reason=requested_by_customer&metadata[note]=x&metadata[unicharge_key]=order-81',
    );
    expect(seen[1]?.headers['idempotency-key']).toBe('order-81');
  });

  it('gives back a part in the unit of the currency', async () => {
    script(
      [200, paidIntent({ currency: 'ugx' }, { currency: 'ugx' })],
      [200, made({ amount: 500, currency: 'ugx' })],
    );
    const options = {
      refundApplicationFee: true,
      reverseTransfer: false,
      instructionsEmail: 'sam@shop.test',
    };
    const refund = await client().refund('pi_demoA1', { amount: 5, providerOptions: options }, key);
    expect(refund).toMatchObject({ amount: 5, currency: 'UGX' });
    expect(bodies()[1]).toBe(
      'payment_intent=pi_demoA1&amount=500&metadata[unicharge_key]=order-81&refund_application_fee=true' +
        '&reverse_transfer=false&instructions_email=sam%40shop.test',
    );
  });

  it('names the charge where there is no intent, and no reason that Stripe lacks', async () => {
    script([200, capturedCharge()], [200, made({ payment_intent: null })]);
    const refund = await client({ api: 'charges' }).refund(
      'ch_demoA1',
      { amount: 500, reason: 'other' },
      key,
    );
    expect(refund.chargeId).toBe('ch_demoA1');
    expect(bodies()[1]).toBe('charge=ch_demoA1&amount=500&metadata[unicharge_key]=order-81');
  });

  it.each([
    ['an authorization', authorizedIntent()],
    ['an unpaid intent', wireIntent({ status: 'requires_action', amount_received: 0 })],
  ])('never releases %s', async (_, wire) => {
    script([200, wire]);
    expect(await failureOf(client().refund('pi_demoA1', {}, key))).toMatchObject({ name: 'ConflictError' });
    expect(lines()).toHaveLength(1);
  });

  it('says that an answer of another amount is none of ours', async () => {
    script([200, paidIntent()], [200, made({ amount: 501 })]);
    expect(await failureOf(client().refund('pi_demoA1', { amount: 500 }, key))).toMatchObject({
      name: 'IntegrityError',
    });
  });

  it('says what is refused', async () => {
    script(
      [200, paidIntent()],
      [400, { error: { type: 'invalid_request_error', code: 'charge_already_refunded' } }],
      // The refunds are read once: none carries the key.
      [200, paidIntent()],
      [200, { object: 'list', data: [], has_more: false }],
    );
    expect(await failureOf(client().refund('pi_demoA1', {}, key))).toMatchObject({
      name: 'ConflictError',
      outcome: 'rejected',
    });
  });

  it('is read with its charge', async () => {
    const charge = capturedCharge({ payment_intent: 'pi_demoA1', amount_refunded: 500 });
    script([200, { ...made(), charge }]);
    expect((await client().retrieveRefund('pi_demoA1', 're_demoA1')).amount).toBe(500);
    expect(lines()).toEqual(['GET /v1/refunds/re_demoA1?expand[0]=charge']);
  });
});

describe('list', () => {
  const intents = (...ids: string[]) => ids.map((id) => paidIntent({ id: `ch_${id}` }, { id }));

  it.each([
    ['createdAfter', 'created[gte]'],
    ['createdBefore', 'created[lt]'],
  ])('asks for one end of a window alone: %s', async (name, field) => {
    script([200, wireList(intents('pi_1'))]);
    await client().list({ [name]: '2026-01-01T00:00:00Z' });
    expect(lines()[0]).toContain(`${field}=1767225600&`);
    expect(lines()[0]?.match(/created/g)).toHaveLength(1);
  });

  it('walks the pages of intents with their charges', async () => {
    script([200, wireList(intents('pi_3', 'pi_2'), true)], [200, wireList(intents('pi_1'))]);
    const ids: string[] = [];
    const filter = {
      limit: 2,
      createdAfter: '2026-01-01T00:00:00Z',
      createdBefore: new Date('2027-01-01'),
      customer: 'cus_demoA1',
    };
    for await (const { id } of client().list(filter)) ids.push(id);
    expect(ids).toEqual(['pi_3', 'pi_2', 'pi_1']);
    const rest =
      'created[gte]=1767225600&created[lt]=1798761600&customer=cus_demoA1&expand[0]=data.latest_charge';
    expect(lines()).toEqual([
      `GET /v1/payment_intents?limit=2&${rest}`,
      `GET /v1/payment_intents?limit=2&starting_after=pi_2&${rest}`,
    ]);
  });

  it('awaited is one page', async () => {
    script([200, wireList(intents('pi_3'), true)]);
    const page = await client().list();
    expect([page.data.length, page.nextCursor]).toEqual([1, 'pi_3']);
    expect(lines()).toEqual(['GET /v1/payment_intents?expand[0]=data.latest_charge']);
  });

  it('walks the charges in charges mode', async () => {
    script([200, wireList([capturedCharge({ payment_intent: 'pi_x' }), capturedCharge({ id: 'ch_2' })])]);
    const page = await client({ api: 'charges' }).list({ limit: 100 });
    expect(page.data.map(({ id }) => id)).toEqual(['ch_demoA1', 'ch_2']);
    expect(lines()).toEqual(['GET /v1/charges?limit=100']);
  });

  it('reads the refunds of those charges only whose numbers do not tell', async () => {
    const partly = paidIntent({ id: 'ch_p', amount_captured: 4000, amount_refunded: 590 }, { id: 'pi_p' });
    const release = wireRefund({ amount: 590, balance_transaction: null, charge: 'ch_p' });
    script([200, wireList([...intents('pi_2'), partly, ...intents('pi_1')])], [200, wireList([release])]);
    const page = await client().list();
    expect(page.data.map(({ id, amountRefunded }) => [id, amountRefunded])).toEqual([
      ['pi_2', 0],
      ['pi_p', 0],
      ['pi_1', 0],
    ]);
    expect(lines()[1]).toBe('GET /v1/refunds?charge=ch_p&limit=100');
  });
});

describe('search', () => {
  it('asks in the language of Stripe, page by page, and compares what came', async () => {
    const found = wireList([
      authorizedIntent({ id: 'pi_1', metadata: { order: '81' } }),
      authorizedIntent({ id: 'pi_2', metadata: { order: 'x' } }),
    ]);
    script(
      [200, { ...found, object: 'search_result', has_more: true, next_page: 'p2' }],
      [200, { ...wireList([]), next_page: null }],
    );
    const ids: string[] = [];
    for await (const { id } of client().search({ status: 'authorized', metadata: { order: '81' } }))
      ids.push(id);
    expect(ids).toEqual(['pi_1']);
    const query = 'query=status:"requires_capture" AND metadata["order"]:"81"';
    expect(lines()).toEqual([
      `GET /v1/payment_intents/search?${query}&expand[0]=data.latest_charge`,
      `GET /v1/payment_intents/search?${query}&page=p2&expand[0]=data.latest_charge`,
    ]);
  });

  it('searches the charges in charges mode', async () => {
    script([200, wireList([capturedCharge()])]);
    expect(
      (await client({ api: 'charges' }).search({ query: 'disputed:"false"', limit: 5 })).data,
    ).toHaveLength(1);
    expect(lines()).toEqual(['GET /v1/charges/search?query=disputed:"false"&limit=5']);
  });

  it('refuses a query that cannot be combined, unsent', async () => {
    const search = client().search({ query: 'amount>1 OR amount<9', status: 'failed' });
    expect(await failureOf(search as unknown as Promise<unknown>)).toMatchObject({
      name: 'InvalidRequestError',
      outcome: 'not_sent',
    });
  });
});

describe('verify3DS', () => {
  it('reads what became of the intent', async () => {
    script([200, paidIntent()]);
    const charge = await client().verify3DS({
      chargeId: 'pi_demoA1',
      expected: { amount: 4590, currency: 'EUR' },
    });
    expect(charge).toMatchObject({
      status: 'captured',
      threeDS: { status: 'authenticated', version: '2.2.0', eci: '05' },
    });
    expect(lines()).toEqual(['GET /v1/payment_intents/pi_demoA1?expand[0]=latest_charge']);
  });

  it('resolves while the payer still has to act', async () => {
    script([200, wireIntent({ status: 'requires_action', amount_received: 0 })]);
    expect((await client().verify3DS({ chargeId: 'pi_demoA1' })).status).toBe('requires_action');
  });

  it('rejects where the payer did not pass', async () => {
    const error = { code: 'payment_intent_authentication_failure', message: 'Failed.' };
    script([200, wireIntent({ status: 'requires_payment_method', last_payment_error: error })]);
    expect(await failureOf(client().verify3DS({ chargeId: 'pi_demoA1' }))).toMatchObject({
      name: 'CardError',
      declineCode: 'authentication_failed',
      charge: { threeDS: { status: 'failed' } },
    });
  });

  it('does not trust an id that came from the browser', async () => {
    script([200, paidIntent()]);
    const error = await failureOf(client().verify3DS({ chargeId: 'pi_demoA1', expected: { amount: 1 } }));
    expect(error.name).toBe('IntegrityError');
  });

  const unconfirmed = wireIntent({
    status: 'requires_confirmation',
    confirmation_method: 'manual',
    amount_received: 0,
  });

  it('confirms an intent that waits for the server', async () => {
    script([200, unconfirmed], [200, paidIntent()]);
    expect((await client().verify3DS({ chargeId: 'pi_demoA1' })).status).toBe('captured');
    expect(lines()[1]).toBe('POST /v1/payment_intents/pi_demoA1/confirm');
    expect(bodies()[1]).toBe('expand[0]=latest_charge');
    expect(seen[1]?.headers['idempotency-key']).toBeDefined();
  });

  it('leaves an unconfirmed intent alone that confirms by itself', async () => {
    script([200, { ...unconfirmed, confirmation_method: 'automatic' }]);
    expect((await client().verify3DS({ chargeId: 'pi_demoA1' })).status).toBe('pending');
    expect(lines()).toHaveLength(1);
  });

  it('looks at the intent where the answer of the confirmation is lost', async () => {
    script([200, unconfirmed], [500, ''], [200, paidIntent()]);
    expect((await client().verify3DS({ chargeId: 'pi_demoA1' })).status).toBe('captured');
    script([200, unconfirmed], [500, ''], [200, unconfirmed]);
    expect(await failureOf(client().verify3DS({ chargeId: 'pi_demoA1' }))).toMatchObject({
      name: 'ProviderError',
      outcome: 'unknown',
    });
  });

  it('rejects a decline of the confirmation', async () => {
    script(
      [200, unconfirmed],
      [402, { error: { type: 'card_error', code: 'card_declined', decline_code: 'lost_card' } }],
    );
    expect(await failureOf(client().verify3DS({ chargeId: 'pi_demoA1' }))).toMatchObject({
      name: 'CardError',
      declineCode: 'lost_or_stolen_card',
      // The confirmation was sent, and refused.
      outcome: 'rejected',
    });
  });
});
