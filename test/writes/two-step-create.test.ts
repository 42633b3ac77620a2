import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import {
  createChargesClient,
  defineProvider,
  memoryStore,
  secretSchema,
  type ChargesClient,
  type ProviderSpec,
  type RequestRow,
} from '../../src/index.js';
import { stampMetadata, stampMetadataKey } from '../../src/models/attachments.js';
import type { WireAnswer } from '../../src/provider.js';
import { ExchangeFailure, type ExchangeRequest } from '../../src/transport/exchange.js';
import { toCharge, wireSchema, type Wire } from '../../bench/simulate/small-provider.js';
import { createVirtualTime, type VirtualTime } from '../virtual-time.js';

const intentSchema = wireSchema.extend({ status: z.enum(['awaiting_method', 'held', 'paid', 'failed']) });
type Intent = z.infer<typeof intentSchema>;

const toIntentCharge = (wire: Intent) => {
  const charge = toCharge(wire);
  const status = (
    { awaiting_method: 'pending', held: 'authorized', paid: 'captured', failed: 'failed' } as const
  )[wire.status];
  return Object.assign(charge, {
    status,
    providerStatus: wire.status,
    amountCaptured: status === 'captured' ? wire.amount : 0,
  });
};

interface Prepared {
  readonly intent: string;
}

/** A provider whose create makes an intent, which moves nothing, and attaches the payment method, which does. */
const intents = (kind: 'lookup' | 'provider-key', seen: unknown[]) =>
  defineProvider({
    provider: 'intents',
    settings: { secretKey: secretSchema },
    environment: { secretKey: { variable: 'INTENTS_SECRET_KEY', required: true } },
    connect: () => ({ origin: 'https://intents.test', livemode: null, account: null, headers: () => ({}) }),
    writeSafety: kind === 'lookup' ? { kind } : { kind, header: 'idempotency-key', keyLifetimeMs: 3_600_000 },
    rateLimitMeansNotExecuted: false,
    operations: {
      create: {
        prepare: async ({ params }, call): Promise<Prepared> => {
          const json = {
            amount: params.amount,
            currency: params.currency,
            metadata: stampMetadata(params.metadata, call.idempotencyKey),
          };
          const { wire } = await call.send({ method: 'POST', route: '/intents', json }, intentSchema);
          return { intent: wire.id };
        },
        lookup: {
          target: (prepared) => (prepared as Prepared).intent,
          tookEffect: (charge) => charge.status !== 'pending',
        },
        request: (_, call) => ({
          method: 'POST',
          route: '/intents/{id}/attach',
          ids: { id: (call.prepared as Prepared).intent },
        }),
        response: intentSchema,
        output: ({ wire }) => toIntentCharge(wire),
      } satisfies RequestRow<'create', Intent>,
      retrieve: {
        request: ({ id }) => ({ method: 'GET', route: '/intents/{id}', ids: { id } }),
        response: intentSchema,
        output: ({ wire }) => toIntentCharge(wire),
      } satisfies RequestRow<'retrieve', Intent>,
      list: {
        capability: { order: 'newest_first', covers: 'settled' },
        request: () => ({ method: 'GET', route: '/payments' }),
        response: z.object({ data: z.array(intentSchema) }),
        output: ({ wire }) => ({ data: wire.data.map(toIntentCharge), nextCursor: null }),
      } satisfies RequestRow<'list', { data: Intent[] }>,
    },
    failure: (answer: WireAnswer, _operation, call) => {
      seen.push(call.prepared);
      const chargeId = (call.prepared as Prepared | null)?.intent ?? null;
      const { code } = answer.body as { code: string };
      if (code === 'open') return { kind: 'provider', outcome: 'unknown', message: 'nobody knows', chargeId };
      return code === 'declined'
        ? { kind: 'card', outcome: 'rejected', message: 'declined', chargeId, declineCode: 'generic_decline' }
        : {
            kind: 'conflict',
            outcome: 'rejected',
            message: 'in another state',
            chargeId,
            mayBeOwnSuccess: true,
          };
    },
  });

type Fate = 'answered' | 'answer_lost' | 'request_lost' | 'declined' | 'open';

