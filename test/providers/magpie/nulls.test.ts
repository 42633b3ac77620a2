import { describe, expect, it } from 'vitest';
import card from '../../fixtures/magpie/charge-card.json' with { type: 'json' };
import failedCharge from '../../fixtures/magpie/charge-failed.json' with { type: 'json' };
import { read, type Fields } from './wire-charges.js';

/* The samples of the provider leave out what its schema requires, and show null for every object that is not there. */

/** What only informs. */
const nullable = [
  'object',
  'description',
  'statement_descriptor',
  'source',
  'owner',
  'action',
  'require_auth',
  'livemode',
  'created_at',
  'updated_at',
  'metadata',
];

const charges: Readonly<Record<string, Fields>> = {
  captured: { failure_data: null },
  authorized: { authorized: true, captured: false, status: 'pending', amount_refunded: 0, refunds: [] },
  pending: { authorized: null, captured: null, status: 'pending', amount_refunded: 0, refunds: [] },
  failed: { ...failedCharge },
};

describe.each(Object.entries(charges))('a %s charge', (_, change) => {
  const { charge: whole, drifts: own } = read(change);

  it.each(nullable)('with %s null, or without it, deviates from nothing', (field) => {
    expect(own).toEqual([]);
    for (const value of [null, undefined]) {
      const { charge, drifts } = read({ ...change, [field]: value });
      expect(drifts).toEqual([]);
      expect(charge).toMatchObject({
        status: whole.status,
        amount: whole.amount,
        amountCaptured: whole.amountCaptured,
        amountRefunded: whole.amountRefunded,
      });
    }
  });
});

describe('null', () => {
  it.each(Object.keys(card.source))('as %s of the source deviates from nothing', (field) => {
    const { charge, drifts } = read({ source: { ...card.source, [field]: null } });
    expect([charge.status, drifts]).toEqual(['captured', []]);
  });

  it.each(Object.keys(card.source.card))('as %s of the card deviates from nothing', (field) => {
    const source = { ...card.source, card: { ...card.source.card, [field]: null } };
    const { charge, drifts } = read({ source });
    expect([charge.status, drifts]).toEqual(['captured', []]);
  });

  it.each(['currency', 'reason', 'created_at', 'updated_at', 'object'])(
    'as %s of a refund deviates from nothing',
    (field) => {
      const { charge, drifts } = read({ refunds: [{ ...card.refunds[0], [field]: null }] });
      expect(drifts).toEqual([]);
      expect(charge.refunds).toMatchObject([{ amount: 12_000, currency: 'PHP', status: 'succeeded' }]);
    },
  );

  it.each(['next_steps', 'reason', 'provider_response'])(
    'as %s of a failure deviates from nothing',
    (field) => {
      const { charge, drifts } = read({
        ...failedCharge,
        failure_data: { ...failedCharge.failure_data, [field]: null },
      });
      expect([charge.status, drifts]).toEqual(['failed', []]);
    },
  );
});
