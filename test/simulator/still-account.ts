import type { Runtime } from '../../src/runtime.js';
import type { SimulatedProvider } from '../../src/simulator/faces.js';
import type { SimulatorResponse } from '../../src/simulator/face.js';
import {
  createSimulatedProviders,
  type SimulatedProviders,
} from '../../src/simulator/simulated-providers.js';

/** Where the simulated time starts. */
export const start = Date.parse('2026-01-05T03:00:00Z');

/** A runtime whose time stands still: tests move the simulator's clock. */
export const stillRuntime: Runtime = {
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

/** An account of one provider, in memory. */
export interface StillAccount {
  simulator: SimulatedProviders;
  call(method: string, target: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** The value of an authorization header. */
export const basic = (key: string): string => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;

const read = ({ status, headers, body }: SimulatorResponse): Answer => ({
  status,
  headers,
  body: headers['content-type']?.startsWith('application/json') === true ? JSON.parse(body) : body,
});

type Switches = NonNullable<Parameters<typeof createSimulatedProviders>[0]['switches']>;

/** Opens an account of its own. `keyOf` says which key a path wants. */
export const openStillAccount = <Provider extends SimulatedProvider>(
  provider: Provider,
  switches: Switches[Provider],
  keyOf: (path: string) => string,
): StillAccount => {
  const simulator = createSimulatedProviders({
    runtime: stillRuntime,
    seed: 1,
    providers: [provider],
    switches: { [provider]: switches },
  });
  return {
    simulator,
    async call(method, target, body, headers = {}) {
      const [path = '', query = ''] = target.split('?', 2);
      const delivery = await simulator.handle(provider, {
        method,
        path,
        query,
        headers: { authorization: basic(keyOf(path)), 'content-type': 'application/json', ...headers },
        body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
      });
      if (delivery.outcome !== 'answered') throw new Error(`The request was ${delivery.outcome}.`);
      return read(delivery.response);
    },
  };
};
