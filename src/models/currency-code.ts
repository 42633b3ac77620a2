import { currencies } from './currencies.js';

const codes: ReadonlySet<string> = new Set(currencies);

/** Codes that left the list before our table begins, by the one that took their place. */
const successors: ReadonlyMap<string, string> = new Map(
  Object.entries({
    EUR: 'ATS BEF CYP DEM EEK ESP FIM FRF GRD HRK IEP ITL LTL LUF LVL MTL NLG PTE SIT SKK',
    BYN: 'BYR',
    CUP: 'CUC',
    GHS: 'GHC',
    MRU: 'MRO',
    SLE: 'SLL',
    STN: 'STD',
    TRY: 'TRL',
    VES: 'VEF',
    ZMW: 'ZMK',
    ZWG: 'ZWL',
  }).flatMap(([successor, retired]) => retired.split(' ').map((code) => [code, successor] as const)),
);

/** A code in any letter case as ISO 4217 writes it. What is no code stays as it is, for the check that follows. */
export const upperCaseCode = (text: string): string =>
  // No other letters: some of them have an upper case that looks like one of ours.
  /^[A-Za-z]{3}$/.test(text) ? text.toUpperCase() : text;

/** Whether a text is an upper-case code of ISO 4217 that has minor units. */
export const isCurrencyCode = (text: string): boolean => codes.has(text);

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
  const near = typeof text === 'string' && /^[A-Za-z]{2,4}$/.test(text) ? nearCodes(text.toUpperCase()) : [];
  return `must be an ISO 4217 code${near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`}`;
};
