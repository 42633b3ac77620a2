import { describe } from 'vitest';
import { createChargesClient } from '../../src/create-charges-client.js';
import { stripeProvider } from '../../src/providers/stripe/provider.js';
import {
  authorizedIntent,
  capturedCharge,
  paidIntent,
  wireCharge,
  wireIntent,
  wireList,
  wireRefund,
} from '../providers/stripe/wire-objects.js';
import { collect, mutateAnswers, type AnswerCase } from './mutate-answers.js';

const metadata = { order: '81', unicharge_key: 'order-81' };
const refund = wireRefund({ metadata: { unicharge_key: 'order-81' } });
const reading = (name: string, answer: { readonly id: string }): AnswerCase => ({
  name: `retrieve ${name}`,
  answer,
  others: { 'GET /v1/refunds': wireList([], false, { url: '/v1/refunds' }) },
  run: (client) => client.retrieve(answer.id),
});
const error = {
  code: 'card_declined',
  decline_code: 'insufficient_funds',
  message: 'No.',
  type: 'card_error',
};

describe('Stripe', () => {
  mutateAnswers(
    'stripe, intents',
    (internals) => createChargesClient(stripeProvider, { secretKey: 'sk_test_1' }, internals),
    'order-81',
    [
      reading('a paid intent', paidIntent()),
      reading('a refunded intent', paidIntent({ amount_refunded: 500 })),
      reading('an authorization', authorizedIntent()),
      reading(
        'a canceled intent',
        wireIntent({ status: 'canceled', amount_received: 0, cancellation_reason: 'requested_by_customer' }),
      ),
      reading(
        'a lapsed intent',
        wireIntent({ status: 'canceled', amount_received: 0, cancellation_reason: 'automatic' }),
      ),
      reading(
        'a challenged intent',
        wireIntent({
          status: 'requires_action',
          amount_received: 0,
          next_action: {
            type: 'redirect_to_url',
            redirect_to_url: { url: 'https://hooks.stripe.example/1', return_url: null },
          },
        }),
      ),
      reading(
        'a failed intent',
        wireIntent({ status: 'requires_payment_method', amount_received: 0, last_payment_error: error }),
      ),
      reading('a processing intent', wireIntent({ status: 'processing', amount_received: 0 })),
      {
        name: 'create',
        answer: paidIntent({}, { metadata }),
        isWrite: true,
        run: (client) => client.create({ amount: 4590, currency: 'EUR', source: 'pm_card_visa' }),
      },
      {
        name: 'capture',
        answer: paidIntent({}, { metadata }),
        others: { 'GET /v1/payment_intents/pi_demoA1': authorizedIntent() },
        isWrite: true,
        run: (client) => client.capture('pi_demoA1'),
      },
      {
        name: 'list',
        answer: wireList([paidIntent(), authorizedIntent({ id: 'pi_demoA2' })]),
        run: (client) => collect(client.list()),
      },
    ],
  );
  mutateAnswers(
    'stripe, charges',
    (internals) => createChargesClient(stripeProvider, { secretKey: 'sk_test_1', api: 'charges' }, internals),
    'order-81',
    [
      reading('a captured charge', capturedCharge()),
      reading('a refunded charge', capturedCharge({ amount_refunded: 500 })),
      reading('an authorization', wireCharge({ captured: false, amount_captured: 0 })),
      reading(
        'a released authorization',
        wireCharge({ captured: false, amount_captured: 0, refunded: true, amount_refunded: 4590 }),
      ),
      reading(
        'a failed charge',
        wireCharge({
          captured: false,
          amount_captured: 0,
          status: 'failed',
          paid: false,
          failure_code: 'card_declined',
        }),
      ),
      reading(
        'a pending charge',
        wireCharge({ captured: false, amount_captured: 0, status: 'pending', paid: false }),
      ),
      reading('a disputed charge', capturedCharge({ disputed: true })),
      {
        name: 'create',
        answer: capturedCharge({ metadata }),
        isWrite: true,
        run: (client) => client.create({ amount: 4590, currency: 'EUR', source: 'tok_visa' }),
      },
      {
        name: 'refund',
        answer: refund,
        others: { 'GET /v1/charges/ch_demoA1': capturedCharge() },
        isWrite: true,
        run: (client) => client.refund('ch_demoA1', { amount: 500 }),
      },
      {
        name: 'list',
        answer: wireList([capturedCharge(), capturedCharge({ id: 'ch_demoA2' })], false, {
          url: '/v1/charges',
        }),
        run: (client) => collect(client.list()),
      },
    ],
  );
});
