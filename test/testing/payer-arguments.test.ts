import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStripe } from '../../src/providers/stripe/index.js';
import { createFakeClient, startSimulator, type Simulator } from '../../src/testing/index.js';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ providers: ['stripe'], seed: 1 });
});
afterAll(() => simulator.close());

/** A method as code without types calls it. */
const loose = (method: unknown) => method as (...given: unknown[]) => unknown;

describe("the simulator's payer", () => {
  it('says what to pass in the place of a charge', async () => {
    const charge = await createStripe(simulator.settings('stripe')).create({
      amount: 4590,
      currency: 'EUR',
      source: simulator.source('stripe', 'requires_3ds'),
      returnUrl: 'https://shop.example/return',
    });
    for (const decision of ['approve', 'decline'] as const) {
      const decide = async (...given: unknown[]) => loose(simulator.payer[decision])(...given);
      for (const wrong of [charge, charge.id, charge.nextAction, null, undefined, '']) {
        await expect(decide(wrong)).rejects.toThrow(TypeError);
        await expect(decide(wrong)).rejects.toThrow(
          `payer.${decision} takes the address of a payer page: pass charge.nextAction.url.`,
        );
      }
      await expect(decide('https://shop.example/')).rejects.toThrow(RangeError);
      await expect(decide('https://shop.example/')).rejects.toThrow(
        'This URL is no payer page of this simulator: pass charge.nextAction.url.',
      );
    }
    expect(simulator.ledger.charges()).toMatchObject([{ state: 'requires_action' }]);
  });
});

describe('the payer of the fake client', () => {
  it('says what to pass in the place of a charge', async () => {
    const charges = createFakeClient();
    const waiting = await charges.create({ amount: 500, currency: 'EUR', source: 'requires_3ds' });
    const paid = await charges.create({ amount: 500, currency: 'EUR', source: 'approved' });
    const { control } = charges;
    for (const decision of ['approve', 'decline'] as const) {
      const decide = loose(control[decision]);
      for (const wrong of [waiting, null, undefined, 5]) {
        expect(() => decide(wrong)).toThrow(TypeError);
        expect(() => decide(wrong)).toThrow(`control.${decision} takes a text: pass the id of the charge.`);
      }
      expect(() => decide('https://payer.fake.example/ch_1')).toThrow(
        "There is no charge 'https://payer.fake.example/ch_1' at the fake client: pass the id of the charge.",
      );
      expect(() => decide(paid.id)).toThrow('This charge does not wait for the payer: it is captured.');
      expect(() => decide(paid.id)).toThrow(RangeError);
    }
    control.approve(waiting.id);
    expect(control.charges()).toMatchObject([{ state: 'captured' }, { state: 'captured' }]);
    expect(() => control.decline(waiting.id)).toThrow('does not wait for the payer');
  });
});

describe('where the time of a fake client begins', () => {
  const create = loose(createFakeClient);

  it.each([
    ['2026-01-01', TypeError, "not '2026-01-01'"],
    [1_767_225_600_000, TypeError, 'not 1767225600000'],
    [null, TypeError, 'not null'],
    [new Date('nonsense'), RangeError, 'not an invalid one'],
  ])('is refused: %s', (startsAt, kind, message) => {
    expect(() => create({ startsAt })).toThrow(kind);
    expect(() => create({ startsAt })).toThrow('The startsAt of createFakeClient must be a Date, ');
    expect(() => create({ startsAt })).toThrow(message);
  });

  it('is taken as a Date', async () => {
    const charges = createFakeClient({ startsAt: new Date('2026-03-01T00:00:00Z') });
    const { createdAt } = await charges.create({ amount: 500, currency: 'EUR', source: 'x' });
    expect(createdAt).toMatch(/^2026-03-01T00:00:0/);
  });
});

describe('settings of a fake client that are none', () => {
  it.each([[null], ['x'], [5], [[]]])('are refused: %j', (settings) => {
    for (const create of [createFakeClient, createFakeClient().control.anotherClient]) {
      expect(() => loose(create)(settings)).toThrow(TypeError);
      expect(() => loose(create)(settings)).toThrow(/ must be an object such as \{ maxRetries: 0 \}, not /);
    }
  });

  it('are refused as a change of answers', () => {
    const { control } = createFakeClient();
    expect(() => loose(control.tamperedClient)({})).toThrow(
      'The change of control.tamperedClient must be a function, not an object.',
    );
  });
});
