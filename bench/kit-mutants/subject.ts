import { createAcmeServer, operationOf, type Payment } from '../../examples/custom-provider/acme-server.js';
import { acmeProvider } from '../../examples/custom-provider.js';
import { createChargesClient } from '../../src/create-charges-client.js';
import { money } from '../../src/models/money.js';
import type { ProviderSpec } from '../../src/provider.js';
import type { ConformanceLedgerCharge, ConformanceOptions } from '../../src/testing/conformance/index.js';
import { createFakeServer } from '../../src/testing/fake-provider/server.js';
import { fakeProvider } from '../../src/testing/fake-provider/spec.js';
import type { FakeCharge } from '../../src/testing/fake-provider/wire.js';
import {
  createInMemoryExchange,
  createInstantRuntime,
  tamperedExchange,
  type WireHandler,
  type WireIncoming,
} from '../../src/testing/in-memory-exchange.js';
import { createFaultQueue } from '../../src/simulator/faults.js';

/** A provider in memory as the kit tests it, with whatever a mutant changes about its adapter or the way to it. */
export interface Subject {
  readonly name: string;
  readonly spec: ProviderSpec;
  open(spec: ProviderSpec, way?: (handle: WireHandler) => WireHandler): ConformanceOptions;
}

/** What both subjects share: everything but the server and its sources. */
const open = (
  settings: object,
  spec: ProviderSpec,
  handle: WireHandler,
  operationOf: (request: WireIncoming) => string,
  runtime: ReturnType<typeof createInstantRuntime>,
) => {
  const faults = createFaultQueue();
  const seen: string[] = [];
  const exchange = createInMemoryExchange({
    provider: spec.provider,
    handle,
    operationOf,
    faults,
    problem: (code, text) => ({ error: { code, message: text }, problem: { code, text } }),
    onRequest: ({ method, path }) => {
      runtime.pass(1000);
      seen.push(`${method} ${path}`);
    },
  });
  return {
    createClient: (overrides) =>
      createChargesClient(spec, { ...settings, ...overrides }, { runtime, exchange }),
    tamperedClient: (change) =>
      createChargesClient(spec, settings, { runtime, exchange: tamperedExchange(exchange, change) }),
    currency: 'EUR',
    currencies: ['JPY', 'KWD'],
    livemode: false,
    faults: { inject: (order) => faults.add(order), clear: () => faults.clear() },
    requests: () => seen,
  } satisfies Partial<ConformanceOptions>;
};

const startsAt = Date.UTC(2026, 0, 1);

const fakeStates: Readonly<Record<string, string>> = {
  needs_action: 'requires_action',
  processing: 'pending',
};

const fakeTruth = (charge: FakeCharge): ConformanceLedgerCharge => ({
  id: charge.id,
  amount: charge.amount,
  currency: charge.currency.toUpperCase(),
  amountCaptured: charge.captured_amount,
  amountRefunded: charge.refunded_amount,
  state: fakeStates[charge.status] ?? charge.status,
  refunds: charge.refunds,
});

/** With idempotency keys, partial captures, search, 3-D Secure: the provider of the fake client. */
export const fakeSubject: Subject = {
  name: 'fake',
  spec: fakeProvider,
  open: (spec, way = (handle) => handle) => {
    const runtime = createInstantRuntime(startsAt);
    const server = createFakeServer(() => runtime.now());
    const names: Readonly<Record<string, string>> = { refunds: 'refund' };
    const operationOf = ({ method, path }: WireIncoming): string => {
      const [, , , id, action] = path.split('/');
      if (method === 'PATCH') return 'update';
      if (method === 'POST') return id === undefined ? 'create' : (names[action ?? ''] ?? action ?? '');
      return id === undefined ? 'list' : action === undefined ? 'retrieve' : 'list_refunds';
    };
    const decide = (decision: 'approve' | 'decline') => (url: string) => {
      server.decide(new URL(url).pathname.slice(1), decision);
      return Promise.resolve(url);
    };
    return {
      ...open({}, spec, way(server.handle), operationOf, runtime),
      sources: {
        approved: () => 'approved',
        declined: () => 'declined',
        insufficientFunds: () => 'insufficient_funds',
        requires3DS: () => 'requires_3ds',
        expirable: () => 'requires_3ds',
      },
      payer: { approve: decide('approve'), decline: decide('decline') },
      ledger: () => server.charges().map(fakeTruth),
    };
  },
};

const acmeStates = { HELD: 'authorized', PAID: 'captured', RELEASED: 'voided', DECLINED: 'failed' } as const;

const acmeTruth = ({ id, amount, currency, state, refunds }: Payment): ConformanceLedgerCharge => {
  const minor = (text: string): number => money.fromDecimal(text, currency);
  return {
    id,
    amount: minor(amount),
    currency,
    amountCaptured: state === 'PAID' ? minor(amount) : 0,
    amountRefunded: refunds.reduce((sum, refund) => sum + minor(refund.amount), 0),
    state: acmeStates[state],
    refunds: refunds.map((refund) => ({ id: refund.id, amount: minor(refund.amount) })),
  };
};

export const acmeSecretKey = 'test_acme_key';
export const acmeWebhookSecret = 'acme_webhook_secret';

/** Without idempotency keys, decimal amounts, captures in full only: the provider of the examples. */
export const acmeSubject: Subject = {
  name: 'acme',
  spec: acmeProvider,
  open: (spec, way = (handle) => handle) => {
    const runtime = createInstantRuntime(startsAt);
    const server = createAcmeServer(() => runtime.now());
    const settings = { secretKey: acmeSecretKey, settleMs: 50 };
    return {
      ...open(settings, spec, way(server.handle), operationOf, runtime),
      secrets: [acmeSecretKey],
      sources: {
        approved: () => 'tok_approved',
        declined: () => 'tok_declined',
        insufficientFunds: () => 'tok_no_funds',
      },
      ledger: () => server.payments().map(acmeTruth),
      webhooks: {
        secret: acmeWebhookSecret,
        deliver: (id, ageMs) => server.notify(id, acmeWebhookSecret, runtime.now() - ageMs),
      },
    };
  },
};
