import type { CardSource } from './source.js';
import type { SimulatedProvider } from '../../../src/simulator/index.js';
import { makesCharge, makesRefund } from '../plan.js';
import type { WriteOrder } from '../messages.js';

/** A request as somebody writes it by hand who has read the first page of the documentation. */
export interface NaiveRequest {
  readonly method: 'post' | 'put';
  readonly path: string;
  readonly body: Record<string, unknown> | undefined;
}

const tokenOf = (order: WriteOrder): string => order.source as string;
const partOf = (order: WriteOrder): number | undefined =>
  order.kind === 'partial_refund' ? order.amount / 4 : undefined;

/** The words for capture, void and refund in the paths of a provider. */
const verbs: Record<
  Exclude<SimulatedProvider, 'paymongo'>,
  { charges: string; capture: string; void: string; refund: string }
> = {
  stripe: { charges: '/v1/payment_intents', capture: 'capture', void: 'cancel', refund: '' },
  omise: { charges: '/charges', capture: 'capture', void: 'reverse', refund: 'refunds' },
  pin: { charges: '/1/charges', capture: 'capture', void: 'void', refund: 'refunds' },
  justifi: { charges: '/v1/payments', capture: 'capture', void: 'void', refund: 'refunds' },
  magpie: { charges: '/v2/charges/', capture: 'capture', void: 'void', refund: 'refund' },
};

/** PayMongo charges in two requests, an intent and what is attached to it: it is not among the providers of this comparison. */
const notInTwoSteps = (): RangeError => new RangeError('paymongo is not compared with hand-written requests');

const createBody = (order: WriteOrder): Record<string, unknown> => {
  const { amount, kind, key } = order;
  const capture = kind === 'create';
  const metadata = { order: key };
  switch (order.place.provider) {
    case 'stripe':
      return {
        amount,
        currency: 'eur',
        confirm: true,
        payment_method: tokenOf(order),
        capture_method: capture ? 'automatic' : 'manual',
        'automatic_payment_methods[enabled]': true,
        'automatic_payment_methods[allow_redirects]': 'never',
        'metadata[order]': key,
      };
    case 'omise':
      return {
        amount,
        currency: 'THB',
        customer: (order.source as { customer: string }).customer,
        capture,
        metadata,
      };
    case 'pin': {
      const card = order.source as CardSource;
      return {
        amount,
        currency: 'AUD',
        email: 'payer@shop.test',
        description: 'Order',
        ip_address: '203.0.113.7',
        capture,
        metadata,
        card: {
          number: card.number,
          expiry_month: card.expMonth,
          expiry_year: card.expYear,
          cvc: card.cvc,
          name: card.holderName,
          address_line1: card.address?.line1,
          address_city: card.address?.city,
          address_country: card.address?.country,
        },
      };
    }
    case 'justifi':
      return {
        amount,
        currency: 'usd',
        description: 'Order',
        capture_strategy: capture ? 'automatic' : 'manual',
        payment_method: { token: tokenOf(order) },
        metadata,
      };
    case 'magpie':
      return {
        amount,
        currency: 'php',
        source: tokenOf(order),
        description: 'Order',
        statement_descriptor: 'SHOP',
        capture,
        metadata,
      };
    case 'paymongo':
      throw notInTwoSteps();
  }
};

/** The request of a write in the provider's own words. */
export const requestOf = (order: WriteOrder): NaiveRequest => {
  const { provider } = order.place;
  if (provider === 'paymongo') throw notInTwoSteps();
  const { charges, capture, void: release, refund } = verbs[provider];
  if (makesCharge(order.kind)) return { method: 'post', path: charges, body: createBody(order) };
  const method = provider === 'pin' && !makesRefund(order.kind) ? 'put' : 'post';
  const path = (verb: string): string => `${charges.replace(/\/$/, '')}/${order.target ?? ''}/${verb}`;
  if (order.kind === 'capture') {
    return {
      method,
      path: path(capture),
      body: provider === 'magpie' ? { amount: order.amount } : undefined,
    };
  }
  if (order.kind === 'void') return { method, path: path(release), body: undefined };
  // JustiFi, Omise and Magpie want to be told the amount, also of a full refund.
  const amount = partOf(order) ?? (provider === 'stripe' || provider === 'pin' ? undefined : order.amount);
  const body = amount === undefined ? {} : { amount };
  if (provider === 'stripe')
    return { method, path: '/v1/refunds', body: { ...body, payment_intent: order.target } };
  return { method, path: path(refund), body };
};
