import { EventEmitter, getEventListeners } from 'node:events';
import http from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import type * as stripeEntry from '../../src/providers/stripe/index.js';
import type { CannedAnswer, MemoryReport, MemorySetup } from './messages.js';

/**
 * A million charges in one process. Requests are answered inside it, so that they take a minute and not ten: what is asked here
 * is what the library keeps, not what a socket costs.
 */

const answerWith = (canned: CannedAnswer): void => {
  class Answered extends EventEmitter {
    readonly reusedSocket = true;
    end(body?: string): this {
      const stamp = /unicharge_key(?:%5D|\])=([\w-]+)/.exec(body ?? '')?.[1];
      const text = stamp === undefined ? canned.withoutStamp : canned.aroundStamp.join(stamp);
      setImmediate(() => {
        const answer = Readable.from([Buffer.from(text)], { objectMode: false });
        Object.assign(answer, {
          statusCode: canned.status,
          headers: { 'content-type': 'application/json' },
          complete: true,
        });
        this.emit('response', answer);
      });
      return this;
    }
    destroy(): this {
      return this;
    }
  }
  Object.assign(http, { request: () => new Answered() });
};

const collect = (): void => {
  if (global.gc === undefined) throw new Error('this program needs --expose-gc');
  // What waits for a finalizer goes with the second collection.
  global.gc();
  global.gc();
};

const measure = async (setup: MemorySetup): Promise<MemoryReport> => {
  answerWith(setup.answer);
  const { createStripe } = (await import(
    pathToFileURL(join(setup.dist, 'stripe.js')).href
  )) as typeof stripeEntry;
  const client = createStripe({ secretKey: 'sk_test_bench', baseUrl: 'http://127.0.0.1:9' });
  const params = { amount: 4590, currency: 'EUR', source: 'pm_card_visa' };

  const heap: Record<number, number> = {};
  let made = 0;
  for (const mark of setup.marks) {
    const lane = async (): Promise<void> => {
      while (made < mark) {
        made += 1;
        await client.create(params, { idempotencyKey: `order-${made}` });
      }
    };
    await Promise.all(Array.from({ length: 8 }, lane));
    collect();
    heap[mark] = process.memoryUsage().heapUsed;
  }

  let warnings = 0;
  process.on('warning', () => {
    warnings += 1;
  });
  const { signal } = new AbortController();
  await Promise.all(
    Array.from({ length: setup.callsOfSignal }, (_, index) =>
      client.create(params, { idempotencyKey: `signal-${index}`, signal }),
    ),
  );
  // A warning is told in a later turn.
  await new Promise((resolve) => setTimeout(resolve, 50));
  return { heap, warnings, listenersLeft: getEventListeners(signal, 'abort').length };
};

process.on('message', (setup: MemorySetup) => {
  measure(setup).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));
