import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { accepts } from '../../src/models/accepts.js';
import { knownChargeSchema } from '../../src/models/charge.js';
import { damaged, randomFrom, valueOf } from './made-values.js';

const isSchema = (value: unknown): value is z.ZodType => value instanceof z.ZodType;

/** The schemas in what a module exports: itself, or the answers and params of a row. */
const schemasIn = (value: unknown): z.ZodType[] => {
  if (isSchema(value)) return [value];
  if (typeof value !== 'object' || value === null) return [];
  // Settings are read once, and by zod.
  const parts: unknown[] = Object.entries(value).flatMap(([name, part]) =>
    name === 'settings' ? [] : [part],
  );
  return parts.flatMap((part) => {
    if (isSchema(part)) return [part];
    return typeof part === 'object' && part !== null ? Object.values(part).filter(isSchema) : [];
  });
};

const providers = ['stripe', 'omise', 'magpie', 'justifi', 'pin'];
const source = new URL('../../src/', import.meta.url);
const schemas = new Map<z.ZodType, string>();
for (const folder of ['models', ...providers.map((name) => `providers/${name}`)]) {
  for (const file of readdirSync(new URL(folder, source)).filter(
    (name) => name.endsWith('.ts') && name !== 'settings.ts',
  )) {
    const module = (await import(new URL(`${folder}/${file}`, source).href)) as object;
    for (const [name, value] of Object.entries(module))
      for (const schema of schemasIn(value))
        if (!schemas.has(schema)) schemas.set(schema, `${folder}/${file} ${name}`);
  }
}
const named = [...schemas].map(([schema, name]) => ({ name, schema }));

const runs = 10_000;

type Quick = (schema: z.ZodType, value: unknown) => boolean;

const byZod: Quick = (schema, value) => schema.safeParse(value).success;

/** A check of a schema may copy what JSON can hold, and throws where it meets what it cannot. */
const isAccepted = (quick: Quick, schema: z.ZodType, value: unknown): boolean => {
  try {
    return quick(schema, value);
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
};

/** Values, whole and damaged, that a quick look accepts: how many, and those that zod refuses. */
const lookAt = (quick: Quick, schema: z.ZodType) => {
  const random = randomFrom(1);
  const wrong: unknown[] = [];
  let accepted = 0;
  const look = (value: unknown) => {
    if (!isAccepted(quick, schema, value)) return;
    accepted += 1;
    if (!isAccepted(byZod, schema, value)) wrong.push(value);
  };
  for (let run = 0; run < runs; run += 1) {
    const value = valueOf(schema, random);
    look(value);
    look(damaged(value, random));
  }
  return { accepted, wrong };
};

describe('a quick look at a value', () => {
  it('is compared with zod for the schemas of every provider', () => {
    for (const provider of providers)
      expect(named.filter(({ name }) => name.startsWith(`providers/${provider}/`)).length).toBeGreaterThan(4);
  });

  it.each(named)('accepts nothing that zod refuses: $name', { timeout: 60_000 }, ({ schema }) => {
    const { accepted, wrong } = lookAt(accepts, schema);
    expect(wrong).toEqual([]);
    // Most of the whole ones: a look that never said yes would be right, too.
    expect(accepted).toBeGreaterThan(1_000);
  });

  const { shape } = knownChargeSchema;
  it.each([
    ['an amount may be no integer', { amount: z.number() }],
    ['an amount may lack', { amount: shape.amount.optional() }],
    ['a provider may be null', { provider: shape.provider.nullable() }],
    ['an id may be empty', { id: z.string() }],
    ['a status may be any word', { status: z.string() }],
    ['metadata may hold anything', { metadata: z.record(z.string(), z.unknown()) }],
    ['refunds are not looked at', { refunds: z.unknown() }],
  ])('is found out where it is wrong: %s', { timeout: 60_000 }, (_, fault) => {
    const wrong = knownChargeSchema.extend(fault);
    const { length } = lookAt((_schema, value) => accepts(wrong, value), knownChargeSchema).wrong;
    expect(length).toBeGreaterThan(0);
  });

  it('leaves to zod what it does not know', () => {
    const odd = z.object({ id: z.string().transform((id) => id.length) });
    expect(accepts(odd, { id: 'a' })).toBe(true);
    expect(accepts(odd, { id: 1 })).toBe(false);
    expect(accepts(z.coerce.number(), '1')).toBe(true);
    expect(accepts(z.object({ toString: z.string() }), {})).toBe(false);
    expect(accepts(z.xor([z.string(), z.string().min(1)]), 'a')).toBe(false);
  });

  it('asks checks of what a schema makes of a value, not of the value', () => {
    const counted = z.object({ id: z.string() }).refine((value) => Object.keys(value).length === 1);
    expect(accepts(counted, { id: 'a', more: 1 })).toBe(true);
    const upper = z
      .string()
      .overwrite((text) => text.toUpperCase())
      .refine((text) => text === 'EUR');
    expect(accepts(upper, 'eur')).toBe(true);
    expect(accepts(upper, 'usd')).toBe(false);
  });
});
