import { context, metrics, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import * as conventions from '@opentelemetry/semantic-conventions';
import * as incubating from '@opentelemetry/semantic-conventions/incubating';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isIdle } from '../../src/event-listeners.js';
import { traceCharges } from '../../src/opentelemetry/index.js';
import { http } from '../../src/opentelemetry/names.js';
import { memoryStore } from '../../src/stores/memory.js';
import { createRouter } from '../../src/router/index.js';
import { createFakeClient } from '../../src/testing/index.js';
import { createWorld, ending, paramsOf, providerNames } from '../attacks/attacked-world.js';
import { card, cardNumber, everyText, foreignKey } from '../attacks/leak-scene.js';

const params = { amount: 4590, currency: 'EUR', source: 'approved' };

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => {
  context.disable();
});

/** An SDK whose exporters keep everything. */
const sdk = () => {
  const spans = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 30 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const measured = async () => {
    await reader.forceFlush();
    const latest = exporter.getMetrics().at(-1);
    const all = latest?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
    return Object.fromEntries(
      all.map(({ descriptor, dataPoints }) => [
        descriptor.name,
        dataPoints.map(({ attributes, value }) => ({ attributes, value })),
      ]),
    );
  };
  return {
    tracerProvider,
    meterProvider,
    onEvent: traceCharges({ tracerProvider, meterProvider }),
    spans: () => spans.getFinishedSpans(),
    measured,
  };
};

const parentOf = (span: ReadableSpan): string | undefined => span.parentSpanContext?.spanId;
const idOf = (span: ReadableSpan): string => span.spanContext().spanId;

