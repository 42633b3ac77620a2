import { stampMetadataKey } from '../models/attachments.js';
import type { FieldIssue } from '../models/error-details.js';
import { hasLoneSurrogate, loneSurrogate } from '../models/lone-surrogate.js';
import { Secret } from '../models/secret.js';
import { showPath } from '../models/validation.js';
import type { WireFields, WireFieldValue } from '../models/wire-fields.js';
import { memberOf, isPlainObject } from '../models/objects.js';

/*
 * `providerOptions.wire`: fields that this version has no name for. They are taken out of the params before any schema sees
 * them, so no provider's code knows of them, and put into the request that a row has built.
 */

const root = ['providerOptions', 'wire'] as const;
const deepest = 8;
const mostLeaves = 200;
const longestText = 5000;

/** What the engine adds to the input of a row: the caller's own fields of its request. No row reads it. */
export interface Wired {
  readonly wire?: WireFields | null;
}

/** The params without the wire fields, and those as they were given. Undefined where there are none. */
export const takeWire = (params: unknown): { readonly params: unknown; readonly given: unknown } => {
  const untouched = { params, given: undefined };
  try {
    if (!isPlainObject(params)) return untouched;
    const { providerOptions } = params;
    if (!isPlainObject(providerOptions) || !Object.hasOwn(providerOptions, 'wire')) return untouched;
    const { wire, ...others } = providerOptions;
    const { providerOptions: _taken, ...rest } = params;
    // An operation without options of the provider's own takes these all the same.
    const isEmpty = Object.keys(others).length === 0;
    return { params: isEmpty ? rest : { ...rest, providerOptions: others }, given: wire ?? null };
  } catch {
    // A getter or a proxy of the caller's threw: the check of the params refuses it in its own words.
    return untouched;
  }
};

/** What a name may look like. Brackets would make another field of it in a form: `metadata[…]`. */
const namePattern = /^[!-Z\\^-~]{1,100}$/;

const wrongText = (text: string): string | null => {
  if (text.length > longestText) return `must have at most ${longestText} characters`;
  return hasLoneSurrogate(text) ? loneSurrogate : null;
};

const readLeaf = (value: unknown, refuse: (message: string) => null): WireFieldValue => {
  switch (typeof value) {
    case 'string': {
      const message = wrongText(value);
      return message === null ? value : refuse(message);
    }
    case 'number':
      return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
        ? value
        : refuse('must be a finite number, and safe where it is an integer');
    case 'boolean':
      return value;
    case 'undefined':
      return refuse('is undefined: leave it out, or give a value');
    default:
      return value === null
        ? value
        : refuse('must be text, a number, true or false, null, a list or a plain object');
  }
};

const wrongName = (name: string): string | null => {
  if (name === '__proto__') return 'cannot be the name of a field';
  if (name === stampMetadataKey) return 'is kept for the idempotency key';
  return namePattern.test(name) ? null : 'must be a name of visible ASCII characters without brackets';
};

/**
 * Reads what a caller gave as wire fields: a copy, so that nothing changes afterwards, and what is wrong with it. Depth and
 * number are bounded, which also ends a value that contains itself.
 */
export const readWire = (
  given: unknown,
): { readonly wire: WireFields; readonly issues: readonly FieldIssue[] } => {
  const issues: FieldIssue[] = [];
  let leaves = 0;
  const refuse = (path: readonly string[], message: string): null => {
    issues.push({ path: showPath(path), message });
    return null;
  };
  const read = (value: unknown, path: readonly string[]): WireFieldValue => {
    const isList = Array.isArray(value);
    if (!isList && !isPlainObject(value)) {
      leaves += 1;
      if (leaves > mostLeaves) return refuse(root, `must hold at most ${mostLeaves} values`);
      return readLeaf(value, (message) => refuse(path, message));
    }
    if (path.length - root.length >= deepest) return refuse(path, `lies deeper than ${deepest} levels`);
    const names = isList ? [...value.keys()].map(String) : Object.keys(value);
    if (names.length === 0) return refuse(path, 'must not be empty: a form cannot say so');
    if (names.length > mostLeaves) return refuse(path, `must hold at most ${mostLeaves} values`);
    const copy: Record<string, WireFieldValue> = {};
    for (const name of names) {
      if (issues.length > 0) return null;
      const message = isList ? null : wrongName(name);
      if (message !== null) return refuse([...path, name], message);
      copy[name] = read(memberOf(value, name), [...path, name]);
    }
    return isList ? Object.values(copy) : copy;
  };
  try {
    if (isPlainObject(given)) {
      const wire = read(given, root);
      return { wire: isPlainObject(wire) ? wire : {}, issues };
    }
    refuse(root, 'must be a plain object with fields in the provider’s own names');
  } catch {
    // A getter or a proxy of the caller's threw; what it said may hold anything.
    refuse(root, 'cannot be read');
  }
  return { wire: {}, issues };
};

/**
 * The texts among the values, to be redacted where a refusal repeats them. Short ones are plain words and
 * stay.
 */
export const textsOf = (value: WireFieldValue): Secret[] => {
  if (typeof value === 'string') return value.length < 6 ? [] : [new Secret(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
};

const codeNames = /^(?:cvc2?|cvv2?|csc|cid|security_?code|verification_?value)$/i;
const cardNumber = /^\d(?:[ -]?\d){11,18}$/;

/**
 * The wire fields as a fingerprint may hold them: what looks like the number of a card counts by its last four, and a
 * security code not at all, as everywhere.
 */
export const withoutCardData = (value: WireFieldValue): WireFieldValue => {
  if (isPlainObject(value)) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => !codeNames.test(name))
        .map(([name, item]) => [name, withoutCardData(item)]),
    );
  }
  if (typeof value === 'object' && value !== null) return value.map(withoutCardData);
  return cardNumber.test(String(value)) ? { last4: String(value).slice(-4) } : value;
};

/** The paths of the values, such as `mandate_data.customer_acceptance.type`: what an event shows of them. */
export const pathsOf = (value: WireFieldValue, path: readonly string[] = []): string[] =>
  isPlainObject(value)
    ? Object.entries(value).flatMap(([name, item]) => pathsOf(item, [...path, name]))
    : [showPath(path)];
