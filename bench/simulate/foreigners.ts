import type { ChargesClient } from '../../src/charges-client.js';
import type { Charge } from '../../src/models/charge.js';
import type { SimulatedProvider, SimulatedProviders } from '../../src/simulator/index.js';
import type { Exchange, ExchangeRequest } from '../../src/transport/exchange.js';
import { connect } from './clients.js';
import { startOfTime } from './merchant.js';
import type { Scheduler } from './scheduler.js';
import { currenciesOf, paramsFor, reusableSource } from './sources.js';

/** Others who use the same account without this library: what they make carries no stamp. */
export interface Foreigners {
  /** Makes charges of this amount at once, without waiting. */
  charge(amount: number, count: number): Promise<void>;
  create(params: object): Promise<Charge>;
  /** Refunds a part of a charge. */
  refund(chargeId: string, amount: number): Promise<void>;
}

export interface ForeignersOptions {
  readonly provider: SimulatedProvider;
  readonly providers: SimulatedProviders;
  readonly scheduler: Scheduler;
  readonly exchange: Exchange;
}

export const createForeigners = ({
  provider,
  providers,
  scheduler,
  exchange,
}: ForeignersOptions): Foreigners => {
  /** The last create on the wire; sent again it is another charge, without the cost of a client. */
  let sent: ExchangeRequest | null = null;
  let copies = 0;
  let client: ChargesClient | undefined;
  const open = (): ChargesClient =>
    (client ??= connect(provider, {
      settings: { ...providers.settings(provider), lookupFirst: false },
      internals: {
        runtime: {
          now: () => startOfTime + scheduler.elapsed(),
          monotonic: () => scheduler.elapsed(),
          timer: () => () => undefined,
          sleep: () => Promise.resolve(),
          random: () => 0.5,
          uuid: () => `foreign-${(copies += 1)}`,
        },
        exchange: (request) => {
          if (request.method === 'POST' && !request.url.includes('token')) sent = request;
          return exchange(request);
        },
      },
      plant: null,
    }));

  let template: { readonly request: ExchangeRequest; readonly amount: number } | null = null;
  return {
    async charge(amount, count) {
      if (template?.amount !== amount) {
        const [currency] = currenciesOf(provider);
        const source = await reusableSource(providers, provider);
        await open().create({ amount, source, ...paramsFor(provider), currency });
        if (sent === null) throw new Error('a foreign charge was not sent');
        template = { request: sent, amount };
        count -= 1;
      }
      const { request } = template;
      for (let index = 0; index < count; index += 1) {
        copies += 1;
        const headers = { ...request.headers };
        if ('idempotency-key' in headers) headers['idempotency-key'] = `foreign-copy-${copies}`;
        await exchange({ ...request, headers });
      }
    },
    create: (params) => open().create(params as never),
    async refund(chargeId, amount) {
      await open().refund(chargeId, { amount });
    },
  };
};
