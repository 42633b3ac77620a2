import type { Runtime } from '../runtime.js';
import { checkFunction, checkNumber, checkObject, checkWhole, shown } from './check-values.js';
import { checkMembers, meant } from './nearest-name.js';

const runtimeMembers: readonly (keyof Runtime)[] = ['now', 'monotonic', 'sleep', 'timer', 'random', 'uuid'];

const checkRuntime = (runtime: unknown): void => {
  checkObject('The runtime of the simulator', runtime, `one with ${runtimeMembers.join(', ')}`);
  const missing = runtimeMembers.find(
    (name) => typeof (runtime as Record<string, unknown>)[name] !== 'function',
  );
  if (missing !== undefined)
    throw new TypeError(
      `The runtime of the simulator has no '${missing}'. It needs ${runtimeMembers.join(', ')}.`,
    );
};

const checkProviders = (providers: unknown, known: readonly string[]): void => {
  if (!Array.isArray(providers))
    throw new TypeError(
      `The providers of the simulator must be a list such as ['stripe'], not ${shown(providers)}.`,
    );
  const given: readonly unknown[] = providers;
  if (given.length === 0)
    throw new RangeError('The simulator needs at least one provider; without the option it runs all.');
  for (const [index, provider] of given.entries()) {
    if (typeof provider !== 'string')
      throw new TypeError(
        `The name of a provider is a text, not ${shown(provider)}. Known are ${known.join(', ')}.`,
      );
    if (!known.includes(provider))
      throw new RangeError(
        `The simulator has no provider '${provider}'.${meant(provider, known)} Known are ${known.join(', ')}.`,
      );
    if (given.indexOf(provider) !== index)
      throw new RangeError(`The list of providers has '${provider}' twice.`);
  }
};

/** What the options of a simulator may be before anybody has looked at them. */
interface GivenOptions {
  readonly runtime?: unknown;
  readonly seed?: unknown;
  readonly providers?: unknown;
  readonly requestLimit?: unknown;
  readonly switches?: unknown;
  readonly origin?: unknown;
}

/** Refuses options of which a simulator could make nothing, or something else than was meant. */
export const checkOptions = (options: GivenOptions, known: readonly string[]): void => {
  const { runtime, seed, providers, requestLimit, switches } = options;
  if (runtime !== undefined) checkRuntime(runtime);
  if (seed !== undefined) checkNumber('The seed of the simulator', seed, -Number.MAX_VALUE);
  if (providers !== undefined) checkProviders(providers, known);
  if (requestLimit !== undefined)
    checkWhole('The requestLimit of the simulator', requestLimit, 1, Number.POSITIVE_INFINITY);
  if (switches === undefined) return;
  checkObject('The switches of the simulator', switches, '{ pin: { … } }');
  checkMembers('The simulator', switches as object, known);
  for (const [provider, changed] of Object.entries(switches as object))
    if (changed !== undefined) checkObject(`The switches of '${provider}'`, changed, '{ … }');
};

const providersOptions = ['runtime', 'seed', 'providers', 'switches', 'origin', 'requestLimit'];

/** Refuses options of which `createSimulatedProviders` could make nothing, or something else than was meant. */
export const checkProvidersOptions = (options: GivenOptions, known: readonly string[]): void => {
  checkObject('The options of createSimulatedProviders', options, '{ runtime, seed: 1 }');
  checkMembers('The simulator', options, providersOptions);
  checkRuntime(options.runtime);
  checkNumber('The seed of the simulator', options.seed, -Number.MAX_VALUE);
  if (options.origin !== undefined) checkFunction('The origin of the simulator', options.origin);
  checkOptions(options, known);
};

const highestPort = 65_535;

/** Refuses a port that there is not, and one after which there are too few for all providers. */
export const checkPort = (port: unknown, count: number): void => {
  if (port === undefined) return;
  checkWhole('The port of the simulator', port, 0, highestPort);
  const most = highestPort - count + 1;
  if ((port as number) > most)
    throw new RangeError(
      `The port of the simulator must be at most ${most}, so that the last of ${count} providers has one, not ${shown(port)}.`,
    );
};

/** The same object, on which only the named members can be set, and methods replaced by those of a test. */
export const guardMembers = <Target extends object>(target: Target, settable: readonly string[]): Target =>
  new Proxy(target, {
    set: (object, name, value) => {
      const isMethod = typeof Reflect.get(object, name) === 'function';
      if (typeof name === 'string' && !settable.includes(name) && !isMethod)
        throw new RangeError(
          `The simulator has no member '${name}' that can be set.${meant(name, settable)} Known are ${settable.join(', ')}.`,
        );
      return Reflect.set(object, name, value);
    },
  });
