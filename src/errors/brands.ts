import { memberOf } from '../models/objects.js';
/** The mark of one class, the same in every copy of the package of this major version. */
export const brandOf = (name: string): symbol => Symbol.for(`unicharge.error.0.${name}`);

const prototypeOf = (value: object): unknown => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype;
};

/** The prototype chain's names up to ChargesError, so that a subclass of one copy is an instance in another copy. */
export const brandsOf = (constructor: unknown): symbol[] => {
  const brands: symbol[] = [];
  for (
    let current: unknown = constructor;
    typeof current === 'function' && current !== Function.prototype;
    current = prototypeOf(current)
  ) {
    const own = Object.hasOwn(current, 'errorName') ? memberOf(current, 'errorName') : undefined;
    if (typeof own === 'string') brands.push(brandOf(own));
  }
  return brands;
};
