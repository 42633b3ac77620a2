/** The mark of one class, the same in every copy of the package of this major version. */
export const brandOf = (name: string): symbol => Symbol.for(`unicharge.error.0.${name}`);

/** The prototype chain's names up to ChargesError, so that a subclass of one copy is an instance in another copy. */
export const brandsOf = (constructor: unknown): symbol[] => {
  const brands: symbol[] = [];
  for (
    let current: unknown = constructor;
    typeof current === 'function' && current !== Function.prototype;
    current = Object.getPrototypeOf(current) as unknown
  ) {
    const own: unknown = Object.hasOwn(current, 'errorName')
      ? (current as { errorName?: unknown }).errorName
      : undefined;
    if (typeof own === 'string') brands.push(brandOf(own));
  }
  return brands;
};
