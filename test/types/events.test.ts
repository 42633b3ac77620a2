import { describe, expect, it } from 'vitest';
import type { ChargeEvent, ChargesClient, ReportedEvent } from '../../src/index.js';
import { isChargeEvent } from '../../src/models/event.js';
import { createPin, type PinClient } from '../../src/providers/pin/index.js';

/** Compiled, never called: what a merchant writes without asking whether the charge is there. */
export const idOf = (event: ChargeEvent): string => {
  switch (event.type) {
    case 'charge.captured':
      return event.charge.id;
    case 'refund.succeeded':
      return event.refund.id;
    case 'charge.updated':
      // @ts-expect-error An update may come without the charge.
      return event.charge.id;
    default:
      return event.id;
  }
};

/** Compiled: the name of a concrete client's provider is a literal. */
export const nameOf = (client: PinClient): 'pin' => client.provider;
/** Compiled: a named client fits the interface of all. */
export const anyOf = (client: PinClient): ChargesClient => client;

const event: ReportedEvent = {
  id: 'evt_1',
  provider: 'pin',
  type: 'charge.updated',
  chargeId: 'ch_1',
  charge: null,
  refund: null,
  dispute: null,
  createdAt: null,
  livemode: null,
  dedupeKey: 'pin:evt_1',
  stateKey: 'pin:evt_1',
};

describe('an event', () => {
  it.each(['charge.updated', 'refund.updated', 'dispute.opened', 'unknown'] as const)(
    'of the type %s may come without what it is about',
    (type) => {
      expect(isChargeEvent({ ...event, type })).toBe(true);
    },
  );

  it.each(['charge.created', 'charge.captured', 'charge.failed', 'refund.created', 'refund.failed'] as const)(
    'of the type %s carries what it is about',
    (type) => {
      expect(isChargeEvent({ ...event, type })).toBe(false);
    },
  );
});

it('names the provider of a client', () => {
  expect(createPin({ secretKey: 'secret' }).provider).toBe('pin');
});
