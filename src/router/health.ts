import type { Runtime } from '../runtime.js';
import type { RouteHealth, RouterEvent } from './events.js';

/** What an attempt says of its route. A decline speaks of a card, so the route is well. */
export type Sign = 'well' | 'ill' | 'none';

export interface ReadHealthRules {
  readonly windowMs: number;
  readonly minimum: number;
  readonly failureRate: number;
  readonly restMs: number;
}

/** More outcomes than this are not kept: the newest decide. */
const mostKept = 500;

interface State {
  readonly signs: { readonly at: number; readonly ill: boolean }[];
  restsUntil: number | null;
  probing: boolean;
}

/**
 * What this process thinks of its routes: a sliding window of outcomes, then a rest, then one payment that tries. It only
 * orders the routes of new payments, and never moves one that has its place.
 */
export interface Health {
  of(route: string): RouteHealth;
  /** Whether a route that rested may be tried by one payment now. */
  mayProbe(route: string): boolean;
  /** A payment begins at the route: where that is a try, no other payment tries meanwhile. True where it is. */
  begin(route: string): boolean;
  report(route: string, sign: Sign, isProbe: boolean): void;
}

const always: Health = {
  of: () => 'well',
  mayProbe: () => false,
  begin: () => false,
  report: () => undefined,
};

export const createHealth = (
  rules: ReadHealthRules | null,
  runtime: Pick<Runtime, 'monotonic'>,
  emit: (event: RouterEvent) => void,
): Health => {
  if (rules === null) return always;
  const states = new Map<string, State>();
  const stateOf = (route: string): State => {
    const known = states.get(route);
    if (known !== undefined) return known;
    const fresh: State = { signs: [], restsUntil: null, probing: false };
    states.set(route, fresh);
    return fresh;
  };
  const tell = (route: string, health: RouteHealth) => {
    emit({ type: 'health', route, health });
  };
  const rest = (route: string, state: State) => {
    state.restsUntil = runtime.monotonic() + rules.restMs;
    state.signs.length = 0;
    tell(route, 'resting');
  };
  const mayProbe = (route: string): boolean => {
    const { restsUntil, probing } = stateOf(route);
    return restsUntil !== null && !probing && runtime.monotonic() >= restsUntil;
  };
  return {
    of: (route) => {
      const { restsUntil, probing } = stateOf(route);
      if (restsUntil === null) return 'well';
      return probing ? 'probing' : 'resting';
    },
    mayProbe,
    begin: (route) => {
      if (!mayProbe(route)) return false;
      stateOf(route).probing = true;
      tell(route, 'probing');
      return true;
    },
    report: (route, sign, isProbe) => {
      const state = stateOf(route);
      if (isProbe) state.probing = false;
      if (state.restsUntil !== null) {
        // What comes back while it rests began before, and says nothing new.
        if (!isProbe) return;
        if (sign === 'ill') rest(route, state);
        if (sign !== 'well') return;
        state.restsUntil = null;
        tell(route, 'well');
        return;
      }
      if (sign === 'none') return;
      const now = runtime.monotonic();
      state.signs.push({ at: now, ill: sign === 'ill' });
      const first = state.signs.findIndex(({ at }) => at > now - rules.windowMs);
      state.signs.splice(0, Math.max(first, state.signs.length - mostKept));
      const failures = state.signs.filter(({ ill }) => ill).length;
      const isIll = state.signs.length >= rules.minimum && failures / state.signs.length >= rules.failureRate;
      if (isIll) rest(route, state);
    },
  };
};
