import { describe } from 'vitest';
import { createChargesClient } from '../../src/create-charges-client.js';
import { justifiProvider } from '../../src/providers/justifi/provider.js';
import paymentFixture from '../fixtures/justifi/payment.json' with { type: 'json' };
import refundFixture from '../fixtures/justifi/refund.json' with { type: 'json' };
import { collect, mutateAnswers, type AnswerCase } from './mutate-answers.js';

const { id } = paymentFixture.data;
const stamped = { metadata: { unicharge_key: 'order-82' } };
const refund = { ...refundFixture.data, ...stamped };
const data = (fields: object = {}) => ({ ...paymentFixture.data, ...stamped, ...fields });
const answer = (item: object, type = 'payment') => ({ id, type, data: item, page_info: null });
const page = (items: readonly object[]) => ({
  id: null,
  type: 'array',
  data: items,
  page_info: { has_next: false, end_cursor: null },
});
const token = { 'POST /oauth/token': { access_token: 'token', expires_in: 86_400 } };
const succeeded = { status: 'succeeded', captured: true, capture_strategy: 'automatic' };
const reading = (name: string, fields: object): AnswerCase => ({
  name: `retrieve ${name}`,
  answer: answer(data(fields)),
  others: token,
  run: (client) => client.retrieve(id),
});

describe('JustiFi', () => {
  mutateAnswers(
    'justifi',
    (internals) =>
      createChargesClient(justifiProvider, { clientId: 'test_1', clientSecret: 'secret' }, internals),
    'order-82',
    [
      reading('an authorization', {}),
      reading('a paid payment', succeeded),
      reading('a refunded payment', {
        ...succeeded,
        status: 'partially_refunded',
        amount_refunded: 500,
        refunds: [refund],
      }),
      reading('a disputed payment', { ...succeeded, status: 'disputed', disputed: true }),
      reading('a failed payment', {
        status: 'failed',
        error_code: 'do_not_honor',
        error_description: 'Declined',
      }),
      reading('a pending bank debit', { status: 'pending', capture_strategy: 'automatic' }),
      reading('a canceled authorization', { status: 'canceled' }),
      {
        name: 'create',
        answer: answer(data(succeeded)),
        status: 201,
        others: token,
        isWrite: true,
        run: (client) => client.create({ amount: 2599, currency: 'USD', source: 'pm_DemoC3' }),
      },
      {
        name: 'capture',
        answer: answer(data({ ...succeeded, capture_strategy: 'manual' })),
        others: token,
        isWrite: true,
        run: (client) => client.capture(id),
      },
      {
        name: 'refund',
        answer: answer(refund, 'refund'),
        status: 201,
        others: { ...token, [`GET /v1/payments/${id}`]: answer(data(succeeded)) },
        isWrite: true,
        run: (client) => client.refund(id, { amount: 500 }),
      },
      {
        name: 'list',
        answer: page([data(), data({ id: 'py_DemoA2', ...succeeded })]),
        others: token,
        run: (client) => collect(client.list()),
      },
      {
        name: 'listRefunds',
        answer: answer(
          data({ ...succeeded, status: 'partially_refunded', amount_refunded: 500, refunds: [refund] }),
        ),
        others: token,
        run: (client) => client.listRefunds(id),
      },
    ],
  );
});
