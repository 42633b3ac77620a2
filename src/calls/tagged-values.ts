/** What is said of a value that is no plain data, by its tag: what most likely was meant. */
const advice: Readonly<Record<string, string>> = {
  '[object AbortController]': 'is an AbortController: pass its signal',
  '[object Boolean]': 'must be a plain true or false, not a Boolean object',
  '[object Number]': 'must be a plain number, not a Number object',
  '[object Promise]': 'is a promise: await it first',
  '[object String]': 'must be plain text, not a String object',
  '[object URL]': 'must be text: give its href',
};

/** What is wrong with a value of this tag, where more can be said than that it is no plain object. */
export const adviceForTag = (tag: string): string | null =>
  Object.hasOwn(advice, tag) ? (advice[tag] ?? null) : null;
