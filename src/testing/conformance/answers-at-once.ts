import { isThenable } from '../../models/objects.js';
import { shown } from '../../simulator/check-values.js';
import type { ConformanceOptions, ConformanceSources } from './options.js';

/** An option gave what it must not: the mistake is in the test file, and nowhere in the adapter. */
export class WrongOption extends TypeError {
  override readonly name = 'TypeError';
}

const refuse = (name: string, what: string, given: unknown): never => {
  const instead = isThenable(given) ? 'a promise: make it before the tests are registered' : shown(given);
  throw new WrongOption(`'${name}' of testChargesClient must return ${what} at once, not ${instead}`);
};

const listed =
  <Item>(name: string, give: () => readonly Item[]) =>
  (): readonly Item[] => {
    const given = give();
    // A condition of its own: narrowed by it, the list would be one of `any`.
    const isList: boolean = Array.isArray(given);
    return isList ? given : refuse(name, 'a list', given);
  };

/** The sources, each refused where it is a promise or nothing. */
const sourcesOf = (sources: ConformanceSources): ConformanceSources => {
  const checked = { ...sources };
  for (const [name, give] of Object.entries(sources) as [string, (returnUrl: string) => unknown][]) {
    Reflect.set(checked, name, (returnUrl: string) => {
      const given = give(returnUrl);
      return given == null || isThenable(given) ? refuse(`sources.${name}`, 'a source', given) : given;
    });
  }
  return checked;
};

/** The options, whose functions are refused where they return a promise: every test would fail with a hint to the adapter. */
export const answeringAtOnce = (options: ConformanceOptions): ConformanceOptions => ({
  ...options,
  sources: sourcesOf(options.sources),
  ...(options.ledger === undefined ? {} : { ledger: listed('ledger', options.ledger) }),
  ...(options.requests === undefined ? {} : { requests: listed('requests', options.requests) }),
});
