import type { ClientEvent, EventListener } from './models/client-event.js';
import { isFunction, memberOf } from './models/objects.js';
import { refuseOptions } from './options.js';

/**
 * Where a listener says that nobody hears it now, such as before an SDK is registered. Registered by name: each entry of the
 * package may hold a copy of this file.
 */
const idle = Symbol.for('unicharge.listener.isIdle');

/** Marks a listener that can say whether it is idle: the events of a call that begins then are not even made. */
export const withIdleness = <Listener extends (event: never) => void>(
  listener: Listener,
  isIdle: () => boolean,
): Listener => Object.assign(listener, { [idle]: isIdle });

/** Whether a listener says that nobody hears it now. One that cannot say is never idle. */
export const isIdle = (listener: EventListener): boolean => {
  const ask = memberOf(listener, idle);
  return isFunction(ask) && ask() === true;
};

/** Where a function that makes a listener says how it is called. Registered by name, as above. */
const howToCall = Symbol.for('unicharge.listener.howToCall');

/** Marks a function that makes a listener: passed on uncalled, it would be one that hears nothing. */
export const markMaker = (make: (...given: never[]) => EventListener, call: string): void => {
  Object.assign(make, { [howToCall]: call });
};

/** What is wrong with a listener, or null. */
export const wrongListener = (listener: unknown): string | null => {
  if (!isFunction(listener)) return 'must be a function';
  const call = memberOf(listener, howToCall);
  return typeof call === 'string' ? `makes a listener and is none itself: call it, ${call}` : null;
};

/** Events are for watching: a listener that throws changes nothing. */
export const quiet = (listener: EventListener): EventListener => {
  const listen: (event: ClientEvent) => unknown = listener;
  return (event) => {
    try {
      const outcome = listen(event);
      // A listener that became async: its rejection must not bring the process down.
      if (outcome instanceof Promise) outcome.catch(() => undefined);
    } catch {
      // Nobody is left to tell.
    }
  };
};

/**
 * One listener out of several: each hears every event, whatever another one throws.
 *
 * @throws ConfigurationError for what is no listener, such as an array of them.
 * @example
 * const charges = createStripe({ onEvent: combineEvents(traceCharges(), logEvents(console)) });
 */
export const combineEvents = (...listeners: readonly EventListener[]): EventListener => {
  if (!listeners.every(isFunction))
    refuseOptions(
      'combineEvents',
      'every argument must be a function, such as what logEvents(console) gives',
    );
  for (const listener of listeners) {
    const wrong = wrongListener(listener);
    if (wrong !== null) refuseOptions('combineEvents', `an argument ${wrong}`);
  }
  const all = listeners.map(quiet);
  return withIdleness(
    (event: ClientEvent) => {
      for (const listen of all) listen(event);
    },
    () => listeners.every(isIdle),
  );
};
