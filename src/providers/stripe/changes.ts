import type { Endpoint } from '../../adapter/endpoint.js';
import type { AdapterRow } from '../../adapter/rows.js';
import { ConflictError, InvalidRequestError } from '../../errors.js';
import type { Charge, ChargeStatus } from '../../models/charge.js';
import type { Call } from '../../provider.js';
import { chargeStatus } from './charge.js';
import { fromWireCurrency, toWireAmount } from './currency.js';
import type { StripeTypes } from './options.js';
import {
  chargesOnlyIssues,
  textAndShippingIssues,
  metadataIssues,
  metadataLimits,
  shippingFields,
} from './params.js';
import {
  apiOf,
  checkRefundOf,
  findOwner,
  isIntentId,
  ownerOf,
  readCharge,
  readWire,
  toCharge,
  type Owner,
} from './payment.js';
import { idOf, voidAnswerSchema, type WireIntent, type WireRefundWithCharge } from './wire.js';

/*
 * The writes whose object has to be found first: an id may be an intent's or that of one of its charges. What was found is
 * recorded, so that a repeat asks for the same.
 */

/** Where an owner is changed. */
const addressOf = ({ object }: Owner, action = ''): Endpoint => `POST /v1/${object}s/{id}${action}`;

/** An intent shows its money in its charge only. */
const expandOf = ({ object }: Owner) => (object === 'payment_intent' ? ['latest_charge'] : undefined);

const refuse = (path: string, problem: string): never => {
  const issues = [{ path, message: problem }];
  throw new InvalidRequestError({ message: `${path} ${problem}`, outcome: 'not_sent', issues });
};

/** An amount of a later write, in the currency of the charge that was read. Nothing was sent yet. */
export const wireAmount = (path: string, amount: number | undefined, currency: string): number | null => {
  if (amount === undefined) return null;
  const wire = toWireAmount(amount, currency);
  return 'amount' in wire ? wire.amount : refuse(path, wire.problem.message);
};

/**
 * The object that an update changes: the one that is shown. Charges and intents have metadata and a description each, so in
 * charges mode that is the charge, also where an intent made it.
 */
const findShown = async (id: string, call: Call): Promise<Owner> => {
  if (apiOf(call) === 'payment_intents') return findOwner(id, call);
  if (!isIntentId(id)) return { object: 'charge', id };
  const wire = await readWire(id, call);
  const charge = wire.object === 'charge' ? wire.id : idOf(wire.latest_charge);
  return charge === null ? { object: 'payment_intent', id } : { object: 'charge', id: charge };
};

export const update: AdapterRow<StripeTypes, 'update', Owner> = {
  to: (_, call) => addressOf(call.prepared),
  ids: (_, { prepared: { id } }) => ({ id }),
  fields: ['description', 'customer', 'shipping', 'metadata'],
  // Null becomes an empty value, which removes the key, and our stamp stays.
  metadata: 'merged',
  metadataLimits,
  refuses: { email: 'would make Stripe send a receipt: say so with providerOptions.receiptEmail' },
  check: ({ params: { description, shipping, metadata }, options }, call) => [
    ...chargesOnlyIssues(options, ['fraudDetails'], call),
    ...textAndShippingIssues({ description, shipping }),
    ...metadataIssues(metadata),
  ],
  prepare: async ({ id, options }, call) => {
    const owner = await findShown(id, call);
    if (owner.object === 'payment_intent' && options.fraudDetails !== undefined)
      refuse('providerOptions.fraudDetails', 'is about a charge, and the intent has none yet');
    return owner;
  },
  form: ({ params, options }, { prepared: owner }) => ({
    description: params.description,
    customer: params.customer,
    shipping: shippingFields(params.shipping),
    metadata: params.metadata,
    receipt_email: options.receiptEmail,
    transfer_group: options.transferGroup,
    // An empty report takes back what was reported.
    fraud_details: options.fraudDetails && { user_report: options.fraudDetails.userReport ?? '' },
    expand: expandOf(owner),
  }),
  output: ({ wire }, call) => {
    call.checkSame(call.prepared.id, wire.id);
    return toCharge(wire, call);
  },
};

/** What is recorded before a capture: amounts in Stripe's units, because only the charge tells its currency. */
export interface PreparedCapture {
  readonly owner: Owner;
  readonly amount: number | null;
  readonly applicationFeeAmount: number | null;
  readonly transferAmount: number | null;
  /** In ISO 4217 minor units: an intent may be captured in several parts. Null where it was not read. */
  readonly capturedBefore: number | null;
}

const noAmounts = { amount: null, applicationFeeAmount: null, transferAmount: null, capturedBefore: null };

