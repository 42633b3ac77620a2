import { invalidParameter } from './errors.js';
import type { Params } from './params.js';

const address = {
  of: {
    city: 'text',
    country: 'text',
    line1: 'text',
    line2: 'text',
    postal_code: 'text',
    state: 'text',
  },
} as const;

/** `billing_details` of a payment method. */
export const billingShape = {
  of: { address, email: 'text', name: 'text', phone: 'text', tax_id: 'text' },
} as const;

/** `shipping` of a charge or an intent. */
export const shippingShape = {
  of: { address, name: 'text', carrier: 'text', phone: 'text', tracking_number: 'text' },
} as const;

const emptyAddress = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };

/** `shipping` as Stripe shows it. */
export const shippingOf = (shipping: Params<(typeof shippingShape)['of']> | undefined): unknown => {
  if (shipping === undefined) return null;
  if (shipping.name === undefined) {
    throw invalidParameter('shipping[name]', 'Missing required param: shipping[name].', 'parameter_missing');
  }
  if (shipping.address === undefined) {
    throw invalidParameter(
      'shipping[address]',
      'Missing required param: shipping[address].',
      'parameter_missing',
    );
  }
  return {
    carrier: null,
    phone: null,
    tracking_number: null,
    ...shipping,
    address: { ...emptyAddress, ...shipping.address },
  };
};

/** `billing_details` as Stripe keeps them; an address has all its members. */
export const billingOf = (
  billing: Params<(typeof billingShape)['of']> | undefined,
): Record<string, unknown> =>
  billing?.address === undefined
    ? { ...billing }
    : { ...billing, address: { ...emptyAddress, ...billing.address } };

/** Refuses a statement descriptor that no card statement holds. */
export const checkDescriptor = (param: string, text: string | undefined): void => {
  if (text !== undefined && text.length > 22) {
    throw invalidParameter(param, `The ${param} must be at most 22 characters.`);
  }
};

/** Refuses what is no absolute web address. */
export const checkUrl = (param: string, text: string | undefined): void => {
  if (text === undefined) return;
  if (!URL.canParse(text) || !/^[a-z][a-z0-9+.-]*:/i.test(text)) {
    throw invalidParameter(param, `Not a valid URL: ${param}.`, 'url_invalid');
  }
};
