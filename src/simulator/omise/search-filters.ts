import { failureMessageOf, type OmiseCharge, refundedAmount } from './charge.js';
import { OmiseRefusal } from './errors.js';
import { unitsPerMain } from './money.js';

/** Says whether a charge passes one filter. */
type Test = (charge: OmiseCharge) => boolean;

const isTrue = new Set(['true', 'yes', 'on']);
const isFalse = new Set(['false', 'no', 'off']);

const refuse = (name: string, value: string): never => {
  throw new OmiseRefusal('invalid_filter', `filter ${name} does not understand ${value}`);
};

const flag =
  (of: (charge: OmiseCharge) => boolean) =>
  (value: string, name: string): Test => {
    const lower = value.toLowerCase();
    if (!isTrue.has(lower) && !isFalse.has(lower)) refuse(name, value);
    return (charge) => of(charge) === isTrue.has(lower);
  };

const word =
  (of: (charge: OmiseCharge) => string | null) =>
  (value: string): Test => {
    const wanted = value.toLowerCase();
    return (charge) => of(charge)?.toLowerCase() === wanted;
  };

/** Both ends of `a..b`, or the same value twice. */
const endsOf = (value: string): [first: string, last: string] => {
  const [first = '', last] = value.split('..', 2);
  return [first, last ?? first];
};

/** Amounts are written in main units, so 4096.69 finds 409669 satang, and 500 finds 500 yen. */
const mainUnits =
  (of: (charge: OmiseCharge) => number) =>
  (value: string, name: string): Test => {
    const ends = endsOf(value);
    if (ends.some((end) => !/^\d+(?:\.\d+)?$/.test(end))) refuse(name, value);
    // Ten-thousandths of the smallest unit: 4096.69 * 100 is not a whole number in floating point.
    const [least, most] = ends.map(Number) as [number, number];
    const scaled = (main: number, currency: string): number =>
      Math.round(main * unitsPerMain(currency) * 1e4);
    return (charge) => {
      const amount = of(charge) * 1e4;
      return amount >= scaled(least, charge.currency) && amount <= scaled(most, charge.currency);
    };
  };

const date = /^\d{4}[-/]\d{2}[-/]\d{2}$/;

/** The first and the last millisecond that a date or time stands for. */
const spanOf = (text: string): [first: number, last: number] => {
  const isDate = date.test(text);
  const start = Date.parse(isDate ? text.replaceAll('/', '-') : text);
  // The wire knows no fractions of a second, so a time covers its whole second.
  return [start, start + (isDate ? 86_400_000 : 1000) - 1];
};

const day =
  (of: (charge: OmiseCharge) => number | null) =>
  (value: string, name: string): Test => {
    const [first, last] = endsOf(value);
    const [from] = spanOf(first);
    const [, to] = spanOf(last);
    if (Number.isNaN(from) || Number.isNaN(to)) refuse(name, value);
    return (charge) => {
      const time = of(charge);
      return time !== null && time >= from && time <= to;
    };
  };

const fundOf = (charge: OmiseCharge): string => {
  if (charge.source === null) return 'card';
  return charge.source.flow === 'offline' ? 'offline' : 'offsite';
};

const filters: Readonly<Record<string, (value: string, name: string) => Test>> = {
  amount: mainUnits((charge) => charge.amount),
  authorized: flag((charge) => charge.authorizedAt !== null),
  capture: flag((charge) => charge.capture),
  captured: flag((charge) => charge.paidAt !== null),
  captured_at: day((charge) => charge.paidAt),
  card_last_digits: word((charge) => charge.card?.lastDigits ?? null),
  created: day((charge) => charge.createdAt),
  created_at: day((charge) => charge.createdAt),
  currency: word((charge) => charge.currency),
  customer_present: flag((charge) => charge.customer !== null),
  disputed: flag((charge) => charge.dispute !== null),
  failure_code: word((charge) => charge.failureCode),
  failure_message: word(failureMessageOf),
  refund_amount: mainUnits(refundedAmount),
  refunded: flag((charge) => charge.refunds.length > 0),
  reversed: flag((charge) => charge.status === 'reversed'),
  source_of_fund: word(fundOf),
  status: word((charge) => charge.status),
  voided: flag((charge) => charge.voided),
};

/** One test out of all filters. An unknown filter, or a value that it does not understand, is refused. */
export const readFilters = (given: Readonly<Record<string, string>>, createdAtFilter: boolean): Test => {
  const tests = Object.entries(given).map(([name, value]) => {
    const filter = Object.hasOwn(filters, name) ? filters[name] : undefined;
    if (filter === undefined || (name === 'created_at' && !createdAtFilter)) {
      throw new OmiseRefusal('invalid_filter', `filter ${name} is unknown`);
    }
    return filter(value, name);
  });
  return (charge) => tests.every((passes) => passes(charge));
};
