import { describe } from 'vitest';
import { createChargesClient } from '../../src/create-charges-client.js';
import { omiseProvider } from '../../src/providers/omise/provider.js';
import {
  authorizedCharge,
  billCharge,
  challengedCharge,
  expiredCharge,
  failedCharge,
  listOf,
  paidCharge,
  promptpayCharge,
  refund,
  reversedCharge,
  voucherCharge,
  walletCharge,
  type WireObject,
} from '../fixtures/omise/charges.js';
import { collect, mutateAnswers, type AnswerCase } from './mutate-answers.js';

const id = 'chrg_test_0aaaaaaaaaaaaaaaaa1';
const metadata = { order: '77', unicharge_key: 'order-77' };
const reading = (name: string, answer: WireObject): AnswerCase => ({
  name: `retrieve ${name}`,
  answer,
  run: (client) => client.retrieve(id),
});

describe('Omise', () => {
  mutateAnswers(
    'omise',
    (internals) => createChargesClient(omiseProvider, { secretKey: 'skey_test_1' }, internals),
    'order-77',
    [
      reading('an authorization', authorizedCharge()),
      reading('a paid charge', paidCharge()),
      reading('a refunded charge', paidCharge({ refunded_amount: 900, refunds: listOf([refund()]) })),
      reading('a challenged charge', challengedCharge()),
      reading('a failed charge', failedCharge()),
      reading('a reversed charge', reversedCharge()),
      reading('an expired charge', expiredCharge()),
      reading('a QR code', promptpayCharge()),
      reading('a bill', billCharge()),
      reading('a voucher', voucherCharge()),
      reading('a wallet', walletCharge()),
      {
        name: 'create',
        answer: paidCharge({ metadata }),
        isWrite: true,
        run: (client) => client.create({ amount: 45900, currency: 'THB', source: 'tokn_test_1' }),
      },
      {
        name: 'capture',
        answer: paidCharge({ metadata }),
        isWrite: true,
        run: (client) => client.capture(id),
      },
      {
        name: 'refund',
        answer: refund({ metadata: { unicharge_key: 'order-77' } }),
        isWrite: true,
        run: (client) => client.refund(id, { amount: 900 }),
      },
      {
        name: 'list',
        answer: listOf([authorizedCharge(), paidCharge({ id: 'chrg_test_0aaaaaaaaaaaaaaaaa2' })]),
        run: (client) => collect(client.list()),
      },
      {
        name: 'listRefunds',
        answer: listOf([refund(), refund({ id: 'rfnd_test_0hhhhhhhhhhhhhhhh2', amount: 500 })]),
        run: (client) => client.listRefunds(id),
      },
    ],
  );
});
