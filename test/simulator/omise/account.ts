import { omisePublicKey, omiseSecretKey } from '../../../src/simulator/omise/face.js';
import type { OmiseSwitches } from '../../../src/simulator/omise/switches.js';
import { openStillAccount, type Answer, type StillAccount } from '../still-account.js';

export { basic, type Answer } from '../still-account.js';

/** An Omise account in memory. */
export interface OmiseAccount extends StillAccount {
  /** A single-use token of a card. */
  token(number?: string): Promise<string>;
  /** A charge over THB 1000.00 with an approved card, changed by `parameters`. */
  charge(parameters?: Record<string, unknown>): Promise<Answer>;
}

/** Opens an account of its own. */
export const openAccount = (switches: Partial<OmiseSwitches> = {}): OmiseAccount => {
  const { simulator, call } = openStillAccount('omise', switches, (path) =>
    path.startsWith('/tokens') ? omisePublicKey : omiseSecretKey,
  );
  const token = async (number = '4242424242424242'): Promise<string> => {
    const card = {
      name: 'A TESTER',
      number,
      expiration_month: 12,
      expiration_year: 2030,
      security_code: '123',
    };
    return (await call('POST', '/tokens', { card })).body.id as string;
  };
  return {
    simulator,
    call,
    token,
    charge: async (parameters = {}) => {
      const payer = 'source' in parameters || 'customer' in parameters || 'card' in parameters;
      return call('POST', '/charges', {
        amount: 100_000,
        currency: 'THB',
        ...(payer ? {} : { card: await token() }),
        ...parameters,
      });
    },
  };
};
