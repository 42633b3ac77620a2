/** The value below which the share `at` of the sorted values lies, between two neighbours in proportion. */
export const quantile = (values: readonly number[], at: number): number => {
  if (values.length === 0) throw new RangeError('a quantile needs at least one value');
  const sorted = values.toSorted((left, right) => left - right);
  const position = (sorted.length - 1) * at;
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.ceil(position)] ?? Number.NaN;
  return low + (high - low) * (position - below);
};

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** A median with the quartiles around it. */
export interface Spread {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

export const spreadOf = (values: readonly number[]): Spread => ({
  median: median(values),
  lower: quantile(values, 0.25),
  upper: quantile(values, 0.75),
});

/**
 * How one contestant stands to another: the ratio of each round to the same round of the other, then the median of those. What
 * else the machine did in a round hit both alike; two medians from different moments would not say that.
 */
export const ratioOf = (own: readonly number[], base: readonly number[]): Spread => {
  if (own.length !== base.length)
    throw new RangeError('a ratio needs the same number of rounds on both sides');
  return spreadOf(own.map((value, round) => value / (base[round] ?? Number.NaN)));
};
