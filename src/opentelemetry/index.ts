import {
  context,
  createNoopMeter,
  metrics,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type MeterProvider,
  type Span,
  type TracerProvider,
} from '@opentelemetry/api';
import { markMaker, withIdleness } from '../event-listeners.js';
import type { ClientEvent } from '../models/client-event.js';
import { isFunction, memberOf } from '../models/objects.js';
import { checkOptions, hasMethod, refuseOptions } from '../options.js';
import type { RouterEvent } from '../router/events.js';
import { version } from '../version.js';
import { http, instruments, own } from './names.js';

/** Options of `traceCharges`. */
export interface TraceChargesOptions {
  /** Where spans go; default: the provider that the process registered. */
  readonly tracerProvider?: TracerProvider | undefined;
  /** Where metrics go; default: the provider that the process registered. */
  readonly meterProvider?: MeterProvider | undefined;
}

type Told<Type extends ClientEvent['type']> = Extract<ClientEvent, { type: Type }>;

/** A call that is under way. */
interface OpenCall {
  readonly span: Span;
  readonly context: Context;
  /** The attempts without an answer yet, by their number. */
  readonly attempts: Map<number, Span>;
}

const scope = 'unicharge';

/** From a fast refusal to the deadline of a call, in seconds. */
const boundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

const of = ({ provider, operation }: ClientEvent): Attributes => ({
  [own.provider]: provider,
  [own.operation]: operation,
});

/** Without what is null. */
const known = (attributes: Readonly<Record<string, string | number | null>>): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string | number] => entry[1] !== null),
  );

/**
 * Whether spans go nowhere, because no SDK is registered yet. The proxy of the API says so; where there is none, as in a
 * later version, somebody may listen.
 */
const isUnregistered = (): boolean => {
  const provider: unknown = trace.getTracerProvider();
  const ask = memberOf(provider, 'getDelegateTracer');
  return isFunction(ask) && ask.call(provider, scope, version) === undefined;
};

/** Null where nobody listens. */
const createMetrics = (provider: MeterProvider) => {
  const meter = provider.getMeter(scope, version);
  if (meter === createNoopMeter()) return null;
  const seconds = { unit: 's', advice: { explicitBucketBoundaries: boundaries } };
  return {
    callDuration: meter.createHistogram(instruments.callDuration, {
      description: 'How long a call took, with everything that it sent and waited for.',
      ...seconds,
    }),
    attemptDuration: meter.createHistogram(instruments.attemptDuration, {
      description: 'How long one HTTP attempt took.',
      ...seconds,
    }),
    outcomes: meter.createCounter(instruments.outcomes, {
      description: 'Calls by how they ended.',
      unit: '{call}',
    }),
    lookups: meter.createCounter(instruments.lookups, {
      description: 'Looks at the provider for what became of a write.',
      unit: '{lookup}',
    }),
    drift: meter.createCounter(instruments.drift, {
      description: 'Answers that this version does not know.',
      unit: '{answer}',
    }),
    failovers: meter.createCounter(instruments.failovers, {
      description: 'Payments that a router took on to another route.',
      unit: '{payment}',
    }),
  };
};

/** The reason of an attempt without an answer, without Node's code: `connection (ECONNRESET)` is `connection`. */
const reasonOf = ({ reason }: Told<'no_answer'>): string => reason.split(' ', 1)[0] ?? 'connection';

/**
 * Spans and metrics of every call: `onEvent: traceCharges()`. A call is a span `charges.<operation>` below the caller's active
 * span, each HTTP attempt a child of it. Given to a router as well, it counts failovers. Only names, routes with placeholders and codes become attributes: no id, no amount,
 * no key.
 *
 * @throws ConfigurationError for an option that there is not, and for what is no provider of OpenTelemetry.
 * @example
 * const charges = createStripe({ onEvent: traceCharges() });
 */
