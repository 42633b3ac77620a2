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
