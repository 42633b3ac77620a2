import { describe } from 'vitest';
import { createChargesClient } from '../../src/create-charges-client.js';
import { pinProvider } from '../../src/providers/pin/provider.js';
import authorized from '../fixtures/pin/charge-authorized.json' with { type: 'json' };
import captured from '../fixtures/pin/charge-captured.json' with { type: 'json' };
import challenged from '../fixtures/pin/charge-pending-3ds.json' with { type: 'json' };
import pendingRefund from '../fixtures/pin/refund-pending.json' with { type: 'json' };
import { collect, mutateAnswers, type AnswerCase } from './mutate-answers.js';

const id = captured.response.token;
const charge = (fields: object = {}) => ({ response: { ...captured.response, ...fields } });
const refund = (fields: object = {}) => ({ response: { ...pendingRefund.response, ...fields } });
const done = { success: true, status_message: 'Success' };
const pagination = { current: 1, previous: null, next: null, per_page: 25, pages: 1, count: 2 };
const reading = (
  name: string,
  answer: { readonly response: Readonly<Record<string, unknown>> & { readonly token: string } },
): AnswerCase => ({
  name: `retrieve ${name}`,
  answer,
  run: (client) => client.retrieve(answer.response.token),
});

describe('Pin Payments', () => {
  mutateAnswers(
    'pin',
    (internals) => createChargesClient(pinProvider, { secretKey: 'secret', environment: 'test' }, internals),
    'order-78',
    [
      reading('a captured charge', captured),
      reading('a captured charge without a refund', charge({ amount_refunded: 0 })),
      reading('an authorization', authorized),
      reading('a challenged charge', challenged),
      reading('a voided authorization', { response: { ...authorized.response, authorisation_voided: true } }),
      reading('a lapsed authorization', {
        response: { ...authorized.response, authorisation_expired: true },
      }),
      reading(
        'a failed charge',
        charge({ success: false, captured: false, status_message: 'Failure', error_message: 'Declined' }),
      ),
      reading('a disputed charge', charge({ active_chargebacks: true })),
      {
        name: 'create',
        answer: charge({ amount_refunded: 0 }),
        status: 201,
        isWrite: true,
        run: (client) =>
          client.create({
            amount: 1250,
            currency: 'AUD',
            source: 'card_1',
            description: 'Order 78',
            email: 'kim@shop.example',
            ip: '198.51.100.7',
          }),
      },
      {
        name: 'capture',
        answer: charge({ amount_refunded: 0 }),
        isWrite: true,
        run: (client) => client.capture(id),
      },
      {
        name: 'refund',
        answer: refund(),
        status: 201,
        isWrite: true,
        others: {
          [`GET /1/charges/${id}/refunds`]: { response: [], pagination: { ...pagination, count: 0 } },
        },
        run: (client) => client.refund(id, { amount: 250 }),
      },
      {
        name: 'list',
        answer: { response: [authorized.response, captured.response], pagination },
        run: (client) => collect(client.list()),
      },
      {
        name: 'listRefunds',
        answer: { response: [refund().response, refund({ token: 'rf_2', ...done }).response], pagination },
        run: (client) => client.listRefunds(id),
      },
      {
        name: 'retrieveRefund',
        answer: refund(done),
        run: (client) => client.retrieveRefund(id, refund().response.token),
      },
    ],
  );
});
