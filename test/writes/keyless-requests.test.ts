import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import {
  createChargesClient,
  defineProvider,
  secretSchema,
  type ChargesClient,
  type RequestRow,
} from '../../src/index.js';
import type { WireAnswer } from '../../src/provider.js';
import { ExchangeFailure, type ExchangeRequest } from '../../src/transport/exchange.js';
import { toCharge, wireSchema } from '../../bench/simulate/small-provider.js';
import { createVirtualTime } from '../virtual-time.js';

const holdSchema = wireSchema.extend({ state: z.enum(['held', 'taken', 'released']) });
type Hold = z.infer<typeof holdSchema>;

const toHoldCharge = (wire: Hold) => {
  const status = ({ held: 'authorized', taken: 'captured', released: 'voided' } as const)[wire.state];
  return Object.assign(toCharge(wire), {
    status,
    providerStatus: wire.state,
    amountCaptured: status === 'captured' ? wire.amount : 0,
  });
};

/** A provider that keeps keys for what it creates, and for nothing else. */
const creationKeys = (keyless: RequestRow<'create'>['takesKey']) => {
  const change = <Name extends 'capture' | 'void'>(path: string) =>
    ({
      takesKey: false,
      request: ({ id }) => ({ method: 'POST', route: `/holds/{id}/${path}`, ids: { id } }),
      response: holdSchema,
      output: ({ wire }) => toHoldCharge(wire),
    }) satisfies RequestRow<Name, Hold>;
  return defineProvider({
    provider: 'holds',
    settings: { secretKey: secretSchema },
    environment: { secretKey: { variable: 'HOLDS_SECRET_KEY', required: true } },
    connect: () => ({ origin: 'https://holds.test', livemode: null, account: null, headers: () => ({}) }),
    writeSafety: { kind: 'provider-key', header: 'Idempotency-Key', keyLifetimeMs: 3_600_000 },
    rateLimitMeansNotExecuted: false,
    operations: {
      create: {
        ...(keyless === undefined ? {} : { takesKey: keyless }),
        request: ({ params }) => ({
          method: 'POST',
          route: '/holds',
          json: { amount: params.amount, currency: params.currency },
        }),
        response: holdSchema,
        output: ({ wire }) => toHoldCharge(wire),
      } satisfies RequestRow<'create', Hold>,
      retrieve: {
        request: ({ id }) => ({ method: 'GET', route: '/holds/{id}', ids: { id } }),
        response: holdSchema,
        output: ({ wire }) => toHoldCharge(wire),
      } satisfies RequestRow<'retrieve', Hold>,
      capture: change<'capture'>('take'),
      void: change<'void'>('release'),
    },
    failure: (answer: WireAnswer) => ({
      kind: answer.status >= 500 ? 'provider' : 'conflict',
      outcome: answer.status >= 500 ? 'unknown' : 'rejected',
      message: 'refused',
      mayBeOwnSuccess: answer.status < 500,
    }),
  });
};

const openBank = (keyless?: RequestRow<'create'>['takesKey']) => {
  const time = createVirtualTime();
  const hold: Hold = {
    id: 'h_1',
    amount: 4590,
    currency: 'PHP',
    created: time.runtime.now(),
    metadata: {},
    state: 'held',
  };
  const bank = { time, hold, loses: false, requests: [] as { line: string; key: string | null }[] };
  const exchange = (request: ExchangeRequest) => {
    const line = `${request.method} ${new URL(request.url).pathname}`;
    bank.requests.push({ line, key: request.headers['idempotency-key'] ?? null });
    const answer = (status = 200) =>
      Promise.resolve({
        status,
        headers: { 'content-type': 'application/json' },
        text: JSON.stringify(hold),
      });
    if (request.method === 'GET' || line === 'POST /holds') return answer();
    if (hold.state !== 'held') return answer(409);
    hold.state = line.endsWith('take') ? 'taken' : 'released';
    return bank.loses ? Promise.reject(new ExchangeFailure('connection', true)) : answer();
  };
  const client = (settings: object = {}): ChargesClient =>
    createChargesClient(
      creationKeys(keyless),
      { secretKey: 'sk_holds', maxRetries: 3, deadlineMs: 60_000, ...settings },
      { runtime: time.runtime, exchange },
    );
  return { bank, client };
};

const writes = (requests: readonly { line: string }[]) =>
  requests.filter(({ line }) => !line.startsWith('GET'));

describe('a write that the provider keeps no key for', () => {
  it('goes out without the key, beside one that has it', async () => {
    const { bank, client } = openBank();
    const { id } = await client().create(
      { amount: 4590, currency: 'PHP', source: 'tok_1' },
      { idempotencyKey: 'a' },
    );
    await client().capture(id, {}, { idempotencyKey: 'b' });
    expect(writes(bank.requests)).toEqual([
      { line: 'POST /holds', key: 'a' },
      { line: 'POST /holds/h_1/take', key: null },
    ]);
  });

  it.each(['capture', 'void'] as const)(
    'is sent once, and read off the charge after a lost answer: %s',
    async (name) => {
      const { bank, client } = openBank();
      bank.loses = true;
      const charges = client();
      const error: unknown = await (
        name === 'capture'
          ? charges.capture('h_1', {}, { idempotencyKey: 'k' })
          : charges.void('h_1', { idempotencyKey: 'k' })
      ).catch((failure: unknown) => failure);
      expect(error).toMatchObject({ outcome: 'unknown' });
      expect(writes(bank.requests)).toHaveLength(1);
      bank.loses = false;
      const again =
        name === 'capture'
          ? charges.capture('h_1', {}, { idempotencyKey: 'k' })
          : charges.void('h_1', { idempotencyKey: 'k' });
      await expect(again).resolves.toMatchObject({
        id: 'h_1',
        status: name === 'capture' ? 'captured' : 'voided',
      });
      expect(writes(bank.requests)).toHaveLength(1);
    },
  );

  it('is told in the capabilities', () => {
    const { capabilities } = openBank().client();
    expect(capabilities).toMatchObject({
      writeSafety: 'provider-key',
      capture: { supported: true, writeSafety: 'lookup' },
      void: { supported: true, writeSafety: 'lookup' },
    });
    expect(capabilities.create.writeSafety).toBeUndefined();
  });

  it('may be one of an operation whose other requests have a key', async () => {
    const { bank, client } = openBank(({ params }) => params.source !== 'pm_1');
    const create = (source: string, idempotencyKey: string) =>
      client({ lookupFirst: false }).create({ amount: 4590, currency: 'PHP', source }, { idempotencyKey });
    await create('tok_1', 'a');
    await create('pm_1', 'b');
    expect(bank.requests).toEqual([
      { line: 'POST /holds', key: 'a' },
      { line: 'POST /holds', key: null },
    ]);
  });
});
