import { describe, expect, it } from 'vitest';
import type { Operation } from '../../src/charges-client.js';
import { createWorld, ending, specs, type ProviderName } from '../attacks/attacked-world.js';
import { createAnswerChecks } from '../../src/calls/whole-answers.js';
import type { Call } from '../../src/provider.js';

/*
 * Refusals that the own success of a write causes: a network may deliver it twice and let only the second answer through,
 * or an earlier attempt went through unheard. They are looked into before they are believed.
 */

const call: Call = {
  settings: {},
  livemode: false,
  account: null,
  include: new Set(),
  idempotencyKey: 'order-81',
  prepared: null,
  send: () => Promise.reject(new Error('nothing is read')),
  drift: () => undefined,
  ...createAnswerChecks({ provider: 'any' }),
  now: () => 0,
  sleep: () => Promise.resolve(),
};

const omise = (code: string) => ({ object: 'error', code, message: 'demo' });
const stripe = (code: string) => ({ error: { type: 'invalid_request_error', code, message: 'demo' } });
const justifi = (code: string) => ({ error: { code, message: 'demo' } });
const pin = (error: string) => ({ error, error_description: 'demo' });

const echoes: readonly (readonly [ProviderName, Operation, number, unknown])[] = [
  ['omise', 'create', 400, omise('used_token')],
  ['omise', 'capture', 400, omise('failed_capture')],
  ['omise', 'capture', 400, omise('bad_request')],
  ['omise', 'capture', 400, omise('invalid_charge')],
  ['omise', 'void', 400, omise('failed_reverse')],
  ['omise', 'void', 400, omise('failed_void')],
  ['omise', 'void', 400, omise('bad_request')],
  ['omise', 'expire', 400, omise('failed_expire')],
  ['omise', 'expire', 400, omise('expired_charge')],
  ['omise', 'refund', 400, omise('failed_refund')],
  ['omise', 'refund', 400, omise('invalid_amount')],
  ['pin', 'create', 400, pin('token_already_used')],
  ['pin', 'create', 404, pin('not_found')],
  ['pin', 'capture', 400, pin('already_captured')],
  ['pin', 'capture', 400, pin('invalid_state')],
  ['pin', 'void', 400, pin('invalid_state')],
  ['pin', 'refund', 402, pin('insufficient_pin_balance')],
  ['pin', 'refund', 422, pin('invalid_resource')],
  ['magpie', 'create', 400, { detail: 'The source was used.' }],
  ['magpie', 'capture', 400, { detail: 'The charge is captured.' }],
  ['magpie', 'void', 409, { detail: 'The charge is voided.' }],
  ['magpie', 'refund', 400, { detail: 'Nothing is left.' }],
  ['justifi', 'create', 422, justifi('token_already_used')],
  ['justifi', 'create', 403, justifi('some_duplicate')],
  ['justifi', 'capture', 422, justifi('payment_already_captured')],
  ['justifi', 'capture', 422, justifi('payment_intent_cannot_be_captured')],
  ['justifi', 'void', 422, justifi('payment_intent_unexpected_state')],
  ['justifi', 'void', 422, justifi('payment_outside_void_window')],
  ['justifi', 'refund', 422, justifi('payment_fully_refunded')],
  ['justifi', 'refund', 422, justifi('refund_exceeds_payment_amount')],
  ['stripe', 'create', 400, stripe('token_already_used')],
  ['stripe', 'create', 400, stripe('token_in_use')],
  ['stripe', 'capture', 400, stripe('charge_already_captured')],
  ['stripe', 'capture', 400, stripe('payment_intent_unexpected_state')],
  ['stripe', 'refund', 400, stripe('charge_already_refunded')],
];

describe('a refusal that an own success would cause', () => {
  it.each(echoes)('at %s of %s (%d %j) is marked', (provider, operation, status, body) => {
    const failure = specs[provider].failure({ status, headers: {}, body, requestId: null }, operation, call);
    expect(failure).toMatchObject({ outcome: 'rejected', mayBeOwnSuccess: true });
  });
});

/** A create comes to be declined as a duplicate: by a failed charge at one provider, by an error at the other. */
const declineAsDuplicate: Readonly<
  Record<'omise' | 'magpie', (text: string) => { readonly status: number; readonly text: string }>
