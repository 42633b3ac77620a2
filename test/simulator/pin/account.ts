import { pinSecretKey } from '../../../src/simulator/pin/face.js';
import type { PinSwitches } from '../../../src/simulator/pin/switches.js';
import { openStillAccount, type Answer, type StillAccount } from '../still-account.js';

export { basic, start, type Answer } from '../still-account.js';
export const day = 86_400_000;

/** A card that a merchant may send as it is. */
export const rawCard = (number = '4200000000000000'): Record<string, unknown> => ({
  number,
  expiry_month: '12',
  expiry_year: '2030',
  cvc: '123',
  name: 'Kim Lee',
  address_line1: '1 Pier Rd',
  address_city: 'Perth',
  address_country: 'Australia',
});

/** An account in memory. */
export interface PinAccount extends StillAccount {
  /** A charge over AUD 12.50 with an approved card, changed by `parameters`. */
  charge(parameters?: Record<string, unknown>): Promise<Answer>;
}

/** Opens an account of its own. */
export const openAccount = (switches: Partial<PinSwitches> = {}): PinAccount => {
  const account = openStillAccount('pin', switches, () => pinSecretKey);
  const { simulator } = account;
  const call: PinAccount['call'] = (method, target, ...rest) => account.call(method, `/1${target}`, ...rest);
  return {
    simulator,
    call,
    charge: async (parameters = {}) => {
      const isPaid = ['card', 'card_token', 'customer_token', 'payment_source_token'].some(
        (name) => name in parameters,
      );
      return call('POST', '/charges', {
        amount: 1250,
        currency: 'AUD',
        description: 'Order 77',
        email: 'kim@shop.example',
        ip_address: '198.51.100.7',
        ...(isPaid ? {} : { card: rawCard() }),
        ...parameters,
      });
    },
  };
};
