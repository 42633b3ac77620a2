import type { SimulatedProvider, SimulatedProviders } from '../../src/testing/simulator/index.js';
import { ExchangeFailure, type Exchange, type ExchangeAnswer } from '../../src/transport/exchange.js';
import type { Merchant } from './merchant.js';
import type { Random } from './random.js';
import type { Scheduler } from './scheduler.js';

/** How often the network and the processes misbehave, each as a probability. */
export interface Weather {
  readonly refused: number;
  readonly requestLost: number;
  readonly answerLost: number;
  readonly answerCut: number;
  readonly badGateway: number;
  readonly slowRequest: number;
  readonly duplicated: number;
  readonly killed: number;
  readonly frozen: number;
  readonly store: number;
}

export const calm: Weather = {
  refused: 0,
  requestLost: 0,
  answerLost: 0,
  answerCut: 0,
  badGateway: 0,
  slowRequest: 0,
  duplicated: 0,
  killed: 0,
  frozen: 0,
  store: 0,
};

export interface NetworkOptions {
  readonly provider: SimulatedProvider;
  readonly providers: SimulatedProviders;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly merchant: Merchant;
  readonly weather: () => Weather;
  /** A request that was delivered twice, told so that the verdict can count it. */
  readonly onDuplicate: () => void;
  /** Changes what leaves the merchant: a planted bug. */
  readonly tamper?: (body: string) => string;
  readonly tell: (line: string) => void;
}

/** The longest that a request may be on its way; shorter than the wait after which a miss is believed. */
const longestFlightMs = 4 * 60_000;
/** The longest freeze; shorter than the wait for an owner that never reported. */
const longestFreezeMs = 10 * 60_000;

/** The way from one merchant to one provider, in virtual time, with everything that happens to messages. */
export const createNetwork = (options: NetworkOptions): Exchange => {
  const { provider, providers, scheduler, random, merchant, tell } = options;

  return (request) =>
    new Promise<ExchangeAnswer>((resolve, reject) => {
      const weather = options.weather();
      const address = new URL(request.url);
      const isWrite = request.method !== 'GET';
      let done = false;
      const name = `${merchant.name}: ${request.method} ${address.pathname}`;

      const end = (settle: () => void): void => {
        if (done) return;
        done = true;
        cancelTimer();
        settle();
      };
      const fail = (failure: ExchangeFailure): void => {
        end(() => {
          tell(`${name} fails: ${failure.message}${failure.sent ? ', sent' : ', not sent'}`);
          reject(failure);
        });
      };
      const cancelTimer = merchant.after(request.timeoutMs, () => {
        fail(new ExchangeFailure('timeout', true));
      });
      request.signal?.addEventListener('abort', () => {
        fail(new ExchangeFailure('aborted', true));
      });

      if (random.chance(weather.refused)) {
        merchant.after(random.below(20), () => {
          fail(new ExchangeFailure('connection', false, 'ECONNREFUSED'));
        });
        return;
      }

      const deliver = async (isCopy: boolean): Promise<void> => {
        const delivery = await providers.handle(provider, {
          method: request.method,
          path: address.pathname,
          query: address.search.slice(1),
          headers: request.headers,
          body: options.tamper === undefined ? (request.body ?? '') : options.tamper(request.body ?? ''),
        });
        if (delivery.outcome !== 'answered') throw new Error('the simulation injects its own faults');
        const { status, headers, body } = delivery.response;
        tell(`${provider} executes ${name}${isCopy ? ' (a copy)' : ''} -> ${status}`);
        if (isCopy) return;
        if (isWrite && random.chance(weather.killed)) {
          tell(`${merchant.name} dies with the answer on its way`);
          merchant.kill();
          return;
        }
        merchant.after(random.below(200), () => {
          if (random.chance(weather.answerLost)) fail(new ExchangeFailure('connection', true, 'ECONNRESET'));
          else if (random.chance(weather.answerCut)) {
            fail(new ExchangeFailure('truncated', true, 'ECONNRESET', status));
          } else if (random.chance(weather.badGateway)) {
            end(() => {
              const html = { 'content-type': 'text/html' };
              resolve({ status: 502, headers: html, text: '<h1>502 Bad Gateway</h1>' });
            });
          } else {
            end(() => {
              resolve({ status, headers, text: body });
            });
          }
        });
      };

      const leave = (): void => {
        if (random.chance(weather.requestLost)) {
          tell(`${name} is lost on its way`);
          merchant.after(random.below(200), () => {
            fail(new ExchangeFailure('connection', true, 'ECONNRESET'));
          });
          return;
        }
        const slow = random.chance(weather.slowRequest);
        const flightMs = slow ? random.below(longestFlightMs) : random.below(100);
        // The message is out: it travels on, whatever becomes of the process.
        scheduler.after(flightMs, () => void deliver(false));
        if (isWrite && random.chance(weather.duplicated)) {
          options.onDuplicate();
          scheduler.after(flightMs + random.below(2_000), () => void deliver(true));
        }
        if (isWrite && random.chance(weather.killed)) {
          tell(`${merchant.name} dies after sending`);
          merchant.kill();
        }
      };

      if (isWrite && random.chance(weather.killed)) {
        tell(`${merchant.name} dies before sending`);
        merchant.kill();
        return;
      }
      if (isWrite && random.chance(weather.frozen)) {
        const milliseconds = random.below(longestFreezeMs);
        tell(`${merchant.name} freezes for ${milliseconds} ms before ${request.method} ${address.pathname}`);
        merchant.freeze(milliseconds);
        merchant.after(0, leave);
        return;
      }
      leave();
    });
};
