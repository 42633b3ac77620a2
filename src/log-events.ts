import { combineEvents, markMaker } from './event-listeners.js';
import type { ClientEvent, EventListener } from './models/client-event.js';
import { memberOf, isFunction } from './models/objects.js';
import { checkOptions, refuseOptions } from './options.js';

/** How loud an event is; `silent` leaves it out. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** What `logEvents` calls: `console`, a pino logger, a winston logger, or whatever has methods of these names. */
export type EventLogger = Partial<Record<Exclude<LogLevel, 'silent'>, (...given: never[]) => unknown>>;

/** Options of `logEvents`. */
export interface LogEventsOptions {
  /** Levels by the type of the event, in the place of the usual ones. */
  readonly levels?: Partial<Readonly<Record<ClientEvent['type'], LogLevel>>> | undefined;
  /** Whether the logger takes the fields before the text, as pino does. By default a logger that has `bindings` does. */
  readonly fieldsFirst?: boolean | undefined;
}

const usual: Readonly<Record<Exclude<ClientEvent['type'], 'call_ended'>, LogLevel>> = {
  call_started: 'debug',
  request: 'debug',
  response: 'debug',
  no_answer: 'debug',
  retry: 'debug',
  passthrough: 'debug',
  lookup: 'info',
  drift: 'warn',
  store: 'error',
};

/** A call whose outcome is open is somebody's work; a decline is everyday, and told all the same. */
const usualLevel = (event: ClientEvent): LogLevel => {
  if (event.type !== 'call_ended') return usual[event.type];
  if (event.outcome === 'succeeded') return 'info';
  return event.outcome === 'unknown' ? 'error' : 'warn';
};

const detailOf = (event: ClientEvent): string => {
  switch (event.type) {
    case 'call_ended':
      return event.errorName === null ? event.outcome : `${event.outcome} (${event.errorName})`;
    case 'request':
    case 'retry':
      return `${event.method} ${event.route}`;
    case 'response':
      return `${event.method} ${event.route} ${event.status}`;
    case 'no_answer':
      return `${event.method} ${event.route} ${event.reason}`;
    case 'drift':
      return `${event.path} ${event.kind}`;
    case 'store':
      return event.action;
    case 'lookup':
      return event.seen;
    case 'passthrough':
      return event.fields.join(', ');
    case 'call_started':
      return '';
  }
};

const textOf = (event: ClientEvent): string =>
  `unicharge ${event.provider} ${event.operation}: ${event.type} ${detailOf(event)}`.trimEnd();

const loudness: readonly string[] = ['debug', 'info', 'warn', 'error'];
const eventTypes = [...Object.keys(usual), 'call_ended'] as const;

/** A logger that writes nothing, and a level that nobody reads, would be noticed when it is too late. */
const checkLogger = (logger: unknown, options: unknown): void => {
  if (!loudness.some((level) => isFunction(memberOf(logger, level))))
    refuseOptions(
      'logEvents',
      'the logger must have methods such as info and error: console, or what pino() gives',
    );
  checkOptions('logEvents', options, ['levels', 'fieldsFirst']);
  const levels = memberOf(options, 'levels') ?? {};
  checkOptions('logEvents', levels, eventTypes);
  for (const [type, level] of Object.entries(levels))
    if (level !== undefined && level !== 'silent' && !loudness.includes(String(level)))
      refuseOptions('logEvents', `levels.${type} must be one of ${loudness.join(', ')}, silent`);
};

/**
 * Writes every event to a logger, with its fields as they are: `onEvent: logEvents(pino())`. Attempts are `debug`, looks and
 * successes `info`, drift and refusals `warn`, open outcomes and failures of the store `error`. Events hold no secrets.
 *
 * @throws ConfigurationError for what is no logger, and for an option, an event or a level that there is not.
 * @example
 * const charges = createStripe({ onEvent: logEvents(console, { levels: { request: 'silent' } }) });
 */
export const logEvents = (logger: EventLogger, options: LogEventsOptions = {}): EventListener => {
  checkLogger(logger, options);
  const { levels = {}, fieldsFirst = typeof memberOf(logger, 'bindings') === 'function' } = options;
  return (event) => {
    const level = levels[event.type] ?? usualLevel(event);
    if (level === 'silent') return;
    const write = memberOf(logger, level);
    if (!isFunction(write)) return;
    const fields = { ...event };
    if (fieldsFirst) write.call(logger, fields, textOf(event));
    else write.call(logger, textOf(event), fields);
  };
};

// Here, and not beside its definition: every client imports that file, and a bundle of one would keep what is marked.
markMaker(combineEvents, 'combineEvents(logEvents(console))');
markMaker(logEvents, 'logEvents(logger)');
