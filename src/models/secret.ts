import * as z from 'zod';

const mask = '[secret]';

/** What `util.inspect` asks for, in every copy of Node. Its import would stand in the types, where `@types/node` may be missing. */
const inspected = Symbol.for('nodejs.util.inspect.custom');

/** A key or token that prints masked everywhere: in text, JSON and util.inspect. Only `reveal()` gives it away. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one place that puts it on the wire. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return mask;
  }

  toJSON(): string {
    return mask;
  }

  [inspected](): string {
    return mask;
  }
}

/** What a template makes of a variable that is not set. */
const unset: ReadonlySet<string> = new Set(['undefined', 'null']);

/** A secret setting: text in, a masked `Secret` out. */
export const secretSchema = z
  .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be text') })
  .min(1, { error: 'must not be empty', abort: true })
  .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII without spaces')
  .refine((value) => !unset.has(value), {
    error: ({ input }) => `is the text '${String(input)}': the variable that it came from is not set`,
  })
  .refine((value) => !/^["'`]|["'`]$/.test(value), 'stands between quotes: leave them out')
  .transform((value) => new Secret(value));

/** What is pasted by mistake where a secret key belongs. Its beginning says what it is. */
const mistaken: readonly (readonly [beginning: string, what: string])[] = [
  ['pk_', 'the publishable key'],
  ['pkey_', "another provider's public key"],
  ['skey_', "another provider's secret key"],
  ['whsec_', 'the secret of a webhook endpoint'],
];

/** A secret key. `what`: which one it has to be, for whoever gave a key of another kind or of another provider. */
export const secretKeySchema = (what: string) =>
  secretSchema.superRefine((key, context) => {
    const mistake = mistaken.find(([beginning]) => key.reveal().startsWith(beginning));
    if (mistake !== undefined)
      context.addIssue({ code: 'custom', message: `must be ${what}, not ${mistake[1]}` });
  });
