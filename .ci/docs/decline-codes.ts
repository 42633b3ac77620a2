import {
  adviceValues,
  declineCodes,
  defaultAdvice,
  type Advice,
  type DeclineCode,
  type DeclineRow,
} from '../../src/models/decline.js';
import { anotherAcquirer } from '../../src/models/another-acquirer.js';
import { declines as justifiDeclines, networkDeclines } from '../../src/providers/justifi/codes.js';
import { declines as magpieDeclines } from '../../src/providers/magpie/codes.js';
import { errorCodes, failureCodes } from '../../src/providers/omise/codes.js';
import { declines as paymongoDeclines } from '../../src/providers/paymongo/errors.js';
import { declines as pinDeclines, openDeclines } from '../../src/providers/pin/errors.js';
import {
  adviceCodes,
  declineCodes as stripeDeclineCodes,
  declinedErrorCodes,
  outcomeReasons,
  outcomeTypes,
} from '../../src/providers/stripe/codes.js';
import { code, codes, table } from './markdown.js';

/** What each code means, and what the payer may be told: a thief must not learn why a card was refused. */
const meanings: Readonly<Record<DeclineCode, readonly [meaning: string, payerHears: string]>> = {
  generic_decline: [
    'Refused without a usable reason; also every code that no table knows',
    '"declined", without a reason',
  ],
  do_not_honor: ['The issuer refused and says no more than that', '"declined, ask your bank"'],
  insufficient_funds: ['The balance or the credit is too small', 'the reason'],
  limit_exceeded: [
    'A limit of amount, count or speed is reached, of the card, the account or the provider',
    'the reason',
  ],
  expired_card: ['The card or the saved payment method is past its date', 'the reason'],
  incorrect_number: ['The number is wrong, or no card number', 'the reason'],
  incorrect_cvc: ['The security code is wrong, missing or malformed', 'the reason'],
  invalid_expiry: ['The month or year of expiry is wrong or malformed', 'the reason'],
  incorrect_address: ['The postal code or the address did not pass the check', 'the reason'],
  incorrect_pin: ['The PIN is wrong, needed, or blocked', 'the reason'],
  lost_or_stolen_card: [
    'The card is reported lost or stolen, or is to be kept',
    '"declined", without a reason',
  ],
  restricted_card: [
    'The card or the bank account is blocked, frozen or restricted',
    '"declined", without a reason',
  ],
  invalid_account: [
    'The account is closed, replaced or unknown, or does not belong to the card',
    'the reason',
  ],
  suspected_fraud: [
    'The issuer, the provider or a rule of yours suspects fraud',
    '"declined", without a reason',
  ],
  card_not_supported: [
    'This card, brand, method or currency cannot be used here; also a test card in live mode',
    'the reason',
  ],
  transaction_not_allowed: [
    'This kind of transaction is not permitted for this card or this merchant',
    '"declined", without a reason',
  ],
  invalid_amount: ['The issuer or the method does not allow this amount', 'the reason'],
  duplicate_transaction: [
    'The same amount and card were seen a moment ago: **the first one may have succeeded**',
    '"check whether you were charged"',
  ],
  authentication_required: ['3-D Secure or another step of the payer is needed', 'the reason'],
  authentication_failed: ['The payer did not pass 3-D Secure', 'the reason'],
  authorization_revoked: [
    'The payer or the bank stopped this payment, this merchant or the mandate',
    '"declined, ask your bank"',
  ],
  payer_canceled: ['The payer cancelled or refused', 'the reason'],
  payment_expired: ['The payer did nothing in time', 'the reason'],
  issuer_unavailable: ['The issuer or the method could not be reached', 'the reason'],
  processing_error: [
    'A fault of the network, the gateway or the provider; nothing is wrong with the card',
    '"try again"',
  ],
};

const advices: Readonly<Record<Advice, readonly [does: string, never: string]>> = {
  retry_later: [
    'The same card may work later: wait hours, take a **new** idempotency key, and stop after a handful of tries',
    'loop, or try again within the same request',
  ],
  fix_details: [
    'Something has to change first: number, date, code, address, or the payer has to authenticate',
    'send the same data again',
  ],
  use_other_card: [
    'Ask for another card or method. A stored card without the payer: at most one more try, after days',
    'try again at once',
  ],
  do_not_retry: [
    'Stop for good with this card: networks fine merchants who go on',
    'let a job try again, even days later',
  ],
  contact_support: [
    'The payer can do nothing: the account, the contract or the integration is wrong. Alert yourself',
    'blame the payer',
  ],
};

