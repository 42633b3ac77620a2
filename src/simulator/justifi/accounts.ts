import type { FaceContext, SimulatorRequest } from '../face.js';
import { JustifiRefusal } from './errors.js';
import { type Fields, readText } from './parameters.js';
import type { JustifiSwitches } from './switches.js';

/** A sub account of the simulated platform. */
export interface SubAccount {
  currency: 'usd' | 'cad';
  enabled: boolean;
}

/** The sub accounts by their names: two in the United States, one in Canada, one that may not take payments. */
export const justifiSubAccounts = {
  shop: 'acc_SimulatorShop',
  otherShop: 'acc_SimulatorOtherShop',
  canadianShop: 'acc_SimulatorCanadianShop',
  disabledShop: 'acc_SimulatorDisabledShop',
} as const;

/** Where payments go that name no sub account, where the switches allow that. */
export const platformAccount = 'acc_SimulatorPlatform';

const accounts = new Map<string, SubAccount>([
  [platformAccount, { currency: 'usd', enabled: true }],
  [justifiSubAccounts.shop, { currency: 'usd', enabled: true }],
  [justifiSubAccounts.otherShop, { currency: 'usd', enabled: true }],
  [justifiSubAccounts.canadianShop, { currency: 'cad', enabled: true }],
  [justifiSubAccounts.disabledShop, { currency: 'usd', enabled: false }],
]);

/** A sub account that may take payments. */
export const enabledAccount = (id: string): SubAccount => {
  const account = accounts.get(id);
  if (account === undefined) throw new JustifiRefusal(400, 'invalid_sub_account', 'Sub Account not found');
  if (!account.enabled) throw new JustifiRefusal(400, 'invalid_sub_account', 'Sub Account is not enabled');
  return account;
};

/** The account that a request names: by `Sub-Account`, or by the header that has been deprecated in favour of it. */
export const accountHeaderOf = (
  { headers }: Pick<SimulatorRequest, 'headers'>,
  { sellerAccountHeader }: Pick<JustifiSwitches, 'sellerAccountHeader'>,
): string | undefined =>
  headers['sub-account'] ?? (sellerAccountHeader === 'accepted' ? headers['seller-account'] : undefined);

/** The credentials of the simulated platform. */
export const justifiCredentials = {
  clientId: 'test_SimulatorClient',
  clientSecret: 'test_SimulatorSecret',
} as const;

/** Gives out access tokens and knows them again until they expire. */
export interface AccessTokens {
  /** `POST /oauth/token`: the only answer without an envelope. */
  issue(body: Fields): Record<string, unknown>;
  /** Refuses a request without a good token. */
  check(authorization: string | undefined): void;
}

/** Makes the token desk of a platform. */
export const createAccessTokens = (context: FaceContext, switches: JustifiSwitches): AccessTokens => {
  const issuedAt = new Map<string, number>();
  return {
    issue: (body) => {
      const isKnown =
        readText(body, 'client_id') === justifiCredentials.clientId &&
        readText(body, 'client_secret') === justifiCredentials.clientSecret;
      if (!isKnown) {
        throw switches.badCredentialsStatus === 404
          ? new JustifiRefusal(404, 'resource_not_found', 'Resource Not Found')
          : new JustifiRefusal(401, 'not_authenticated', 'Not Authenticated');
      }
      const token = context.ids.next('', 43);
      issuedAt.set(token, context.now());
      return {
        access_token: token,
        ...(switches.tokenExpiresIn ? { expires_in: Math.floor(switches.tokenLifetimeMs / 1000) } : {}),
      };
    },
    check: (authorization) => {
      const token = /^\s*Bearer\s+(\S+)\s*$/.exec(authorization ?? '')?.[1];
      const at = token === undefined ? undefined : issuedAt.get(token);
      if (at === undefined || context.now() - at >= switches.tokenLifetimeMs) {
        throw new JustifiRefusal(401, 'not_authorized', 'Not Authorized');
      }
    },
  };
};
