import { describe, expect, it } from 'vitest';
import { chargeSchema } from '../../../src/models/charge.js';
import { officialFile } from './official-types.js';
import { toCharge } from './reading.js';
import { scriptedCall } from './scripted-call.js';
import { capturedCharge, paidIntent, wireIntent } from './wire-objects.js';

const nothing = { bankName: null, last4: null, holderName: 'Sam Shopper', country: null, type: null };

const accounts: readonly (readonly [type: string, details: object, shown: object])[] = [
  [
    'us_bank_account',
    { account_type: 'checking', bank_name: 'STRIPE TEST BANK', last4: '6789', routing_number: '110000000' },
    { bankName: 'STRIPE TEST BANK', last4: '6789', type: 'checking' },
  ],
  ['sepa_debit', { bank_code: '37040044', country: 'DE', last4: '3000' }, { last4: '3000', country: 'DE' }],
  ['bacs_debit', { last4: '2345', sort_code: '108800' }, { last4: '2345' }],
  ['au_becs_debit', { bsb_number: '000000', last4: '3456' }, { last4: '3456' }],
  [
    'acss_debit',
    { bank_name: 'STRIPE TEST BANK', last4: '6789' },
    { bankName: 'STRIPE TEST BANK', last4: '6789' },
  ],
  [
    'nz_bank_account',
    { account_holder_name: 'Kim', bank_name: 'ANZ', last4: '0010' },
    { bankName: 'ANZ', last4: '0010', holderName: 'Kim' },
  ],
  [
    'ideal',
    { bank: 'ing', iban_last4: '5264', verified_name: 'Kim' },
    { bankName: 'ing', last4: '5264', holderName: 'Kim' },
  ],
  ['fpx', { bank: 'maybank2u' }, { bankName: 'maybank2u' }],
];

describe('a bank account', () => {
  it.each(accounts)('of %s is told', async (type, details, shown) => {
    const charge = await toCharge(
      paidIntent({ payment_method_details: { type, [type]: details } }),
      scriptedCall(),
    );
    expect(charge.paymentMethod).toEqual({ type, id: 'pm_demoA1', bankAccount: { ...nothing, ...shown } });
    chargeSchema.parse(charge);
  });

  it.each(accounts)('of %s is told of an intent that has no charge yet', async (type, details, shown) => {
    const method = { id: 'pm_2', type, [type]: details, billing_details: { name: 'Sam Shopper' } };
    const wire = wireIntent({ status: 'processing', latest_charge: null, payment_method: method });
    expect((await toCharge(wire, scriptedCall())).paymentMethod).toEqual({
      type,
      id: 'pm_2',
      bankAccount: { ...nothing, ...shown },
    });
  });

  it('is not made up where nothing is told', async () => {
    const paid = { billing_details: null, payment_method_details: { type: 'sepa_debit', sepa_debit: {} } };
    expect((await toCharge(paidIntent(paid), scriptedCall())).paymentMethod).toEqual({
      type: 'sepa_debit',
      id: 'pm_demoA1',
    });
  });

  it("is told of every method of Stripe's own types that shows the digits of an account", () => {
    const charges = officialFile('Charges');
    const prefix = 'Charge.PaymentMethodDetails.';
    const shown = [...charges]
      .filter(([name]) => name.startsWith(prefix) && !name.slice(prefix.length).includes('.'))
      .filter(([, members]) => members.some(({ name }) => name === 'iban_last4' || name === 'last4'))
      .map(([name]) => name.slice(prefix.length));
    // Cards, and wallets that show the card behind them.
    const cards = ['Card', 'CardPresent', 'InteracPresent', 'KrCard'];
    const known = [
      'UsBankAccount',
      'SepaDebit',
      'BacsDebit',
      'AuBecsDebit',
      'AcssDebit',
      'NzBankAccount',
      'Payto',
      'AchDebit',
      'Bancontact',
      'Ideal',
      'Sofort',
    ];
    expect(shown.toSorted()).toEqual([...cards, ...known].toSorted());
  });
});

describe('disputes of a charge', () => {
  const dispute = {
    id: 'dp_1',
    object: 'dispute',
    status: 'needs_response',
    amount: 4590,
    currency: 'eur',
    reason: 'fraudulent',
    created: 1795000100,
    charge: 'ch_demoA1',
  };
  const read = async (fields: object) =>
    (await toCharge(capturedCharge(fields as Record<string, unknown>), scriptedCall())).disputes;

  it('are none where Stripe says that it was never disputed', async () => {
    expect(await read({ disputed: false })).toEqual([]);
    expect((await toCharge(paidIntent({ disputed: false }), scriptedCall())).disputes).toEqual([]);
  });

  it('are told where the answer holds one', async () => {
    expect(await read({ disputed: true, dispute })).toEqual([
      {
        id: 'dp_1',
        status: 'needs_response',
        amount: 4590,
        currency: 'EUR',
        reason: 'fraudulent',
        createdAt: new Date(1795000100_000).toISOString(),
      },
    ]);
  });

  it.each([
    { disputed: true },
    { disputed: true, dispute: 'dp_1' },
    { disputed: true, dispute: {} },
    { disputed: null },
  ])('are not known of %j', async (fields) => {
    expect(await read(fields)).toBeNull();
  });

  it('are not known of an intent without its charge', async () => {
    const wire = wireIntent({ status: 'processing', latest_charge: null });
    expect((await toCharge(wire, scriptedCall())).disputes).toBeNull();
  });
});
