import type { ClientEvent, EventListener } from './models/client-event.js';

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
 * @example
 * const charges = createStripe({ onEvent: combineEvents(traceCharges(), logEvents(console)) });
 */
export const combineEvents = (...listeners: readonly EventListener[]): EventListener => {
  const all = listeners.map(quiet);
  return (event) => {
    for (const listen of all) listen(event);
  };
};
