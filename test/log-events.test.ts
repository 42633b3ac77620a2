import { pino } from 'pino';
import { createLogger, transports } from 'winston';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { isIdle, withIdleness } from '../src/event-listeners.js';
import {
  ConfigurationError,
  combineEvents,
  logEvents,
  type ClientEvent,
  type EventListener,
} from '../src/index.js';
import { traceCharges } from '../src/opentelemetry/index.js';
import { createRouter } from '../src/router/index.js';
import { memoryStore } from '../src/stores/memory.js';
import { createFakeClient } from '../src/testing/index.js';
import { createWorld, ending, paramsOf, providerNames } from './attacks/attacked-world.js';
import { card, cardNumber, clientSecret, everyText, foreignKey } from './attacks/leak-scene.js';

const params = { amount: 4590, currency: 'EUR', source: 'approved' };

/** A stream that keeps the lines of JSON that are written to it. */
const lines = () => {
  const written: Record<string, unknown>[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      for (const line of chunk.toString().trim().split('\n'))
        written.push(JSON.parse(line) as Record<string, unknown>);
      done();
    },
  });
  return { written, stream };
};

/** A logger that keeps what it is called with. */
const kept = () => {
  const calls: [level: string, text: unknown, fields: unknown][] = [];
  const write =
    (level: string) =>
    (text: unknown, fields: unknown): void =>
      void calls.push([level, text, fields]);
  const logger = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
  return { calls, logger };
};

const facts = { provider: 'fake', operation: 'create', callId: 'call-1', callKey: null, account: null };
const ended = {
  ...facts,
  type: 'call_ended',
  errorName: null,
  errorCode: null,
  declineCode: null,
  durationMs: 1,
  attempts: 1,
  resolvedBy: 'response',
} as const;

describe('logEvents', () => {
  it('gives pino the fields first', async () => {
    const { written, stream } = lines();
    const charges = createFakeClient({ onEvent: logEvents(pino({ level: 'debug' }, stream)) });
    await charges.create(params, { idempotencyKey: 'order-1' });
    expect(written.map(({ type, level }) => [type, level])).toEqual([
      ['call_started', 20],
      ['request', 20],
      ['response', 20],
      ['call_ended', 30],
    ]);
    expect(written.at(-1)).toMatchObject({
      msg: 'unicharge fake create: call_ended succeeded',
      callKey: 'order-1',
      outcome: 'succeeded',
    });
  });

  it('gives winston and console the text first', async () => {
    const { written, stream } = lines();
    const logger = createLogger({ level: 'debug', transports: [new transports.Stream({ stream })] });
    const charges = createFakeClient({ onEvent: logEvents(logger) });
    await charges.create({ ...params, source: 'insufficient_funds' }).catch(() => undefined);
    expect(written.at(-1)).toMatchObject({
      level: 'warn',
      message: 'unicharge fake create: call_ended rejected (CardError)',
      declineCode: 'insufficient_funds',
    });
    logEvents(console, { levels: { call_ended: 'silent' } })({ ...ended, outcome: 'succeeded' });
  });

  it.each<[string, ClientEvent]>([
    ['info', { ...ended, outcome: 'succeeded' }],
    ['warn', { ...ended, outcome: 'rejected', errorName: 'CardError' }],
    ['warn', { ...ended, outcome: 'not_sent', errorName: 'InvalidRequestError' }],
    ['error', { ...ended, outcome: 'unknown', errorName: 'TimeoutError' }],
    ['debug', { ...facts, type: 'call_started' }],
    ['warn', { ...facts, type: 'drift', path: 'status', kind: 'unknown_value' }],
    ['error', { ...facts, type: 'store', action: 'begin', idempotencyKey: 'order-1', reason: 'away' }],
    ['info', { ...facts, type: 'lookup', idempotencyKey: 'order-1', seen: 'nothing' }],
    ['debug', { ...facts, type: 'passthrough', fields: ['mandate'] }],
  ])('says %s of an event', (level, event) => {
    const { calls, logger } = kept();
    logEvents(logger)(event);
    expect(calls).toEqual([[level, expect.stringContaining(event.type) as unknown, event]]);
  });

  it('takes other levels by type, and a logger without a level', () => {
    const { calls, logger } = kept();
    const event: ClientEvent = { ...facts, type: 'call_started' };
    logEvents(logger, { levels: { call_started: 'info' } })(event);
    logEvents(logger, { levels: { call_started: 'silent' } })(event);
    logEvents({ warn: logger.warn })(event);
    expect(calls.map(([level]) => level)).toEqual(['info']);
  });
});

describe('combineEvents', () => {
  it('lets every listener hear, whatever another one throws', async () => {
    const heard: string[] = [];
    const throwing: EventListener = () => {
      throw new Error('the log is full');
    };
    const rejecting = (() => Promise.reject(new Error('the log is full'))) as unknown as EventListener;
    const charges = createFakeClient({
      onEvent: combineEvents(throwing, rejecting, ({ type }) => void heard.push(type)),
    });
    await charges.create(params);
    expect(heard).toEqual(['call_started', 'request', 'response', 'call_ended']);
  });
});

