import { describe, expect, it } from 'vitest';
import { justifiProvider } from '../../src/providers/justifi/provider.js';
import { stripeProvider } from '../../src/providers/stripe/provider.js';
import { scriptReplies, type Reply } from '../scripted-replies.js';

const options = { idempotencyKey: 'order-81' };
const params = { amount: 4590, currency: 'USD' };

const stripeFault: Reply = { status: 500, body: { error: { type: 'api_error', message: 'Sorry.' } } };
const stripeRefusal: Reply = {
  status: 400,
  body: { error: { type: 'invalid_request_error', param: 'description', message: 'Too long.' } },
};
const justifiFault: Reply = {
  status: 500,
  body: { error: { code: 'internal_server_error', message: 'Sorry.' } },
};
const justifiRefusal: Reply = {
  status: 422,
  body: { error: { code: 'invalid_parameter', message: 'Too long.' } },
};

const stripe = (replies: readonly Reply[], settings: { api?: 'charges' } = {}) => {
  const script = scriptReplies(...replies);
  const client = script.client(stripeProvider, { secretKey: 'sk_test_a1', ...settings });
  const source = settings.api === 'charges' ? 'tok_visa' : 'pm_card_visa';
  return { script, create: () => client.create({ ...params, source }, options) };
};
const justifi = (replies: readonly Reply[], settings: object = {}) => {
  const script = scriptReplies(...replies);
  const credentials = { clientId: 'test_client_Demo', clientSecret: 'test_secret_Demo' };
  const client = script.client(justifiProvider, { ...credentials, ...settings });
  return { script, create: () => client.create({ ...params, source: 'pm_DemoC3' }, options) };
};

describe('a fault of the provider, and then a refusal by the second attempt of one call', () => {
  it.each([
    ['Stripe', stripe([stripeFault, stripeRefusal])],
    ['Stripe in Charges mode', stripe([stripeFault, stripeRefusal], { api: 'charges' })],
    ['JustiFi', justifi([justifiFault, justifiRefusal])],
  ])('leaves open at %s whether the first attempt took the money', async (_, { script, create }) => {
    await expect(create()).rejects.toMatchObject({ name: 'InvalidRequestError', outcome: 'unknown' });
    expect(script.replies).toEqual([]);
    expect(script.lines).toHaveLength(2);
  });

  it.each([
    ['Stripe', stripe([stripeRefusal])],
    ['JustiFi', justifi([justifiRefusal])],
  ])('is not the same as a refusal of the only attempt at %s', async (_, { script, create }) => {
    await expect(create()).rejects.toMatchObject({ name: 'InvalidRequestError', outcome: 'rejected' });
    expect(script.lines).toHaveLength(1);
  });
});

describe('the advice of Stripe on repeating', () => {
  const advised = (advice: string): Reply => ({
    ...(stripeFault as object),
    headers: { 'stripe-should-retry': advice },
  });

  it('is heard where it says no: a 500 ends the call after one attempt', async () => {
    const { script, create } = stripe([advised('false')]);
    await expect(create()).rejects.toMatchObject({ name: 'ProviderError', outcome: 'unknown' });
    expect(script.lines).toHaveLength(1);
  });

  it('is heard where it says yes: a refusal that is never repeated otherwise is repeated', async () => {
    const refusal = { ...(stripeRefusal as object), headers: { 'stripe-should-retry': 'true' } };
    const { script, create } = stripe([refusal, stripeRefusal]);
    await expect(create()).rejects.toMatchObject({ name: 'InvalidRequestError', outcome: 'rejected' });
    expect(script.lines).toHaveLength(2);
  });

  it('says nothing where it is another word', async () => {
    const { script, create } = stripe([advised('perhaps'), stripeFault, stripeFault]);
    await expect(create()).rejects.toMatchObject({ name: 'ProviderError' });
    expect(script.lines).toHaveLength(3);
  });
});

describe('an authorization that took until the deadline', () => {
  it('lets nothing leave, and says so', async () => {
    const { script, create } = justifi([], { deadlineMs: 30_000 });
    script.token = { body: { access_token: 'token-1' }, takesMs: 30_000 };
    await expect(create()).rejects.toMatchObject({ name: 'TimeoutError', outcome: 'not_sent' });
    expect(script.lines).toEqual([]);
  });

  it('lets the payment leave where a moment remains', async () => {
    const { script, create } = justifi([justifiRefusal], { deadlineMs: 30_000 });
    script.token = { body: { access_token: 'token-1' }, takesMs: 29_999 };
    await expect(create()).rejects.toMatchObject({ name: 'InvalidRequestError' });
    expect(script.lines).toEqual(['POST /v1/payments']);
  });
});

describe('an authorization that is refused', () => {
  it.each([401, 403, 404])('with %i lets nothing leave, and says so', async (status) => {
    const { script, create } = justifi([]);
    script.token = { status, body: { error: { code: 'invalid', message: 'No such client.' } } };
    await expect(create()).rejects.toMatchObject({
      name: 'AuthenticationError',
      outcome: 'not_sent',
      statusCode: status,
    });
    expect(script.lines).toEqual([]);
  });

  it('is asked for again after a fault, as nothing of it moves money', async () => {
    const { script, create } = justifi([]);
    script.token = { status: 500, body: {} };
    await expect(create()).rejects.toMatchObject({ name: 'ProviderError', outcome: 'not_sent' });
    expect(script.lines).toEqual([]);
    expect(script.tokenRequests).toBe(3);
  });
});
