import { ConflictError, InvalidRequestError } from '../../errors.js';
import type { Charge } from '../../models/charge.js';
import type { Call, RequestRow, WireValue } from '../../provider.js';
import { chargeStatus } from './charge.js';
import { fromWireCurrency, toWireAmount } from './currency.js';
import {
  captureOptions,
  stripeCaptureParamsSchema,
  stripeUpdateParamsSchema,
  updateOptions,
  type StripeUpdateOptions,
} from './options.js';
import { descriptorIssues, shippingFields, updateIssues } from './params.js';
import {
  apiOf,
  checkRefundOf,
  findOwner,
  findShown,
  ownerOf,
  readCharge,
  readWire,
  toCharge,
  type Owner,
} from './payment.js';
import {
  paymentSchema,
  voidAnswerSchema,
  type WirePayment,
  type WireRefundWithCharge,
  type WireIntent,
} from './wire.js';

const expand = ['latest_charge'];
const isIntent = ({ object }: Owner): boolean => object === 'payment_intent';

/** An amount of a later write, in the currency of the charge that was read. Nothing was sent yet. */
export const readAmount = (path: string, amount: number | undefined, currency: string): number | null => {
  if (amount === undefined) return null;
  const wire = toWireAmount(amount, currency);
  if ('amount' in wire) return wire.amount;
  const issues = [{ path, message: wire.problem.message }];
  throw new InvalidRequestError({ message: `${path} ${wire.problem.message}`, outcome: 'not_sent', issues });
};

const prepared = <Recorded>(call: Call): Recorded => call.prepared as Recorded;

/** An empty report takes back what was reported. */
const fraudFields = ({ fraudDetails }: StripeUpdateOptions): Record<string, WireValue> =>
  fraudDetails === undefined ? {} : { fraud_details: { user_report: fraudDetails.userReport ?? '' } };

export const update = {
  params: stripeUpdateParamsSchema,
  capability: { fields: ['description', 'customer', 'shipping', 'metadata'] },
  check: ({ params }, call) => updateIssues(params, apiOf(call)),
  prepare: async ({ id, params }, call): Promise<Owner> => {
    const owner = await findShown(id, call);
    if (isIntent(owner) && updateOptions(params).fraudDetails !== undefined) {
      const path = 'providerOptions.fraudDetails';
      const issues = [{ path, message: 'is about a charge, and the intent has none yet' }];
      throw new InvalidRequestError({
        message: `${path} ${issues[0]?.message}`,
        outcome: 'not_sent',
        issues,
      });
    }
    return owner;
  },
  request: ({ params }, call) => {
    const owner = prepared<Owner>(call);
    const options = updateOptions(params);
    const fields: Record<string, WireValue> = {
      description: params.description,
      customer: params.customer,
      shipping: shippingFields(params.shipping),
      // Stripe merges: null becomes an empty value, which removes the key, and our stamp stays.
      metadata: params.metadata,
      receipt_email: options.receiptEmail,
      transfer_group: options.transferGroup,
    };
    return isIntent(owner)
      ? {
          method: 'POST',
          route: '/v1/payment_intents/{id}',
          ids: { id: owner.id },
          form: { ...fields, expand },
        }
      : {
          method: 'POST',
          route: '/v1/charges/{id}',
          ids: { id: owner.id },
          form: { ...fields, ...fraudFields(options) },
        };
  },
  response: paymentSchema,
  output: ({ wire }, call) => {
    call.checkSame(prepared<Owner>(call).id, wire.id);
    return toCharge(wire, call);
  },
} satisfies RequestRow<'update', WirePayment>;

/** What is recorded before a capture: amounts in Stripe's units, because only the charge tells its currency. */
export interface PreparedCapture {
  readonly owner: Owner;
  readonly amount: number | null;
  readonly applicationFeeAmount: number | null;
  readonly transferAmount: number | null;
  /** In ISO 4217 minor units: an intent may be captured in several parts. Null where it was not read. */
  readonly capturedBefore: number | null;
}

/** What a part of an intent took already. Nothing can have been refunded of what is not captured in full. */
const capturedOf = async (wire: WirePayment, call: Call): Promise<number | null> => {
  const { amountCaptured } = await toCharge(wire, call, { refunds: [] });
  return amountCaptured;
};

