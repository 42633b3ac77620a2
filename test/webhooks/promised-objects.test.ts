import { expect, it } from 'vitest';
import { createChargesClient } from '../../src/create-charges-client.js';
import { pinProvider } from '../../src/providers/pin/provider.js';
import type { ReportedEvent } from '../../src/index.js';

const event: ReportedEvent = {
  id: 'evt_1',
  provider: 'pin',
  type: 'charge.captured',
  chargeId: 'ch_1',
  charge: null,
  refund: null,
  dispute: null,
  createdAt: null,
  livemode: null,
  dedupeKey: 'pin:evt_1',
  stateKey: 'pin:evt_1',
};

/** A client whose adapter verifies everything and reports this event. */
const clientThatReports = (reported: ReportedEvent) =>
  createChargesClient(
    {
      ...pinProvider,
      webhook: { toleranceMs: null, verify: () => undefined, event: () => reported } as never,
    },
    { secretKey: 'secret' },
  );

it('an event that names a state and comes without its object is refused, since its type promises the object', async () => {
  await expect(clientThatReports(event).parseWebhook('{}', {})).rejects.toMatchObject({
    name: 'IntegrityError',
    outcome: 'not_sent',
    chargeId: 'ch_1',
  });
  await expect(
    clientThatReports({ ...event, type: 'refund.succeeded' }).parseWebhook('{}', {}),
  ).rejects.toMatchObject({ name: 'IntegrityError' });
});

it('an event that names no state may come without an object', async () => {
  const update = { ...event, type: 'charge.updated' as const };
  expect(await clientThatReports(update).parseWebhook('{}', {})).toEqual(update);
});
