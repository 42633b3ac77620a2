import * as z from 'zod';

/*
 * A simulator that forgets an option lies by omission: a merchant's test passes with it or without. Every option of a provider
 * has a row here: where the simulator shows it again, or why its resources cannot.
 */

/** What an option is given, and where the simulator's resource shows it again; or why it shows it nowhere. */
export type Echo =
  | { readonly given: unknown; readonly shownAt: string; readonly as?: unknown }
  | { readonly notShown: string };

const inner = (schema: unknown): unknown =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional || schema instanceof z.ZodNullable
    ? inner(schema.unwrap())
    : schema;

/** The dotted paths of every option in a schema: its leaves, through nested objects and unions of them. */
export const optionPaths = (schema: unknown, prefix = ''): string[] => {
  const current = inner(schema);
  const unions =
    current instanceof z.ZodUnion
      ? current.options.filter((option) => inner(option) instanceof z.ZodObject)
      : [];
  if (unions.length > 0) return [...new Set(unions.flatMap((option) => optionPaths(option, prefix)))];
  if (!(current instanceof z.ZodObject)) return prefix === '' ? [] : [prefix];
  return Object.entries(current.shape as Record<string, unknown>).flatMap(([name, field]) =>
    optionPaths(field, prefix === '' ? name : `${prefix}.${name}`),
  );
};

/** The options of a row's params. */
export const optionsOf = (params: { readonly shape: Readonly<Record<string, unknown>> }): string[] =>
  optionPaths(params.shape['providerOptions']);

/** The value at a dotted path of a resource. */
export const valueAt = (resource: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, step) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined,
      resource,
    );

/** An object that holds one value at a dotted path. */
export const nested = (path: string, value: unknown): Record<string, unknown> => {
  const [first = '', ...rest] = path.split('.');
  return { [first]: rest.length === 0 ? value : nested(rest.join('.'), value) };
};
