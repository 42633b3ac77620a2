import type { SimulatorResponse } from '../face.js';
import type { PinCharge } from './charge.js';
import { isListed, renderCharge } from './charge-view.js';
import { Problems } from './errors.js';
import { pageOf } from './pages.js';
import { type Parameters, readInteger, readText } from './parameters.js';
import type { PinState } from './state.js';

/** The start of a day, UTC: `2012/12/25`, `2012-12-25` or `Mar 25, 2011`. */
const readDay = (query: Parameters, name: string, problems: Problems): number | null => {
  const text = readText(query, name);
  if (text === null) return null;
  const numbers = /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})$/.exec(text);
  const time =
    numbers === null
      ? Date.parse(`${text} UTC`)
      : Date.UTC(Number(numbers[1]), Number(numbers[2]) - 1, Number(numbers[3]));
  if (Number.isNaN(time)) problems.add(name, 'Date is not valid');
  return time;
};

/** Whether a charge is what a query asks for: every word somewhere in its texts, or the whole as its amount or a token. */
const matches = (charge: PinCharge, query: string): boolean => {
  const { card } = charge;
  const exact = [
    String(charge.amount),
    charge.token,
    card.token,
    card.customer,
    ...charge.refunds.map((refund) => refund.token),
  ];
  if (exact.includes(query)) return true;
  const text = [
    charge.description,
    charge.email,
    card.name,
    charge.currency,
    ...Object.values(charge.metadata),
  ]
    .join('\n')
    .toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
};

const comparisons = {
  created_at: (left: PinCharge, right: PinCharge) => left.createdAt - right.createdAt,
  amount: (left: PinCharge, right: PinCharge) => left.amount - right.amount,
};

/** `GET /charges/search`. What it finds lags behind by the index delay. */
export const searchCharges = (state: PinState, query: Parameters): SimulatorResponse => {
  const problems = new Problems();
  const start = readDay(query, 'start_date', problems);
  const end = readDay(query, 'end_date', problems);
  const sort = readText(query, 'sort') ?? 'created_at';
  const direction = readInteger(query, 'direction') ?? state.switches.searchDirection;
  if (sort !== 'created_at' && sort !== 'amount') problems.add('sort', 'Sort must be created_at or amount');
  if (direction !== 1 && direction !== -1) problems.add('direction', 'Direction must be 1 or -1');
  problems.refuse();

  const text = (readText(query, 'query') ?? '').trim();
  const found = state.index
    .visible()
    .filter(
      (charge) =>
        isListed(state, charge) &&
        (start === null || charge.createdAt >= start) &&
        (end === null || charge.createdAt < end) &&
        (text === '' || matches(charge, text)),
    );
  found.sort(comparisons[sort === 'amount' ? 'amount' : 'created_at']);
  if (direction === -1) found.reverse();
  return pageOf(state, found, query, (charge) => renderCharge(state, charge));
};
