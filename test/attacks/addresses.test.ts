import { describe, expect, it } from 'vitest';
import type { Charge, ClientEvent } from '../../src/index.js';
import { createWorld, providerNames, type ProviderName } from './attacked-world.js';

const hostile = [
  'javascript:alert(1)',
  'JavaScript://shop.test/%0aalert(1)',
  'data:text/html,<script>alert(1)</script>',
  'file:///etc/hosts',
  '//evil.example/pay',
  '/pay',
  'evil.example/pay',
  ' https://evil.example/',
  'https://evil.example/ ',
  'https://evil.example/a b',
  'https:\\\\evil.example\\pay',
  'https://shop.test\\@evil.example/',
  'https://user:password@evil.example/',
  'https://user@evil.example/',
  'https://evil.example/\u0000',
  'java\nscript:alert(1)',
  'https://evil.example/\r\nset-cookie: a=b',
  'https://',
  `https://evil.example/${'x'.repeat(9_000)}`,
];

const good = [
  'https://acs.bank.example/challenge?id=77&return=https%3A%2F%2Fshop.test',
  'http://127.0.0.1:3000/pay#now',
  'HTTPS://ACS.example/?client_secret=pi_3Canary_secret_Canary9Zq',
];

/** What tells a client where the payer goes. */
const fieldNames = /^(?:authorize_uri|redirect_url|url|download_uri|checkout_url)$/;

const withAddress = (value: unknown, address: string): unknown => {
  if (Array.isArray(value)) return value.map((each) => withAddress(each, address));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inside]) => [
      name,
      fieldNames.test(name) && typeof inside === 'string' && /^https?:/.test(inside)
        ? address
        : withAddress(inside, address),
    ]),
  );
};

const scene = (provider: ProviderName, settings: object = {}) => {
  const world = createWorld();
  const drifts: string[] = [];
  const client = world.client(provider, {
    ...settings,
    onEvent: (event: ClientEvent) => {
      if (event.type === 'drift') drifts.push(`${event.path} ${event.kind}`);
    },
  });
  const answerWith = (address: string) => {
    world.tamper = async (_, honest) => {
      const answer = await honest();
      return { ...answer, text: JSON.stringify(withAddress(JSON.parse(answer.text), address)) };
    };
  };
  const returnUrl = 'https://shop.test/back';
  const source = world.providers.source(provider, 'requires_3ds', { returnUrl });
  const create = () =>
    client.create(world.params(provider, { source, returnUrl }), { idempotencyKey: 'order-81' });
  return { client, drifts, answerWith, create };
};

// JustiFi has no next action.
describe.each(providerNames.filter((name) => name !== 'justifi'))('%s', (provider) => {
  it.each(hostile)('sends no browser to %j, whichever call tells the charge', async (address) => {
    const { client, drifts, answerWith, create } = scene(provider);
    answerWith(address);
    const made = await create();
    expect(made).toMatchObject({ status: 'requires_action', nextAction: null });
    expect(drifts).toEqual(['nextAction.url unknown_value']);
    // The record of the write answers.
    expect((await create()).nextAction).toBeNull();
    const charges: Charge[] = [
      await client.retrieve(made.id),
      ...(await client.list()).data,
      ...(await client.search({ amount: made.amount ?? 0 })).data,
    ];
    expect(charges.length).toBeGreaterThanOrEqual(3);
    for (const charge of charges) expect(charge.nextAction).toBeNull();
    const found = await client.reconcile('order-81');
    expect(found).toMatchObject({ outcome: 'happened', charge: { nextAction: null } });
  });

  it.each(good)('hands on %s as it came', async (address) => {
    const { drifts, answerWith, create } = scene(provider);
    answerWith(address);
    expect((await create()).nextAction).toEqual({ type: 'redirect', url: address });
    expect(drifts).toEqual([]);
  });

  it('tells a continuous integration run, as any other drift', async () => {
    const { answerWith, create } = scene(provider, { strictResponses: true });
    answerWith('javascript:alert(1)');
    await expect(create()).rejects.toMatchObject({ code: 'drift', outcome: 'unknown' });
  });
});