describe('a traced call', () => {
  it('is a span with a child for each attempt', async () => {
    const { onEvent, spans } = sdk();
    const charges = createFakeClient({ onEvent });
    const charge = await charges.create(params, { idempotencyKey: 'order-1' });
    charges.control.inject({ operation: 'retrieve', fault: 'server_error' });
    await charges.retrieve(charge.id);
    const [create, retrieve] = spans().filter(({ name }) => name.startsWith('charges.'));
    expect(create).toMatchObject({
      name: 'charges.create',
      kind: SpanKind.INTERNAL,
      attributes: {
        'unicharge.provider': 'fake',
        'unicharge.operation': 'create',
        'unicharge.outcome': 'succeeded',
        'unicharge.resolved_by': 'response',
        'unicharge.attempts': 1,
      },
    });
    const attempts = spans().filter((span) => parentOf(span) === idOf(retrieve as ReadableSpan));
    expect(attempts.map(({ kind }) => kind)).toEqual([SpanKind.CLIENT, SpanKind.CLIENT]);
    expect(attempts.map(({ attributes }) => attributes['http.response.status_code'])).toEqual([500, 200]);
    expect(attempts.map(({ attributes }) => attributes['http.request.resend_count'])).toEqual([undefined, 1]);
    expect(attempts.map(({ attributes }) => attributes['error.type'])).toEqual(['500', undefined]);
    expect(attempts.map(({ status }) => status.code)).toEqual([SpanStatusCode.ERROR, SpanStatusCode.UNSET]);
    expect(attempts[0]?.name).toMatch(/^GET \/.*\{id\}$/);
    expect(attempts[0]?.attributes).toMatchObject({ 'http.request.method': 'GET', 'server.port': 443 });
  });

  it('is an error with its reason', async () => {
    const { onEvent, spans } = sdk();
    const charges = createFakeClient({ onEvent });
    await charges.create({ ...params, source: 'insufficient_funds' }).catch(() => undefined);
    const span = spans().find(({ name }) => name === 'charges.create');
    expect(span?.status.code).toBe(SpanStatusCode.ERROR);
    expect(span?.attributes).toMatchObject({
      'unicharge.outcome': 'rejected',
      'unicharge.decline_code': 'insufficient_funds',
      'error.type': 'CardError',
    });
  });

  it('tells why an attempt has no answer in one word', async () => {
    const { onEvent, spans } = sdk();
    const charges = createFakeClient({ onEvent, maxRetries: 0 });
    charges.control.inject({ operation: 'create', fault: 'cut_before_commit' });
    await charges.create(params).catch(() => undefined);
    const attempt = spans().find(({ kind }) => kind === SpanKind.CLIENT);
    expect(attempt?.attributes['error.type']).toBe('connection');
  });

  it('lies below the active span of its caller, though 64 run at once', async () => {
    const { onEvent, spans, tracerProvider } = sdk();
    const charges = createFakeClient({ onEvent });
    const tracer = tracerProvider.getTracer('shop');
    await Promise.all(
      Array.from({ length: 64 }, (_, index) => {
        const order = tracer.startSpan(`order-${index}`, {}, ROOT_CONTEXT);
        return context.with(trace.setSpan(ROOT_CONTEXT, order), async () => {
          await charges.create(params, { idempotencyKey: `order-${index}` });
          order.end();
        });
      }),
    );
    const orders = spans().filter(({ name }) => name.startsWith('order-'));
    const calls = spans().filter(({ name }) => name === 'charges.create');
    const attempts = spans().filter(({ kind }) => kind === SpanKind.CLIENT);
    expect([orders.length, calls.length, attempts.length]).toEqual([64, 64, 64]);
    expect(new Set(calls.map(parentOf))).toEqual(new Set(orders.map(idOf)));
    expect(new Set(attempts.map(parentOf))).toEqual(new Set(calls.map(idOf)));
    for (const order of orders) {
      const call = calls.find((span) => parentOf(span) === idOf(order));
      expect(call?.spanContext().traceId).toBe(order.spanContext().traceId);
    }
  });

  it('is counted and measured', async () => {
    const { onEvent, measured } = sdk();
    const charges = createFakeClient({ onEvent });
    await charges.create(params);
    await charges.create({ ...params, source: 'declined' }).catch(() => undefined);
    const told = await measured();
    expect(Object.keys(told).sort()).toEqual([
      'unicharge.attempt.duration',
      'unicharge.call.duration',
      'unicharge.call.outcomes',
    ]);
    const outcomes = told['unicharge.call.outcomes'];
    expect(outcomes?.map(({ value, attributes }) => [value, attributes['unicharge.outcome']])).toEqual([
      [1, 'succeeded'],
      [1, 'rejected'],
    ]);
    expect(told['unicharge.call.duration']?.[0]).toMatchObject({
      attributes: { 'unicharge.provider': 'fake', 'unicharge.operation': 'create' },
      value: { count: 1, sum: 1 },
    });
  });

  it('counts looks and drift', async () => {
    const { onEvent, measured, spans } = sdk();
    const world = createWorld();
    const client = world.client('omise', { onEvent });
    world.providers.inject({ provider: 'omise', operation: 'create', fault: 'cut_after_commit' });
    await ending(() => client.create(world.params('omise'), { idempotencyKey: 'order-1' }));
    await ending(() => client.reconcile('order-1'));
    world.tamper = async (_, honest) => {
      const answer = await honest();
      return { ...answer, text: answer.text.replaceAll('"successful"', '"splendid"') };
    };
    await ending(() => client.list());
    const told = await measured();
    const seen = told['unicharge.lookups']?.map(({ attributes }) => attributes['unicharge.lookup.seen']);
    expect(seen).toEqual(['nothing', 'happened']);
    expect(told['unicharge.drift']?.[0]?.attributes).toMatchObject({
      'unicharge.drift.kind': 'unknown_value',
    });
    const notes = spans().flatMap(({ events }) => events.map(({ name }) => name));
    expect(new Set(notes)).toEqual(new Set(['unicharge.lookup', 'unicharge.drift']));
  });

  it('counts the failovers of a router that tells it', async () => {
    const { onEvent, measured, spans } = sdk();
    const make = (namespace: string) => createFakeClient({ namespace, maxRetries: 0, onEvent });
    const [main, spare] = [make('main'), make('spare')];
    const router = createRouter({
      store: memoryStore(),
      routes: [
        { name: 'main', client: main },
        { name: 'spare', client: spare },
      ],
      onEvent,
    });
    main.control.inject({ operation: 'create', fault: 'refuse' });
    const sources = { main: 'approved', spare: 'approved' };
    await router.create({ amount: 4590, currency: 'EUR', sources }, { idempotencyKey: 'order-1' });
    const told = await measured();
    expect(told['unicharge.router.failovers']).toEqual([
      { attributes: { 'unicharge.route.from': 'main', 'unicharge.route.to': 'spare' }, value: 1 },
    ]);
    expect(spans().filter(({ name }) => name === 'charges.create')).toHaveLength(2);
  });

  it('hears of a router whose store fails, which belongs to no call', async () => {
    const { onEvent } = sdk();
    const store = { ...memoryStore(), begin: () => Promise.reject(new Error('down')) };
    const router = createRouter({ store, routes: [{ name: 'main', client: createFakeClient() }], onEvent });
    const create = router.create({ amount: 4590, currency: 'EUR', sources: { main: 'approved' } });
    await expect(create).rejects.toMatchObject({ code: 'store_unavailable' });
  });

  it('is measured from the registration of an SDK on, though calls came before it', async () => {
    metrics.disable();
    const charges = createFakeClient({ onEvent: traceCharges() });
    await charges.create(params);
    const { meterProvider, measured } = sdk();
    metrics.setGlobalMeterProvider(meterProvider);
    try {
      await charges.create(params);
      expect((await measured())['unicharge.call.outcomes']).toMatchObject([{ value: 1 }]);
    } finally {
      metrics.disable();
    }
  });

  it('is idle until an SDK is registered, and no longer than that', async () => {
    const onEvent = traceCharges();
    const charges = createFakeClient({ onEvent });
    await charges.create(params);
    expect(isIdle(onEvent)).toBe(true);
    const { tracerProvider, meterProvider, spans, onEvent: own } = sdk();
    expect(isIdle(own)).toBe(false);
    trace.setGlobalTracerProvider(tracerProvider);
    try {
      expect(isIdle(onEvent)).toBe(false);
      await charges.create(params);
      expect(spans().map(({ name }) => name)).toEqual(['POST /v1/charges', 'charges.create']);
    } finally {
      trace.disable();
    }
    expect(isIdle(onEvent)).toBe(true);
    metrics.setGlobalMeterProvider(meterProvider);
    try {
      expect(isIdle(onEvent)).toBe(false);
    } finally {
      metrics.disable();
    }
  });

  it('costs no call where no SDK is registered', async () => {
    metrics.disable();
    const charges = createFakeClient({ onEvent: traceCharges() });
    expect((await charges.create(params)).status).toBe('captured');
  });
});

