import type { Issues } from '../../adapter/rows.js';
import type { ChargeStatus } from '../../models/charge.js';
import { momentToSeconds, type SearchParams } from '../../models/params.js';
import { toWireAmount, toWireCurrency } from './currency.js';
import type { StripeApi } from './payment.js';

/*
 * Stripe's search language: `field:"value"`, `field>=1`, joined by AND or by OR but never by both, without parentheses.
 */

const longestQuery = 5000;

/** A value in quotes. Backslashes and quotes inside are escaped, so that no value can end the clause and begin another. */
const quote = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&')}"`;

/**
 * Where a status can be. These words only narrow: Stripe's status alone does not tell authorized from captured, or voided
 * from expired, so every result is compared again here. A status that several words cover is not narrowed at all, because
 * that would take an OR.
 */
const narrowings: Readonly<Record<StripeApi, Readonly<Partial<Record<ChargeStatus, string>>>>> = {
  payment_intents: {
    requires_action: 'requires_action',
    authorized: 'requires_capture',
    voided: 'canceled',
    expired: 'canceled',
    failed: 'requires_payment_method',
  },
  charges: {
    pending: 'pending',
    authorized: 'succeeded',
    captured: 'succeeded',
    voided: 'succeeded',
    expired: 'succeeded',
    failed: 'failed',
  },
};

/** The amount on the wire; without its currency the unit is not known, and every result is compared here instead. */
const amountClause = ({ amount, currency }: SearchParams): readonly string[] => {
  if (amount === undefined || currency === undefined) return [];
  const wire = toWireAmount(amount, currency);
  return 'amount' in wire ? [`amount:${wire.amount}`] : [];
};

const clauses = (params: SearchParams, api: StripeApi): string[] => {
  const status = params.status && narrowings[api][params.status];
  return [
    ...(status === undefined ? [] : [`status:${quote(status)}`]),
    ...amountClause(params),
    ...(params.currency === undefined ? [] : [`currency:${quote(toWireCurrency(params.currency))}`]),
    ...(params.customer === undefined ? [] : [`customer:${quote(params.customer)}`]),
    ...(params.createdAfter === undefined ? [] : [`created>=${momentToSeconds(params.createdAfter)}`]),
    ...(params.createdBefore === undefined ? [] : [`created<${momentToSeconds(params.createdBefore)}`]),
    ...Object.entries(params.metadata ?? {}).map(([key, value]) => `metadata[${quote(key)}]:${quote(value)}`),
  ];
};

/** The words of a query outside its quoted values. */
const operatorsIn = (query: string): ReadonlySet<string> => {
  const unquoted = query.replace(/"(?:\\.|[^"\\])*"?/g, '""');
  return new Set(unquoted.split(/\s+/).map((word) => word.toUpperCase()));
};

/** The query that Stripe gets: the caller's own text as it is, and the filters after it. */
export const buildQuery = (params: SearchParams, api: StripeApi): string => {
  const all = [...(params.query === undefined ? [] : [params.query.trim()]), ...clauses(params, api)];
  // A query is required; every payment was created some time.
  return all.length === 0 ? 'created>0' : all.join(' AND ');
};

/** Why Stripe would refuse the query, or answer another question than was asked. */
export const searchIssues = (params: SearchParams, api: StripeApi): Issues => {
  const { query, amount, currency } = params;
  const operators = operatorsIn(query ?? '');
  const isCombined = operators.has('AND') || clauses(params, api).length > 0;
  const wire = amount === undefined || currency === undefined ? null : toWireAmount(amount, currency);
  return [
    operators.has('OR') && isCombined
      ? {
          path: 'query',
          message: 'has an OR, which Stripe cannot combine with AND or with other filters',
        }
      : null,
    wire !== null && 'problem' in wire ? { path: wire.problem.field, message: wire.problem.message } : null,
    buildQuery(params, api).length > longestQuery
      ? { path: 'query', message: `is longer than ${longestQuery} characters with all filters` }
      : null,
  ];
};
