import { currencies, fundingCurrency } from './money.js';
import { type OmiseState, timestamp } from './state.js';

/** `GET /account`. */
export const renderAccount = (state: OmiseState): Record<string, unknown> => ({
  object: 'account',
  id: 'acct_test_simulator',
  livemode: false,
  location: '/account',
  email: 'merchant@example.com',
  country: 'TH',
  currency: fundingCurrency,
  supported_currencies: currencies,
  api_version: '2019-05-29',
  webhook_uri: null,
  zero_interest_installments: true,
  created_at: timestamp(state.context.now()),
});

/** `GET /capability`. */
export const renderCapability = (state: OmiseState): Record<string, unknown> => ({
  object: 'capability',
  location: '/capability',
  country: 'TH',
  banks: [],
  limits: {
    charge_amount: { min: state.switches.minimumAmount, max: state.switches.maximumAmount },
    installment_amount: { min: 200_000, max: null },
  },
  payment_methods: [
    {
      object: 'payment_method',
      name: 'card',
      currencies,
      card_brands: ['JCB', 'Visa', 'MasterCard'],
      installment_terms: null,
    },
  ],
  zero_interest_installments: true,
});

/** What a browser shows for the `download_uri` of a scannable code: a drawing in place of a real code. */
export const codeImage =
  '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="240" role="img">' +
  '<title>Simulated payment code: pay it with mark_as_paid</title>' +
  '<rect width="240" height="240" fill="#fff"/><rect x="20" y="20" width="60" height="60"/>' +
  '<rect x="160" y="20" width="60" height="60"/><rect x="20" y="160" width="60" height="60"/></svg>';
