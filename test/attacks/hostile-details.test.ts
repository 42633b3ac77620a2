import { describe, expect, it } from 'vitest';
import type { ClientEvent } from '../../src/index.js';
import { createWorld, providerNames, type ProviderName } from './attacked-world.js';

type Fields = Record<string, unknown>;

const resourceIn = (provider: ProviderName, body: Fields): Fields =>
  (provider === 'pin' ? body['response'] : provider === 'justifi' ? body['data'] : body) as Fields;

/** What a read of a captured charge comes to whose resource was changed on the way. */
const readChanged = async (provider: ProviderName, change: (wire: Fields) => void) => {
  const world = createWorld();
  const drifts: string[] = [];
  const client = world.client(provider, {
    onEvent: (event: ClientEvent) => {
      if (event.type === 'drift') drifts.push(event.path);
    },
  });
  const { id } = await client.create(world.params(provider), { idempotencyKey: world.key() });
  world.tamper = async (_, honest) => {
    const answer = await honest();
    const body = JSON.parse(answer.text) as Fields;
    change(resourceIn(provider, body));
    return { ...answer, text: JSON.stringify(body) };
  };
  return { told: await client.retrieve(id).catch((error: unknown) => error), drifts };
};

/** Puts a dispute where the provider has it. */
const disputed: Readonly<Partial<Record<ProviderName, (wire: Fields, dispute: object) => void>>> = {
  stripe: (wire, dispute) => Object.assign(wire['latest_charge'] as Fields, { disputed: true, dispute }),
  omise: (wire, dispute) => Object.assign(wire, { dispute }),
  justifi: (wire, dispute) => Object.assign(wire, { disputed: true, disputes: [dispute] }),
};

describe.each(Object.entries(disputed) as [ProviderName, (wire: Fields, dispute: object) => void][])(
  'a dispute of %s that holds nonsense',
  (provider, put) => {
    it.each([
      ['a negative amount', { amount: -5, amount_cents: -5 }],
      ['a currency that is none', { currency: 'credits' }],
      ['an id that is none', { id: 7 }],
      ['a currency of letters that only look so', { currency: 'uſd' }],
    ])('in %s is left out and reported, and its charge stays what it is', async (_, nonsense) => {
      const dispute = { id: 'dp_1', object: 'dispute', status: 'open', amount: 100, currency: 'usd' };
      const { told, drifts } = await readChanged(provider, (wire) => {
        put(wire, { ...dispute, ...nonsense });
      });
      expect(told).toMatchObject({ status: 'captured', amountCaptured: 4590, disputed: true });
      expect(drifts.length).toBeGreaterThan(0);
      expect(JSON.stringify(told)).not.toContain('-5');
    });
  },
);

describe('an action of Magpie', () => {
  it('whose confirmation id is a key of the merchant is none, and the key is not shown', async () => {
    const { secretKey } = createWorld().providers.settings('magpie') as { readonly secretKey: string };
    const { told, drifts } = await readChanged('magpie', (wire) => {
      const action = { type: 'otp', confirmation_id: secretKey };
      Object.assign(wire, { status: 'pending', captured: false, authorized: false, action });
    });
    expect(told).toMatchObject({ status: 'requires_action', nextAction: null });
    expect(drifts).toContain('nextAction.confirmationId');
    expect(JSON.stringify(told)).not.toContain(secretKey);
  });
});

describe('a code of Omise', () => {
  it('that is a key of the merchant is not shown', async () => {
    const { secretKey } = createWorld().providers.settings('omise') as { readonly secretKey: string };
    const { told, drifts } = await readChanged('omise', (wire) => {
      const references = { payment_code: secretKey };
      const source = { object: 'source', id: 'src_1', type: 'econtext', flow: 'offline', references };
      Object.assign(wire, { status: 'pending', paid: false, authorized: false, authorize_uri: null, source });
    });
    expect(told).toMatchObject({ status: 'requires_action', nextAction: { reference: null } });
    expect(drifts).toContain('nextAction.reference');
    expect(JSON.stringify(told)).not.toContain(secretKey);
  });
});

describe.each(providerNames)('a currency at %s', (provider) => {
  it('of letters whose upper case looks like a code is none', async () => {
    const { told } = await readChanged(provider, (wire) => {
      wire['currency'] = 'uſd';
    });
    expect(told).toMatchObject({ name: 'InvalidResponseError' });
  });
});