describe('the names of attributes', () => {
  it('are those of the conventions', () => {
    const known = new Set<unknown>([...Object.values(conventions), ...Object.values(incubating)]);
    expect(Object.values(http).filter((name) => !known.has(name))).toEqual([]);
  });
});

describe.each(providerNames)('spans and metrics of %s', (provider) => {
  it('hold no secret, no id, no key and no number', async () => {
    const { onEvent, spans, measured } = sdk();
    const world = createWorld();
    const client = world.client(provider, { onEvent, maxRetries: 1 });
    const made = await ending(() => client.create(world.params(provider), { idempotencyKey: 'order-81' }));
    const id = 'resolved' in made ? (made.resolved as { id: string }).id : 'ch_canary';
    await ending(() => client.create(paramsOf(provider, card), { idempotencyKey: 'order-82' }));
    await ending(() => client.retrieve(id));
    await ending(() => client.refund(id, { amount: 90 }, { idempotencyKey: 'order-83' }));
    await ending(() => client.reconcile('order-81'));
    world.tamper = async (_, honest) => ({ ...(await honest()), text: `{"${foreignKey}":"${cardNumber}"}` });
    await ending(() => client.retrieve(id));
    const shown = [
      ...spans().map(({ name, attributes, events, status }) => [name, attributes, events, status]),
      await measured(),
    ];
    const settings = Object.entries(world.providers.settings(provider)).flatMap(([name, value]) =>
      /secret|clientId/i.test(name) ? [String(value)] : [],
    );
    const text = everyText(shown);
    expect(spans().length).toBeGreaterThan(5);
    const canaries = [...settings, id, 'order-8', cardNumber, foreignKey];
    expect(canaries.filter((canary) => text.includes(canary))).toEqual([]);
  });
});
