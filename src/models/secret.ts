import { inspect } from 'node:util';
import * as z from 'zod';

const mask = '[secret]';

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

  [inspect.custom](): string {
    return mask;
  }
}

/** A secret setting: text in, a masked `Secret` out. */
export const secretSchema = z
  .string('must be text')
  .min(1, 'must not be empty')
  .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII without spaces')
  .transform((value) => new Secret(value));
