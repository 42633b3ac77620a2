import type { Charge } from '../../../src/models/charge.js';
import type { FieldIssue } from '../../../src/models/error-details.js';
import type { CreateParams, SearchParams } from '../../../src/models/params.js';
import type { Failure, Refund } from '../../../src/models/refund.js';
import { stripeProvider } from '../../../src/providers/stripe/index.js';
import { issuesOf, outputOf, requestOf } from '../seam.js';
import { scriptedCall, type ScriptedCall, type StripeApi } from './scripted-call.js';
import { wireCharge, wireIntent, wireRefund, type Wire } from './wire-objects.js';

/** A charge or an intent as `retrieve` reads it. */
export const toCharge = async (wire: Wire, call: ScriptedCall): Promise<Charge> =>
  outputOf(stripeProvider, 'retrieve', { body: wire }, call, { id: wire.id });

/** A refund as `refund` reads it that made it. */
export const toRefund = (fields: Readonly<Record<string, unknown>>): { refund: Refund; drifts: string[] } => {
  const prepared = {
    owner: { object: 'payment_intent', id: 'pi_demoA1' },
    chargeId: 'pi_demoA1',
    amount: null,
  };
  const call = scriptedCall({}, { prepared });
  const input = { id: 'pi_demoA1', params: {} };
  const refund = outputOf(stripeProvider, 'refund', { body: wireRefund(fields) }, call, input) as Refund;
  return { refund, drifts: call.drifts.map(([path, kind]) => `${path} ${kind}`) };
};

/** What Stripe says about a decline: `outcome` stands on the charge, the rest on the last error of the intent. */
export interface DeclineWords extends Readonly<Record<string, unknown>> {
  readonly outcome?: object;
}

/** Why an intent failed, with what was reported. */
export const readDecline = async ({
  outcome,
  ...words
}: DeclineWords): Promise<Partial<Failure> & { readonly drifts: readonly string[] }> => {
  const call = scriptedCall();
  const wire = wireIntent({
    status: 'requires_payment_method',
    last_payment_error: words,
    latest_charge: outcome === undefined ? null : wireCharge({ status: 'failed', outcome }),
  });
  const { failure } = await toCharge(wire, call);
  return { ...failure, drifts: call.drifts.map(([path, kind]) => `${path} ${kind}`) };
};

const paid = (amount: number, currency: string): CreateParams => ({
  amount,
  currency,
  source: 'pm_card_visa',
});

/** What is wrong with an amount before it is sent. */
export const amountIssues = (amount: number, currency: string): readonly FieldIssue[] =>
  issuesOf(stripeProvider, 'create', { params: paid(amount, currency) }, scriptedCall());

/** An amount as it is sent. */
export const sentAmount = (amount: number, currency: string): number => {
  const call = scriptedCall({}, { prepared: { paymentMethod: 'pm_card_visa' } });
  const { form } = requestOf(stripeProvider, 'create', { params: paid(amount, currency) }, call);
  return form?.['amount'] as number;
};

/** An amount of an answer as a charge shows it. */
export const shownAmount = async (amount: number, currency: string): Promise<number | null> => {
  const wire = wireIntent({ status: 'processing', amount, currency: currency.toLowerCase() });
  return (await toCharge(wire, scriptedCall())).amount;
};

const searched = (params: SearchParams) => ({ params, cursor: null });

/** The text that a search asks Stripe with. */
export const searchQuery = (params: SearchParams, api: StripeApi): string =>
  requestOf(stripeProvider, 'search', searched(params), scriptedCall({}, { api })).query?.['query'] as string;

/** What is wrong with a search, before anything is sent. */
export const searchIssues = (params: SearchParams, api: StripeApi): readonly FieldIssue[] =>
  issuesOf(stripeProvider, 'search', searched(params), scriptedCall({}, { api }));
