import { describe } from 'vitest';
import { createChargesClient } from '../../src/create-charges-client.js';
import { magpieProvider } from '../../src/providers/magpie/provider.js';
import card from '../fixtures/magpie/charge-card.json' with { type: 'json' };
import failed from '../fixtures/magpie/charge-failed.json' with { type: 'json' };
import list from '../fixtures/magpie/list.json' with { type: 'json' };
import { collect, mutateAnswers, type AnswerCase } from './mutate-answers.js';

const { id } = card;
const charge = (fields: object = {}) => ({ ...card, amount_refunded: 0, refunds: [], ...fields });
const held = { authorized: true, captured: false, status: 'pending' };
const reading = (name: string, answer: unknown): AnswerCase => ({
  name: `retrieve ${name}`,
  answer,
  run: (client) => client.retrieve(id),
});

describe('Magpie', () => {
  mutateAnswers(
    'magpie',
    (internals) =>
      createChargesClient(magpieProvider, { secretKey: 'sk_test_1', platform: 'magpie' }, internals),
    'order-80',
    [
      reading('a refunded card charge', card),
      reading('a paid card charge', charge()),
      reading('an authorization', charge(held)),
      reading('a failed charge', { ...failed, id }),
      reading('a voided charge', charge({ ...held, status: 'voided' })),
      reading('an expired charge', charge({ ...held, authorized: false, status: 'expired' })),
      reading('a wallet that waits', { ...list.data[0], id }),
      reading('a charge that is pending', charge({ status: 'pending', captured: false, authorized: false })),
      {
        name: 'create',
        answer: charge(),
        status: 201,
        isWrite: true,
        run: (client) =>
          client.create({
            amount: 50000,
            currency: 'PHP',
            source: 'src_1dd1',
            description: 'Order 80',
            statementDescriptor: 'TINDAHAN',
          }),
      },
      {
        name: 'capture',
        answer: charge(),
        isWrite: true,
        others: { [`GET /v2/charges/${id}`]: charge(held) },
        run: (client) => client.capture(id),
      },
      {
        name: 'refund',
        answer: card,
        isWrite: true,
        others: { [`GET /v2/charges/${id}`]: charge() },
        run: (client) => client.refund(id, { amount: 12000 }),
      },
      { name: 'list', answer: { ...list, next: null }, run: (client) => collect(client.list()) },
      { name: 'listRefunds', answer: card, run: (client) => client.listRefunds(id) },
    ],
  );
});
