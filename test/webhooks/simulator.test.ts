import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type SimulatedProvider, type Simulator } from '../../src/testing/index.js';
import { addressFor, merchantOf, secrets } from './merchants.js';
import { startReceiver, type Receiver } from './receiver.js';

let simulator: Simulator;
let receiver: Receiver;

beforeEach(async () => {
  simulator = await startSimulator({ seed: 7 });
  receiver = await startReceiver();
});

afterEach(async () => {
  await Promise.all([simulator.close(), receiver.close()]);
});

const listen = (provider: SimulatedProvider): ReturnType<typeof merchantOf> => {
  simulator.webhooks.deliverTo(provider, receiver.url, secrets[provider]);
  return merchantOf(simulator, provider);
};

const eventsOf = (): string[] => simulator.webhooks.deliveries().map(({ event }) => event);

const everyProvider: readonly SimulatedProvider[] = [
  'stripe',
  'omise',
  'justifi',
  'pin',
  'magpie',
  'paymongo',
];

describe.each(everyProvider)('a webhook of the simulated %s', (provider) => {
  it('is believed by the client, and tells the charge as the ledger has it', async () => {
    const { charges, params } = listen(provider);
    const made = await charges.create(params(simulator.source(provider, 'approved')));
    await charges.refund(made.id, { amount: 900 });
    await simulator.webhooks.flush();
    const [first, ...rest] = receiver.received;
    const event = await charges.parseWebhook(first!.body, first!.headers);
    expect(event).toMatchObject({ provider, chargeId: made.id, type: 'charge.captured' });
    expect(event.charge).toMatchObject({ id: made.id, status: 'captured', amount: 45_900 });
    const told = await Promise.all(rest.map(({ body, headers }) => charges.parseWebhook(body, headers)));
    expect(told.map(({ chargeId }) => chargeId)).toEqual(told.map(() => made.id));
    // Magpie's notifications are hints: they tell the charge that was read, with its refunds.
    const refunded = told.map(({ refund, charge }) => refund?.amount ?? charge?.amountRefunded);
    expect(refunded).toContain(900);
  });

  it('is refused where the secret is another one', async () => {
    simulator.webhooks.deliverTo(provider, receiver.url, Buffer.from('another secret').toString('base64'));
    const { charges, params } = merchantOf(simulator, provider);
    await charges.create(params(simulator.source(provider, 'approved')));
    await simulator.webhooks.flush();
    const { body, headers } = receiver.received[0]!;
    const parsed = charges.parseWebhook(body, headers);
    if (provider === 'magpie') await expect(parsed).resolves.toMatchObject({ type: 'charge.captured' });
    else await expect(parsed).rejects.toMatchObject({ code: 'webhook_signature_mismatch' });
  });

  it('follows an authorization to its void', async () => {
    const { charges, params } = listen(provider);
    const made = await charges.create(params(simulator.source(provider, 'approved'), { capture: false }));
    await charges.void(made.id);
    await simulator.webhooks.flush();
    const told = await Promise.all(
      receiver.received.map(({ body, headers }) => charges.parseWebhook(body, headers)),
    );
    expect(told.at(-1)).toMatchObject({ chargeId: made.id, charge: { status: 'voided' } });
    expect(told.length).toBe(2);
  });
});

describe('the events of a payment with 3-D Secure', () => {
  it.each<[SimulatedProvider, string[], string[]]>([
    [
      'stripe',
      ['payment_intent.requires_action', 'payment_intent.succeeded'],
      ['payment_intent.requires_action', 'payment_intent.payment_failed'],
    ],
    ['omise', ['charge.create', 'charge.complete'], ['charge.create', 'charge.complete']],
    ['pin', [], []],
    ['magpie', ['charge.created', 'charge.succeeded'], ['charge.created', 'charge.failed']],
    [
      'paymongo',
      ['payment_intent.awaiting_next_action', 'payment.paid'],
      ['payment_intent.awaiting_next_action', 'payment.failed'],
    ],
  ])('of %s are those of its contract', async (provider, approved, declined) => {
    const { charges, params } = listen(provider);
    const source = (): unknown =>
      simulator.source(provider, 'requires_3ds', { returnUrl: 'https://shop.example/back' });
    const more = { returnUrl: 'https://shop.example/back' };
    const first = await charges.create(params(source(), more));
    await simulator.payer.approve(addressFor(first));
    await simulator.webhooks.flush();
    expect(eventsOf()).toEqual(approved);
    const second = await charges.create(params(source(), more));
    await simulator.payer.decline(addressFor(second));
    await simulator.webhooks.flush();
    expect(eventsOf().slice(approved.length)).toEqual(declined);
  });
});

