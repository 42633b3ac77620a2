import { describe, expect, it } from 'vitest';
import { smallProvider } from '../../bench/simulate/small-provider.js';
import {
  memoryStore,
  type ChargesClient,
  type ChargesError,
  type OperationStore,
  type ProviderSpec,
} from '../../src/index.js';
import { pinProvider } from '../../src/providers/pin/provider.js';
import authorized from '../fixtures/pin/charge-authorized.json' with { type: 'json' };
import { scriptReplies, type ScriptedProvider } from '../scripted-replies.js';
import { openBank } from './small-provider.js';

const minute = 60_000;
const params = { amount: 100, currency: 'EUR' };
const options = { idempotencyKey: 'order-1' };

/** Aborts as soon as somebody waits, as the runtime does it: the wait rejects with the reason of the signal. */
const abortInWaits = (script: ScriptedProvider): AbortSignal => {
  const controller = new AbortController();
  script.runtime.sleep = (_, signal) => {
    controller.abort(new Error('the shopper went away'));
    return signal === undefined ? Promise.resolve() : Promise.reject(signal.reason as Error);
  };
  return controller.signal;
};

describe('an abort between the two looks', () => {
  const loseAndWait = async () => {
    const bank = openBank();
    const client = bank.client({ deadlineMs: 20 * minute });
    bank.next = 'request_lost';
    await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
    await bank.time.advance(minute);
    return { bank, client, controller: new AbortController() };
  };

  it('leaves a reconcile unknown, and the write open for the next one', async () => {
    const { bank, client, controller } = await loseAndWait();
    const caught = expect(client.reconcile('order-1', { signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError',
      outcome: 'unknown',
      idempotencyKey: 'order-1',
    });
    await bank.time.advance(minute);
    controller.abort();
    await bank.time.advance(1);
    await caught;
    await bank.time.advance(10 * minute);
    await expect(client.reconcile('order-1')).resolves.toMatchObject({ outcome: 'did_not_happen' });
  });

  it('leaves a repeat of the write unknown, and sends nothing', async () => {
    const { bank, client, controller } = await loseAndWait();
    const sent = () => bank.requests.filter(({ method }) => method === 'POST').length;
    const caught = expect(
      client.create(params, { ...options, signal: controller.signal }),
    ).rejects.toMatchObject({ name: 'AbortError', outcome: 'unknown' });
    await bank.time.advance(minute);
    controller.abort();
    await bank.time.advance(10 * minute);
    await caught;
    expect(sent()).toBe(1);
    await expect(client.create(params, options)).resolves.toMatchObject({ id: 'ch_1' });
    expect(sent()).toBe(2);
  });
});

describe('a signal that was aborted before the call', () => {
  const aborted = { ...options, signal: AbortSignal.abort() };
  const ends = (client: ChargesClient, outcome: string, given: object = aborted) =>
    expect(client.create(params, given)).rejects.toMatchObject({ name: 'AbortError', outcome });

  it('leaves open what an earlier call with the key did, whether it succeeded or its answer was lost', async () => {
    const bank = openBank();
    const client = bank.client();
    await client.create(params, options);
    await ends(client, 'unknown');
    bank.next = 'answer_lost';
    const second = { idempotencyKey: 'order-2' };
    await expect(client.create(params, second)).rejects.toMatchObject({ outcome: 'unknown' });
    const error: unknown = await client
      .create(params, { ...aborted, ...second })
      .catch((each: unknown) => each);
    expect(error).toMatchObject({
      name: 'AbortError',
      outcome: 'unknown',
      idempotencyKey: 'order-2',
      unresolved: { operation: 'create', amount: 100 },
    });
    await expect(client.reconcile(error as ChargesError)).resolves.toMatchObject({ charge: { id: 'ch_2' } });
    expect(bank.charges).toHaveLength(2);
  });

  it('means "not sent" where the key is new, or is known not to have taken effect', async () => {
    const bank = openBank();
    const client = bank.client();
    await ends(client, 'not_sent');
    await ends(client, 'not_sent', { signal: AbortSignal.abort() });
    bank.next = 'request_lost';
    await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
    await ends(client, 'unknown');
    await bank.time.advance(20 * minute);
    await expect(client.reconcile('order-1')).resolves.toMatchObject({ outcome: 'did_not_happen' });
    await ends(client, 'not_sent');
    expect(bank.charges).toHaveLength(0);
  });

  it('leaves the outcome open where the store cannot say', async () => {
    const bank = openBank();
    const store = { ...memoryStore(), get: () => Promise.reject(new Error('the store is away')) };
    await ends(bank.client({ store }), 'unknown');
    expect(bank.requests).toEqual([]);
  });
});

describe('a deadline that passes before the request', () => {
  it('sends nothing: while a store keeps the call waiting', async () => {
    const script = scriptReplies({ body: {} });
    const inner = memoryStore({ runtime: script.runtime });
    const store: OperationStore = {
      ...inner,
      begin: (...given) => {
        script.runtime.pass(minute);
        return inner.begin(...given);
      },
    };
    const settings = { secretKey: 'sk_small', lookupFirst: false, deadlineMs: minute, store };
    const client: ChargesClient = script.client(smallProvider, settings);
    await expect(client.create(params, options)).rejects.toMatchObject({
      name: 'TimeoutError',
      outcome: 'not_sent',
    });
    expect(script.lines).toEqual([]);
  });
});

describe('an abort while a row waits', () => {
  it('after the payment was answered changes nothing of the answer: Pin reads a charge again', async () => {
    const script = scriptReplies({ status: 201, body: authorized });
    const client = script.client(pinProvider, {
      secretKey: 'pin_secret_1',
      environment: 'test',
      lookupFirst: false,
    });
    const charge = await client.create(
      {
        amount: 1250,
        currency: 'AUD',
        source: 'card_1',
        email: 'kim@shop.example',
        description: 'Order 77',
        ip: '198.51.100.7',
        returnUrl: 'https://shop.example/back',
      },
      { ...options, signal: abortInWaits(script) },
    );
    expect(charge).toMatchObject({ id: authorized.response.token, status: 'authorized' });
    expect(script.lines).toEqual(['POST /1/charges']);
  });

  const waiting = (part: 'prepare' | 'output'): ProviderSpec => {
    const { create } = smallProvider.operations;
    if (create === undefined) throw new Error('the provider has no create');
    const wait =
      part === 'prepare'
        ? { prepare: (_: unknown, call: { sleep(ms: number): Promise<void> }) => call.sleep(500) }
        : {
            output: async (answered: never, call: { sleep(ms: number): Promise<void> }, input: never) => {
              await call.sleep(500);
              return create.output(answered, call as never, input);
            },
          };
    return {
      ...smallProvider,
      operations: { ...smallProvider.operations, create: { ...create, ...wait } },
    };
  };
  const open = (part: 'prepare' | 'output') => {
    const script = scriptReplies({
      body: { id: 'ch_1', ...params, created: 1_795_000_000_000, metadata: { unicharge_key: 'order-1' } },
    });
    const settings = { secretKey: 'sk_small', lookupFirst: false };
    const client: ChargesClient = script.client(waiting(part), settings);
    return { script, client };
  };

  it('before the write was sent is an abort of a write that was not sent', async () => {
    const { script, client } = open('prepare');
    await expect(client.create(params, { ...options, signal: abortInWaits(script) })).rejects.toMatchObject({
      name: 'AbortError',
      outcome: 'not_sent',
      idempotencyKey: 'order-1',
    });
    expect(script.lines).toEqual([]);
  });

  it('after the write was answered is an abort that leaves the outcome open', async () => {
    const { script, client } = open('output');
    await expect(client.create(params, { ...options, signal: abortInWaits(script) })).rejects.toMatchObject({
      name: 'AbortError',
      outcome: 'unknown',
      idempotencyKey: 'order-1',
    });
    expect(script.lines).toEqual(['POST /charges']);
  });
});
