import { Worker } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { createFakeClient } from '../../src/testing/index.js';
import { createPin } from '../../src/providers/pin/index.js';
import { systemRuntime, whenAborted } from '../../src/runtime.js';
import { createCallerExchange } from '../../src/transport/axios-exchange.js';
import { createNodeExchange } from '../../src/transport/node-exchange.js';
import axios from 'axios';
import { closedPort, requestTo, serve } from './a-server.js';

/** A server in a thread of its own: it answers while this one stands still. It says when by the shared number. */
const answeringBesides = async () => {
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(
    `const { createServer } = require('node:http');
     const { parentPort, workerData } = require('node:worker_threads');
     const server = createServer((request, response) => {
       request.resume().on('end', () => {
         response.end('{"id":"ch_1"}', () => {
           setTimeout(() => { Atomics.store(workerData, 0, 1); Atomics.notify(workerData, 0); }, 20);
         });
       });
     });
     server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`,
    { eval: true, workerData: answered },
  );
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  return {
    origin: `http://127.0.0.1:${port}`,
    /** Stands still, as a stopped process does, until the answer is in the socket and the time is up. */
    freeze: (timeoutMs: number) => {
      const until = performance.now() + timeoutMs + 20;
      Atomics.wait(answered, 0, 0);
      while (performance.now() < until) Atomics.wait(answered, 0, 1, 1);
    },
    end: () => worker.terminate(),
  };
};

describe.each([
  ['the default way', () => createNodeExchange(systemRuntime)],
  ["a caller's own axios", () => createCallerExchange(axios.create({ proxy: false }), systemRuntime)],
])('a process that stood still beyond its time-out, over %s', (_, create) => {
  it('takes the answer that has arrived meanwhile', async () => {
    const server = await answeringBesides();
    const timeoutMs = 300;
    const exchange = create();
    const attempt = exchange(requestTo(server.origin, { timeoutMs }));
    try {
      // The request leaves first.
      await new Promise((resolve) => setTimeout(resolve, 50));
      server.freeze(timeoutMs);
      await expect(attempt).resolves.toMatchObject({ status: 200, text: '{"id":"ch_1"}' });
    } finally {
      await server.end();
    }
  });
});

describe('a timer of the runtime', () => {
  it('lets the event loop read once when it is late', async () => {
    const order: string[] = [];
    await new Promise<void>((resolve) => {
      systemRuntime.timer(0, () => {
        order.push('gives up');
        resolve();
      });
      setTimeout(() => order.push('reads'), 0);
      // Both are due when the loop comes round again.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    });
    expect(order).toEqual(['reads', 'gives up']);
  });

  it('does not come when it was cancelled in that turn', async () => {
    const callback = vi.fn();
    const cancel = systemRuntime.timer(0, callback);
    setTimeout(cancel, 0);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(callback).not.toHaveBeenCalled();
  });
});

describe('one signal of many calls', () => {
  it('carries one listener however many share it, and none afterwards', async () => {
    const warnings: string[] = [];
    const hear = (warning: Error) => warnings.push(warning.name);
    process.on('warning', hear);
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, 'addEventListener');
    const remove = vi.spyOn(signal, 'removeEventListener');
    const origin = await serve((_request, response) =>
      setTimeout(() => response.writeHead(404).end('{}'), 20),
    );
    const client = createPin({ secretKey: 'k'.repeat(20), baseUrl: origin, environment: 'test' });
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => client.retrieve(`ch_${index}`, { signal }).catch(() => null)),
    );
    const exchange = createNodeExchange(systemRuntime);
    const refused = await closedPort();
    await Promise.allSettled(Array.from({ length: 40 }, () => exchange(requestTo(refused, { signal }))));
    await Promise.all(Array.from({ length: 40 }, () => systemRuntime.sleep(1, signal)));
    const fake = createFakeClient();
    await Promise.all(
      Array.from({ length: 40 }, () =>
        fake.create({ amount: 1, currency: 'EUR', source: 'approved' }, { signal }),
      ),
    );
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', hear);
    expect(warnings).toEqual([]);
    expect(add.mock.calls.length).toBeGreaterThan(0);
    expect(remove.mock.calls.length).toBe(add.mock.calls.length);
  });

  it('tells every call that is under way, and none that is over', () => {
    const controller = new AbortController();
    const heard: string[] = [];
    const stop = whenAborted(controller.signal, () => heard.push('over'));
    whenAborted(controller.signal, () => heard.push('first'));
    whenAborted(controller.signal, () => heard.push('second'));
    stop();
    stop();
    controller.abort();
    expect(heard).toEqual(['first', 'second']);
  });
});
