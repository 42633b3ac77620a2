import { describe, expect, it } from 'vitest';
import { createChargesClient, defineProvider, secretSchema, type RequestRow } from '../../src/index.js';
import { create, toCharge, wireSchema, type Wire } from '../../bench/simulate/small-provider.js';
import { createInstantRuntime } from '../../src/testing/in-memory-exchange.js';

/** A provider whose answers are waited on: the charge may look different a moment later. */
const waiting = defineProvider({
  provider: 'waiting',
  settings: { secretKey: secretSchema },
  environment: { secretKey: { variable: 'WAITING_SECRET_KEY', required: true } },
  connect: () => ({ origin: 'https://waiting.test', livemode: null, account: null, headers: () => ({}) }),
  writeSafety: { kind: 'lookup' },
  rateLimitMeansNotExecuted: false,
  operations: {
    create: {
      request: create.request,
      response: wireSchema,
      output: async ({ wire }, call) => {
        await call.sleep(250);
        return toCharge(wire);
      },
    } satisfies RequestRow<'create', Wire>,
    verify3DS: {
      isWrite: true,
      request: () => ({ method: 'GET', route: '/verify' }),
      response: wireSchema,
      output: async ({ wire }, call) => {
        await call.sleep(250);
        return toCharge(wire);
      },
    } satisfies RequestRow<'verify3DS', Wire> & { isWrite: true },
  },
  failure: () => ({ kind: 'provider', outcome: 'unknown', message: 'a fault' }),
});

describe('a signal that is aborted after the answer came, while the adapter waits', () => {
  const open = () => {
    const stop = new AbortController();
    const client = createChargesClient(
      waiting,
      { secretKey: 'sk_small' },
      {
        runtime: createInstantRuntime(0),
        exchange: async ({ body }) => {
          stop.abort();
          const charge = { id: 'ch_1', amount: 100, currency: 'EUR', created: 0, metadata: {} };
          const asked = JSON.parse(body ?? '{}') as object;
          return {
            status: 200,
            headers: { 'content-type': 'application/json' },
            text: JSON.stringify({ ...charge, ...asked }),
          };
        },
      },
    );
    return { client, signal: stop.signal };
  };

  it('leaves a create unknown', async () => {
    const { client, signal } = open();
    await expect(client.create({ amount: 100, currency: 'EUR' }, { signal })).rejects.toMatchObject({
      name: 'AbortError',
      outcome: 'unknown',
      statusCode: 200,
    });
  });

  it('leaves a verification that finishes the payment unknown', async () => {
    const { client, signal } = open();
    await expect(client.verify3DS({ sessionToken: 'st_1' }, { signal })).rejects.toMatchObject({
      name: 'AbortError',
      outcome: 'unknown',
      statusCode: 200,
    });
  });
});