/** Names of a provider's table under the code and the advice that they mean. */
const grouped = (rows: Readonly<Record<string, DeclineRow>>): string => {
  const groups = new Map<string, string[]>();
  const order = declineCodes.flatMap((name) => adviceValues.map((advice) => `${name} ${advice}`));
  for (const [name, row] of Object.entries(rows)) {
    const key = `${row.code} ${row.advice}`;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  const known = order.filter((key) => groups.has(key));
  return table(
    ['`declineCode`', '`advice`', 'the provider says'],
    known.map((key) => {
      const [name = '', advice = ''] = key.split(' ');
      return [code(name), code(advice), codes([...(groups.get(key) ?? [])].sort())];
    }),
  );
};

const declinedAtOmise = Object.fromEntries(
  Object.entries(errorCodes).flatMap(([name, { kind, declineCode, advice }]) =>
    kind === 'card' && declineCode != null && advice != null
      ? [[name, { code: declineCode, advice } as const]]
      : [],
  ),
);

const sections: readonly (readonly [title: string, rows: Readonly<Record<string, DeclineRow>>])[] = [
  ['Stripe: `decline_code`, or `outcome.reason` of a failed charge', stripeDeclineCodes],
  ['Stripe: `error.code` and `failure_code`', declinedErrorCodes],
  ['Stripe: `outcome.reason` where it is no decline code', outcomeReasons],
  ['Stripe: `outcome.type` where nothing else is known', outcomeTypes],
  ['Omise: `failure_code` of a failed charge', failureCodes],
  ['Omise: `code` of an error answer', declinedAtOmise],
  ['Magpie and Zip', magpieDeclines],
  ['JustiFi: `code`, `decline_code` or `error_code`', justifiDeclines],
  ['JustiFi: `network_error_code` where nothing else gives a reason', networkDeclines],
  ['Pin Payments: `error`', pinDeclines],
  ['PayMongo: `sub_code` or `failed_code`', paymongoDeclines],
];

/** The page of decline codes: the tables are those that the adapters use. */
export const declineCodesPage = (): string =>
  [
    '# Decline codes',
    '',
    'A decline rejects with `CardError` at every provider, on `create`, `capture` and `verify3DS`. `error.declineCode` is one of',
    `${declineCodes.length} words that all providers share, \`error.advice\` says what to do next, and the provider's own words are beside them`,
    "(`providerCode`, `networkCode`, and `declineCode` of the charge's `failure`). A declined charge that is read later has the same",
    'in `charge.failure`. This page is generated by `npm run docs` from the tables of the adapters; `test/docs.test.ts` holds it',
    'current. `examples/handle-declines.ts` shows the handling.',
    '',
    '## The codes',
    '',
    table(
      ['`declineCode`', 'what happened', 'usual `advice`', 'the payer may hear'],
      declineCodes.map((name) => [
        code(name),
        meanings[name][0],
        code(defaultAdvice[name]),
        meanings[name][1],
      ]),
    ),
    '',
    '## The advice',
    '',
    table(
      ['`advice`', 'do', 'never'],
      adviceValues.map((name) => [code(name), advices[name][0], advices[name][1]]),
    ),
    '',
    'The library never repeats a declined write, and the old idempotency key gives the old decline again: a new try needs a new',
    'key.',
    '',
    '## Another acquirer',
    '',
    'Whether another acquirer may decide otherwise on the same payment: what [the router](router.md) cascades by. `yes` cascades',
    'unless the settings say otherwise, `perhaps` where they name it, `never` not at all. Beside the table, nothing is taken',
    "elsewhere that has the advice `do_not_retry`, a response code of Visa's category 1 (04, 07, 12, 14, 15, 41, 43, 46, 57, R0, R1,",
    "R3), or Mastercard's advice 03 or 21. The numbers are response codes of ISO 8583 with the category that Visa's rules on reattempts",
    'put them in; providers that hand no code on leave the table alone to decide.',
    '',
    table(
      ['`declineCode`', 'another acquirer may decide otherwise', 'because'],
      declineCodes.map((name) => [
        code(name),
        anotherAcquirer[name].mayDecideOtherwise,
        anotherAcquirer[name].because,
      ]),
    ),
    '',
    '## How a code is found',
    '',
    'The most precise name that a table knows wins. A name that no table knows is `generic_decline` with the advice',
    '`use_other_card`, and a `drift` event; texts are never matched. Where the provider or the card network gives advice of its',
    'own, that beats the table:',
    '',
    table(
      ['where', 'advice of its own'],
      [
        [
          'Stripe, `advice_code`',
          Object.entries(adviceCodes)
            .map(([name, advice]) => `${code(name)}: ${code(advice)}`)
            .join(', '),
        ],
        ['JustiFi, `network_error_category`', 'by card network, see [JustiFi](providers/justifi.md)'],
        ['Omise, `merchant_advice_code`', '`9003`: `do_not_retry`'],
      ],
    ),
    '',
    `At Pin ${codes([...openDeclines])} say nothing about the money: the charge is read before the answer counts as a decline.`,
    ...sections.flatMap(([title, rows]) => ['', `## ${title}`, '', grouped(rows)]),
    '',
  ].join('\n');
