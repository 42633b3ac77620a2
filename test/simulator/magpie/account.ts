import * as z from 'zod';
import { magpiePublicKey, magpieSecretKey } from '../../../src/simulator/magpie/face.js';
import type { MagpieSwitches } from '../../../src/simulator/magpie/switches.js';
import { openStillAccount, type Answer, type StillAccount } from '../still-account.js';

export { basic, type Answer } from '../still-account.js';

/** An account in memory. */
export interface MagpieAccount extends StillAccount {
  /** A source of a card number or of another type, made over the wire. */
  source(parameters?: Record<string, unknown>): Promise<Answer>;
  /** A charge over PHP 125.50 with an approved card, changed by `parameters`. */
  charge(parameters?: Record<string, unknown>): Promise<Answer>;
  /** Does something to a charge. */
  act(charge: Answer, action: string, body?: unknown): Promise<Answer>;
  /** Reads a charge again. */
  again(charge: Answer): Promise<Answer>;
}

/** Where the payers of the sources below come back to. */
export const redirect = { success: 'https://shop.test/ok?order=77', fail: 'https://shop.test/no' };

/** The body of a source with a card. */
export const cardSource = (number = '4242424242424242'): Record<string, unknown> => ({
  type: 'card',
  card: { name: 'Juan D. Cruz', number, exp_month: '12', exp_year: '2030', cvc: '123' },
  redirect,
});

/** The body of a charge, without its source. */
export const order = {
  amount: 12_550,
  currency: 'php',
  description: 'Order 77: café & bar',
  statement_descriptor: 'TINDAHAN',
  capture: true,
  metadata: { order: '77' },
};

/** Opens an account of its own. */
export const openAccount = (switches: Partial<MagpieSwitches> = {}): MagpieAccount => {
  const { simulator, call } = openStillAccount('magpie', switches, (path) =>
    path.startsWith('/v2/sources') ? magpiePublicKey : magpieSecretKey,
  );
  return {
    simulator,
    call,
    source: (parameters = cardSource()) => call('POST', '/v2/sources/', parameters),
    charge: async (parameters = {}) =>
      call('POST', '/v2/charges/', {
        ...order,
        source: simulator.source('magpie', 'approved'),
        ...parameters,
      }),
    act: (charge, action, body) => call('POST', `/v2/charges/${charge.body.id as string}/${action}`, body),
    again: (charge) => call('GET', `/v2/charges/${charge.body.id as string}`),
  };
};

const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+08:00$/);
const whole = z.int().nonnegative();
const text = z.string();

const documentedCard = z.strictObject({
  object: z.literal('card'),
  id: text.startsWith('card_'),
  name: text,
  last4: text.length(4),
  exp_month: text,
  exp_year: text,
  brand: text,
  country: text,
  cvc_checked: text,
  funding: text,
  issuing_bank: text,
  address_line1: text.nullable(),
  address_line2: text.nullable(),
  address_city: text.nullable(),
  address_state: text.nullable(),
  address_country: text.nullable(),
  address_zip: text.nullable(),
});

/** A source as it is documented, every field named and none beside them. */
export const documentedSource = z.strictObject({
  object: z.literal('source'),
  id: text.startsWith('src_'),
  type: text,
  card: documentedCard.nullable(),
  bank_account: z
    .strictObject({
      reference_id: text,
      bank_type: text,
      bank_code: text,
      account_name: text,
      account_number: text,
      account_type: text,
      expires_at: time,
      metadata: z.null(),
    })
    .nullable(),
  redirect: z.strictObject({ success: z.url(), fail: z.url(), notify: z.url().nullable() }).nullable(),
  owner: z.record(text, z.unknown()).nullable(),
  vaulted: z.boolean(),
  used: z.boolean(),
  livemode: z.literal(false),
  created_at: time,
  updated_at: time,
  metadata: z.record(text, z.unknown()),
});

/** A charge as it is documented, every field named and none beside them. */
export const documentedCharge = z.strictObject({
  object: z.literal('charge'),
  id: text.startsWith('ch_'),
  amount: whole,
  amount_refunded: whole,
  authorized: z.boolean(),
  captured: z.boolean(),
  currency: text.length(3),
  statement_descriptor: text,
  description: text,
  source: documentedSource,
  require_auth: z.boolean(),
  owner: z.strictObject({ name: text.nullable(), address_country: text.nullable() }).nullable(),
  action: z.strictObject({ type: z.literal('redirect_to_url'), url: z.url() }).nullable(),
  refunds: z.array(
    z.strictObject({
      object: z.literal('refund'),
      id: text.startsWith('re_'),
      amount: whole,
      currency: text.length(3),
      reason: text,
      status: z.enum(['pending', 'succeeded', 'failed']),
      created_at: time,
      updated_at: time,
    }),
  ),
  status: text,
  livemode: z.literal(false),
  created_at: time,
  updated_at: time,
  metadata: z.record(text, z.unknown()),
  failure_data: z
    .strictObject({
      code: text,
      reason: text,
      next_steps: text,
      provider_response: z.strictObject({
        links: z.array(z.strictObject({ href: text, rel: text })),
        code: text,
        message: text,
        logref: text,
      }),
    })
    .nullable(),
});
