import { findCharge, type MagpieCharge } from './charge.js';
import { renderCharge } from './charge-view.js';
import type { MagpieState } from './state.js';

const isListed = (state: MagpieState, charge: MagpieCharge): boolean => {
  const { listDelayMs, listsUnpaid } = state.switches;
  if (listDelayMs > 0 && charge.createdAt > state.context.now() - listDelayMs) return false;
  return listsUnpaid || (charge.state !== 'pending' && charge.state !== 'failed');
};

/** One charge more than a page holds, if there are so many: it tells whether another page follows. */
const chargesAfter = (state: MagpieState, cursor: string): MagpieCharge[] => {
  const { listOrder, pageSize } = state.switches;
  const step = listOrder === 'newest_first' ? -1 : 1;
  const first = listOrder === 'newest_first' ? state.ordered.length - 1 : 0;
  const found: MagpieCharge[] = [];
  let position = cursor === '' ? first : findCharge(state, cursor).position + step;
  for (let charge = state.ordered[position]; charge !== undefined; charge = state.ordered[position]) {
    if (isListed(state, charge)) found.push(charge);
    if (found.length > pageSize) break;
    position += step;
  }
  return found;
};

const nextOf = (state: MagpieState, last: MagpieCharge): string => {
  const relative = `/v2/charges/?start_after=${last.id}`;
  switch (state.switches.nextAs) {
    case 'relative':
      return relative;
    case 'absolute':
      return `${state.context.origin()}${relative}`;
    case 'foreign_host':
      return `https://elsewhere.example${relative}`;
    case 'id':
      return last.id;
  }
};

/** `GET /v2/charges/`: the only parameter is `start_after`, everything else is ignored. */
export const listCharges = (state: MagpieState, query: string): unknown => {
  const { listEnd, pageSize } = state.switches;
  const found = chargesAfter(state, new URLSearchParams(query).get('start_after') ?? '');
  const page = found.slice(0, pageSize);
  const last = page.at(-1);
  const continues = found.length > pageSize || (listEnd === 'another_page' && page.length > 0);
  const data = page.map((charge) => renderCharge(state, charge));
  if (continues && last !== undefined) return { object: 'list', next: nextOf(state, last), data };
  if (listEnd === 'null') return { object: 'list', next: null, data };
  return listEnd === 'empty_text' ? { object: 'list', next: '', data } : { object: 'list', data };
};
