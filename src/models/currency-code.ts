import { currencies, currencyExponent, successorOfRetired } from './currencies.js';

const codes: ReadonlySet<string> = new Set(currencies);

/** Codes that nobody has charges in any more, by the one that took their place. */
const successors: ReadonlyMap<string, string> = new Map(
  Object.entries({
    EUR: 'ATS BEF CYP DEM ESP FIM FRF GRD IEP ITL LUF MTL NLG PTE SIT SKK',
    GHS: 'GHC',
    TRY: 'TRL',
  }).flatMap(([successor, retired]) => retired.split(' ').map((code) => [code, successor] as const)),
);

/** A code in any letter case as ISO 4217 writes it. What is no code stays as it is, for the check that follows. */
export const upperCaseCode = (text: string): string =>
  // No other letters: some of them have an upper case that looks like one of ours.
  /^[A-Za-z]{3}$/.test(text) ? text.toUpperCase() : text;

/** Whether a text is an upper-case code of ISO 4217 that has minor units, and that a new charge can be made in. */
export const isCurrencyCode = (text: string): boolean => codes.has(text);

/** The same with the retired codes, which older charges are still read in. */
export const isKnownCurrencyCode = (text: string): boolean => currencyExponent(text) !== undefined;

/** A text without each of its letters in turn. */
const withoutOne = (text: string): string[] =>
  Array.from({ length: text.length }, (_, index) => text.slice(0, index) + text.slice(index + 1));

/** Whether one letter makes the difference: another one, one too many or one too few. */
const isOneOff = (text: string, code: string): boolean => {
  if (text.length === code.length)
    return withoutOne(text).filter((rest, index) => rest === withoutOne(code)[index]).length > 0;
  const [short, long] = text.length < code.length ? [text, code] : [code, text];
  return withoutOne(long).includes(short);
};

/** The codes that a wrong one was probably meant to be: a successor, or what one letter changes. Many say nothing. */
const nearCodes = (text: string): readonly string[] => {
  const successor = successors.get(text);
  if (successor !== undefined) return [successor];
  const near = currencies.filter((code) => isOneOff(text, code));
  return near.length > 3 ? [] : near;
};

/** What is wrong with a text that is no code. It never repeats the text. */
export const wrongCurrency = (text: unknown): string => {
  const successor = typeof text === 'string' ? successorOfRetired(upperCaseCode(text)) : undefined;
  if (successor !== undefined) return `was retired from ISO 4217: charge in ${successor}`;
  const near = typeof text === 'string' && /^[A-Za-z]{2,4}$/.test(text) ? nearCodes(text.toUpperCase()) : [];
  return `must be an ISO 4217 code${near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`}`;
};
