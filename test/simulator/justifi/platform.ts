import type { Runtime } from '../../../src/runtime.js';
import type { SimulatorResponse } from '../../../src/simulator/face.js';
import { justifiCredentials, justifiSubAccounts } from '../../../src/simulator/justifi/accounts.js';
import type { JustifiSwitches } from '../../../src/simulator/justifi/switches.js';
import {
  createSimulatedProviders,
  type SimulatedProviders,
} from '../../../src/simulator/simulated-providers.js';
import { stillRuntime, type Answer } from '../still-account.js';

export const [minute, day] = [60_000, 86_400_000];

/** Waits end when the test says so. */
const waitingRuntime = (sleeping: (() => void)[]): Runtime => ({
  ...stillRuntime,
  sleep: () => new Promise((resolve) => void sleeping.push(resolve)),
});

/** A platform in memory. */
export interface Platform {
  simulator: SimulatedProviders;
  /** Sends with a good token, the main sub account and a fresh key, unless `headers` say otherwise. */
  call(
    method: string,
    target: string,
    body?: unknown,
    headers?: Record<string, string | null>,
  ): Promise<Answer>;
  /** Asks for an access token. */
  authenticate(credentials?: Record<string, unknown>): Promise<Answer>;
  /** Pays 25.99 dollars with an approved card, changed by `parameters`. */
  pay(parameters?: Record<string, unknown>, headers?: Record<string, string | null>): Promise<Answer>;
  /** Tokenizes a card. */
  card(number: string, details?: Record<string, unknown>): Promise<Answer>;
  /** Tokenizes a bank account. */
  bankAccount(number?: string): Promise<Answer>;
  /** Lets requests that wait go on. */
  wake(): void;
}

const read = ({ status, headers, body }: SimulatorResponse): Answer => ({
  status,
  headers,
  body: body === '' ? null : JSON.parse(body),
});

/** Opens a platform of its own. */
export const openPlatform = (switches: Partial<JustifiSwitches> = {}): Platform => {
  const sleeping: (() => void)[] = [];
  const simulator = createSimulatedProviders({
    runtime: waitingRuntime(sleeping),
    seed: 1,
    providers: ['justifi'],
    switches: { justifi: switches },
  });
  let accessToken: string | undefined;
  let keys = 0;

  const send = async (
    method: string,
    target: string,
    body: unknown,
    headers: Record<string, string | null>,
  ): Promise<Answer> => {
    const [path = '', query = ''] = target.split('?', 2);
    const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null);
    const delivery = await simulator.handle('justifi', {
      method,
      path,
      query,
      headers: Object.fromEntries(given),
      body: body === undefined ? '' : JSON.stringify(body),
    });
    if (delivery.outcome !== 'answered') throw new Error(`The request was ${delivery.outcome}.`);
    return read(delivery.response);
  };
  const authenticate: Platform['authenticate'] = (
    credentials = {
      client_id: justifiCredentials.clientId,
      client_secret: justifiCredentials.clientSecret,
    },
  ) => send('POST', '/oauth/token', credentials, {});
  const call: Platform['call'] = async (method, target, body, headers = {}) => {
    const key = method === 'GET' ? null : `key-${(keys += 1)}`;
    const attempt = (): Promise<Answer> =>
      send(method, target, body, {
        authorization: `Bearer ${accessToken}`,
        'sub-account': justifiSubAccounts.shop,
        'idempotency-key': key,
        ...headers,
      });
    accessToken ??= (await authenticate()).body.access_token as string;
    const answer = await attempt();
    if (answer.status !== 401 || 'authorization' in headers) return answer;
    // Tests skip days, and a token is good for one.
    accessToken = (await authenticate()).body.access_token as string;
    return attempt();
  };
  return {
    simulator,
    call,
    authenticate,
    pay: async (parameters = {}, headers = {}) =>
      call(
        'POST',
        '/v1/payments',
        {
          amount: 2599,
          currency: 'usd',
          capture_strategy: 'automatic',
          ...('payment_method' in parameters
            ? {}
            : { payment_method: { token: simulator.source('justifi', 'approved') } }),
          ...parameters,
        },
        headers,
      ),
    card: (number, details = {}) =>
      call('POST', '/v1/payment_methods', {
        payment_method: {
          card: {
            name: 'Ada Test',
            number,
            verification: '123',
            month: '5',
            year: '2042',
            address_postal_code: '55555',
            ...details,
          },
        },
      }),
    bankAccount: (number = '000123456789') =>
      call('POST', '/v1/payment_methods', {
        payment_method: {
          bank_account: {
            account_owner_name: 'Ada Test',
            routing_number: '110000000',
            account_number: number,
            account_type: 'checking',
            account_owner_type: 'individual',
            country: 'US',
            currency: 'usd',
          },
        },
      }),
    wake: () => {
      for (const resolve of sleeping.splice(0)) resolve();
    },
  };
};
