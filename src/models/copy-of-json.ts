/** A deep copy of parsed JSON. Test environments may lack the function that every platform has: Jest 27 does. */
export const copyOfJson = (value: unknown): unknown =>
  typeof structuredClone === 'function' ? structuredClone(value) : copyByHand(value);

const copyByHand = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copyByHand);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyByHand(member)]));
};
