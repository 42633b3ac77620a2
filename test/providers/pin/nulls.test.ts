import { describe, expect, it } from 'vitest';
import authorized from '../../fixtures/pin/charge-authorized.json' with { type: 'json' };
import captured from '../../fixtures/pin/charge-captured.json' with { type: 'json' };
import { recordedCall } from './call.js';
import { readCharge, type Wire } from './reading.js';

const read = (wire: Wire) => {
  const call = recordedCall({ livemode: false });
  return { charge: readCharge(wire, call), drifts: call.drifts };
};

/** What only informs: Pin leaves it null or out in some recording. */
const nullable = [
  'description',
  'email',
  'ip_address',
  'created_at',
  'captured_at',
  'status_message',
  'error_message',
  'card',
  'transfer',
  'total_fees',
  'merchant_entitlement',
  'refund_pending',
  'authorisation_token',
  'authorisation_voided',
  'authorisation_expired',
  'settlement_currency',
  'active_chargebacks',
  'metadata',
  'platform_fees',
  'platform_adjustment',
];

describe.each([
  ['captured', captured.response],
  ['authorized', authorized.response],
])('a charge that is %s', (_, wire) => {
  const { charge: whole } = read(wire);

  it.each(nullable)('with %s null, or without it, deviates from nothing', (field) => {
    const { [field]: _left, ...without } = wire as Record<string, unknown>;
    for (const changed of [{ ...wire, [field]: null }, without]) {
      const { charge, drifts } = read(changed);
      expect(drifts).toEqual([]);
      expect(charge).toMatchObject({
        status: whole.status,
        amountCaptured: whole.amountCaptured,
        amountRefunded: whole.amountRefunded,
      });
    }
  });

  it.each(Object.keys(captured.response.card))('with %s of its card null deviates from nothing', (field) => {
    const { charge, drifts } = read({ ...wire, card: { ...wire.card, [field]: null } });
    expect(drifts).toEqual([]);
    expect(charge.status).toBe(whole.status);
  });
});
