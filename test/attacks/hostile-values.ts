/** A way into a JSON value. */
export type Path = readonly (string | number)[];

/** Every place of a JSON value, containers too. */
export const placesIn = (value: unknown, path: Path = []): Path[] =>
  typeof value === 'object' && value !== null
    ? [path, ...Object.entries(value).flatMap(([name, item]) => placesIn(item, [...path, name]))]
    : [path];

/** What stands at a place. */
export const valueAt = (text: string, path: Path): unknown => {
  let value: unknown = JSON.parse(text);
  for (const step of path) value = (value as Record<string | number, unknown>)[step];
  return value;
};

/** The JSON with another value at a place. */
export const replaced = (text: string, path: Path, value: unknown): string => {
  const root = { root: JSON.parse(text) as unknown };
  let holder = root as unknown as Record<string | number, unknown>;
  const steps: Path = ['root', ...path];
  for (const step of steps.slice(0, -1)) holder = holder[step] as typeof holder;
  holder[steps.at(-1) as string] = value;
  return JSON.stringify(root.root).replaceAll('"@proto@"', '"__proto__"');
};

/** Values that hardly any field has. */
export const hostileValues: readonly unknown[] = [
  null,
  '',
  'x\u0000\ud800',
  '4590',
  0,
  -1,
  45.9,
  1e300,
  true,
  [],
  [null],
  {},
  { '@proto@': { polluted: true }, constructor: { prototype: { polluted: true } } },
  { toString: 1, valueOf: 1, length: -1, then: 'x' },
];

/** One of several in turn: everything meets everything over the whole file, and every run is the same. */
export const inTurn = <Value>(values: readonly Value[], turn: number): Value =>
  values[turn % values.length] as Value;