describe.each(providerNames)('the log of a client of %s', (provider) => {
  it('shows no secret of settings, params and answers', async () => {
    const { calls, logger } = kept();
    const world = createWorld();
    const webhookSecret = 'whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnk';
    const client = world.client(provider, { webhookSecret, maxRetries: 1, onEvent: logEvents(logger) });
    // Every answer quotes what it must not, in places that are read and in some that are not.
    const quoted = `${cardNumber} ${clientSecret} ${foreignKey}`;
    world.tamper = async (_, honest) => {
      const answer = await honest();
      const change = (value: unknown): unknown =>
        typeof value === 'object' && value !== null && !Array.isArray(value)
          ? { ...value, message: quoted, error_description: quoted, [foreignKey]: quoted, status: quoted }
          : value;
      return {
        ...answer,
        headers: { ...answer.headers, 'request-id': foreignKey },
        text: JSON.stringify(change(JSON.parse(answer.text))),
      };
    };
    const key = { idempotencyKey: 'order-1' };
    await ending(() => client.create(world.params(provider), key));
    await ending(() => client.create(paramsOf(provider, card), { idempotencyKey: 'order-2' }));
    await ending(() => client.retrieve('ch_1'));
    await ending(() => client.list());
    await ending(() => client.refund('ch_1', { amount: 1 }, key));
    await ending(() => client.reconcile('order-1'));
    await ending(() => client.parseWebhook('{}', {}));
    const settings = Object.entries(world.providers.settings(provider)).flatMap(([name, value]) =>
      /secret|clientId/i.test(name) ? [String(value)] : [],
    );
    expect(settings.length).toBeGreaterThan(0);
    const text = everyText(calls);
    expect(calls.length).toBeGreaterThan(10);
    const canaries = [...settings, cardNumber, clientSecret, foreignKey, webhookSecret, '737'];
    const isShown = (canary: string) =>
      canary.length > 3 ? text.includes(canary) : new RegExp(`['" ]${canary}['" ]`).test(text);
    expect(canaries.filter(isShown).map((canary) => canary.slice(0, 6))).toEqual([]);
  });
});

describe('a listener that says it is idle', () => {
  const listener = (isIdle: () => boolean) => {
    const heard: string[] = [];
    return { heard, onEvent: withIdleness((event: ClientEvent) => void heard.push(event.type), isIdle) };
  };

  it('hears nothing of the calls that begin then', async () => {
    let idle = true;
    const { heard, onEvent } = listener(() => idle);
    const charges = createFakeClient({ onEvent });
    await charges.create(params);
    expect(heard).toEqual([]);
    idle = false;
    await charges.create(params);
    expect(heard.at(0)).toBe('call_started');
    expect(heard.at(-1)).toBe('call_ended');
  });

  it('silences no other one that it is combined with', async () => {
    const { onEvent } = listener(() => true);
    const { heard, onEvent: other } = listener(() => false);
    await createFakeClient({ onEvent: combineEvents(onEvent, other) }).create(params);
    expect(heard).toContain('call_ended');
    expect(isIdle(combineEvents(onEvent, onEvent))).toBe(true);
    expect(isIdle(combineEvents(onEvent, () => undefined))).toBe(false);
  });
});

describe('what is no logger, no listener and no option', () => {
  const messageOf = (make: () => unknown): string => {
    try {
      make();
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigurationError);
      return (error as Error).message;
    }
    throw new Error('nothing was refused');
  };
  const log = logEvents as (...given: readonly unknown[]) => unknown;
  const combine = combineEvents as (...given: readonly unknown[]) => unknown;
  const trace = traceCharges as (...given: readonly unknown[]) => unknown;

  it.each([undefined, null, {}, () => undefined, { log: () => undefined }, 'console'])(
    'is refused as a logger: %j',
    (logger) => {
      expect(messageOf(() => log(logger))).toContain('the logger must have methods such as info and error');
    },
  );

  it.each<[unknown, string]>([
    [null, 'options must be a plain object'],
    ['debug', 'options must be a plain object'],
    [{ level: 'error' }, 'level is not a known option; did you mean levels?'],
    [{ levels: { requests: 'silent' } }, 'requests is not a known option; did you mean request?'],
    [{ levels: { call_ended: 'off' } }, 'levels.call_ended must be one of debug, info, warn, error, silent'],
  ])('is refused as options of logEvents: %j', (options, complaint) => {
    expect(messageOf(() => log(console, options))).toContain(complaint);
  });

  it.each([
    [logEvents, 'logEvents(logger)'],
    [combineEvents, 'combineEvents(logEvents(console))'],
    [traceCharges, 'traceCharges()'],
  ] as const)('is refused as a listener where it only makes one: %#', (maker, call) => {
    const complaint = `makes a listener and is none itself: call it, ${call}`;
    expect(messageOf(() => createFakeClient({ onEvent: maker as never }))).toContain(`onEvent: ${complaint}`);
    expect(messageOf(() => combine(maker))).toContain(`an argument ${complaint}`);
    const settings = { store: memoryStore(), routes: [{ name: 'main', client: createFakeClient() }] };
    expect(messageOf(() => createRouter({ ...settings, onEvent: maker as never }))).toContain(
      `onEvent: ${complaint}`,
    );
  });

  it.each([[[]], [[logEvents(console)]], [console], [undefined]])(
    'is refused by combineEvents',
    (listener) => {
      expect(messageOf(() => combine(listener))).toContain('every argument must be a function');
    },
  );

  it.each<[unknown, string]>([
    [null, 'options must be a plain object'],
    ['shop', 'options must be a plain object'],
    [{ tracerProvder: {} }, 'tracerProvder is not a known option; did you mean tracerProvider?'],
    [{ tracerProvider: {} }, 'tracerProvider must have a getTracer'],
    [{ meterProvider: {} }, 'meterProvider must have a getMeter'],
  ])('is refused by traceCharges: %j', (options, complaint) => {
    expect(messageOf(() => trace(options))).toContain(complaint);
  });
});
