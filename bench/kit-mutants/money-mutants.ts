import { all, body, changed, charge, query, refund, refundList } from './changes.js';
import type { Mutant } from './mutants.js';

/** Sends and reads the amounts of one currency with a wrong factor: consistent to itself, wrong at the provider. */
const wrongFactor = (currency: string, factor: number): Mutant['change'] => {
  const scale = (json: Record<string, unknown>): object =>
    json['currency'] === currency.toLowerCase() ? { ...json, amount: Number(json['amount']) * factor } : json;
  return all(
    body('create', scale),
    charge((each) =>
      each.currency === currency
        ? {
            amount: (each.amount ?? 0) / factor,
            amountCaptured: (each.amountCaptured ?? 0) / factor,
            amountRefunded: Math.trunc((each.amountRefunded ?? 0) / factor),
          }
        : {},
    ),
  );
};

/** Faults about amounts, currencies, captures and refunds. */
export const moneyMutants: readonly Mutant[] = [
  { name: 'yen have cents', change: wrongFactor('JPY', 100) },
  { name: 'Kuwaiti dinars have two decimals', change: wrongFactor('KWD', 0.1) },
  { name: 'amounts come as text', change: charge(({ amount }) => ({ amount: String(amount) })) },
  {
    name: 'the currency comes in lower case',
    change: charge(({ currency }) => ({ currency: currency?.toLowerCase() })),
  },
  {
    name: 'create sends one unit more',
    change: body('create', (json) => ({ ...json, amount: Number(json['amount']) + 1 })),
  },
  {
    name: 'an authorization reads as captured',
    change: charge(({ status }) => (status === 'authorized' ? { status: 'captured' } : {})),
  },
  {
    name: 'an authorization shows its amount as captured',
    change: charge(({ status, amount }) => (status === 'authorized' ? { amountCaptured: amount } : {})),
  },
  {
    name: 'capture: false is forgotten',
    change: body('create', (json) => ({ ...json, capture: undefined })),
  },
  {
    name: 'capture: false is sent as text',
    change: body('create', (json) => ({
      ...json,
      capture: json['capture'] === undefined ? undefined : String(json['capture'] === true),
    })),
  },
  { name: 'capture forgets the partial amount', change: body('capture', () => ({})) },
  {
    name: 'a partial capture shows the whole amount as captured',
    change: charge(({ status, amount }) => (status === 'captured' ? { amountCaptured: amount } : {})),
  },
  {
    name: 'the amount follows the partial capture',
    change: charge(({ status, amount, amountCaptured }) =>
      status === 'captured' ? { amount: amountCaptured ?? amount } : {},
    ),
  },
  {
    name: 'the released rest of a partial capture counts as refunded',
    change: charge(({ status, amount, amountCaptured, amountRefunded }) =>
      status === 'captured'
        ? { amountRefunded: amountRefunded + amount - (amountCaptured ?? amount), refundStatus: 'partial' }
        : {},
    ),
  },
  {
    name: 'a void counts as refunded',
    change: charge(({ status, amount }) =>
      status === 'voided' ? { amountRefunded: amount, refundStatus: 'full' } : {},
    ),
  },
  {
    name: 'void of captured money refunds it',
    way: (handle) => (incoming) => {
      const answer = handle(incoming);
      if (!incoming.path.endsWith('/void') || answer.status !== 409) return answer;
      handle({ ...incoming, headers: {}, path: incoming.path.replace('/void', '/refunds') });
      return handle({ ...incoming, headers: {}, method: 'GET', path: incoming.path.replace('/void', '') });
    },
  },
  {
    name: 'void does nothing and says that it did',
    way: (handle) => (incoming) => {
      if (!incoming.path.endsWith('/void')) return handle(incoming);
      const read = handle({ ...incoming, method: 'GET', path: incoming.path.replace('/void', '') });
      return { status: 200, body: { ...(read.body as object), status: 'voided' } };
    },
  },
  {
    name: 'a voided charge reads as expired',
    change: charge(({ status }) => (status === 'voided' ? { status: 'expired' } : {})),
  },
  {
    name: 'the refunded total stays at zero',
    change: charge(() => ({ amountRefunded: 0, refundStatus: 'none' })),
  },
  {
    name: 'a full refund reads as partial',
    change: charge(({ refundStatus }) => (refundStatus === 'full' ? { refundStatus: 'partial' } : {})),
  },
  {
    name: 'a refunded charge reads as voided',
    change: charge(({ refundStatus }) =>
      refundStatus === 'full'
        ? { status: 'voided', amountCaptured: 0, amountRefunded: 0, refundStatus: 'none' }
        : {},
    ),
  },
  { name: 'a refund forgets its amount', change: body('refund', (json) => ({ ...json, amount: undefined })) },
  {
    name: 'a refund without an amount asks for the captured total',
    way: (handle) => (incoming) => {
      if (
        !incoming.path.endsWith('/refunds') ||
        incoming.method !== 'POST' ||
        incoming.body['amount'] !== undefined
      )
        return handle(incoming);
      const read = handle({ ...incoming, method: 'GET', path: incoming.path.replace('/refunds', '') });
      const amount = (read.body as { captured_amount?: number }).captured_amount;
      return handle({ ...incoming, body: { ...incoming.body, amount } });
    },
  },
  { name: 'a refund names another charge', change: refund(({ id }) => ({ chargeId: id })) },
  { name: 'a refund names another currency', change: refund(() => ({ currency: 'USD' })) },
  { name: 'a refund that succeeded reads as failed', change: refund(() => ({ status: 'failed' })) },
  { name: 'every refund is fraudulent', change: refund(() => ({ reason: 'fraudulent' })) },
  { name: 'listRefunds is empty', change: refundList(() => []) },
  { name: 'listRefunds skips the last one', change: refundList((refunds) => refunds.slice(0, -1)) },
  { name: 'listRefunds gives every refund twice', change: refundList((refunds) => [...refunds, ...refunds]) },
  {
    name: 'a fee stands on an authorization',
    change: charge(({ status }) => (status === 'authorized' ? { fee: { amount: 30, currency: 'EUR' } } : {})),
  },
  {
    name: 'search asks for main units',
    change: query('search', (old) => ({
      ...old,
      ...(old['amount'] === undefined ? {} : { amount: Number(old['amount']) / 100 }),
    })),
  },
  {
    name: 'search asks for an upper-case currency',
    change: query('search', (old) => ({
      ...old,
      ...(old['currency'] === undefined ? {} : { currency: (old['currency'] as string).toUpperCase() }),
    })),
  },
  {
    name: 'listRefunds shows refunds of nothing',
    change: refundList((refunds) => refunds.map((each) => changed(each, { amount: 0 }))),
  },
];
