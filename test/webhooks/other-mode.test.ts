import { describe, expect, it } from 'vitest';
import { createWorld, ending } from '../attacks/attacked-world.js';

const secrets = {
  stripe: 'whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH',
  omise: Buffer.from('the 32 bytes of a webhook secret').toString('base64'),
  justifi: 'publisher-secret-9f1c7b6a',
} as const;
type Signing = keyof typeof secrets;

/** Events whose charge cannot be read in them, so that it would be fetched. */
const payloads: Readonly<Record<Signing, (isLive: boolean) => object>> = {
  stripe: (livemode) => ({
    object: 'event',
    id: 'evt_1',
    type: 'payment_intent.succeeded',
    livemode,
    data: { object: { id: 'pi_1', object: 'payment_intent' } },
  }),
  omise: (livemode) => ({
    object: 'event',
    id: 'evnt_1',
    key: 'charge.complete',
    livemode,
    data: { object: 'charge', id: 'chrg_1' },
  }),
  justifi: (isLive) => ({
    id: 'evt_1',
    event_name: 'payment.succeeded',
    account_type: isLive ? 'live' : 'test',
    data: { id: 'py_1' },
  }),
};

describe.each(Object.keys(secrets) as Signing[])(
  'a signed notification of the other mode at %s',
  (provider) => {
    const parse = async (isLive: boolean) => {
      const world = createWorld();
      const webhookSecret = secrets[provider];
      const client = world.client(provider, { webhookSecret });
      const body = JSON.stringify(payloads[provider](isLive));
      const headers = world.providers.signWebhook(provider, body, webhookSecret);
      const end = await ending(() => client.parseWebhook(body, headers));
      return { end, sent: world.sent };
    };

    it('is refused by a code of its own, and nothing is read with the wrong key', async () => {
      const { end, sent } = await parse(true);
      expect(end).toMatchObject({
        rejected: { name: 'IntegrityError', code: 'webhook_other_mode', outcome: 'not_sent' },
      });
      expect(sent).toEqual([]);
    });

    it('differs from one of this mode, whose charge is read', async () => {
      const { end, sent } = await parse(false);
      expect(end).toMatchObject({ rejected: { name: 'NotFoundError' } });
      expect(sent.length).toBeGreaterThan(0);
    });
  },
);
