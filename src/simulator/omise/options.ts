import { OmiseRefusal } from './errors.js';
import { type Parameters, readList, readText } from './parameters.js';
import type { OmiseState } from './state.js';

/** What a merchant may say of a charge besides its money; null where it was not said. */
export interface OmiseOptions {
  readonly authentication: string | null;
  readonly webhookEndpoints: readonly string[] | null;
  readonly recurringReason: string | null;
  readonly transactionIndicator: string | null;
  readonly firstCharge: string | null;
  readonly linkedAccount: string | null;
}

const recurringReasons = [
  'unscheduled',
  'standing_order',
  'subscription',
  'installment',
  'partial_shipment',
  'delayed_charge',
  'no_show',
  'resubmission',
];

const readWord = (parameters: Parameters, name: string, words: readonly string[]): string | null => {
  const word = readText(parameters, name);
  if (word === null || words.includes(word)) return word;
  throw new OmiseRefusal('bad_request', `${name} must be one of ${words.join(', ')}`);
};

const isHttps = (value: unknown): value is string =>
  typeof value === 'string' && /^https:/i.test(value) && URL.canParse(value);

const readEndpoints = (parameters: Parameters): readonly string[] | null => {
  const endpoints = readList(parameters, 'webhook_endpoints');
  if (endpoints.length > 2) throw new OmiseRefusal('bad_request', 'webhook_endpoints must be at most 2');
  if (!endpoints.every(isHttps))
    throw new OmiseRefusal('bad_request', 'webhook_endpoints must be https addresses');
  return endpoints.length === 0 ? null : endpoints;
};

/** Reads the options of a charge; a first charge has to exist. */
export const readOptions = (state: OmiseState, parameters: Parameters): OmiseOptions => {
  const firstCharge = readText(parameters, 'first_charge');
  if (firstCharge !== null && !state.charges.has(firstCharge))
    throw new OmiseRefusal('not_found', `charge ${firstCharge} was not found`);
  return {
    authentication: readWord(parameters, 'authentication', ['PASSKEY', '3DS']),
    webhookEndpoints: readEndpoints(parameters),
    recurringReason: readWord(parameters, 'recurring_reason', recurringReasons),
    transactionIndicator: readWord(parameters, 'transaction_indicator', ['MIT', 'CIT']),
    firstCharge,
    linkedAccount: readText(parameters, 'linked_account'),
  };
};

/**
 * The options as a charge shows them. Recorded charges have `linked_account` alone, and none of them was made with the others:
 * where one was given it is shown under the name that it was given under.
 */
export const renderOptions = (options: OmiseOptions): Record<string, unknown> => ({
  linked_account: options.linkedAccount,
  ...(options.webhookEndpoints === null ? {} : { webhook_endpoints: options.webhookEndpoints }),
  ...(options.recurringReason === null ? {} : { recurring_reason: options.recurringReason }),
  ...(options.transactionIndicator === null ? {} : { transaction_indicator: options.transactionIndicator }),
  ...(options.firstCharge === null ? {} : { first_charge: options.firstCharge }),
});
