import { meant } from './nearest-name.js';

/** A value as a message shows it: short texts and numbers as they are, of everything else the kind. */
export const shown = (value: unknown): string => {
  if (typeof value === 'string') return value.length > 60 ? 'a long text' : `'${value}'`;
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
};

const listed = (name: unknown, known: readonly string[], say: string): string =>
  `${typeof name === 'string' ? meant(name, known) : ''} ${say} ${known.join(', ')}.`;

/** Refuses what is none of the known words. `what` begins the sentence, such as "The order of a release". */
export const checkWord = (
  what: string,
  value: unknown,
  known: readonly string[],
  say = 'Known are',
): void => {
  if (typeof value !== 'string')
    throw new TypeError(`${what} must be a word, not ${shown(value)}.${listed(value, known, say)}`);
  if (!known.includes(value))
    throw new RangeError(`${what} cannot be ${shown(value)}.${listed(value, known, say)}`);
};

/** Refuses a provider that does not run. */
export const checkProvider = (method: string, provider: unknown, running: readonly string[]): void => {
  if (typeof provider !== 'string') {
    throw new TypeError(
      `${method} takes the name of a provider, not ${shown(provider)}.${listed(provider, running, 'Running are')}`,
    );
  }
  if (!running.includes(provider)) {
    throw new RangeError(
      `This simulator runs without ${shown(provider)}.${listed(provider, running, 'Running are')}`,
    );
  }
};

/** Refuses what is no number, or outside of the bounds. */
export const checkNumber = (what: string, value: unknown, least: number, most = Number.MAX_VALUE): void => {
  const lower = least === -Number.MAX_VALUE ? '' : ` from ${least}`;
  const upper = most === Number.MAX_VALUE ? '' : ` to ${most}`;
  const message = `${what} must be a number${lower}${upper}, not ${shown(value)}.`;
  if (typeof value !== 'number') throw new TypeError(message);
  if (!(value >= least && value <= most)) throw new RangeError(message);
};

/** Refuses what is no whole number, or outside of the bounds. `Infinity` is taken where it is the upper bound. */
export const checkWhole = (
  what: string,
  value: unknown,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): void => {
  const bounds = most >= Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  const message = `${what} must be a whole number ${bounds}, not ${shown(value)}.`;
  if (typeof value !== 'number') throw new TypeError(message);
  const isWhole = Number.isSafeInteger(value) || (value === Infinity && most === Infinity);
  if (!isWhole || value < least || value > most) throw new RangeError(message);
};

/** Refuses what is no object with members. `example` ends the sentence. */
export const checkObject = (what: string, value: unknown, example: string): void => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`${what} must be an object such as ${example}, not ${shown(value)}.`);
};

/** Refuses what is no text. */
export const checkText = (what: string, value: unknown, example: string): void => {
  if (typeof value !== 'string')
    throw new TypeError(`${what} must be a text such as '${example}', not ${shown(value)}.`);
};

/** Refuses what is no function. */
export const checkFunction = (what: string, value: unknown): void => {
  if (typeof value !== 'function') throw new TypeError(`${what} must be a function, not ${shown(value)}.`);
};

/** Refuses arguments that nobody reads: `more` is what came after those that the method takes. */
export const checkSurplus = (method: string, more: readonly unknown[], advice: string): void => {
  const surplus = more.find((given) => given !== undefined);
  if (surplus !== undefined)
    throw new TypeError(`${method} takes no further argument such as ${shown(surplus)}: ${advice}`);
};
