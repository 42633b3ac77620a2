import { nextActions } from '../../src/providers/stripe/next-action.js';
import { sourceGroups } from '../../src/providers/omise/source-types.js';
import { code, codes, table } from './markdown.js';

/** What the payer of each of Omise's sources gets. */
export const omisePayerActions = (): string =>
  table(
    ['source type', '`flow`', '`nextAction` while pending'],
    sourceGroups.map(({ types, flow, payerGets }) => [
      codes(types),
      flow === null ? 'not seen' : code(flow),
      payerGets,
    ]),
  );

/** What the payer gets for each kind of action of Stripe. */
export const stripePayerActions = (): string =>
  table(
    ["Stripe's `next_action.type`", '`nextAction`', 'from'],
    Object.entries(nextActions).map(([type, { gives, from }]) => [
      code(type),
      gives === null ? 'null' : code(gives),
      from,
    ]),
  );
