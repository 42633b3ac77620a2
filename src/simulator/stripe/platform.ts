import { textOrNull } from './call.js';
import { invalidParameter } from './errors.js';
import type { Params, Shape } from './params.js';

/** Who else has a part in a payment, what the browser told of the payer, and the payer's consent. */
export interface PlatformDetails {
  applicationFeeAmount: number | null;
  onBehalfOf: string | null;
  transferData: { destination: string; amount?: number; description?: string } | null;
  radarSession: string | null;
  /** `mandate_…` */
  mandate: string | null;
}

/** Parameters of Connect and Radar that charges and intents share. */
export const platformShape = {
  application_fee_amount: 'integer',
  on_behalf_of: 'text',
  transfer_data: { of: { destination: 'text', amount: 'integer', description: 'text' } },
  radar_options: { of: { session: 'text' } },
} as const satisfies Shape;

/** A share that is changed later: its destination stays. */
export const laterShareShape = {
  application_fee_amount: 'integer',
  transfer_data: { of: { amount: 'integer', description: 'text' } },
} as const satisfies Shape;

/** The payer's consent to a debit. */
export const mandateShape = {
  mandate: 'text',
  mandate_data: {
    of: {
      customer_acceptance: {
        of: {
          type: ['online', 'offline'],
          accepted_at: 'integer',
          online: { of: { ip_address: 'text', user_agent: 'text' } },
          offline: { of: {} },
        },
      },
    },
  },
} as const satisfies Shape;

/** Reads what a create tells of the platform. */
export const platformOf = (params: Params<typeof platformShape>): PlatformDetails => {
  const { transfer_data: transfer } = params;
  if (transfer !== undefined && transfer.destination === undefined) {
    throw invalidParameter(
      'transfer_data[destination]',
      'Missing required param: transfer_data[destination].',
      'parameter_missing',
    );
  }
  return {
    applicationFeeAmount: params.application_fee_amount ?? null,
    onBehalfOf: textOrNull(params.on_behalf_of),
    transferData: transfer === undefined ? null : { ...transfer, destination: transfer.destination ?? '' },
    radarSession: textOrNull(params.radar_options?.session),
    mandate: null,
  };
};

/** Updates the platform's fee and transfer amounts of a payment, at an update or a capture. */
export const updatePlatformAmounts = (
  known: PlatformDetails,
  params: Params<typeof laterShareShape>,
): void => {
  known.applicationFeeAmount = params.application_fee_amount ?? known.applicationFeeAmount;
  if (params.transfer_data === undefined) return;
  if (known.transferData === null) {
    throw invalidParameter('transfer_data', 'There is no transfer_data on this payment to change.');
  }
  known.transferData = { ...known.transferData, ...params.transfer_data };
};

/** The mandate that a confirmation names, or one for the consent that it tells; undefined where it does neither. */
export const mandateOf = (
  params: Params<typeof mandateShape>,
  nextId: (prefix: string) => string,
): string | undefined => {
  const { mandate, mandate_data: data } = params;
  if (mandate !== undefined && mandate !== '') return mandate;
  if (data === undefined) return undefined;
  const acceptance = data.customer_acceptance;
  if (acceptance?.type === undefined) {
    throw invalidParameter(
      'mandate_data[customer_acceptance]',
      'Missing required param: mandate_data[customer_acceptance][type].',
      'parameter_missing',
    );
  }
  if (acceptance.type === 'online' && acceptance.online?.ip_address === undefined) {
    throw invalidParameter(
      'mandate_data[customer_acceptance][online]',
      'Missing required param: mandate_data[customer_acceptance][online][ip_address].',
      'parameter_missing',
    );
  }
  return nextId('mandate_');
};

/** What intents and charges show under the same names. */
export const renderPlatform = (details: PlatformDetails): object => ({
  application_fee_amount: details.applicationFeeAmount,
  on_behalf_of: details.onBehalfOf,
  transfer_data: details.transferData,
});
