import { describe, expect, it } from 'vitest';
import { chargeSchema, ChargesError, refundSchema, type ChargeEvent } from '../../src/index.js';
import { secrets } from '../webhooks/merchants.js';
import { createWorld, ending, providerNames } from './attacked-world.js';
import { hostileValues, inTurn, placesIn, replaced } from './hostile-values.js';

const expectValid = (event: ChargeEvent): void => {
  expect(typeof event.id).toBe('string');
  expect(event.chargeId === null || typeof event.chargeId === 'string').toBe(true);
  if (event.charge !== null) chargeSchema.parse(event.charge);
  if (event.refund !== null) refundSchema.parse(event.refund);
  JSON.stringify(event);
};

const hostileTexts = [
  'null',
  '[]',
  '"x"',
  '1',
  '{}',
  '[null]',
  '',
  'x',
  '{"id":null}',
  '{"type":1,"data":[]}',
];

describe.each(providerNames)('%s', (provider) => {
  it('a rightly signed webhook of any shape is an event or a typed error', async () => {
    const world = createWorld();
    const told: string[] = [];
    world.providers.subscribeToWebhooks(({ body }) => told.push(body));
    const client = world.client(provider, { webhookSecret: secrets[provider] });
    const { id } = await client.create(world.params(provider), { idempotencyKey: world.key() });
    await client.refund(id, { amount: 500 }, { idempotencyKey: world.key() });
    expect(told.length).toBeGreaterThanOrEqual(2);
    const hear = (body: string) =>
      ending(() => client.parseWebhook(body, world.providers.signWebhook(provider, body, secrets[provider])));

    for (const body of told) {
      const end = await hear(body);
      expect('resolved' in end && (end.resolved as ChargeEvent).chargeId).toBe(id);
    }
    const bodies = told.flatMap((body, first) =>
      placesIn(JSON.parse(body)).flatMap((place, index) =>
        [0, 4, 9].map((step) => replaced(body, place, inTurn(hostileValues, first + index + step))),
      ),
    );
    for (const body of [...hostileTexts, ...bodies]) {
      const end = await hear(body);
      if ('resolved' in end) expectValid(end.resolved as ChargeEvent);
      else if (!(end.rejected instanceof ChargesError)) {
        throw new Error(`${body.slice(0, 300)}: ${String((end.rejected as Error).stack)}`);
      } else expect(end.rejected.outcome).toBe('not_sent');
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    }
  });

  it.each(['create', 'refund'] as const)(
    'the error of a %s from a queue that garbled it never talks the money away',
    async (operation) => {
      const world = createWorld();
      const client = world.client(provider, { maxRetries: 0 });
      const key = world.key();
      const { id } = await client.create(world.params(provider), { idempotencyKey: world.key() });
      const params = world.params(provider);
      world.providers.inject({ provider, operation, fault: 'cut_after_commit', times: 9 });
      const end = await ending(() =>
        operation === 'create'
          ? client.create(params, { idempotencyKey: key })
          : client.refund(id, { amount: 500 }, { idempotencyKey: key }),
      );
      world.providers.clearFaults();
      world.runtime.pass(61_000);
      if ('resolved' in end) throw new Error('its answer was not lost');
      expect(end.rejected).toMatchObject({ outcome: 'unknown' });
      const honest = JSON.stringify(end.rejected);
      const again = () => world.client(provider);
      const found = await again().reconcile(JSON.parse(honest) as Record<string, unknown>);
      expect(found.outcome).toBe('happened');

      for (const place of placesIn(JSON.parse(honest))) {
        for (const value of hostileValues) {
          const json = JSON.parse(replaced(honest, place, value)) as Record<string, unknown>;
          const reconciled = await ending(() => again().reconcile(json));
          const what = `${place.join('.')} = ${JSON.stringify(value)}`;
          if ('resolved' in reconciled) {
            const { outcome } = reconciled.resolved as { outcome: string };
            // Another key or amount is another question, which may well have another answer.
            if (/idempotencyKey|amount/.test(place.join('.'))) continue;
            expect(outcome, what).not.toBe('did_not_happen');
            const isWhole = place.length > 0 && place[0] !== 'unresolved';
            if (isWhole) expect(outcome, what).toBe('happened');
          } else if (!(reconciled.rejected instanceof ChargesError)) {
            throw new Error(`${what}: ${String((reconciled.rejected as Error).stack)}`);
          }
        }
      }
    },
  );
});
