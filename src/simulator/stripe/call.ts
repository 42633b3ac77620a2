import type { AnswerKind, Expansion } from './expand.js';
import type { Params, Shape } from './params.js';
import type { Services } from './services.js';
import type { Account } from './store.js';
import type { View } from './view.js';

/** One request after everything common to all calls has been checked. */
export interface Call<S extends Shape> {
  services: Services;
  account: Account;
  view: View;
  params: Params<S>;
  /** The id in the path, or an empty string. */
  id: string;
  /** The path, for the `url` of lists. */
  path: string;
  expansion: Expansion;
}

/** One call of the API as a row: how it is recognised, what it takes, what it answers with. */
export interface Route<S extends Shape = Shape> {
  method: 'GET' | 'POST';
  /** `:id` stands for one segment. */
  path: string;
  /** The unified name, for faults and the log. */
  operation: string;
  params: S;
  required: readonly (keyof S & string)[];
  answer: AnswerKind;
  /** Whether the publishable key may call it, too. */
  isPublic: boolean;
  run(call: Call<S>): object;
}

/** Declares a route; it only fixes the types. */
export const route = <S extends Shape>(
  row: Omit<Route<S>, 'required' | 'isPublic'> & Partial<Pick<Route<S>, 'required' | 'isPublic'>>,
): Route => ({ required: [], isPublic: false, ...row });

/** A text parameter, with '' and absence as null. */
export const textOrNull = (text: string | undefined): string | null =>
  text === undefined || text === '' ? null : text;

/** A text parameter of an update: absent keeps the known value, '' clears it. */
export const updatedText = (known: string | null, text: string | undefined): string | null =>
  text === undefined ? known : textOrNull(text);
