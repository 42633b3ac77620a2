import type { NextAction } from '../../src/models/charge.js';
import { toCharge as magpieCharge } from '../../src/providers/magpie/charge.js';
import { toCharge as pinCharge } from '../../src/providers/pin/charge.js';
import { nextActions } from '../../src/providers/stripe/next-action.js';
import { sourceGroups } from '../../src/providers/omise/next-action.js';
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

const url = 'https://payer.example/1';

/** An answer that asks something of its payer, read by the adapter: the table says what the code does. */
interface Asking {
  readonly told: string;
  read(drift: (path: string) => void): { readonly status: string; readonly nextAction: NextAction | null };
}

const given = (action: NextAction | null): string => {
  if (action === null) return 'null';
  const fields = Object.keys(action).filter((name) => name !== 'type');
  return `${code(action.type)} with ${codes(fields)}`;
};

const askingTable = (told: string, rows: readonly Asking[]): string =>
  table(
    [told, '`status`', '`nextAction`', '`drift`'],
    rows.map((row) => {
      const drifts = new Set<string>();
      const { status, nextAction } = row.read((path) => drifts.add(path));
      return [row.told, code(status), given(nextAction), drifts.size === 0 ? 'none' : codes([...drifts])];
    }),
  );

/** What the payer of a pending charge of Magpie gets for each shape of its `action`. */
export const magpiePayerActions = (): string => {
  const charge = { id: 'ch_1', amount: 4590, amount_refunded: 0, currency: 'PHP', status: 'pending' };
  const asking = (told: string, action: Parameters<typeof magpieCharge>[0]['action']): Asking => ({
    told,
    read: (drift) => magpieCharge({ ...charge, action }, { drift }),
  });
  return askingTable('`action` of a pending charge', [
    asking("`{ type: 'redirect_to_url', url }`, the documented one", { type: 'redirect_to_url', url }),
    asking('another `type` with a `url`', { type: 'bank_page', url }),
    asking('with a `confirmation_id`', { type: 'otp', confirmation_id: 'confirmation-1' }),
    asking('any other, such as the instructions of a bank', { type: 'bank_instructions' }),
    asking('null, absent or empty', null),
  ]);
};

/** What the payer of a charge of Pin gets. */
export const pinPayerActions = (): string => {
  const charge = { token: 'ch_1', amount: 4590, amount_refunded: 0, currency: 'AUD', captured: false };
  const asking = (
    told: string,
    fields: Partial<Parameters<typeof pinCharge>[0]>,
    httpStatus: number,
  ): Asking => ({
    told,
    read: (drift) => pinCharge({ ...charge, ...fields }, { livemode: false, drift }, { httpStatus }),
  });
  return askingTable('answer of Pin', [
    asking('HTTP 202 with `redirect_url`, the answer of the create', { redirect_url: url }, 202),
    asking('HTTP 202 without `redirect_url`', {}, 202),
    asking('a charge that is read later: `status_message` `Pending`', { status_message: 'Pending' }, 200),
  ]);
};
