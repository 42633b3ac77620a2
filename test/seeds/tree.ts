const isTree = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** What stands at a path such as `source.card.last4`; a name that is a number counts in an array. */
export const at = (value: unknown, path: string): unknown => {
  let found = value;
  for (const name of path === '' ? [] : path.split('.')) {
    if (!isTree(found)) return undefined;
    found = found[name];
  }
  return found;
};

/** Every leaf with its path; an empty object or array is a leaf, and the items of an array share one path. */
export const leavesOf = (value: unknown, path = ''): [path: string, value: unknown][] => {
  if (!isTree(value) || Object.keys(value).length === 0) return [[path, value]];
  return Object.entries(value).flatMap(([name, each]) => {
    const step = Array.isArray(value) ? '[]' : name;
    return leavesOf(each, path === '' ? step : `${path}.${step}`);
  });
};
