import Stripe from 'stripe';
import type { JobClient, MerchantSetup, Place, WriteOrder } from '../messages.js';
import { jobWithoutLookup, textOf } from './without-lookup.js';

/** The official `stripe` with its own retries. Only the time-out is shorter than its default of 80 seconds. */
export const createStripeJob = (setup: MerchantSetup): Promise<JobClient> => {
  const clients = new Map<string, Stripe>();
  const clientFor = ({ baseUrl, settings }: Place): Stripe => {
    const known = clients.get(baseUrl);
    if (known !== undefined) return known;
    const { hostname, port } = new URL(baseUrl);
    const client = new Stripe(textOf(settings['secretKey']), {
      host: hostname,
      port,
      protocol: 'http',
      timeout: setup.timeoutMs,
    });
    clients.set(baseUrl, client);
    return client;
  };

  const send = (order: WriteOrder): Promise<{ id: string }> => {
    const stripe = clientFor(order.place);
    const options = setup.givesKeys ? { idempotencyKey: order.key } : {};
    const id = order.target ?? '';
    switch (order.kind) {
      case 'create':
      case 'authorize':
        return stripe.paymentIntents.create(
          {
            amount: order.amount,
            currency: 'eur',
            confirm: true,
            payment_method: order.source as string,
            capture_method: order.kind === 'create' ? 'automatic' : 'manual',
            automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
            metadata: { order: order.key },
          },
          options,
        );
      case 'capture':
        return stripe.paymentIntents.capture(id, {}, options);
      case 'void':
        return stripe.paymentIntents.cancel(id, {}, options);
      case 'refund':
        return stripe.refunds.create({ payment_intent: id }, options);
      case 'partial_refund':
        return stripe.refunds.create({ payment_intent: id, amount: order.amount / 4 }, options);
    }
  };

  return Promise.resolve(
    jobWithoutLookup(send, (error) => ({
      name: error instanceof Error ? error.constructor.name : 'unknown',
      message: error instanceof Error ? error.message : String(error),
      status: error instanceof Stripe.errors.StripeError ? (error.statusCode ?? null) : null,
    })),
  );
};