const openBank = (kind: 'lookup' | 'provider-key') => {
  const time = createVirtualTime();
  const made: Intent[] = [];
  const byKey = new Map<string, Intent>();
  const seen: unknown[] = [];
  const bank = { time, made, seen, attach: 'answered' as Fate, requests: [] as string[] };
  const exchange = (request: ExchangeRequest) => {
    const path = new URL(request.url).pathname;
    bank.requests.push(`${request.method} ${path}`);
    const answer = (body: unknown, status = 200) =>
      Promise.resolve({
        status,
        headers: { 'content-type': 'application/json' },
        text: JSON.stringify(body),
      });
    const key = request.headers['idempotency-key'];
    if (request.method === 'POST' && path === '/intents') {
      const known = key === undefined ? undefined : byKey.get(key);
      if (known !== undefined) return answer(known);
      const body = JSON.parse(request.body ?? '{}') as Wire;
      const intent: Intent = {
        ...body,
        id: `pi_${made.length + 1}`,
        created: time.runtime.now(),
        status: 'awaiting_method',
      };
      made.push(intent);
      if (key !== undefined) byKey.set(key, intent);
      return answer(intent);
    }
    if (path === '/payments') return answer({ data: made.filter(({ status }) => status === 'paid') });
    const intent = made.find(({ id }) => path.includes(id));
    if (intent === undefined) return answer({ code: 'not_found' }, 404);
    if (request.method === 'GET') return answer(intent);
    const fate = bank.attach;
    bank.attach = 'answered';
    if (fate === 'open') return answer({ code: 'open' }, 400);
    if (fate === 'request_lost') return Promise.reject(new ExchangeFailure('connection', true));
    if (intent.status !== 'awaiting_method') return answer({ code: 'state' }, 400);
    if (fate === 'declined') {
      intent.status = 'failed';
      return answer({ code: 'declined' }, 402);
    }
    intent.status = 'held';
    return fate === 'answer_lost' ? Promise.reject(new ExchangeFailure('connection', true)) : answer(intent);
  };
  return {
    ...bank,
    lose: (fate: Fate) => {
      bank.attach = fate;
    },
    requests: bank.requests,
    client: (settings: object = {}, spec: ProviderSpec = intents(kind, seen)): ChargesClient =>
      createChargesClient(
        spec,
        { secretKey: 'sk_intents', maxRetries: 0, deadlineMs: 60_000, ...settings },
        { runtime: time.runtime, exchange },
      ),
  };
};

const params = { amount: 4590, currency: 'PHP', source: 'pm_1', capture: false } as const;
const options = { idempotencyKey: 'order-81' };

describe('a create that no list shows, and nothing else', () => {
  it('is unknown for good once its answer is lost: another look would show no more', async () => {
    const bank = openBank('provider-key');
    const { operations, ...spec } = intents('provider-key', []);
    const { lookup: _, ...create } = operations.create;
    const client = bank.client(
      {},
      {
        ...spec,
        operations: { create, retrieve: operations.retrieve },
      },
    );
    bank.lose('answer_lost');
    await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
    expect(await client.reconcile(options.idempotencyKey)).toMatchObject({
      outcome: 'unknown',
      retryAfterMs: null,
    });
  });
});

