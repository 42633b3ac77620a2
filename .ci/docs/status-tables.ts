import { toCharge as justifiCharge, toRefund as justifiRefund } from '../../src/providers/justifi/charge.js';
import { chargeWire as justifiWire } from '../../src/providers/justifi/wire.js';
import { toCharge as magpieCharge, toRefund as magpieRefund } from '../../src/providers/magpie/charge.js';
import { chargeWire as magpieWire } from '../../src/providers/magpie/wire.js';
import { toCharge as omiseCharge, toRefund as omiseRefund } from '../../src/providers/omise/charge.js';
import { chargeWire as omiseWire, refundWire as omiseRefundWire } from '../../src/providers/omise/wire.js';
import {
  toCharge as paymongoCharge,
  toRefund as paymongoRefund,
} from '../../src/providers/paymongo/charge.js';
import {
  chargeWire as paymongoWire,
  refundWire as paymongoRefundWire,
} from '../../src/providers/paymongo/wire.js';
import { refundStatusOf as pinRefundStatus, toCharge as pinCharge } from '../../src/providers/pin/charge.js';
import { chargeWire as pinWire, refundWire as pinRefundWire } from '../../src/providers/pin/wire.js';
import {
  chargeOfCharge,
  chargeOfIntent,
  toRefund as stripeRefund,
} from '../../src/providers/stripe/charge.js';

import {
  chargeSchema as stripeChargeWire,
  intentSchema,
  refundSchema as stripeRefundWire,
} from '../../src/providers/stripe/wire.js';
import { axis, combinations, decisionTable, type Axis } from './decision-table.js';
import { code, codes, table } from './markdown.js';

type Fields = Readonly<Record<string, unknown>>;

interface StatusTable {
  readonly title: string;
  /** What the reader needs to know besides. */
  readonly note?: string;
  readonly axes: readonly Axis[];
  statusOf(fields: Fields): string;
}

const otherWord = ['any other word', 'a_word_of_tomorrow'] as const;
const words = (...names: readonly string[]): (readonly [string, unknown])[] => [
  ...names.map((name) => [code(name), name] as const),
  otherWord,
];
const flag = [
  ['true', true],
  ['false', false],
] as const;
const flagOrAbsent = [...flag, ['null or absent', null]] as const;
const ignoreDrift = (): void => undefined;
const now = '2026-02-03T00:00:00Z';
const muchLater = '2026-02-13T00:00:00Z';

const stripeIntent: StatusTable = {
  title: 'Stripe, PaymentIntents (`pi_…`)',
  axes: [
    axis(
      'status',
      words(
        'succeeded',
        'requires_capture',
        'processing',
        'requires_confirmation',
        'requires_action',
        'requires_source_action',
        'requires_payment_method',
        'requires_source',
        'canceled',
      ),
    ),
    axis('cancellation_reason', [
      ['null', null],
      [codes(['automatic']), 'automatic'],
      [codes(['expired']), 'expired'],
      ['any other word', 'requested_by_customer'],
    ]),
    axis('amount_received', [
      ['0 or null', 0],
      ['above 0', 4590],
    ]),
    axis('last_payment_error', [
      ['null', null],
      ['set', { code: 'card_declined' }],
    ]),
  ],
  statusOf: (fields) => {
    const intent = intentSchema.parse({
      object: 'payment_intent',
      id: 'pi_1',
      amount: 4590,
      currency: 'eur',
      ...fields,
    });
    return chargeOfIntent(intent, null, { refunds: null, hasLapsed: false }, ignoreDrift).status;
  },
};

const stripeCharge: StatusTable = {
  title: 'Stripe, charges without an intent (`ch_…`)',
  note: 'The reason is that of the refund by which Stripe books the release of an authorization.',
  axes: [
    axis('status', words('succeeded', 'pending', 'failed')),
    axis('captured', flag),
    axis('refunded', flag),
    axis('reason', [
      [code('expired_uncaptured_charge'), true],
      ['any other', false],
    ]),
  ],
  statusOf: ({ reason, ...fields }) => {
    const charge = stripeChargeWire.parse({
      object: 'charge',
      id: 'ch_1',
      amount: 4590,
      amount_captured: 4590,
      amount_refunded: 0,
      currency: 'eur',
      paid: true,
      ...fields,
    });
    return chargeOfCharge(charge, { refunds: null, hasLapsed: reason === true }, ignoreDrift).status;
  },
};

