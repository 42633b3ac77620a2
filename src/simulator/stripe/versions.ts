import { invalidParameter } from './errors.js';

/** An API version: its text and the questions that behaviour depends on. */
export interface Version {
  text: string;
  /** Whether this version is the one of a date or a newer one. */
  since(date: string): boolean;
}

/** What an account speaks without the header `Stripe-Version`. */
const accountDefault = '2026-10-28.endive';

/** Reads `Stripe-Version`. */
export const readVersion = (header: string | undefined): Version => {
  const text = header ?? accountDefault;
  if (!/^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/.test(text)) {
    throw invalidParameter('Stripe-Version', `Invalid Stripe API version: ${text}`);
  }
  const day = text.slice(0, 10);
  return { text, since: (date) => day >= date };
};