> = {
  omise: (text) => ({
    status: 200,
    text: JSON.stringify({
      ...(JSON.parse(text) as object),
      id: 'chrg_test_second',
      status: 'failed',
      paid: false,
      authorized: false,
      failure_code: 'duplicate_reference_number',
      failure_message: 'duplicate',
    }),
  }),
  magpie: () => ({
    status: 402,
    text: JSON.stringify({
      error: { message: 'Duplicate.', code: 'card_declined', decline_code: 'duplicate_transaction' },
    }),
  }),
};

describe.each(['omise', 'magpie'] as const)('a create that %s declines as a duplicate', (provider) => {
  const decline = (executed: boolean) => {
    const world = createWorld();
    const template = createWorld();
    world.tamper = async (request, honest) => {
      if (request.method !== 'POST') return honest();
      const answer = executed ? await honest() : { status: 200, headers: {}, text: '' };
      const twin = template.client(provider).create(template.params(provider));
      const text = executed ? answer.text : JSON.stringify((await twin).raw);
      const { metadata } = JSON.parse(request.body ?? '{}') as { metadata?: object };
      const declined = declineAsDuplicate[provider](
        JSON.stringify({ ...(JSON.parse(text) as object), metadata }),
      );
      return { ...answer, headers: { 'content-type': 'application/json' }, ...declined };
    };
    return world;
  };

  it('is the charge that its first copy made', async () => {
    const world = decline(true);
    const charge = await world
      .client(provider)
      .create(world.params(provider), { idempotencyKey: 'order-81' });
    const [made] = world.providers.ledger.charges(provider);
    expect(charge).toMatchObject({ id: made?.id, status: 'captured' });
  });

  it('is declined where there is no first copy', async () => {
    const world = decline(false);
    const end = await ending(() =>
      world.client(provider).create(world.params(provider), { idempotencyKey: 'order-81' }),
    );
    expect(end).toMatchObject({
      rejected: { name: 'CardError', declineCode: 'duplicate_transaction', outcome: 'rejected' },
    });
  });
});

describe('a create that Stripe declines as a duplicate', () => {
  const decline = (executed: boolean, code: string) => {
    const world = createWorld();
    world.tamper = async (request, honest) => {
      if (request.method !== 'POST' || !request.url.endsWith('/payment_intents')) return honest();
      const answer = executed ? await honest() : { status: 402, headers: {}, text: '' };
      const error = { type: 'card_error', code: 'card_declined', decline_code: code, message: 'Declined.' };
      return {
        ...answer,
        status: 402,
        headers: { 'content-type': 'application/json' },
        text: JSON.stringify({ error }),
      };
    };
    return world;
  };

  it.each(['duplicate_transaction', 'partner_duplicate_transaction'])(
    'is the charge that its first copy made: %s',
    async (code) => {
      const world = decline(true, code);
      const charge = await world
        .client('stripe')
        .create(world.params('stripe'), { idempotencyKey: 'order-81' });
      const [made] = world.providers.ledger.charges('stripe');
      expect(charge).toMatchObject({ id: made?.id, status: 'captured' });
    },
  );

  it('is declined where there is no first copy', async () => {
    const world = decline(false, 'duplicate_transaction');
    const end = await ending(() =>
      world.client('stripe').create(world.params('stripe'), { idempotencyKey: 'order-81' }),
    );
    expect(end).toMatchObject({
      rejected: { name: 'CardError', declineCode: 'duplicate_transaction', outcome: 'rejected' },
    });
  });
});

describe('a capture that Omise got twice, and answers the second copy as it likes', () => {
  it.each(['failed_capture', 'bad_request', 'invalid_charge'])(
    'is told as the success that it is: %s',
    async (code) => {
      const world = createWorld();
      const client = world.client('omise');
      const { id } = await client.create(world.params('omise', { capture: false }));
      world.tamper = async (request, honest) => {
        const answer = await honest();
        return request.url.endsWith('/capture')
          ? { ...answer, status: 400, text: JSON.stringify(omise(code)) }
          : answer;
      };
      expect(await client.capture(id, {}, { idempotencyKey: 'capture-81' })).toMatchObject({
        id,
        status: 'captured',
      });
    },
  );
});
