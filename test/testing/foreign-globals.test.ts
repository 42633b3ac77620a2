import { afterEach, describe, expect, it, vi } from 'vitest';
import { createStripe } from '../../src/providers/stripe/index.js';
import { startReceiver } from '../webhooks/receiver.js';
import { createFakeClient, createFaultServer, startSimulator } from '../../src/testing/index.js';

/** A signal as jsdom has it: one with listeners, but not one of Node's. */
class ForeignSignal {
  aborted = false;
  reason: unknown = undefined;
  private readonly listeners = new Set<() => void>();

  addEventListener(_type: 'abort', listener: () => void): void {
    this.listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.listeners.delete(listener);
  }

  abort(reason: unknown): void {
    this.aborted = true;
    this.reason = reason;
    for (const listener of this.listeners) listener();
  }
}

class ForeignController {
  readonly signal = new ForeignSignal();

  abort(reason: unknown): void {
    this.signal.abort(reason);
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('in an environment whose AbortSignal is not that of Node, such as jsdom', () => {
  it('the simulator charges, delivers, delays and stops', async () => {
    vi.stubGlobal('AbortController', ForeignController);
    const simulator = await startSimulator({ providers: ['stripe'] });
    const receiver = await startReceiver();
    simulator.webhooks.deliverTo('stripe', receiver.url, 'whsec_example');
    const charges = createStripe({ ...simulator.settings('stripe'), timeoutMs: 20, maxRetries: 0 });
    const source = () => simulator.source('stripe', 'approved');
    const params = { amount: 4590, currency: 'EUR' };
    expect(await charges.create({ ...params, source: source() })).toMatchObject({ status: 'captured' });
    await simulator.webhooks.flush();
    expect(receiver.received.length).toBeGreaterThan(0);
    simulator.inject({ operation: 'create', fault: { type: 'delay', ms: 60_000 } });
    await expect(charges.create({ ...params, source: source() })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    await simulator.close();
    await receiver.close();
  });

  it('the fake client and a server with faults work', async () => {
    vi.stubGlobal('AbortController', ForeignController);
    const charges = createFakeClient();
    const params = { amount: 4590, currency: 'EUR', source: 'approved' };
    expect(await charges.create(params)).toMatchObject({ status: 'captured' });
    const server = await createFaultServer(() => ({ status: 200, body: 'ok' }));
    expect(await (await fetch(server.url)).text()).toBe('ok');
    await server.close();
  });
});
