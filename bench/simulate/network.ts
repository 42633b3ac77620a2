import type { SimulatedProvider, SimulatedProviders } from '../../src/simulator/index.js';
import { ExchangeFailure, type Exchange, type ExchangeAnswer } from '../../src/transport/exchange.js';
import { causes, type Cause, type Clocks, type EffectLog } from './effects.js';
import { frontRefusal } from './front.js';
import type { Knowledge } from './knowledge.js';
import type { Merchant } from './merchant.js';
import type { Random } from './random.js';
import type { Scheduler } from './scheduler.js';
import type { Weather } from './weather.js';

export interface NetworkOptions {
  readonly provider: SimulatedProvider;
  readonly providers: SimulatedProviders;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly merchant: Merchant;
  readonly effects: EffectLog;
  readonly weather: () => Weather;
  /** Answers of this world, by their kind: what a crossed connection may give. */
  readonly earlier: Map<string, { readonly path: string; readonly answer: ExchangeAnswer }>;
  /** A request that was executed twice, told so that the verdict can count it. */
  readonly onDuplicate: (cause: Cause | null) => void;
  /** The clocks of the merchant. */
  readonly clocks: () => Clocks;
  /** Changes the body of a request on its way. */
  readonly tamper: (body: string, cause: Cause | null) => string;
  /** Names a source that is declined instead. */
  readonly decline: (body: string) => string;
  /** The most that a page of a list may hold here. */
  readonly pageSize: number;
  readonly tell: (line: string) => void;
  readonly knowledge: Knowledge;
}

/** The longest that a request may be on its way; shorter than the wait after which a miss is believed. */
const longestFlightMs = 4 * 60_000;
/**
 * The longest freeze between the lease check and the socket; shorter than the wait for an owner that never
 * reported.
 */
const longestFreezeMs = 10 * 60_000;
/** The most that a clock is set on or back. */
const longestJumpMs = 3 * 60 * 60_000;

/** The same kind of request for different charges. */
const kindOf = (method: string, path: string): string =>
  `${method} ${path.replace(/\/(?=[\w-]*\d)[\w-]{8,}/g, '/:id')}`;

const stampIn = (body: string): string | undefined => /"unicharge_key":"[^"]*"/.exec(body)?.[0];

/** Whether what the provider made of a write does not carry the stamp that the client gave it. */
const isStampLost = (sent: string, arrived: string): boolean => stampIn(sent) !== stampIn(arrived);

const isList = (path: string): boolean => /\/(charges|payments|payment_intents)\/?$/.test(path);

/** A page without its items that says, as before, that more follow; null for what is no such page. */
const emptied = (answer: ExchangeAnswer): ExchangeAnswer | null => {
  if (answer.status !== 200) return null;
  const body = JSON.parse(answer.text) as Record<string, unknown>;
  const list = ['data', 'response'].find((name) => Array.isArray(body[name]));
  const next = body['next'] ?? (body['pagination'] as { next?: unknown } | undefined)?.next;
  const { has_next: hasNext } = (body['page_info'] ?? {}) as { has_next?: unknown };
  const items = list === undefined ? [] : (body[list] as unknown[]);
  const more =
    body['has_more'] === true ||
    (next !== null && next !== undefined) ||
    hasNext === true ||
    Number(body['total'] ?? 0) > items.length;
  return list === undefined || !more ? null : { ...answer, text: JSON.stringify({ ...body, [list]: [] }) };
};

