import { describe, expect, it } from 'vitest';
import type { ClientEvent } from '../../../src/index.js';
import { stripeProvider } from '../../../src/providers/stripe/provider.js';
import { scriptReplies } from '../../scripted-replies.js';
import { officialFile, resolveType, type OfficialFile } from './official-types.js';
import { capturedCharge, paidIntent, wireIntent, wireRefund } from './wire-objects.js';

/* What Stripe's own types allow to be null is no deviation: every such member of the objects that are read here. */

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const charges = officialFile('Charges');
const intents = officialFile('PaymentIntents');
const refunds = officialFile('Refunds');

/** The paths of all members that may be null, below a type and beside an example of it. */
const nullables = (
  file: OfficialFile,
  type: string,
  example: Fields,
  path: readonly string[] = [],
): string[][] =>
  (file.get(type) ?? []).flatMap((member) => {
    const here = [...path, member.name];
    const value = example[member.name];
    const inner = member.types
      .map((each) => resolveType(file, type, each))
      .find((each) => each !== undefined);
    const below =
      member.name === 'latest_charge' && isFields(value)
        ? nullables(charges, 'Charge', value, here)
        : inner !== undefined && isFields(value)
          ? nullables(file, inner, value, here)
          : [];
    return [...(member.isNullable ? [here] : []), ...below];
  });

const withNull = (example: Fields, path: readonly string[]): Fields => {
  const copy = structuredClone(example);
  let holder = copy;
  for (const name of path.slice(0, -1)) holder = holder[name] as Fields;
  holder[path.at(-1) ?? ''] = null;
  return copy;
};

const threeDSecure = { result: 'authenticated', version: '2.2.0', electronic_commerce_indicator: '05' };
const details = capturedCharge().payment_method_details as { card: Fields };
const card = { ...details.card, three_d_secure: threeDSecure, wallet: { type: 'apple_pay' } };
const fullCharge = {
  outcome: { type: 'authorized', reason: null },
  payment_method_details: { type: 'card', card },
  billing_details: { email: 'sam@shop.test', name: 'Sam', address: { city: 'Berlin' } },
};
const paid = paidIntent(fullCharge) as unknown as Fields;
const declined = wireIntent({
  status: 'requires_payment_method',
  amount_received: 0,
  last_payment_error: { type: 'card_error', code: 'card_declined', payment_method: null },
}) as unknown as Fields;
const waiting = wireIntent({
  status: 'requires_action',
  amount_received: 0,
  latest_charge: null,
  next_action: {
    type: 'redirect_to_url',
    redirect_to_url: { url: 'https://pay.test/1', return_url: 'https://shop.test' },
  },
}) as unknown as Fields;
const bare = capturedCharge(fullCharge) as unknown as Fields;

const drifts = async (
  body: unknown,
  read: 'retrieve' | 'retrieveRefund',
  ...more: unknown[]
): Promise<string[]> => {
  const told: string[] = [];
  const client = scriptReplies({ body }, ...more.map((each) => ({ body: each }))).client(stripeProvider, {
    secretKey: 'sk_test_a1',
    onEvent: (event: ClientEvent) => {
      if (event.type === 'drift') told.push(`${event.path} ${event.kind}`);
    },
  });
  const { id } = body as { id: string };
  await (read === 'retrieve' ? client.retrieve(id) : client.retrieveRefund('pi_demoA1', id));
  return told;
};

/** A paid intent has a charge, and a redirect an address: without them something is missing, whatever the type allows. */
const contradicts: ReadonlySet<string> = new Set(['latest_charge', 'next_action.redirect_to_url.url']);

describe.each([
  ['a paid intent', paid, intents, 'PaymentIntent', 25],
  ['a declined intent', declined, intents, 'PaymentIntent', 20],
  ['an intent that waits for its payer', waiting, intents, 'PaymentIntent', 20],
  ['a charge', bare, charges, 'Charge', 25],
] as const)('%s', (_, example, file, type, atLeast) => {
  const paths = nullables(file, type, example).filter((path) => !contradicts.has(path.join('.')));

  it('has members that may be null', () => {
    expect(paths.length).toBeGreaterThan(atLeast);
  });

  it('is read without drift whichever of them is null', async () => {
    const told = await Promise.all(
      paths.map(async (path) => [
        path.join('.'),
        await drifts(withNull(example, path), 'retrieve', { data: [], has_more: false }),
      ]),
    );
    expect(told.filter(([, drift]) => (drift ?? []).length > 0)).toEqual([]);
  });
});

describe('a refund', () => {
  const refund = wireRefund({ payment_intent: 'pi_demoA1', charge: capturedCharge() }) as unknown as Fields;
  const paths = nullables(refunds, 'Refund', refund).filter(([name]) => name !== 'charge');

  it('is read without drift whichever of its members is null', async () => {
    expect(paths.map(([name]) => name)).toContain('status');
    // Without its intent, the payment that was asked for is read to learn whether the refund is one of it.
    for (const path of paths) {
      expect([
        path.join('.'),
        await drifts(withNull(refund, path), 'retrieveRefund').catch((error: unknown) => error),
      ]).toEqual([path.join('.'), path[0] === 'payment_intent' ? expect.anything() : []]);
    }
  });
});
