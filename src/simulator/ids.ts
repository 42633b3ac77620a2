/** Makes the ids of a simulator. The same seed gives the same ids in the same order. */
export interface Ids {
  /** A fresh id: the prefix and `length` letters and digits (at least 12, so that a counter fits in). */
  next(prefix: string, length?: number): string;
  /** As `next`, in lower case and digits only. */
  nextLowerCase(prefix: string, length?: number): string;
}

const lowerCase = '0123456789abcdefghijklmnopqrstuvwxyz';
const mixedCase = `${lowerCase}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;

/** Mulberry32: 32 bits of state are enough, because uniqueness comes from the counter and not from chance. */
const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
};

/** Makes a source of ids from a seed. */
export const createIds = (seed: number): Ids => {
  const random = randomFrom(seed);
  let count = 0;

  const make = (alphabet: string, prefix: string, length: number): string => {
    const counter = (++count).toString(36).padStart(6, '0');
    let id = prefix + counter;
    let pool = 0;
    for (let made = counter.length; made < length; made += 1) {
      if (pool < alphabet.length) pool = random();
      id += alphabet.charAt(pool % alphabet.length);
      pool = Math.floor(pool / alphabet.length);
    }
    return id;
  };

  return {
    next: (prefix, length = 24) => make(mixedCase, prefix, length),
    nextLowerCase: (prefix, length = 24) => make(lowerCase, prefix, length),
  };
};
