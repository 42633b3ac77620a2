import { describe, expect, it } from 'vitest';
import { stripeProvider } from '../../../src/providers/stripe/provider.js';
import { scriptReplies, type Reply } from '../../scripted-replies.js';
import { paidIntent } from './wire-objects.js';

const options = { idempotencyKey: 'capture-81' };
const refusal: Reply = {
  status: 400,
  body: {
    error: {
      type: 'invalid_request_error',
      code: 'payment_intent_unexpected_state',
      message: 'This PaymentIntent could not be captured because it has already been captured.',
    },
  },
};

const open = (...replies: Reply[]) => {
  const script = scriptReplies(...replies);
  return { script, client: script.client(stripeProvider, { secretKey: 'sk_test_a1', maxRetries: 0 }) };
};

describe('a first capture that Stripe refuses because somebody else captured in between', () => {
  it('is a ConflictError, however well the charge looks now', async () => {
    const { script, client } = open(refusal, { body: paidIntent() });
    await expect(client.capture('pi_demoA1', {}, options)).rejects.toMatchObject({
      name: 'ConflictError',
      outcome: 'rejected',
      providerCode: 'payment_intent_unexpected_state',
    });
    expect(script.lines.filter((line) => line.startsWith('POST'))).toHaveLength(1);
  });

  it('is refused again by its record, without a request', async () => {
    const { script, client } = open(refusal);
    await expect(client.capture('pi_demoA1', {}, options)).rejects.toMatchObject({ name: 'ConflictError' });
    const before = script.lines.length;
    await expect(client.capture('pi_demoA1', {}, options)).rejects.toMatchObject({
      name: 'ConflictError',
      outcome: 'rejected',
    });
    expect(script.lines.length).toBe(before);
  });

  it('is told from the refusal of a repeat, whose own first attempt may have captured', async () => {
    const { client } = open('answer_lost', refusal, { body: paidIntent() });
    await expect(client.capture('pi_demoA1', {}, options)).rejects.toMatchObject({ outcome: 'unknown' });
    await expect(client.capture('pi_demoA1', {}, options)).resolves.toMatchObject({ status: 'captured' });
  });
});
