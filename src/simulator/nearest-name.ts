const plain = (name: string): string => name.toLowerCase().replace(/[^a-z\d]/g, '');

/** How many letters two names share in a row from the start. */
const sharedStart = (left: string, right: string): number => {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length += 1;
  return length;
};

/** How many letters two names share at their ends, each letter once: enough for slips, and linear. */
const shared = (left: string, right: string): number => {
  const start = sharedStart(left, right);
  const backwards = (text: string): string => Array.from(text.slice(start)).reverse().join('');
  return start + sharedStart(backwards(left), backwards(right));
};

/** A sentence with the known name that a wrong one was probably meant to be; empty where none is near. */
export const meant = (name: string, known: readonly string[]): string => {
  const wrong = plain(name.slice(0, 60));
  let best: string | null = null;
  let fewest = Infinity;
  for (const candidate of known) {
    const right = plain(candidate);
    const likeness = shared(wrong, right);
    // All but two letters, or a short form of it (`op` for `operation`) with two letters at the least.
    const isNear = likeness >= Math.max(wrong.length, right.length) - 2 || likeness === wrong.length;
    const isSpelledOut = likeness === right.length;
    const others = wrong.length + right.length - 2 * likeness;
    if (likeness >= 2 && (isNear || isSpelledOut) && others < fewest) [best, fewest] = [candidate, others];
  }
  return best === null ? '' : ` Did you mean '${best}'?`;
};

/** Refuses a member that nobody reads: a misspelt one would make a test that proves nothing. `owner` begins the sentence. */
export const checkMembers = (owner: string, given: object, known: readonly string[]): void => {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new RangeError(
      `${owner} has no '${unknown}'.${meant(unknown, known)} Known are ${known.join(', ')}.`,
    );
};
