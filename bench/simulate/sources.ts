import type { PaymentSource } from '../../src/models/payment-source.js';
import type { SimulatedProvider, SimulatedProviders } from '../../src/simulator/index.js';

const basic = (key: string): string => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;

/** Makes an Omise customer from a token: a source that can be charged again and again. */
const omiseCustomer = async (
  providers: SimulatedProviders,
  kind: 'approved' | 'declined',
): Promise<PaymentSource> => {
  const token = providers.source('omise', kind);
  const delivery = await providers.handle('omise', {
    method: 'POST',
    path: '/customers',
    query: '',
    headers: {
      authorization: basic(providers.settings('omise').secretKey),
      'content-type': 'application/json',
    },
    body: JSON.stringify({ email: 'payer@shop.test', card: token }),
  });
  if (delivery.outcome !== 'answered' || delivery.response.status !== 200) {
    throw new Error('the simulated Omise makes no customer');
  }
  return { type: 'customer', customer: (JSON.parse(delivery.response.body) as { id: string }).id };
};

/**
 * A source that may be charged twice: single-use tokens would hide double charges behind the provider's own protection.
 */
export const reusableSource = async (
  providers: SimulatedProviders,
  provider: SimulatedProvider,
  kind: 'approved' | 'declined' = 'approved',
): Promise<PaymentSource> => {
  switch (provider as string) {
    case 'stripe':
      return kind === 'approved' ? 'pm_card_visa' : 'pm_card_chargeDeclined';
    case 'omise':
      return omiseCustomer(providers, kind);
    case 'pin':
      return {
        type: 'card',
        number: kind === 'approved' ? '4200000000000000' : '4100000000000001',
        expMonth: 12,
        expYear: 2030,
        cvc: '123',
        holderName: 'Sam Payer',
        address: { line1: '1 Main Street', city: 'Perth', postalCode: '6000', state: 'WA', country: 'AU' },
      };
    default:
      return providers.source(provider, kind);
  }
};

/** Currency and further params that a provider requires. */
export const paramsFor = (provider: SimulatedProvider): { currency: string } & Record<string, unknown> => {
  switch (provider as string) {
    case 'omise':
      return { currency: 'THB' };
    case 'pin':
      return { currency: 'AUD', email: 'payer@shop.test', description: 'Order', ip: '203.0.113.7' };
    case 'justifi':
      return { currency: 'USD', description: 'Order' };
    case 'magpie':
      return { currency: 'PHP', description: 'Order', statementDescriptor: 'SHOP' };
    case 'paymongo':
      return { currency: 'PHP' };
    default:
      return { currency: 'EUR' };
  }
};

/** The providers of every campaign that names none, in this order: what a seed does would change with another. */
export const usualProviders: readonly SimulatedProvider[] = ['justifi', 'magpie', 'omise', 'pin', 'stripe'];

/** Whether a provider keeps idempotency keys. */
export const hasKeys = (provider: SimulatedProvider): boolean =>
  ['stripe', 'justifi', 'paymongo'].includes(provider);

/** What charges of a provider are made in here; the second where its simulated account takes several. */
export const currenciesOf = (provider: SimulatedProvider): readonly [string, ...string[]] => {
  switch (provider as string) {
    case 'omise':
      return ['THB', 'USD'];
    case 'pin':
      return ['AUD', 'USD'];
    case 'justifi':
      return ['USD'];
    case 'magpie':
    case 'paymongo':
      return ['PHP'];
    default:
      return ['EUR', 'USD'];
  }
};

/** The text by which a source stands in a request, so that a copy of the request can name another. */
export const nameOf = (source: PaymentSource): string => {
  if (typeof source === 'string') return source;
  const named = source as { readonly customer?: string; readonly number?: string };
  return named.customer ?? named.number ?? '';
};