/** The way from one merchant to one provider, in virtual time, with everything that happens to messages. */
export const createNetwork = (options: NetworkOptions): Exchange => {
  const { provider, providers, scheduler, random, merchant, tell, knowledge } = options;

  return (request) =>
    new Promise<ExchangeAnswer>((resolve, reject) => {
      const weather = options.weather();
      const cause = causes.getStore() ?? null;
      const address = new URL(request.url);
      const isWrite = request.method !== 'GET';
      const kind = kindOf(request.method, address.pathname);
      const body = options.tamper(request.body ?? '', cause);
      let done = false;
      const name = `${merchant.name}: ${request.method} ${address.pathname}`;
      const isLook = isList(address.pathname) && !isWrite;
      const hinder = (): void => {
        if (isLook && cause !== null) knowledge.lookHindered(cause);
      };
      /** The answer of the provider itself arrives. */
      const hear = (own: ExchangeAnswer): void => {
        if (isWrite && cause !== null) knowledge.writeAnswered(cause);
        if (isWrite && own.status < 300 && isStampLost(request.body ?? '', body))
          knowledge.sawStampLost(merchant.name, scheduler.elapsed());
        if (own.status >= 300) hinder();
      };

      const end = (settle: () => void): void => {
        if (done) return;
        done = true;
        cancelTimer();
        settle();
      };
      const fail = (failure: ExchangeFailure): void => {
        end(() => {
          tell(`${name} fails: ${failure.message}${failure.sent ? ', sent' : ', not sent'}`);
          hinder();
          reject(failure);
        });
      };
      const cancelTimer = merchant.after(request.timeoutMs, () => {
        fail(new ExchangeFailure('timeout', true));
      });
      request.signal?.addEventListener('abort', () => {
        fail(new ExchangeFailure('aborted', true));
      });

      if (isWrite && random.chance(weather.jump)) {
        const milliseconds = random.below(2 * longestJumpMs) - longestJumpMs;
        tell(`the clock of ${merchant.name} jumps by ${milliseconds} ms`);
        merchant.jump(milliseconds);
      }
      if (random.chance(weather.refused)) {
        merchant.after(random.below(20), () => {
          fail(new ExchangeFailure('connection', false, 'ECONNREFUSED'));
        });
        return;
      }

      const execute = async (isCopy: boolean, leftAt: number, clocks: Clocks): Promise<ExchangeAnswer> => {
        const breaks = random.chance(weather.serverError);
        if (breaks)
          providers.inject({ provider, fault: isWrite ? 'server_error_after_commit' : 'server_error' });
        const isDeclined = isCopy && random.chance(weather.copyDeclined);
        const search = address.search.slice(1);
        const delivery = await options.effects.during({ cause, leftAt, clocks }, () =>
          providers.handle(provider, {
            method: request.method,
            path: address.pathname,
            query: isList(address.pathname)
              ? search.replace(/\blimit=\d+/, `limit=${options.pageSize}`)
              : search,
            headers: request.headers,
            body: isDeclined ? options.decline(body) : body,
          }),
        );
        if (delivery.outcome !== 'answered') throw new Error('the simulation injects its own faults');
        const { status, headers, body: text } = delivery.response;
        tell(`${provider} executes ${name}${isCopy ? ' (a copy)' : ''} -> ${status}`);
        return { status, headers, text };
      };

      const answerWith = (own: ExchangeAnswer): void => {
        if (isWrite && random.chance(weather.killed)) {
          tell(`${merchant.name} dies with the answer on its way`);
          merchant.kill();
          return;
        }
        const before = options.earlier.get(kind);
        if (own.status < 300) options.earlier.set(kind, { path: address.pathname, answer: own });
        const other =
          before !== undefined && (isWrite || before.path !== address.pathname) ? before : undefined;
        merchant.after(random.below(200), () => {
          if (random.chance(weather.answerLost)) fail(new ExchangeFailure('connection', true, 'ECONNRESET'));
          else if (random.chance(weather.answerCut)) {
            fail(new ExchangeFailure('truncated', true, 'ECONNRESET', own.status));
          } else {
            end(() => {
              if (random.chance(weather.badGateway)) {
                hinder();
                const html = { 'content-type': 'text/html' };
                resolve({ status: 502, headers: html, text: '<h1>502 Bad Gateway</h1>' });
              } else if (isWrite && random.chance(weather.frontAfter)) {
                const refusal = frontRefusal(random);
                tell(`${name} is answered ${refusal.status} by something in front`);
                resolve(refusal);
              } else if (other !== undefined && random.chance(weather.crossed)) {
                tell(`${name} gets the answer of ${other.path}`);
                hinder();
                if (isWrite && cause !== null) knowledge.answerCrossed(cause);
                resolve(other.answer);
              } else {
                const empty = isList(address.pathname) && !isWrite && random.chance(weather.emptyPage);
                const emptiedPage = empty ? emptied(own) : null;
                if (emptiedPage === null) hear(own);
                else hinder();
                resolve(emptiedPage ?? own);
              }
            });
          }
        });
      };

      const leave = (): void => {
        const leftAt = scheduler.elapsed();
        const clocks = options.clocks();
        if (random.chance(weather.requestLost)) {
          tell(`${name} is lost on its way`);
          merchant.after(random.below(200), () => {
            fail(new ExchangeFailure('connection', true, 'ECONNRESET'));
          });
          return;
        }
        if (random.chance(weather.frontInstead)) {
          merchant.after(random.below(200), () => {
            const refusal = frontRefusal(random);
            tell(`${name} is refused with ${refusal.status} by something in front`);
            end(() => {
              hinder();
              resolve(refusal);
            });
          });
          return;
        }
        const slow = random.chance(weather.slowRequest);
        const flightMs = slow ? random.below(longestFlightMs) : random.below(100);
        const isDoubled = isWrite && random.chance(weather.duplicated);
        const copyIsHeard = isDoubled && random.chance(0.5);
        // The message is out: it travels on, whatever becomes of the process.
        scheduler.after(flightMs, () => {
          void execute(false, leftAt, clocks).then((answer) => {
            if (!copyIsHeard) answerWith(answer);
          });
        });
        if (isDoubled) {
          options.onDuplicate(cause);
          scheduler.after(flightMs + 200 + random.below(2_000), () => {
            void execute(true, leftAt, clocks).then((answer) => {
              if (copyIsHeard) answerWith(answer);
            });
          });
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
        // It leaves when this freeze ends, also where the process stands still again: no longer than is believed of an owner.
        scheduler.after(milliseconds, () => {
          if (merchant.isAlive()) leave();
        });
        return;
      }
      leave();
    });
};
