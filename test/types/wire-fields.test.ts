import { expect, it } from 'vitest';
import type { ChargesClient } from '../../src/charges-client.js';
import type { JustifiClient } from '../../src/providers/justifi/index.js';
import type { MagpieClient } from '../../src/providers/magpie/index.js';
import type { OmiseClient } from '../../src/providers/omise/index.js';
import type { PinClient } from '../../src/providers/pin/index.js';
import type { StripeClient } from '../../src/providers/stripe/index.js';

const create = { amount: 4590, currency: 'EUR', source: 'pm_card_visa' } as const;
const more = { providerOptions: { wire: { level3: { line_items: [{ quantity: 1 }], note: null } } } };

/** Compiled, never called: whatever takes params takes wire fields, at every provider. */
export const takenByTheCompiler = (
  charges: ChargesClient,
  stripe: StripeClient,
  omise: OmiseClient,
  magpie: MagpieClient,
  justifi: JustifiClient,
  pin: PinClient,
): void => {
  for (const client of [charges, stripe, omise, magpie, justifi, pin]) {
    void client.create({ ...create, ...more });
    void client.list(more);
    void client.search({ amount: 1, ...more });
    void client.capture('ch_1', more);
    void client.refund('ch_1', more);
  }
  for (const client of [stripe, omise, justifi]) void client.update('ch_1', { metadata: {}, ...more });
  void stripe.create({ ...create, providerOptions: { offSession: true, wire: { level3: 'x' } } });
  // @ts-expect-error An option that Stripe does not have.
  void stripe.create({ ...create, providerOptions: { platformFee: 1, wire: { level3: 'x' } } });
  // @ts-expect-error A value that no body can hold.
  void stripe.create({ ...create, providerOptions: { wire: { level3: new Date() } } });
  // @ts-expect-error An option of a list that has none.
  void pin.list({ providerOptions: { order: 'x' } });
  // @ts-expect-error A lost amount would give everything back.
  void stripe.refund('pi_1', { amount: undefined, ...more });
};

it('compiles', () => {
  expect(takenByTheCompiler).toBeTypeOf('function');
});
