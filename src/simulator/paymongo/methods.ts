import type { PayerDecision } from '../payer.js';
import { currencyIn, mapIn, requiredAmount, requiredText, wordIn, type Attributes } from './attributes.js';
import { brandOf, failureOf, threeDSecureOf } from './cards.js';
import { notFound, wrong } from './errors.js';
import type { PaymongoMethod, PaymongoSource, PaymongoState } from './state.js';

/** What an intent may be paid with. */
export const methodTypes = ['card', 'gcash', 'grab_pay', 'paymaya', 'billease', 'dob', 'qrph'] as const;

/** Keeps a payment method. A card is kept without its number. */
export const addMethod = (state: PaymongoState, type: string, number: string | null): PaymongoMethod => {
  const method: PaymongoMethod = {
    id: state.context.ids.next('pm_', 24),
    type,
    card: number === null ? null : { last4: number.slice(-4), brand: brandOf(number), country: 'PH' },
    failure: number === null ? null : failureOf(number),
    challenge: number === null ? 'required' : threeDSecureOf(number),
    createdAt: state.context.now(),
  };
  state.methods.set(method.id, method);
  return method;
};

/** `POST /v1/payment_methods`. */
export const createMethod = (state: PaymongoState, attributes: Attributes): PaymongoMethod => {
  const type = requiredText(attributes, 'type');
  if (!methodTypes.some((each) => each === type))
    throw wrong('parameter_invalid', 'type', 'is not supported.');
  if (type !== 'card') return addMethod(state, type, null);
  const details = mapIn(attributes, 'details');
  if (details === null) throw wrong('parameter_required', 'details', 'is required.');
  const number = requiredText(details, 'card_number');
  if (!/^\d{12,19}$/.test(number))
    throw wrong('parameter_format_invalid', 'details.card_number', 'format is invalid.');
  for (const name of ['exp_month', 'exp_year'])
    if (!Number.isInteger(details[name]))
      throw wrong('parameter_required', `details.${name}`, 'is required.');
  requiredText(details, 'cvc');
  return addMethod(state, type, number);
};

/** A payment method by its id. */
export const findMethod = (state: PaymongoState, id: string): PaymongoMethod => {
  const method = state.methods.get(id);
  if (method === undefined) throw notFound('payment method', id);
  return method;
};

/** `POST /v1/sources`: the payer approves it on the page of the wallet. */
export const createSource = (state: PaymongoState, attributes: Attributes): PaymongoSource => {
  const redirect = mapIn(attributes, 'redirect');
  if (redirect === null) throw wrong('parameter_required', 'redirect', 'is required.');
  currencyIn(attributes);
  requiredText(attributes, 'type');
  const source: PaymongoSource = {
    id: state.context.ids.next('src_', 24),
    type: wordIn(attributes, 'type', ['gcash', 'grab_pay']),
    amount: requiredAmount(attributes, state.switches.smallestAmount),
    success: requiredText(redirect, 'success'),
    failed: requiredText(redirect, 'failed'),
    createdAt: state.context.now(),
    checkoutUrl: '',
    status: 'pending',
  };
  source.checkoutUrl = state.context.payer.open({
    origin: state.context.origin(),
    merchant: 'Simulated merchant',
    amount: `PHP ${(source.amount / 100).toFixed(2)}`,
    cardEnding: null,
    decide: (decision: PayerDecision) => {
      if (source.status === 'pending') source.status = decision === 'approve' ? 'chargeable' : 'cancelled';
      return source.status === 'cancelled' ? source.failed : source.success;
    },
  });
  state.sources.set(source.id, source);
  return source;
};

/** A source by its id. */
export const findSource = (state: PaymongoState, id: string): PaymongoSource => {
  const source = state.sources.get(id);
  if (source === undefined) throw notFound('source', id);
  return source;
};
