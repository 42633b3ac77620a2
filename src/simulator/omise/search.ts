import type { OmiseCharge } from './charge.js';
import { renderCharge } from './charge-view.js';
import { OmiseRefusal } from './errors.js';
import { has, type Parameters, readInteger, readMap, readText } from './parameters.js';
import { readFilters } from './search-filters.js';
import type { OmiseState } from './state.js';

const scopes = new Set([
  'charge',
  'charge_schedule',
  'customer',
  'dispute',
  'event',
  'fund_account',
  'link',
  'log_entry',
  'receipt',
  'recipient',
  'refund',
  'sub_merchant',
  'transfer',
  'transfer_schedule',
  'transaction',
]);

const [defaultPerPage, highestPerPage] = [30, 100];

/** The fields that free text is looked for in. Metadata is not one of them. */
const textOf = (state: OmiseState, charge: OmiseCharge): string => {
  const customer = charge.customer === null ? undefined : state.customers.get(charge.customer);
  return [
    charge.id,
    charge.currency,
    charge.description,
    charge.card?.brand,
    charge.card?.id,
    charge.card?.name,
    customer?.id,
    customer?.email,
    customer?.description,
  ]
    .join('\n')
    .toLowerCase();
};

const readFilterMap = (parameters: Parameters): Record<string, string> => {
  // An official client flattens a nested map to an empty `filters=`; that is no filter at all.
  const given = has(parameters, 'filters') ? (readMap(parameters, 'filters') ?? {}) : {};
  return Object.fromEntries(
    Object.keys(given).map((name) => {
      const value = readText(given, name);
      if (value === null) throw new OmiseRefusal('invalid_filter', `filter ${name} is empty`);
      return [name, value];
    }),
  );
};

const readOrder = (state: OmiseState, parameters: Parameters): string => {
  const order = readText(parameters, 'order');
  if (order === null) return state.switches.searchNewestFirst ? 'reverse_chronological' : 'chronological';
  if (order !== 'chronological' && order !== 'reverse_chronological') {
    throw new OmiseRefusal('bad_request', 'order must be chronological or reverse_chronological');
  }
  return order;
};

/** `GET /search`. Amount filters are in main units, results lag behind by the index delay. */
export const searchCharges = (state: OmiseState, parameters: Parameters): Record<string, unknown> => {
  const scope = readText(parameters, 'scope') ?? '';
  if (!scopes.has(scope)) throw new OmiseRefusal('invalid_scope');
  if (scope !== 'charge')
    throw new OmiseRefusal('feature_not_supported', 'the simulator searches charges only');
  const page = readInteger(parameters, 'page') ?? 1;
  if (!(page >= 1)) throw new OmiseRefusal('invalid_page');
  const perPage = readInteger(parameters, 'per_page') ?? defaultPerPage;
  if (!(perPage >= 1 && perPage <= highestPerPage)) throw new OmiseRefusal('invalid_per_page');
  const order = readOrder(state, parameters);
  const filters = readFilterMap(parameters);
  const passes = readFilters(filters, state.switches.createdAtFilter);
  const query = readText(parameters, 'query') ?? '';
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);

  const found = state.index.visible().filter((charge) => {
    if (!passes(charge)) return false;
    if (words.length === 0) return true;
    const text = textOf(state, charge);
    return words.every((each) => text.includes(each));
  });
  if (order === 'reverse_chronological') found.reverse();
  const first = (page - 1) * perPage;
  return {
    object: 'search',
    location: '/search',
    scope: 'charge',
    query,
    filters,
    page,
    per_page: perPage,
    total: found.length,
    total_pages: Math.ceil(found.length / perPage),
    order,
    export: null,
    aggregate_level: null,
    data: found.slice(first, first + perPage).map((charge) => renderCharge(state, charge)),
  };
};
