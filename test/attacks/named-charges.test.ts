import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/index.js';
import { ExchangeFailure } from '../../src/transport/exchange.js';
import { createWorld, type AttackedWorld } from './attacked-world.js';

/** A refusal with a code that nobody knows names a charge: it passes for a decline, unless the charge says otherwise. */

const key = 'order-81';

const refusalOf = (provider: 'magpie' | 'pin', id: string) => {
  const text = 'This source was charged already';
  return provider === 'pin'
    ? { status: 422, body: { error: 'duplicate_payment', error_description: text, charge_token: id } }
    : {
        status: 400,
        body: {
          error: { code: 'source_consumed', type: 'invalid_request_error', message: text, charge_id: id },
        },
      };
};

/** The create is executed and refused by such an answer; no list can be read. `shown` is what a read of the charge shows. */
const refusedThoughPaid = async (
  world: AttackedWorld,
  provider: 'magpie' | 'pin',
  shown: (charge: Record<string, unknown>) => object,
) => {
  world.tamper = async (request, honest) => {
    if (request.method === 'GET' && /charges\/?$/.test(new URL(request.url).pathname))
      throw new ExchangeFailure('connection', true, 'ECONNRESET');
    const answer = await honest();
    const body = JSON.parse(answer.text) as Record<string, unknown>;
    const charge = (provider === 'pin' ? body['response'] : body) as Record<string, unknown>;
    if (request.method === 'GET') {
      const changed = { ...charge, ...shown(charge) };
      return { ...answer, text: JSON.stringify(provider === 'pin' ? { response: changed } : changed) };
    }
    const refusal = refusalOf(provider, String(charge['token'] ?? charge['id']));
    return {
      status: refusal.status,
      headers: { 'content-type': 'application/json' },
      text: JSON.stringify(refusal.body),
    };
  };
  const store = { ...memoryStore({ runtime: world.runtime }), durable: true };
  const charges = world.client(provider, { store, maxRetries: 0 });
  return charges.create(world.params(provider), { idempotencyKey: key });
};

describe.each(['magpie', 'pin'] as const)('a decline at %s that names a charge', (provider) => {
  it('is none where that charge carries the key and is paid: the write happened', async () => {
    const world = createWorld();
    await expect(refusedThoughPaid(world, provider, () => ({}))).resolves.toMatchObject({
      status: 'captured',
    });
    expect(world.providers.ledger.charges(provider)).toHaveLength(1);
  });

  it.each([
    ['no key', {}],
    ['another key', { unicharge_key: 'order-82' }],
  ])('leaves open what happened where that charge is paid and carries %s', async (_, metadata) => {
    await expect(refusedThoughPaid(createWorld(), provider, () => ({ metadata }))).rejects.toMatchObject({
      name: 'OutcomeUnknownError',
      outcome: 'unknown',
    });
  });
});
