import { failureTexts } from './cards.js';
import { awaitsPassword, type MagpieCharge, magpieOtp, type MagpieRefund, refundedAmount } from './charge.js';
import { type MagpieSource, renderSource } from './sources.js';
import { type MagpieState, timestamp } from './state.js';
import type { MagpieSwitches } from './switches.js';

type Json = Record<string, unknown>;

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const statusOf = (charge: MagpieCharge, switches: MagpieSwitches): string => {
  switch (charge.state) {
    case 'authorized':
      return switches.authorizedStatus;
    case 'captured':
      return refundedAmount(charge) === charge.amountCaptured ? switches.fullyRefundedStatus : 'succeeded';
    case 'voided':
      return switches.voidedStatus;
    case 'lapsed':
      return switches.lapsedStatus;
    default:
      return charge.state;
  }
};

const flagsOf = (
  charge: MagpieCharge,
  switches: MagpieSwitches,
): { authorized: boolean; captured: boolean } => {
  const keptByVoid = charge.state === 'voided' && switches.flagsAfterVoid === 'kept';
  const taken = charge.state === 'captured' || (keptByVoid && charge.capturedAt !== null);
  const held = charge.state === 'authorized' || (keptByVoid && charge.capturedAt === null);
  return {
    authorized: held || (taken && switches.authorizedFlag === 'also_when_captured'),
    captured: taken,
  };
};

const amountOf = (charge: MagpieCharge, switches: MagpieSwitches): number =>
  charge.capturedAt !== null && switches.amountAfterPartialCapture === 'captured'
    ? charge.amountCaptured
    : charge.amount;

const currencyOf = (charge: MagpieCharge, switches: MagpieSwitches): string => {
  if (switches.currencyCase === 'as_sent') return charge.currency;
  return switches.currencyCase === 'lower' ? charge.currency.toLowerCase() : charge.currency.toUpperCase();
};

const failureDataOf = (charge: MagpieCharge): Json | null => {
  if (charge.failureCode === null) return null;
  const [reason, nextSteps] = failureTexts[charge.failureCode] ?? ['', ''];
  return {
    code: charge.failureCode,
    reason,
    next_steps: nextSteps,
    provider_response: { links: [], code: charge.failureCode, message: reason, logref: charge.id },
  };
};

const actionOf = (charge: MagpieCharge, switches: MagpieSwitches): Json | null => {
  if (charge.actionUrl !== null) return { type: 'redirect_to_url', url: charge.actionUrl };
  if (!awaitsPassword(charge) || switches.passwordAction === 'null') return null;
  return switches.passwordAction === 'confirmation_id'
    ? { type: 'otp', confirmation_id: magpieOtp.confirmationId }
    : { type: 'bank_instructions', instructions: 'Confirm the payment in the app of your bank.' };
};

const renderRefund = (refund: MagpieRefund, currency: string): Json => ({
  object: 'refund',
  id: refund.id,
  amount: refund.amount,
  currency,
  reason: refund.reason,
  status: refund.status,
  created_at: timestamp(refund.createdAt),
  updated_at: timestamp(refund.updatedAt),
});

const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJson(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null)
      .map(([name, field]) => [name, withoutNulls(field)]),
  );
};

const without = (value: unknown, path: readonly string[]): unknown => {
  if (Array.isArray(value)) return value.map((each) => without(each, path));
  if (!isJson(value)) return value;
  const [name = '', ...rest] = path;
  const { [name]: field, ...others } = value;
  if (rest.length === 0 || field === undefined) return others;
  return { ...others, [name]: without(field, rest) };
};

/** Leaves out what the switches leave out. */
const trim = (value: Json, switches: MagpieSwitches, prefix = ''): unknown => {
  const omitted = switches.omittedFields
    .filter((path) => path.startsWith(prefix))
    .reduce<unknown>((trimmed, path) => without(trimmed, path.slice(prefix.length).split('.')), value);
  return switches.optionalFields === 'omitted' ? withoutNulls(omitted) : omitted;
};

/** A charge as the wire shows it. */
export const renderCharge = (state: MagpieState, charge: MagpieCharge): unknown => {
  const { switches } = state;
  const currency = currencyOf(charge, switches);
  const { owner } = charge.source;
  return trim(
    {
      object: 'charge',
      id: charge.id,
      amount: amountOf(charge, switches),
      amount_refunded: refundedAmount(charge),
      ...flagsOf(charge, switches),
      currency,
      statement_descriptor: charge.statementDescriptor,
      description: charge.description,
      source: renderSource(charge.source),
      require_auth: charge.requireAuth,
      owner:
        owner === null
          ? null
          : { name: owner['name'] ?? null, address_country: owner['address_country'] ?? null },
      action: actionOf(charge, switches),
      refunds: charge.refunds.map((refund) => renderRefund(refund, currency)),
      status: statusOf(charge, switches),
      livemode: false,
      created_at: timestamp(charge.createdAt),
      updated_at: timestamp(charge.updatedAt),
      metadata: switches.metadataReturned ? charge.metadata : {},
      failure_data: failureDataOf(charge),
    },
    switches,
  );
};

/** A source as its own endpoints show it. */
export const renderOwnSource = (state: MagpieState, source: MagpieSource): unknown =>
  trim(renderSource(source), state.switches, 'source.');