export const capture: AdapterRow<StripeTypes, 'capture', PreparedCapture> = {
  to: (_, call) => addressOf(call.prepared.owner, '/capture'),
  ids: (_, { prepared: { owner } }) => ({ id: owner.id }),
  partial: true,
  check: ({ params: { statementDescriptor } }) => textAndShippingIssues({ statementDescriptor }),
  prepare: async ({ id, params: { amount }, options: { applicationFeeAmount, transferData } }, call) => {
    const amounts = [amount, applicationFeeAmount, transferData];
    if (amounts.every((value) => value === undefined))
      return { owner: await findOwner(id, call), ...noAmounts };
    const wire = await readWire(id, call);
    const currency = fromWireCurrency(wire.currency);
    const inOptions = (name: string, value: number | undefined) =>
      wireAmount(`providerOptions.${name}`, value, currency);
    return {
      owner: ownerOf(wire),
      amount: wireAmount('amount', amount, currency),
      applicationFeeAmount: inOptions('applicationFeeAmount', applicationFeeAmount),
      transferAmount: inOptions('transferData.amount', transferData?.amount),
      // Nothing can have been refunded of what is not captured in full.
      capturedBefore:
        amount === undefined ? null : (await toCharge(wire, call, { refunds: [] })).amountCaptured,
    };
  },
  capturedBefore: (recorded) => recorded.capturedBefore,
  form: ({ params }, { prepared: { owner, amount, applicationFeeAmount, transferAmount } }) => ({
    [owner.object === 'payment_intent' ? 'amount_to_capture' : 'amount']: amount ?? undefined,
    statement_descriptor_suffix: params.statementDescriptor,
    application_fee_amount: applicationFeeAmount ?? undefined,
    transfer_data: transferAmount === null ? undefined : { amount: transferAmount },
    expand: expandOf(owner),
  }),
  // Nothing can have been refunded yet: what the answer counts as refunded is the released remainder.
  output: ({ wire }, call) => {
    call.checkSame(call.prepared.owner.id, wire.id);
    return toCharge(wire, call, { refunds: [] });
  },
};

/** The charge after its release. If somebody captured in between, the refund was a real one, and the charge shows it. */
const afterRelease = async (refund: WireRefundWithCharge, id: string, call: Call): Promise<Charge> => {
  checkRefundOf(refund, { object: 'charge', id }, call);
  const { charge } = refund;
  const wire = charge && typeof charge === 'object' ? charge : await readCharge(id, call);
  return toCharge(wire, call, { hasLapsed: false });
};

const nothingToRelease = (status: ChargeStatus, chargeId: string): ConflictError => {
  const found = status === 'captured' ? 'captured: refund it instead' : status;
  const message = `only an authorization can be voided; this charge is ${found}`;
  return new ConflictError({ message, outcome: 'rejected', chargeId });
};

/**
 * A charge without an intent has no cancel call: a refund of it releases the authorization. Of captured money the same call
 * would be a real refund, so the charge is read first, and what is neither an authorization nor voided is refused unsent. It is
 * read before a repeat as well: somebody may have captured it since.
 */
export const release: AdapterRow<StripeTypes, 'void', Owner, WireIntent | WireRefundWithCharge> = {
  to: (_, { prepared: owner }) =>
    owner.object === 'payment_intent' ? addressOf(owner, '/cancel') : 'POST /v1/refunds',
  ids: (_, { prepared: { id } }) => ({ id }),
  captured: false,
  schema: voidAnswerSchema,
  prepare: async ({ id }, call) => {
    if (isIntentId(id)) return { object: 'payment_intent', id };
    const wire = await readWire(id, call);
    const owner = ownerOf(wire);
    const status = wire.object === 'charge' && owner.object === 'charge' ? chargeStatus(wire, false) : null;
    // Nothing is left that a refund of a voided charge could move. Where the key voided it, Stripe repeats its answer.
    if (status === null || status === 'authorized' || status === 'voided') return owner;
    throw nothingToRelease(status, id);
  },
  beforeRepeat: async (_, call) => {
    const { object, id } = call.prepared;
    if (object === 'payment_intent') return;
    const status = chargeStatus(await readCharge(id, call), false);
    if (status === 'captured') throw nothingToRelease(status, id);
  },
  form: (_, { prepared: owner }) =>
    owner.object === 'payment_intent'
      ? { expand: expandOf(owner) }
      : { charge: owner.id, expand: ['charge'] },
  output: ({ wire }, call) => {
    const { id } = call.prepared;
    if (wire.object === 'refund') return afterRelease(wire, id, call);
    call.checkSame(id, wire.id);
    return toCharge(wire, call);
  },
};
