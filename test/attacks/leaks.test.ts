import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ChargesError, memoryStore, type ChargesClient, type OperationStore } from '../../src/index.js';
import {
  createWorld,
  ending,
  providerNames,
  type AttackedWorld,
  type ProviderName,
} from './attacked-world.js';

/** What must never be seen outside a request. The card number passes the Luhn check; the CVC is a shape of its own. */
const cardNumber = '4242424242424242';
const clientSecret = 'pi_3Canary_secret_Canary9Zq';
const webhookSecret = 'whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnk';
const foreignKey = 'sk_test_CanaryOfSomebodyElse';
const accountNumber = '000123456789';

const secretsOf = (settings: object): string[] =>
  ['secretKey', 'clientSecret']
    .map((name) => (settings as Record<string, unknown>)[name])
    .filter((value): value is string => typeof value === 'string');

/** Everything that a logger could make of a value. */
const everyText = (value: unknown, seen = new Set<unknown>()): string => {
  if (seen.has(value)) return '';
  seen.add(value);
  const texts = [inspect(value, { showHidden: true, depth: 20, getters: true }), String(value)];
  try {
    texts.push(JSON.stringify(value) ?? '');
  } catch {
    texts.push('');
  }
  if (value instanceof Error) texts.push(value.stack ?? '', value.message, everyText(value.cause, seen));
  return texts.join('\n');
};

const watched = (store: OperationStore, seen: unknown[]): OperationStore =>
  new Proxy(store, {
    get: (target, name) => {
      const member = (target as unknown as Record<PropertyKey, unknown>)[name];
      if (typeof member !== 'function') return member;
      return (...values: unknown[]) => {
        seen.push(structuredClone(values));
        return (member as (...all: unknown[]) => unknown).apply(target, values);
      };
    },
  });

interface Scene {
  readonly world: AttackedWorld;
  readonly client: ChargesClient;
  readonly seen: unknown[];
  readonly canaries: readonly string[];
}

const sceneOf = (provider: ProviderName): Scene => {
  const world = createWorld();
  const seen: unknown[] = [];
  const client = world.client(provider, {
    webhookSecret,
    maxRetries: 1,
    store: watched(memoryStore({ runtime: world.runtime }), seen),
    onEvent: (event: unknown) => {
      seen.push(event);
    },
  });
  const own = secretsOf(world.providers.settings(provider));
  const basic = own.map((secret) => Buffer.from(`${secret}:`).toString('base64'));
  return {
    world,
    client,
    seen,
    canaries: [...own, ...basic, cardNumber, clientSecret, webhookSecret, foreignKey],
  };
};

const expectClean = (scene: Scene, value: unknown, what: string): void => {
  const text = everyText(value);
  for (const canary of scene.canaries)
    expect(text.includes(canary), `${what} shows ${canary.slice(0, 6)}…`).toBe(false);
};

const card = {
  type: 'card',
  number: cardNumber,
  expMonth: 12,
  expYear: 2030,
  cvc: '737',
  holderName: 'Sam Payer',
  address: { line1: '1 Main Street', city: 'Perth', postalCode: '60000', state: 'WA', country: 'AU' },
};

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