describe.each(['lookup', 'provider-key'] as const)('a create of two steps at a %s provider', (kind) => {
  // Without a durable store a list that shows settled payments only leaves nothing to rely on.
  const settings = ({ time }: { readonly time: VirtualTime }) =>
    kind === 'lookup' ? { store: { ...memoryStore({ runtime: time.runtime }), durable: true } } : {};

  it('is found by the object of its first step, which no list shows', async () => {
    const bank = openBank(kind);
    const client = bank.client(settings(bank));
    bank.lose('answer_lost');
    const error: unknown = await client.create(params, options).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ outcome: 'unknown', chargeId: 'pi_1', unresolved: { target: 'pi_1' } });
    expect(await client.reconcile(options.idempotencyKey)).toMatchObject({
      outcome: 'happened',
      charge: { id: 'pi_1', status: 'authorized' },
    });
    const json = JSON.parse(JSON.stringify(error)) as Record<string, unknown>;
    expect(await bank.client(settings(bank)).reconcile(json)).toMatchObject({
      outcome: 'happened',
      charge: { id: 'pi_1' },
    });
    await expect(client.create(params, options)).resolves.toMatchObject({ id: 'pi_1', status: 'authorized' });
    expect(bank.made).toHaveLength(1);
  });

  it('is the answer of a repeat that the provider refuses for its own success', async () => {
    const bank = openBank(kind);
    const client = bank.client(settings(bank));
    bank.lose('answer_lost');
    await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
    await expect(client.create(params, options)).resolves.toMatchObject({ id: 'pi_1', status: 'authorized' });
    expect(bank.made.map(({ status }) => status)).toEqual(['held']);
  });

  it('did not happen where the object still waits', async () => {
    const bank = openBank(kind);
    const client = bank.client(settings(bank));
    bank.lose('request_lost');
    await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
    await bank.time.advance(10 * 60_000);
    expect(await client.reconcile(options.idempotencyKey)).toMatchObject({ outcome: 'did_not_happen' });
    await expect(client.create(params, options)).resolves.toMatchObject({ id: 'pi_1', status: 'authorized' });
    expect(bank.made).toHaveLength(1);
  });

  it('is not done where a refusal that leaves it open names an object that still waits', async () => {
    const bank = openBank(kind);
    bank.lose('open');
    await expect(bank.client(settings(bank)).create(params, options)).rejects.toMatchObject({
      outcome: 'unknown',
      chargeId: 'pi_1',
    });
  });

  it('hands what was prepared to the reading of a refusal', async () => {
    const bank = openBank(kind);
    const client = bank.client(settings(bank));
    bank.lose('declined');
    await expect(client.create(params, options)).rejects.toMatchObject({
      name: 'CardError',
      outcome: 'rejected',
      chargeId: 'pi_1',
      charge: { id: 'pi_1', status: 'failed' },
    });
    expect(bank.seen).toEqual([{ intent: 'pi_1' }]);
  });

  it('keeps its stamp on the object', async () => {
    const bank = openBank(kind);
    await bank.client(settings(bank)).create(params, options);
    expect(bank.made[0]?.metadata).toEqual({ [stampMetadataKey]: 'order-81' });
  });
});

describe('a create of two steps whose adapter does not name what the first step made', () => {
  it.each(['lookup', 'provider-key'] as const)('stays open after a lost answer: %s', async (kind) => {
    const bank = openBank(kind);
    const spec = intents(kind, []);
    const { lookup: _lookup, ...create } = spec.operations.create;
    const store = { ...memoryStore({ runtime: bank.time.runtime }), durable: true };
    const client = bank.client({ store }, { ...spec, operations: { ...spec.operations, create } });
    bank.lose('answer_lost');
    await expect(client.create(params, options)).rejects.toMatchObject({
      name: 'ConnectionError',
      outcome: 'unknown',
      chargeId: null,
      unresolved: { operation: 'create', target: null },
    });
    expect(await client.reconcile(options.idempotencyKey)).toMatchObject({ outcome: 'unknown' });
    expect(bank.made).toHaveLength(1);
  });
});

describe('a create of two steps in a process without the record', () => {
  it('is the one that happened, where the first step has a key at the provider', async () => {
    const bank = openBank('provider-key');
    bank.lose('answer_lost');
    await expect(bank.client().create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
    await expect(bank.client().create(params, options)).resolves.toMatchObject({
      id: 'pi_1',
      status: 'authorized',
    });
    expect(bank.made).toHaveLength(1);
  });

  it('is not sent at all, where neither a key nor a list that shows everything protects it', async () => {
    const bank = openBank('lookup');
    await expect(bank.client().create(params, options)).rejects.toMatchObject({
      name: 'OutcomeUnknownError',
      outcome: 'unknown',
    });
    expect(bank.requests).toEqual(['GET /payments']);
    await expect(bank.client({ lookupFirst: false }).create(params, options)).resolves.toMatchObject({
      id: 'pi_1',
    });
  });
});