const omise: StatusTable = {
  title: 'Omise',
  note: '"Asks the payer" means an `authorize_uri`, a code to scan, or a number or picture to pay with.',
  axes: [
    axis('status', words('successful', 'pending', 'failed', 'expired', 'reversed')),
    axis('reversed', flag),
    axis('reversed_at', [
      ['before `expires_at`', '2026-02-02T00:00:00Z'],
      ['at or after `expires_at`', now],
      ['null', null],
    ]),
    axis('paid', flag),
    axis('authorized', flag),
    axis('asks the payer', [
      ['yes', 'https://pay.example/1'],
      ['no', null],
    ]),
    axis('voided', flagOrAbsent),
  ],
  statusOf: ({ 'asks the payer': authorize_uri, ...fields }) => {
    const wire = omiseWire.parse({
      object: 'charge',
      id: 'chrg_1',
      amount: 45900,
      currency: 'THB',
      refunded_amount: 0,
      expires_at: now,
      dispute: null,
      authorize_uri,
      ...fields,
    });
    return omiseCharge(wire, { drift: ignoreDrift }).status;
  },
};

const pin: StatusTable = {
  title: 'Pin Payments',
  note: 'Pin has no status word; one is read only in an answer without a single boolean, see [Pin](providers/pin.md). "Asks the payer" means HTTP 202, a `redirect_url`, or the text `Pending` without `success`. A field that is neither a boolean nor null makes the charge `unknown`.',
  axes: [
    axis('captured', flagOrAbsent),
    axis('asks the payer', [
      ['yes', 202],
      ['no', 200],
    ]),
    axis('authorisation_voided', flagOrAbsent),
    axis('authorisation_expired', flagOrAbsent),
    axis('success', flagOrAbsent),
  ],
  statusOf: ({ 'asks the payer': httpStatus, ...fields }) => {
    const wire = pinWire.parse({
      token: 'ch_1',
      amount: 4590,
      currency: 'AUD',
      amount_refunded: 0,
      ...fields,
    });
    return pinCharge(wire, { livemode: false, drift: ignoreDrift }, { httpStatus: httpStatus as number })
      .status;
  },
};

const justifi: StatusTable = {
  title: 'JustiFi',
  note: 'Seven days after `created_at` JustiFi itself cancels an authorization: `updated_at` tells that from a void.',
  axes: [
    axis('returned', [...flagOrAbsent, ['anything else', 'yes']]),
    axis('amount_returned', [
      ['below `amount`, or absent', 0],
      ['`amount` or more', 4590],
      ['no amount', 'much'],
    ]),
    axis(
      'status',
      words(
        'succeeded',
        'partially_refunded',
        'fully_refunded',
        'disputed',
        'authorized',
        'pending',
        'failed',
        'canceled',
      ),
    ),
    axis('capture_strategy', [
      [code('manual'), 'manual'],
      [code('automatic'), 'automatic'],
    ]),
    axis('updated_at', [
      ['within seven days', now],
      ['seven days later', muchLater],
    ]),
  ],
  statusOf: (fields) => {
    const wire = justifiWire.parse({
      id: 'py_1',
      amount: 4590,
      currency: 'usd',
      amount_refunded: 0,
      created_at: now,
      ...fields,
    });
    return justifiCharge(wire, ignoreDrift).status;
  },
};

const magpie: StatusTable = {
  title: 'Magpie and Zip',
  note: '`succeeded` alone proves nothing: the flags say whether money was authorized or taken.',
  axes: [
    axis(
      'status',
      words(
        'succeeded',
        'pending',
        'authorized',
        'requires_capture',
        'failed',
        'voided',
        'canceled',
        'cancelled',
        'expired',
        'refunded',
      ),
    ),
    axis('captured', [...flag, ['absent', undefined], ['null', null]]),
    axis('authorized', [
      ['true', true],
      ['false, null or absent', false],
    ]),
    axis('action.url', [
      ['set', { url: 'https://pay.example/1' }],
      ['absent', null],
    ]),
  ],
  statusOf: ({ 'action.url': action, ...fields }) => {
    const wire = magpieWire.parse({
      id: 'ch_1',
      amount: 4590,
      currency: 'php',
      amount_refunded: 0,
      action,
      ...fields,
    });
    return magpieCharge(wire, { drift: ignoreDrift }).status;
  },
};

const paymongoPaid = { amount: 4590, currency: 'PHP', status: 'paid', payment_intent_id: 'pi_1' };
const paymongo: StatusTable = {
  title: 'PayMongo, payment intents (`pi_…`)',
  note: 'The payment that took the money tells what was refunded of it. A payment that was made without an intent is `captured` when `paid`.',
  axes: [
    axis(
      'status',
      words(
        'awaiting_payment_method',
        'awaiting_next_action',
        'awaiting_capture',
        'processing',
        'succeeded',
        'cancelled',
      ),
    ),
    axis('last_payment_error', [
      ['set', {}],
      ['null or absent', null],
    ]),
    axis('refunds', [
      ['told by the payment', []],
      ['not told', null],
    ]),
  ],
  statusOf: ({ refunds, ...fields }) => {
    const payments = [{ id: 'pay_1', attributes: { ...paymongoPaid, refunds } }];
    const wire = paymongoWire.parse({
      id: 'pi_1',
      attributes: { amount: 4590, currency: 'PHP', payments, ...fields },
    });
    return paymongoCharge(wire, wire.attributes.payments?.[0], ignoreDrift).status;
  },
};

