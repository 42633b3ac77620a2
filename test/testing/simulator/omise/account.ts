import type { Runtime } from '../../../../src/runtime.js';
import type { SimulatorResponse } from '../../../../src/testing/simulator/face.js';
import { omisePublicKey, omiseSecretKey } from '../../../../src/testing/simulator/omise/face.js';
import type { OmiseSwitches } from '../../../../src/testing/simulator/omise/switches.js';
import {
  createSimulatedProviders,
  type SimulatedProviders,
} from '../../../../src/testing/simulator/simulated-providers.js';

/** Where the simulated time starts. */
export const start = Date.parse('2026-01-05T03:00:00Z');

/** A runtime whose time stands still: tests move the simulator's clock. */
const stillRuntime: Runtime = {
  now: () => start,
  monotonic: () => 0,
  sleep: () => Promise.resolve(),
  timer: () => () => undefined,
  random: () => 0,
  uuid: () => '00000000-0000-4000-8000-000000000000',
};

/** What came back, with the body read. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  // The wire is what these tests are about; they look into it freely.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

/** An Omise account in memory. */
export interface OmiseAccount {
  simulator: SimulatedProviders;
  call(method: string, target: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** A single-use token of a card. */
  token(number?: string): Promise<string>;
  /** A charge over THB 1000.00 with an approved card, changed by `parameters`. */
  charge(parameters?: Record<string, unknown>): Promise<Answer>;
}

/** The value of an authorization header. */
export const basic = (key: string): string => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;

const read = ({ status, headers, body }: SimulatorResponse): Answer => ({
  status,
  headers,
  body: headers['content-type'] === 'application/json' ? JSON.parse(body) : body,
});

/** Opens an account of its own. */
export const openAccount = (switches: Partial<OmiseSwitches> = {}): OmiseAccount => {
  const simulator = createSimulatedProviders({
    runtime: stillRuntime,
    seed: 1,
    providers: ['omise'],
    switches: { omise: switches },
  });
  const call: OmiseAccount['call'] = async (method, target, body, headers = {}) => {
    const [path = '', query = ''] = target.split('?', 2);
    const key = path.startsWith('/tokens') ? omisePublicKey : omiseSecretKey;
    const delivery = await simulator.handle('omise', {
      method,
      path,
      query,
      headers: { authorization: basic(key), 'content-type': 'application/json', ...headers },
      body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
    });
    if (delivery.outcome !== 'answered') throw new Error(`The request was ${delivery.outcome}.`);
    return read(delivery.response);
  };
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
