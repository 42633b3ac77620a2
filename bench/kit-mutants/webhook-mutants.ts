import { createHmac } from 'node:crypto';
import { InvalidRequestError, WebhookSignatureError } from '../../src/errors.js';
import type { ReportedEvent } from '../../src/models/event.js';
import type { ProviderSpec } from '../../src/provider.js';
import type { WebhookDelivery, WebhookSpec } from '../../src/webhook-spec.js';
import type { Change } from './changes.js';
import type { Mutant } from './mutants.js';
import { acmeWebhookSecret } from './subject.js';

const webhookOf = ({ provider, webhook }: ProviderSpec): WebhookSpec => {
  if (webhook === undefined) throw new RangeError(`${provider} has no webhooks`);
  return webhook;
};

/** Verifies something else than the delivery, or not at all. */
const verify =
  (change: (delivery: WebhookDelivery, check: (delivery: WebhookDelivery) => void) => void): Change =>
  (spec) => {
    const webhook = webhookOf(spec);
    const check = (delivery: WebhookDelivery): void => webhook.verify(delivery);
    return { ...spec, webhook: { ...webhook, verify: (delivery) => change(delivery, check) } };
  };

/** Changes fields of every event. */
const event =
  (fields: (event: ReportedEvent) => object): Change =>
  (spec) => {
    const webhook = webhookOf(spec);
    const read: WebhookSpec['event'] = async (payload, call) => {
      const told = await webhook.event(payload, call);
      return { ...told, ...fields(told) };
    };
    return { ...spec, webhook: { ...webhook, event: read } };
  };

const headerOf = ({ headers }: WebhookDelivery): string => headers['acme-signature'] ?? '';
const signedAt = (delivery: WebhookDelivery): number =>
  Number(/t=(\d+)/.exec(headerOf(delivery))?.[1]) * 1000;
const textOf = ({ body }: WebhookDelivery): string => Buffer.from(body).toString('utf8');

/** The verified body is not the one that came in. */
const rewritten = (rewrite: (payload: Record<string, unknown>) => object): Change =>
  verify((delivery, check) => {
    const text = textOf(delivery);
    const payload = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    check({ ...delivery, body: Buffer.from(JSON.stringify(rewrite(payload))) });
  });

/** The refusal in other words, or of another kind. */
const refusedAs = (change: (error: WebhookSignatureError, delivery: WebhookDelivery) => Error): Change =>
  verify((delivery, check) => {
    let refusal: unknown;
    try {
      check(delivery);
    } catch (error) {
      refusal = error instanceof WebhookSignatureError ? change(error, delivery) : error;
    }
    if (refusal !== undefined) throw refusal as Error;
  });

const saying = ({ code, provider, operation, message }: WebhookSignatureError, more = '') => ({
  ...{ code, provider, operation, message: `${message}${more}` },
  outcome: 'not_sent' as const,
});

const heard: string[] = [];
let events = 0;

/** Faults in what is believed of a delivery, and in what is told of it. */
export const webhookMutants: readonly Mutant[] = [
  { name: 'the signature is not checked', change: verify(() => undefined) },
  {
    name: 'a delivery without the header is believed',
    change: verify((delivery, check) => (headerOf(delivery) === '' ? undefined : check(delivery))),
  },
  {
    name: 'a signature that was right once is right for every body',
    change: verify((delivery, check) => {
      if (heard.includes(headerOf(delivery))) return;
      check(delivery);
      heard.push(headerOf(delivery));
    }),
  },
  { name: 'the body is written anew before it is verified', change: rewritten((payload) => payload) },
  {
    name: 'members that nobody knows are left out before the body is verified',
    change: rewritten(({ id, made, payment }) => ({ id, made, payment })),
  },
  {
    name: 'half of the signature is compared',
    change: verify((delivery, check) => {
      const time = /t=(\d+)/.exec(headerOf(delivery))?.[1] ?? '';
      const own = delivery.secrets.map((secret) =>
        createHmac('sha256', secret)
          .update(`${time}.${textOf(delivery)}`)
          .digest('hex')
          .slice(0, 32),
      );
      if (!own.some((half) => headerOf(delivery).includes(`v1=${half}`))) check(delivery);
    }),
  },
  {
    name: 'a secret in the code is believed, too',
    change: verify((delivery, check) =>
      check({ ...delivery, secrets: [...delivery.secrets, acmeWebhookSecret] }),
    ),
  },
  {
    name: 'only the first secret is tried',
    change: verify((delivery, check) => check({ ...delivery, secrets: delivery.secrets.slice(0, 1) })),
  },
  {
    name: 'without a secret everything is believed',
    change: verify((delivery, check) => (delivery.secrets.length === 0 ? undefined : check(delivery))),
  },
  {
    name: 'a missing secret is a wrong signature',
    change: verify((delivery, check) =>
      check(delivery.secrets.length === 0 ? { ...delivery, secrets: ['none'] } : delivery),
    ),
  },
  {
    name: 'the signed time is not compared',
    change: verify((delivery, check) => check({ ...delivery, now: signedAt(delivery) })),
  },
  {
    name: 'a time in the future is believed',
    change: verify((delivery, check) =>
      check({ ...delivery, now: Math.max(delivery.now, signedAt(delivery) || 0) }),
    ),
  },
  {
    name: 'a forged delivery is a wrong request',
    change: refusedAs((error) => new InvalidRequestError(saying(error))),
  },
  {
    name: 'a forged delivery is an error of JavaScript',
    change: refusedAs((error) => new TypeError(error.message)),
  },
  {
    name: 'the refusal names the secret',
    change: refusedAs(
      (error, { secrets }) => new WebhookSignatureError(saying(error, `: ${secrets.join()}`)),
    ),
  },
  {
    name: 'every delivery has a dedupeKey of its own',
    change: event(() => ({ dedupeKey: `acme:${(events += 1)}` })),
  },
  { name: 'all deliveries have one dedupeKey', change: event(() => ({ dedupeKey: 'acme:payment' })) },
  { name: 'an event names another charge', change: event(() => ({ chargeId: 'pay_000000000' })) },
  { name: 'an event names no charge', change: event(() => ({ chargeId: null })) },
  {
    name: 'no event is known',
    change: event(() => ({ type: 'unknown', charge: null })),
  },
  {
    name: 'the charge of an event has another amount',
    change: event(({ charge }) => ({ charge: charge && { ...charge, amount: 1 } })),
  },
];
