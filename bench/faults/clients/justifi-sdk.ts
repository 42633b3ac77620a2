import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JobClient, MerchantSetup, WriteOrder } from '../messages.js';
import { jobWithoutLookup, textOf } from './without-lookup.js';

/** The official `@justifi/justifi-node`: its calls carry a key, a fresh one each unless it is given one. */
export const createJustifiJob = async (setup: MerchantSetup): Promise<JobClient> => {
  const module = await import('@justifi/justifi-node');
  // A CommonJS package with a default export, seen from a module. Its types are stricter than its own samples.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const { default: justifi } = (module as any).default;
  let client: Promise<Record<string, (...values: unknown[]) => Promise<{ id: string }>>> | null = null;

  const call = async (order: WriteOrder): Promise<() => Promise<{ id: string }>> => {
    const { clientId, clientSecret, subAccount } = order.place.settings as Record<string, string>;
    client ??= (async () => {
      process.env['JUSTIFI_API_URL'] = order.place.baseUrl;
      const made = justifi.client().withCredentials({ clientId, clientSecret });
      // The authorization is fetched once and kept.
      await made.listPayments({ limit: 1 }, subAccount);
      return made;
    })();
    client.catch(() => (client = null));
    const api = await client;
    const key = setup.givesKeys ? order.key : undefined;
    const { amount, kind, target } = order;
    switch (kind) {
      case 'create':
      case 'authorize': {
        const payload = {
          amount,
          currency: 'usd',
          description: 'Order',
          captureStrategy: kind === 'create' ? 'automatic' : 'manual',
          paymentMethod: { token: order.source },
          metadata: { order: order.key },
        };
        return () => api['createPayment']!(key, payload, subAccount);
      }
      case 'capture':
        return () => api['capturePayment']!(key, target);
      case 'refund':
        return () => api['refundPayment']!(key, target, { amount });
      case 'partial_refund':
        return () => api['refundPayment']!(key, target, { amount: amount / 4 });
      case 'void':
        throw new Error('this SDK has no void');
    }
  };

  // The address is an environment variable that a call reads after its first turn: one call starts at a time.
  let turn: Promise<void> = Promise.resolve();
  const send = async (order: WriteOrder): Promise<{ id: string }> => {
    const start = await call(order);
    const before = turn;
    let done: () => void = () => undefined;
    turn = new Promise((resolve) => (done = resolve));
    await before;
    process.env['JUSTIFI_API_URL'] = order.place.baseUrl;
    const work = start();
    work.catch(() => undefined);
    await nextTurn();
    await nextTurn();
    done();
    return work;
  };

  return jobWithoutLookup(send, (error) => {
    const { name, code, message } = error as { name?: string; code?: unknown; message?: unknown };
    return { name: name ?? 'unknown', message: textOf(message).slice(0, 200), status: statusOf(code) };
  });
};

/** 500 is what it says about connections, too. */
const statusOf = (code: unknown): number | null => (typeof code === 'number' && code !== 500 ? code : null);