export const capture = {
  params: stripeCaptureParamsSchema,
  capability: { partial: true },
  check: ({ params }) => descriptorIssues(params.statementDescriptor),
  prepare: async ({ id, params }, call): Promise<PreparedCapture> => {
    const { applicationFeeAmount, transferData } = captureOptions(params);
    const hasAmounts = [params.amount, applicationFeeAmount, transferData].some(
      (value) => value !== undefined,
    );
    if (!hasAmounts) {
      return {
        owner: await findOwner(id, call),
        amount: null,
        applicationFeeAmount: null,
        transferAmount: null,
        capturedBefore: null,
      };
    }
    const wire = await readWire(id, call);
    const currency = fromWireCurrency(wire.currency);
    return {
      owner: ownerOf(wire),
      amount: readAmount('amount', params.amount, currency),
      applicationFeeAmount: readAmount(
        'providerOptions.applicationFeeAmount',
        applicationFeeAmount,
        currency,
      ),
      transferAmount: readAmount('providerOptions.transferData.amount', transferData?.amount, currency),
      capturedBefore: params.amount === undefined ? null : await capturedOf(wire, call),
    };
  },
  capturedBefore: (recorded) => (recorded as PreparedCapture).capturedBefore,
  request: ({ params }, call) => {
    const { owner, amount, applicationFeeAmount, transferAmount } = prepared<PreparedCapture>(call);
    const fields: Record<string, WireValue> = {
      statement_descriptor_suffix: params.statementDescriptor,
      application_fee_amount: applicationFeeAmount ?? undefined,
      transfer_data: transferAmount === null ? undefined : { amount: transferAmount },
    };
    const taken = amount ?? undefined;
    const ids = { id: owner.id };
    return isIntent(owner)
      ? {
          method: 'POST',
          route: '/v1/payment_intents/{id}/capture',
          ids,
          form: { amount_to_capture: taken, ...fields, expand },
        }
      : { method: 'POST', route: '/v1/charges/{id}/capture', ids, form: { amount: taken, ...fields } };
  },
  response: paymentSchema,
  // Nothing can have been refunded yet: what the answer counts as refunded is the released remainder.
  output: ({ wire }, call) => {
    call.checkSame(prepared<PreparedCapture>(call).owner.id, wire.id);
    return toCharge(wire, call, { refunds: [] });
  },
} satisfies RequestRow<'capture', WirePayment>;

/**
 * A charge without an intent has no cancel call: a refund of it releases the authorization. Of captured money the same call
 * would be a real refund, so the charge is read first, and anything but an authorization is refused unsent.
 */
const prepareVoid = async (id: string, call: Call): Promise<Owner> => {
  if (id.startsWith('pi_')) return { object: 'payment_intent', id };
  const wire = await readWire(id, call);
  const owner = ownerOf(wire);
  if (!isIntent(owner) && wire.object === 'charge') {
    const status = chargeStatus(wire, false);
    if (status !== 'authorized') {
      const message = `only an authorization can be voided; this charge is ${status === 'captured' ? 'captured: refund it' : status}`;
      throw new ConflictError({ message, outcome: 'rejected', chargeId: id });
    }
  }
  return owner;
};

/** The charge after its release. If somebody captured in between, the refund was a real one, and the charge shows it. */
const afterRelease = async (refund: WireRefundWithCharge, id: string, call: Call): Promise<Charge> => {
  const released = { hasLapsed: false };
  checkRefundOf(refund, { object: 'charge', id }, call);
  if (refund.charge && typeof refund.charge === 'object') return toCharge(refund.charge, call, released);
  return toCharge(await readCharge(id, call), call, released);
};

export const voidRow = {
  capability: { captured: false },
  prepare: ({ id }, call): Promise<Owner> => prepareVoid(id, call),
  request: (_, call) => {
    const owner = prepared<Owner>(call);
    return isIntent(owner)
      ? { method: 'POST', route: '/v1/payment_intents/{id}/cancel', ids: { id: owner.id }, form: { expand } }
      : { method: 'POST', route: '/v1/refunds', form: { charge: owner.id, expand: ['charge'] } };
  },
  response: voidAnswerSchema,
  output: ({ wire }, call) => {
    const { id } = prepared<Owner>(call);
    if (wire.object === 'refund') return afterRelease(wire, id, call);
    call.checkSame(id, wire.id);
    return toCharge(wire, call);
  },
} satisfies RequestRow<'void', WireIntent | WireRefundWithCharge>;
