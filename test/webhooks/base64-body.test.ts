import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { createStripe } from '../../src/providers/stripe/index.js';

const webhookSecret = 'whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH';
const client = createStripe({ secretKey: 'sk_test_1', webhookSecret });
const body = JSON.stringify({ object: 'event', id: 'evt_1', type: 'charge.succeeded', livemode: false });
const time = Math.floor(Date.now() / 1000);
const signature = createHmac('sha256', webhookSecret).update(`${time}.${body}`).digest('hex');
const headers = { 'stripe-signature': `t=${time},v1=${signature}` };

it('a body that a gateway made base64 of is told as that, not as a wrong secret', async () => {
  const base64 = Buffer.from(body).toString('base64');
  await expect(client.parseWebhook(base64, headers)).rejects.toMatchObject({
    code: 'webhook_body_changed',
    message: expect.stringContaining('base64') as string,
  });
});

it('base64 of another body stays a mismatch', async () => {
  const base64 = Buffer.from(`${body} `).toString('base64');
  await expect(client.parseWebhook(base64, headers)).rejects.toMatchObject({
    code: 'webhook_signature_mismatch',
  });
});