export const traceCharges = (
  options: TraceChargesOptions = {},
): ((event: ClientEvent | RouterEvent) => void) => {
  checkOptions('traceCharges', options, ['tracerProvider', 'meterProvider']);
  for (const [name, method] of [
    ['tracerProvider', 'getTracer'],
    ['meterProvider', 'getMeter'],
  ] as const)
    if (options[name] !== undefined && !hasMethod(options[name], method))
      refuseOptions('traceCharges', `${name} must have a ${method}`);
  const tracer = (options.tracerProvider ?? trace).getTracer(scope, version);
  let measures:
    { readonly provider: MeterProvider; readonly of: ReturnType<typeof createMetrics> } | undefined;
  // Asked for at every event: a meter of the time before an SDK is registered stays mute for ever.
  const measured = () => {
    const provider = options.meterProvider ?? metrics.getMeterProvider();
    if (measures?.provider !== provider) measures = { provider, of: createMetrics(provider) };
    return measures.of;
  };
  const calls = new Map<string, OpenCall>();

  const startCall = (event: Told<'call_started'>): void => {
    const parent = context.active();
    const attributes = of(event);
    const span = tracer.startSpan(
      `charges.${event.operation}`,
      { kind: SpanKind.INTERNAL, attributes },
      parent,
    );
    // Without an SDK, or where the sampler says no, there is nothing to keep.
    if (span.isRecording())
      calls.set(event.callId, { span, context: trace.setSpan(parent, span), attempts: new Map() });
    else span.end();
  };

  const endCall = (event: Told<'call_ended'>): void => {
    const measures = measured();
    const call = calls.get(event.callId);
    if (measures === null && call === undefined) return;
    const attributes = of(event);
    const ends = known({
      [own.outcome]: event.outcome,
      [own.declineCode]: event.declineCode,
      [http.errorType]: event.errorName,
    });
    measures?.outcomes.add(1, { ...attributes, ...ends, ...known({ [own.resolvedBy]: event.resolvedBy }) });
    measures?.callDuration.record(event.durationMs / 1000, { ...attributes, [own.outcome]: event.outcome });
    if (call === undefined) return;
    calls.delete(event.callId);
    // A request for a token that other calls wait for may outlive the call that began it.
    for (const span of call.attempts.values()) span.end();
    call.span.setAttributes({
      ...ends,
      ...known({
        [own.resolvedBy]: event.resolvedBy,
        [own.errorCode]: event.errorCode,
        [own.attempts]: event.attempts,
      }),
    });
    if (event.outcome !== 'succeeded') call.span.setStatus({ code: SpanStatusCode.ERROR });
    call.span.end();
  };

  const startAttempt = (event: Told<'request'>): void => {
    const call = calls.get(event.callId);
    if (call === undefined) return;
    const { hostname, port, protocol } = new URL(event.origin);
    const attributes: Attributes = {
      [http.method]: event.method,
      [http.address]: hostname,
      [http.port]: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
      [http.template]: event.route,
      [own.provider]: event.provider,
      ...(event.attempt > 1 ? { [http.resendCount]: event.attempt - 1 } : {}),
    };
    const name = `${event.method} ${event.route}`;
    const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, call.context);
    call.attempts.set(event.exchange, span);
  };

  const endAttempt = (event: Told<'response'> | Told<'no_answer'>): void => {
    const measures = measured();
    const call = calls.get(event.callId);
    if (measures === null && call === undefined) return;
    const ends =
      event.type === 'response'
        ? {
            [http.status]: event.status,
            [http.errorType]: event.status >= 400 ? String(event.status) : null,
          }
        : { [http.errorType]: reasonOf(event) };
    const attributes = known(ends);
    measures?.attemptDuration.record(event.durationMs / 1000, {
      ...of(event),
      ...attributes,
      [http.method]: event.method,
      [http.template]: event.route,
    });
    const span = call?.attempts.get(event.exchange);
    if (call === undefined || span === undefined) return;
    call.attempts.delete(event.exchange);
    span.setAttributes(attributes);
    if (http.errorType in attributes) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  };

  const listen = (event: ClientEvent | RouterEvent): void => {
    switch (event.type) {
      case 'call_started':
        startCall(event);
        return;
      case 'call_ended':
        endCall(event);
        return;
      case 'request':
        startAttempt(event);
        return;
      case 'response':
      case 'no_answer':
        endAttempt(event);
        return;
      case 'lookup': {
        const attributes = { [own.seen]: event.seen };
        measured()?.lookups.add(1, { ...of(event), ...attributes });
        calls.get(event.callId)?.span.addEvent('unicharge.lookup', attributes);
        return;
      }
      case 'drift': {
        measured()?.drift.add(1, { ...of(event), [own.driftKind]: event.kind });
        calls
          .get(event.callId)
          ?.span.addEvent('unicharge.drift', { [own.driftPath]: event.path, [own.driftKind]: event.kind });
        return;
      }
      case 'moved':
        measured()?.failovers.add(1, { [own.routeFrom]: event.from, [own.routeTo]: event.to });
        return;
      case 'store':
        // One of a router belongs to no call of a client.
        if ('callId' in event)
          calls.get(event.callId)?.span.addEvent('unicharge.store', { [own.storeAction]: event.action });
        return;
      default:
    }
  };
  return withIdleness(
    listen,
    () => options.tracerProvider === undefined && isUnregistered() && measured() === null,
  );
};

markMaker(traceCharges, 'traceCharges()');
