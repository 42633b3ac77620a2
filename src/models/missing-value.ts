/** The parts of a name: `order-81/refund` has three. */
const partsOf = (name: string): readonly string[] => name.split(/[^A-Za-z0-9]/);

/** What a number or an object that was not there leaves in a text. Nobody gives these names. */
const neverMeant: ReadonlySet<string> = new Set(['undefined', 'NaN']);

/** The same, but these are words, too: `null-island-1` is the first order of a shop on an island. */
const words: ReadonlySet<string> = new Set(['null', 'Infinity']);

/**
 * Whether a name has a part that a missing value left. A word counts at every place but the first, and there unless another word
 * follows: `null-1` is an order of nobody, while a name goes on in words.
 */
export const lacksValue = (name: string): boolean => {
  const parts = partsOf(name);
  return parts.some(
    (part, index) =>
      neverMeant.has(part) || (words.has(part) && !(index === 0 && /^[A-Za-z]/.test(parts[1] ?? ''))),
  );
};
