import * as z from 'zod';
import {
  createChargesClient,
  defineProvider,
  secretSchema,
  type ChargesClient,
  type RequestRow,
} from '../../src/index.js';
import { create, toCharge, wireSchema, type Wire } from '../../bench/simulate/small-provider.js';
import { ExchangeFailure, type ExchangeRequest } from '../../src/transport/exchange.js';
import { createVirtualTime, type VirtualTime } from '../virtual-time.js';

export type { Wire };
const pageSchema = z.object({ data: z.array(wireSchema), next: z.string().nullish() });

/** What the adapter says of its list; null where it says nothing. */
type ListOrder = 'newest_first' | 'unspecified' | null;

const smallProvider = (order: ListOrder) =>
  defineProvider({
    provider: 'small',
    settings: { secretKey: secretSchema },
    environment: { secretKey: { variable: 'SMALL_SECRET_KEY', required: true } },
    connect: () => ({ origin: 'https://small.test', livemode: null, account: null, headers: () => ({}) }),
    callHeaders: { 'small-account': { choosesAccount: true } },
    writeSafety: { kind: 'lookup' },
    rateLimitMeansNotExecuted: false,
    operations: {
      create,
      list: {
        ...(order === null ? {} : { capability: { order } }),
        request: ({ cursor }) => ({ method: 'GET', route: '/charges', query: { page: cursor ?? undefined } }),
        response: pageSchema,
        output: ({ wire }) => ({ data: wire.data.map(toCharge), nextCursor: wire.next ?? null }),
      } satisfies RequestRow<'list', z.infer<typeof pageSchema>>,
      verify3DS: {
        isWrite: true,
        request: () => ({ method: 'GET', route: '/verify' }),
        response: wireSchema,
        output: ({ wire }) => toCharge(wire),
      } satisfies RequestRow<'verify3DS', Wire> & { isWrite: true },
    },
    failure: () => ({ kind: 'provider', outcome: 'unknown', message: 'a fault' }),
  });

/** A provider without keys in memory: its charges, and what the next request meets. */
export interface Bank {
  readonly time: VirtualTime;
  readonly requests: { method: string; path: string }[];
  readonly charges: Wire[];
  /** Answers a list request; the whole list, newest first, unless a test says otherwise. */
  list: (page: string | null) => { data: Wire[]; next?: string | null };
  /** What the provider keeps of the metadata of a write. */
  keeps: (metadata: Record<string, string>) => Record<string, string>;
  /** What becomes of the next write. */
  next: 'answered' | 'answer_lost' | 'request_lost' | 'refused';
  client(settings?: object): ChargesClient;
}

export const openBank = (order: ListOrder = 'newest_first'): Bank => {
  const time = createVirtualTime();
  const exchange = (request: ExchangeRequest) => {
    const url = new URL(request.url);
    bank.requests.push({ method: request.method, path: url.pathname });
    const fate = bank.next;
    const isList = request.method === 'GET' && url.pathname === '/charges';
    if (!isList) bank.next = 'answered';
    const answer = (body: unknown) =>
      Promise.resolve({
        status: 200,
        headers: { 'content-type': 'application/json', date: new Date(time.runtime.now()).toUTCString() },
        text: JSON.stringify(body),
      });
    if (isList) return answer(bank.list(url.searchParams.get('page')));
    if (fate === 'refused') return Promise.reject(new ExchangeFailure('connection', false, 'ECONNREFUSED'));
    if (fate === 'request_lost') return Promise.reject(new ExchangeFailure('connection', true));
    const body = JSON.parse(request.body ?? '{}') as Partial<Wire>;
    const charge: Wire = {
      amount: body.amount ?? 100,
      currency: body.currency ?? 'EUR',
      metadata: bank.keeps(body.metadata ?? {}),
      id: `ch_${bank.charges.length + 1}`,
      created: time.runtime.now(),
    };
    bank.charges.push(charge);
    return fate === 'answer_lost' ? Promise.reject(new ExchangeFailure('connection', true)) : answer(charge);
  };
  const bank: Bank = {
    time,
    requests: [],
    charges: [],
    next: 'answered',
    keeps: (metadata) => metadata,
    list: () => ({ data: [...bank.charges].reverse() }),
    client: (settings = {}) =>
      createChargesClient(
        smallProvider(order),
        { secretKey: 'sk_small', maxRetries: 3, deadlineMs: 60_000, ...settings },
        { runtime: time.runtime, exchange },
      ),
  };
  return bank;
};
