/** A decoded form: text, lists, and maps of them. */
export type FormValue = string | FormValue[] | FormMap;
/** A map of a decoded form. */
export interface FormMap {
  [name: string]: FormValue;
}

const decode = (text: string): string => {
  const spaced = text.replace(/\+/g, ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
};

const segmentsOf = (name: string): string[] => {
  const open = name.indexOf('[');
  if (open <= 0 || !name.endsWith(']')) return [name];
  return [name.slice(0, open), ...name.slice(open + 1, -1).split('][')];
};

/** A field of a value that may be a map, or anything else. */
export const fieldIn = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;

type Draft = Map<string, Draft | string>;

const toValue = (draft: Draft | string): FormValue => {
  if (typeof draft === 'string') return draft;
  const names = [...draft.keys()];
  if (names.length > 0 && names.every((name, index) => name === String(index))) {
    return [...draft.values()].map(toValue);
  }
  return toMap(draft);
};

const toMap = (draft: Draft): FormMap => {
  // Without a prototype a parameter called "__proto__" is a name like any other.
  const map = Object.create(null) as FormMap;
  for (const [name, value] of draft) map[name] = toValue(value);
  return map;
};

/**
 * Decodes `a=1&b[c]=2&d[]=3&e[0]=4` as Rails and Stripe do: brackets nest, `[]` and `[0]` make lists, the last value
 * of a repeated name wins.
 */
export const decodeForm = (text: string): FormMap => {
  const root: Draft = new Map();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    const segments = segmentsOf(name);
    const last = segments.pop() ?? '';
    let draft = root;
    for (const segment of segments) {
      const key = segment === '' ? String(draft.size) : segment;
      let child = draft.get(key);
      if (child === undefined || typeof child === 'string') {
        child = new Map();
        draft.set(key, child);
      }
      draft = child;
    }
    draft.set(last === '' ? String(draft.size) : last, value);
  }
  return toMap(root);
};
