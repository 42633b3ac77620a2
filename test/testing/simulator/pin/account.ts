import type { Runtime } from '../../../../src/runtime.js';
import { pinSecretKey } from '../../../../src/testing/simulator/pin/face.js';
import type { PinSwitches } from '../../../../src/testing/simulator/pin/switches.js';
import {
  createSimulatedProviders,
  type SimulatedProviders,
} from '../../../../src/testing/simulator/simulated-providers.js';

/** Where the simulated time starts. */
export const start = Date.parse('2026-01-05T03:00:00Z');
export const day = 86_400_000;

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

/** The value of an authorization header. */
export const basic = (key: string): string => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;

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
export interface PinAccount {
  simulator: SimulatedProviders;
  call(method: string, target: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** A charge over AUD 12.50 with an approved card, changed by `parameters`. */
  charge(parameters?: Record<string, unknown>): Promise<Answer>;
}

/** Opens an account of its own. */
export const openAccount = (switches: Partial<PinSwitches> = {}): PinAccount => {
  const simulator = createSimulatedProviders({
    runtime: stillRuntime,
    seed: 1,
    providers: ['pin'],
    switches: { pin: switches },
  });
  const call: PinAccount['call'] = async (method, target, body, headers = {}) => {
    const [path = '', query = ''] = target.split('?', 2);
    const delivery = await simulator.handle('pin', {
      method,
      path: `/1${path}`,
      query,
      headers: { authorization: basic(pinSecretKey), 'content-type': 'application/json', ...headers },
      body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
    });
    if (delivery.outcome !== 'answered') throw new Error(`The request was ${delivery.outcome}.`);
    const { status, headers: answered, body: text } = delivery.response;
    return { status, headers: answered, body: JSON.parse(text) };
  };
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