describe('delivery', () => {
  const sell = async (): Promise<string> => {
    const { charges, params } = merchantOf(simulator, 'stripe');
    return (await charges.create(params(simulator.source('stripe', 'approved')))).id;
  };

  it('is tried again until the merchant answers 2xx, signed anew', async () => {
    listen('stripe');
    receiver.statuses.push(500, 0, 302);
    await sell();
    await simulator.webhooks.flush();
    expect(simulator.webhooks.deliveries()).toMatchObject([
      { state: 'accepted', statuses: [500, 0, 302, 200], event: 'payment_intent.succeeded' },
    ]);
    expect(receiver.received.map(({ body }) => body)).toEqual(Array(3).fill(receiver.received[0]!.body));
  });

  it('is given up after five attempts, and the next one is delivered all the same', async () => {
    listen('stripe');
    receiver.statuses.push(500, 500, 500, 500, 500);
    await sell();
    await sell();
    await simulator.webhooks.flush();
    expect(simulator.webhooks.deliveries()).toMatchObject([
      { state: 'given_up', statuses: [500, 500, 500, 500, 500] },
      { state: 'accepted', statuses: [200] },
    ]);
  });

  it('can be held, and then be late, doubled, reversed, shuffled and lost', async () => {
    listen('stripe');
    const ids: string[] = [];
    const hold = async (): Promise<void> => {
      simulator.webhooks.hold();
      for (let count = 0; count < 4; count += 1) ids.push(await sell());
      await simulator.webhooks.flush();
    };
    const heard = (): string[] =>
      receiver.received.splice(0).map(({ body }) => JSON.parse(body).data.object.id as string);

    await hold();
    expect(heard()).toEqual([]);
    expect(simulator.webhooks.deliveries().map(({ state }) => state)).toEqual(Array(4).fill('held'));
    await simulator.webhooks.release({ order: 'reversed' });
    expect(heard()).toEqual(ids.slice(0, 4).toReversed());

    await hold();
    await simulator.webhooks.release({ copies: 2 });
    expect(heard()).toEqual(ids.slice(4, 8).flatMap((id) => [id, id]));

    await hold();
    await simulator.webhooks.release({ drop: (_, index) => index !== 2 });
    expect(heard()).toEqual([ids[10]]);
    expect(simulator.webhooks.deliveries().filter(({ state }) => state === 'dropped')).toHaveLength(3);

    await hold();
    await simulator.webhooks.release({ order: 'shuffled', copies: 3 });
    const shuffled = heard();
    const inOrder = ids.slice(12, 16).flatMap((id) => [id, id, id]);
    expect(shuffled).not.toEqual(inOrder);
    expect(shuffled.toSorted()).toEqual(inOrder.toSorted());

    ids.push(await sell());
    await simulator.webhooks.flush();
    expect(heard()).toEqual([ids.at(-1)]);
  });

  it('goes to every address of the provider, and ends', async () => {
    const end = simulator.webhooks.deliverTo('stripe', `${receiver.url}/one`, secrets.stripe);
    simulator.webhooks.deliverTo('stripe', `${receiver.url}/two`, secrets.stripe);
    simulator.webhooks.deliverTo('omise', receiver.url, secrets.omise);
    await sell();
    end();
    await sell();
    await simulator.webhooks.flush();
    expect(simulator.webhooks.deliveries().map(({ url }) => url.split('/').at(-1))).toEqual([
      'one',
      'two',
      'two',
    ]);
  });

  it('of what lapses comes with the clock', async () => {
    const { charges, params } = listen('stripe');
    await charges.create(params(simulator.source('stripe', 'approved'), { capture: false }));
    simulator.clock.advance(8 * 86_400_000);
    await simulator.webhooks.flush();
    expect(eventsOf()).toEqual(['payment_intent.amount_capturable_updated', 'payment_intent.canceled']);
  });

  it('to nobody ends with the simulator', async () => {
    simulator.webhooks.deliverTo('stripe', 'http://127.0.0.1:1/', secrets.stripe);
    await sell();
    await simulator.close();
    await simulator.webhooks.flush();
    expect(simulator.webhooks.deliveries()).toMatchObject([{ state: 'given_up' }]);
  });
});
