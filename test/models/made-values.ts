import * as z from 'zod';

/** A number in [0, 1) after another, the same ones for the same seed (mulberry32). */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

type Random = () => number;

const pick = <Item>(items: readonly Item[], random: Random): Item =>
  items[Math.floor(random() * items.length)] as Item;

const texts = [
  ...['a', 'ch_1', 'EUR', 'eur', 'JPY', '2026-01-31T10:00:00Z', '2026-01-31T10:00:00.000Z', '4242', '', ' '],
  ...[
    'a@example.test',
    'https://shop.example/r',
    '203.0.113.7',
    '::1',
    'tok_visa',
    'src_1',
    '1',
    'é',
    'x'.repeat(300),
  ],
];
const numbers = [0, 1, 12, 2030, 4590, 1_769_853_600, -1];

/** What answers and params hold where they hold something else than they should. */
const oddities: readonly (() => unknown)[] = [
  ...[null, undefined, '', 'x', '\ud800', 0, -0, 1.5, NaN, Infinity, 2 ** 53, true, false].map(
    (odd) => () => odd,
  ),
  ...[10n, Symbol('a'), () => 1].map((odd) => () => odd),
  ...[() => [], () => ({}), () => [null], () => [undefined], () => new Array(2), () => ({ id: 1 })],
  ...[() => ({ constructor: 1 }), () => new Date(0), () => new Date(NaN), () => new Map()],
  ...[
    () => Object.create(null) as unknown,
    () => Object.create({ id: 'inherited', object: 'charge' }) as unknown,
  ],
  () => JSON.parse('{"__proto__":{"id":"a"}}') as unknown,
  () => Object.defineProperty({}, 'id', { value: 'hidden' }),
  () => ({ [Symbol('a')]: 1 }),
];

const fitting = new WeakMap<z.core.$ZodType, readonly unknown[]>();

/** Those of the candidates that a schema accepts; all of them where it accepts none. */
const fittingOf = (schema: z.core.$ZodType, candidates: readonly unknown[]): readonly unknown[] => {
  let found = fitting.get(schema);
  if (found === undefined) {
    const accepted = candidates.filter((each) => z.safeParse(schema, each).success);
    found = accepted.length === 0 ? candidates : accepted;
    fitting.set(schema, found);
  }
  return found;
};

interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly options?: readonly z.core.$ZodType[];
  readonly element?: z.core.$ZodType;
  readonly innerType?: z.core.$ZodType;
  readonly in?: z.core.$ZodType;
  readonly keyType?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly catchall?: z.core.$ZodType;
}

/** A value that a schema may well accept. */
export const valueOf = (schema: z.core.$ZodType, random: Random): unknown => {
  const definition = schema._zod.def as Definition;
  const inner = definition.innerType ?? definition.in;
  switch (definition.type) {
    case 'string':
      return pick(fittingOf(schema, texts), random);
    case 'number':
      return pick(fittingOf(schema, numbers), random);
    case 'boolean':
      return random() < 0.5;
    case 'date':
      return new Date(Math.floor(random() * 2e12));
    case 'literal':
    case 'enum':
      return pick([...(schema._zod.values ?? [])], random);
    case 'array':
      return Array.from({ length: Math.floor(random() * 3) }, () =>
        valueOf(definition.element as z.core.$ZodType, random),
      );
    case 'union':
      return valueOf(pick(definition.options ?? [], random), random);
    case 'record':
      return Object.fromEntries(
        Array.from({ length: Math.floor(random() * 3) }, () => [
          valueOf(definition.keyType as z.core.$ZodType, random) as string,
          valueOf(definition.valueType as z.core.$ZodType, random),
        ]),
      );
    case 'object': {
      const made: Record<string, unknown> = {};
      for (const [name, field] of Object.entries(definition.shape ?? {}))
        if (field._zod.optin === undefined || random() < 0.6) made[name] = valueOf(field, random);
      if (definition.catchall === undefined && random() < 0.2) made['unheard_of'] = pick(oddities, random)();
      return made;
    }
    case 'optional':
    case 'default':
      return random() < 0.2 ? undefined : valueOf(inner as z.core.$ZodType, random);
    case 'nullable':
      return random() < 0.3 ? null : valueOf(inner as z.core.$ZodType, random);
    case 'pipe':
      return valueOf(inner as z.core.$ZodType, random);
    default:
      return random() < 0.8
        ? pick(fittingOf(schema, [...texts, null, undefined]), random)
        : pick(oddities, random)();
  }
};

const holdersIn = (value: unknown, found: object[] = []): object[] => {
  if (typeof value !== 'object' || value === null || found.includes(value)) return found;
  found.push(value);
  for (const name of Object.keys(value)) holdersIn((value as Record<string, unknown>)[name], found);
  return found;
};

/** The value with one place in it changed: another kind of value, a field too few, a field too many. */
export const damaged = (value: unknown, random: Random): unknown => {
  const oddity = pick(oddities, random)();
  const holders = holdersIn(value);
  if (holders.length === 0 || random() < 0.05) return oddity;
  const holder = pick(holders, random) as Record<string, unknown>;
  const names = Object.keys(holder);
  const name = names.length === 0 ? 'id' : pick(names, random);
  const how = random();
  if (how < 0.15) Reflect.set(holder, 'unheard_of', oddity);
  else if (how < 0.35) Reflect.deleteProperty(holder, name);
  else if (how < 0.4) Reflect.setPrototypeOf(holder, { [name]: oddity });
  else Reflect.set(holder, name, oddity);
  return value;
};
