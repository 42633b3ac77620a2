import { afterEach, describe, expect, it, vi } from 'vitest';
import { ChargesError } from '../../src/index.js';
import { ending, providerNames } from './attacked-world.js';
import {
  accountNumber,
  card,
  cardNumber,
  clientSecret,
  everyText,
  expectClean,
  foreignKey,
  sceneOf,
  webhookSecret,
  type Scene,
} from './leak-scene.js';

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(providerNames)('%s', (provider) => {
  /** A provider that quotes every secret that it can think of. */
  const echo = (scene: Scene): string =>
    [...scene.canaries, `card ${cardNumber.replace(/(.{4})/g, '$1 ')}`].join(' and ');

  it('neither the client nor its settings show a secret', () => {
    const scene = sceneOf(provider);
    expectClean(scene, scene.client, 'the client');
    expectClean(scene, Object.values(scene.client), 'a method of the client');
  });

  it('no error, event or record repeats what a provider quotes in a refusal', async () => {
    for (const status of [301, 400, 401, 402, 403, 404, 409, 422, 429, 500, 502]) {
      const scene = sceneOf(provider);
      const { world, client } = scene;
      const { id } = await client.create(world.params(provider, { capture: false }), {
        idempotencyKey: world.key(),
      });
      const text = echo(scene);
      const bodies = [
        {
          error: {
            message: text,
            code: text,
            type: text,
            param: text,
            decline_code: text,
            payment_intent: { id: 'pi_3Canary', client_secret: clientSecret },
          },
        },
        { object: 'error', code: text, message: text, location: text },
        {
          error: text,
          error_description: text,
          messages: [{ param: text, message: text, code: text }],
          charge_token: text,
        },
        { detail: [{ loc: ['body', text], msg: text, input: text }], message: text, code: text },
        { error: { code: text, message: text }, errors: [text] },
      ];
      for (const body of bodies) {
        world.tamper = async (request, honest) =>
          request.url.includes('oauth')
            ? honest()
            : {
                status,
                headers: {
                  'content-type': 'application/json',
                  'request-id': text,
                  'x-request-id': text,
                  'retry-after': text,
                  location: text,
                },
                text: JSON.stringify(body),
              };
        const options = () => ({ idempotencyKey: world.key() });
        const calls: (() => unknown)[] = [
          () => client.create(world.params(provider), options()),
          () =>
            client.create(
              world.params(provider, { source: card, billing: { name: 'Sam Payer' } }),
              options(),
            ),
          () => client.capture(id, {}, options()),
          () => client.void(id, options()),
          () => client.refund(id, {}, options()),
          () => client.retrieve(id),
          () => client.list(),
          () => client.listRefunds(id),
          () => client.reconcile('order-nobody-has'),
        ];
        for (const call of calls) {
          const end = await ending(call);
          if ('rejected' in end) expect(end.rejected).toBeInstanceOf(ChargesError);
          expectClean(scene, 'rejected' in end ? end.rejected : end.resolved, `${status}`);
        }
      }
      expectClean(scene, scene.seen, `events and records at ${status}`);
    }
  }, 60_000);

  it('no error or record shows a card, and nothing is printed', async () => {
    const printed: unknown[] = [];
    for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      vi.spyOn(console, name).mockImplementation((...values: unknown[]) => void printed.push(values));
    }
    const scene = sceneOf(provider);
    const { world, client } = scene;
    const sources = [
      card,
      { ...card, number: `${cardNumber}0000` },
      { ...card, cvc: cardNumber },
      cardNumber,
      { type: 'token', token: cardNumber },
      { type: 'card', [cardNumber]: 1 },
      { type: cardNumber },
    ];
    for (const source of sources) {
      for (const fault of [
        null,
        'cut_before_commit',
        'cut_after_commit',
        'half_answer',
        'malformed_json',
        'bad_gateway_after_commit',
      ] as const) {
        if (fault !== null) world.providers.inject({ provider, fault, times: 2 });
        const end = await ending(() =>
          client.create(world.params(provider, { source, metadata: { order: '81' } }), {
            idempotencyKey: world.key(),
          }),
        );
        world.providers.clearFaults();
        if ('rejected' in end) {
          expect(end.rejected).toBeInstanceOf(ChargesError);
          expectClean(scene, end.rejected, 'the error');
          // From a queue, too.
          expectClean(scene, JSON.parse(JSON.stringify(end.rejected)), 'its JSON');
        } else expectClean(scene, JSON.parse(JSON.stringify(end.resolved)), 'the charge');
      }
    }
    expectClean(scene, scene.seen, 'events and records');
    expect(printed).toEqual([]);
  });

  it('no refusal of input repeats a value or a name that looks like a secret', async () => {
    const scene = sceneOf(provider);
    const { world, client } = scene;
    for (const canary of [
      cardNumber,
      clientSecret,
      webhookSecret,
      foreignKey,
      accountNumber,
      ...scene.canaries,
    ]) {
      for (const more of [
        { amount: canary },
        { currency: canary },
        { [canary]: 1 },
        { email: canary },
        { ip: canary },
        { returnUrl: canary },
        { expiresAt: canary },
        { billing: { [canary]: 1 } },
        { providerOptions: { [canary]: 1 } },
        { metadata: { [canary]: 1 } },
        { capture: canary },
      ]) {
        const end = await ending(() =>
          client.create(world.params(provider, more), { idempotencyKey: world.key() }),
        );
        if ('rejected' in end) expect(everyText(end.rejected)).not.toContain(canary);
      }
      for (const options of [
        { [canary]: 1 },
        { headers: { [canary]: 'x' } },
        { headers: { 'stripe-account': `${canary}\n` } },
        { signal: canary },
        { timeoutMs: canary },
      ]) {
        const end = await ending(() => client.create(world.params(provider), options as never));
        expect('rejected' in end && everyText(end.rejected).includes(canary)).toBe(false);
      }
      const ids = await ending(() => client.retrieve(`${canary}/`));
      expect('rejected' in ids && everyText(ids.rejected).includes(canary)).toBe(false);
      for (const settings of [
        { [canary]: 1 },
        { baseUrl: `http://${canary}@evil.example/` },
        { timeoutMs: canary },
        { namespace: `${canary} ` },
        { webhookSecret: [`${canary} `] },
        { maxRetries: canary },
      ]) {
        // A key without a known shape as the name of a setting cannot be told from a name: the settings are what is being read.
        if (scene.canaries.includes(canary) && canary !== cardNumber && Object.hasOwn(settings, canary))
          continue;
        const made = await ending(() => world.client(provider, settings));
        expect('rejected' in made && everyText(made.rejected).includes(canary)).toBe(false);
      }
      const hook = await ending(() =>
        client.parseWebhook(`{"id":"${canary}"}`, {
          'stripe-signature': `t=1,v1=${canary}`,
          authorization: canary,
        }),
      );
      expect('rejected' in hook && everyText(hook.rejected).includes(canary)).toBe(false);
    }
  });
});
