import type { Exchange, ExchangeAnswer } from '../../src/transport/exchange.js';
import { ExchangeFailure } from '../../src/transport/exchange.js';
import type { SimulatedProvider, SimulatedProviders } from '../../src/simulator/index.js';
import type { Merchant } from '../simulate/merchant.js';
import type { Random } from '../simulate/random.js';
import type { Scheduler } from '../simulate/scheduler.js';

/** What may happen to a message, as probabilities. */
export interface RouteWeather {
  readonly refused: number;
  readonly requestLost: number;
  readonly answerLost: number;
  readonly badGateway: number;
  readonly serverError: number;
  readonly rateLimited: number;
  readonly slow: number;
  readonly killed: number;
  readonly frozen: number;
}

export const calmRoutes: RouteWeather = {
  refused: 0,
  requestLost: 0,
  answerLost: 0,
  badGateway: 0,
  serverError: 0,
  rateLimited: 0,
  slow: 0,
  killed: 0,
  frozen: 0,
};

export const stormOverRoutes: RouteWeather = {
  refused: 0.2,
  requestLost: 0.08,
  answerLost: 0.15,
  badGateway: 0.05,
  serverError: 0.05,
  rateLimited: 0.06,
  slow: 0.05,
  killed: 0.06,
  frozen: 0.02,
};

const longestFlightMs = 40_000;
const longestFreezeMs = 10 * 60_000;

/** What the way between one merchant and one provider needs to know. */
export interface RouteNetworkOptions {
  readonly provider: SimulatedProvider;
  readonly providers: SimulatedProviders;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly merchant: Merchant;
  weather(): RouteWeather;
  /** Whether nothing reaches this provider at the moment. */
  isDown(): boolean;
  /** Attributes what the ledger changes during `work` to this merchant. */
  sending<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Changes the body of an answer. */
  tamper(body: string): string;
  tell(line: string): void;
}

/** The way from one merchant to one provider, in virtual time. */
export const createRouteNetwork =
  ({
    provider,
    providers,
    scheduler,
    random,
    merchant,
    weather,
    isDown,
    sending,
    tamper,
    tell,
  }: RouteNetworkOptions): Exchange =>
  (request) =>
    new Promise<ExchangeAnswer>((resolve, reject) => {
      const now = weather();
      const isWrite = request.method !== 'GET';
      const address = new URL(request.url);
      const name = `${merchant.name}: ${provider} ${request.method} ${address.pathname}`;
      let done = false;
      const end = (settle: () => void): void => {
        if (done) return;
        done = true;
        cancel();
        settle();
      };
      const fail = (failure: ExchangeFailure): void => {
        end(() => {
          tell(`${name} fails: ${failure.message}${failure.sent ? ', sent' : ', not sent'}`);
          reject(failure);
        });
      };
      const cancel = merchant.after(request.timeoutMs, () => {
        fail(new ExchangeFailure('timeout', true));
      });
      request.signal?.addEventListener('abort', () => {
        fail(new ExchangeFailure('aborted', true));
      });
      if (isDown() || random.chance(now.refused)) {
        merchant.after(random.below(20), () => {
          fail(new ExchangeFailure('connection', false, 'ECONNREFUSED'));
        });
        return;
      }
      const execute = async (): Promise<ExchangeAnswer> => {
        if (random.chance(now.serverError))
          providers.inject({ provider, fault: isWrite ? 'server_error_after_commit' : 'server_error' });
        else if (random.chance(now.rateLimited)) providers.inject({ provider, fault: 'rate_limited' });
        const delivery = await sending(() =>
          providers.handle(provider, {
            method: request.method,
            path: address.pathname,
            query: address.search.slice(1),
            headers: request.headers,
            body: request.body ?? '',
          }),
        );
        if (delivery.outcome !== 'answered') throw new Error('only whole answers are injected');
        const { status, headers, body } = delivery.response;
        tell(`${provider} executes ${name} -> ${status}`);
        return { status, headers, text: tamper(body) };
      };
      const answerWith = (answer: ExchangeAnswer): void => {
        if (isWrite && random.chance(now.killed)) {
          tell(`${merchant.name} dies with the answer on its way`);
          merchant.kill();
          return;
        }
        merchant.after(random.below(200), () => {
          if (random.chance(now.answerLost)) fail(new ExchangeFailure('connection', true, 'ECONNRESET'));
          else
            end(() => {
              const html = { 'content-type': 'text/html' };
              const isLost = random.chance(now.badGateway);
              resolve(isLost ? { status: 502, headers: html, text: '<h1>502 Bad Gateway</h1>' } : answer);
            });
        });
      };
      const leave = (): void => {
        if (random.chance(now.requestLost)) {
          merchant.after(random.below(200), () => {
            fail(new ExchangeFailure('connection', true, 'ECONNRESET'));
          });
          return;
        }
        // The message is out: it travels on, whatever becomes of the process.
        scheduler.after(random.chance(now.slow) ? random.below(longestFlightMs) : random.below(100), () => {
          void execute().then(answerWith);
        });
        if (isWrite && random.chance(now.killed)) {
          tell(`${merchant.name} dies after sending`);
          merchant.kill();
        }
      };
      if (isWrite && random.chance(now.killed)) {
        tell(`${merchant.name} dies before sending`);
        merchant.kill();
        return;
      }
      if (isWrite && random.chance(now.frozen)) {
        tell(`${merchant.name} freezes before sending`);
        merchant.freeze(random.below(longestFreezeMs));
        merchant.after(0, leave);
        return;
      }
      leave();
    });