const refundOf = { id: 're_1', amount: 500, currency: 'eur' };
const refundWords: Readonly<
  Record<string, readonly [axes: readonly Axis[], statusOf: (fields: Fields) => string]>
> = {
  Stripe: [
    [axis('status', words('succeeded', 'pending', 'requires_action', 'failed', 'canceled'))],
    (fields) =>
      stripeRefund(stripeRefundWire.parse({ object: 'refund', ...refundOf, ...fields }), 'pi_1', ignoreDrift)
        .status,
  ],
  Omise: [
    [axis('status', words('closed', 'pending', 'failed'))],
    (fields) =>
      omiseRefund(omiseRefundWire.parse({ object: 'refund', ...refundOf, charge: 'chrg_1', ...fields }), {
        drift: ignoreDrift,
      }).status,
  ],
  'Magpie and Zip': [
    [axis('status', words('succeeded', 'pending', 'failed'))],
    (fields) =>
      magpieRefund({ ...refundOf, ...fields }, { id: 'ch_1', currency: 'php' }, { drift: ignoreDrift })
        .status,
  ],
  JustiFi: [
    [axis('status', words('succeeded', 'pending', 'failed'))],
    (fields) =>
      justifiRefund({ ...refundOf, status: '', ...fields }, { id: 'py_1', currency: 'usd' }, ignoreDrift)
        .status,
  ],
  PayMongo: [
    [axis('status', words('pending', 'processing', 'succeeded', 'failed'))],
    (fields) =>
      paymongoRefund(
        paymongoRefundWire.parse({
          id: 're_1',
          attributes: { amount: 500, currency: 'PHP', payment_id: 'pay_1', ...fields },
        }),
        'pi_1',
        ignoreDrift,
      ).status,
  ],
  'Pin Payments': [
    [
      axis('success', [...flagOrAbsent, ['anything else', 'yes']]),
      axis('error_message', [
        ['set', 'Declined'],
        ['absent', null],
      ]),
      axis('status_message', [
        [code('Success'), 'Success'],
        ['anything else', 'Pending'],
      ]),
    ],
    (fields) =>
      pinRefundStatus(
        pinRefundWire.parse({ token: 'rf_1', charge: 'ch_1', amount: 500, currency: 'AUD', ...fields }),
        ignoreDrift,
      ),
  ],
};

const render = (result: string, axes: readonly Axis[], statusOf: (fields: Fields) => string): string => {
  const rows = decisionTable(axes, statusOf);
  // A field that never makes a difference would be an empty column.
  const shown = axes
    .map((_, index) => index)
    .filter((index) => rows.some(({ labels }) => labels[index] != null));
  return table(
    [...shown.map((index) => code(axes[index]?.field ?? '')), code(result)],
    rows.map(({ labels, result }) => [
      ...shown.map((index) => labels[index]?.join(', ') ?? ''),
      code(result),
    ]),
  );
};

/** The page of statuses: every table is what the adapters answer now. */
export const statusTablesPage = (): string =>
  [
    '# Status tables',
    '',
    'Which fields of a provider decide about `status`, and how. This page is generated by `npm run docs`: the adapters are asked',
    'about every combination of the values below, and what makes no difference is left empty. `test/docs.test.ts` holds it',
    'current. What the statuses mean for you is in [the client](client.md#the-charge).',
    '',
    'A status that no row knows is `unknown`, never a guess: `isPaid` and `isFinal` are false for it, the original is in',
    '`providerStatus`, and a `drift` event is emitted.',
    '',
    '## Charges',
    ...[stripeIntent, stripeCharge, omise, magpie, justifi, pin, paymongo].flatMap(
      ({ title, note, axes, statusOf }) => [
        '',
        `### ${title}`,
        '',
        ...(note === undefined ? [] : [note, '']),
        `${combinations(axes)} combinations:`,
        '',
        render('Charge.status', axes, statusOf),
      ],
    ),
    '',
    '## Refunds',
    ...Object.entries(refundWords).flatMap(([title, [axes, statusOf]]) => [
      '',
      `### ${title}`,
      '',
      render('Refund.status', axes, statusOf),
    ]),
    '',
  ].join('\n');
