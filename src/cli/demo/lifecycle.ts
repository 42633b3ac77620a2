import type { ChargesClient } from '../../charges-client.js';
import { CardError, ChargesError } from '../../errors.js';
import type { Charge } from '../../models/charge.js';
import type { CreateParams } from '../../models/params.js';
import type { SimulatedProvider, Simulator, SourceKind } from '../../testing/index.js';
import type { Cell } from './table.js';

/** All that differs between providers for the caller. */
export interface Shop {
  readonly charges: ChargesClient;
  readonly currency: string;
  /** What the provider requires of every charge besides amount, currency and source. */
  readonly required?: Partial<CreateParams>;
}

const returnUrl = 'https://shop.example/orders/81';

const expectSame = (what: string, actual: unknown, expected: unknown): void => {
  if (actual !== expected) throw new Error(`${what} is ${String(actual)}, not ${String(expected)}`);
};

const done = (text: string): Cell => ({ kind: 'done', text });

const rejectionOf = async (attempt: PromiseLike<unknown>): Promise<unknown> => {
  try {
    await attempt;
  } catch (error) {
    return error;
  }
  throw new Error('it was expected to reject, and it did not');
};

/** The provider's limits are known here: a call beyond them is refused before a byte is sent. */
const refusalOf = async (attempt: PromiseLike<unknown>): Promise<string> => {
  const error = await rejectionOf(attempt);
  if (!(error instanceof ChargesError)) throw error;
  expectSame('outcome', error.outcome, 'not_sent');
  return `${error.name}, nothing sent: ${error.message.replace(`${String(error.provider)}: `, '')}`;
};

/** A decline is a CardError at every provider, whatever its wire looks like. */
const declineOf = async (attempt: PromiseLike<unknown>): Promise<string> => {
  const error = await rejectionOf(attempt);
  if (!(error instanceof CardError)) throw error;
  expectSame('outcome', error.outcome, 'rejected');
  return error.declineCode;
};

/** Runs every step at one provider. The same code for all of them. */
export const runLifecycle = async (
  simulator: Simulator,
  provider: SimulatedProvider,
  { charges, currency, required }: Shop,
): Promise<ReadonlyMap<string, Cell>> => {
  const { capabilities } = charges;
  const paramsFor = (kind: SourceKind): CreateParams => ({
    amount: 4590,
    currency,
    source: simulator.source(provider, kind, { returnUrl }),
    returnUrl,
    metadata: { order: '81' },
    ...required,
  });
  const create = (kind: SourceKind): Promise<Charge> => charges.create(paramsFor(kind));
  const authorize = (): Promise<Charge> => charges.create({ ...paramsFor('approved'), capture: false });

  /** The payer goes to the bank's page, decides, and comes back with whatever the provider appends. */
  const authenticate = async (decision: 'approve' | 'decline'): Promise<Charge> => {
    const charge = await create('requires_3ds');
    expectSame('status', charge.status, 'requires_action');
    if (charge.nextAction?.type !== 'redirect') throw new Error('there is no page to send the payer to');
    const sentBackTo = new URL(await simulator.payer[decision](charge.nextAction.url));
    return charges.verify3DS({
      chargeId: charge.id,
      sessionToken: sentBackTo.searchParams.get('session_token') ?? undefined,
      expected: { chargeId: charge.id, amount: 4590, currency },
    });
  };

  const steps: Record<string, () => Promise<Cell>> = {
    currency: () => Promise.resolve(done(currency)),
    create: async () => {
      const charge = await create('approved');
      expectSame('status', charge.status, 'captured');
      expectSame('amountCaptured', charge.amountCaptured, 4590);
      return done(charge.status);
    },
    'lost answer, repeat': async () => {
      const before = simulator.ledger.charges(provider).length;
      const params = paramsFor('approved');
      const attempt = () => charges.create(params, { idempotencyKey: 'order-81' });
      simulator.inject({ provider, operation: 'create', fault: 'cut_after_commit' });
      // Where the provider knows idempotency keys the library repeats by itself. Elsewhere the caller hears that the outcome
      // is unknown, and calls again with the same key.
      const charge = await attempt().catch((error: unknown) => {
        if (!(error instanceof ChargesError)) throw error;
        expectSame('outcome', error.outcome, 'unknown');
        return attempt();
      });
      expectSame('status', charge.status, 'captured');
      expectSame('number of new charges', simulator.ledger.charges(provider).length - before, 1);
      return done('charged once');
    },
    authorize: async () => {
      const charge = await authorize();
      expectSame('status', charge.status, 'authorized');
      expectSame('amountCaptured', charge.amountCaptured, 0);
      return done(charge.status);
    },
    'capture 30 of 45.90': async () => {
      const { id } = await authorize();
      if (capabilities.capture.partial === true) {
        const charge = await charges.capture(id, { amount: 3000 });
        expectSame('status', charge.status, 'captured');
        expectSame('amountCaptured', charge.amountCaptured, 3000);
        return done('30.00');
      }
      const why = await refusalOf(charges.capture(id, { amount: 3000 }));
      const charge = await charges.capture(id);
      expectSame('amountCaptured', charge.amountCaptured, 4590);
      return { kind: 'refused', why, instead: 'all 45.90' };
    },
    'refund 5.00': async () => {
      const { id } = await create('approved');
      const refund = await charges.refund(id, { amount: 500, reason: 'requested_by_customer' });
      expectSame('amount', refund.amount, 500);
      const charge = await charges.retrieve(id);
      expectSame('status', charge.status, 'captured');
      expectSame('refundStatus', charge.refundStatus, 'partial');
      return done(`${refund.status}, 5.00`);
    },
    void: async () => {
      const { id } = await authorize();
      const charge = await charges.void(id);
      expectSame('status', charge.status, 'voided');
      expectSame('amountRefunded', charge.amountRefunded, 0);
      return done(charge.status);
    },
    decline: async () => done(await declineOf(create('insufficient_funds'))),
    '3-D Secure, approved': async () => {
      if (!charges.supports('verify3DS')) {
        return { kind: 'refused', why: await refusalOf(charges.verify3DS({ chargeId: 'any' })) };
      }
      const charge = await authenticate('approve');
      expectSame('status', charge.status, 'captured');
      return done('captured');
    },
    '3-D Secure, failed': async () => {
      if (!charges.supports('verify3DS')) {
        return { kind: 'refused', why: await refusalOf(charges.verify3DS({ chargeId: 'any' })) };
      }
      await declineOf(authenticate('decline'));
      return done('CardError');
    },
    update: async () => {
      const { id } = await create('approved');
      const update = () => charges.update(id, { metadata: { parcel: '7' } });
      if (!charges.supports('update')) return { kind: 'refused', why: await refusalOf(update()) };
      const { metadata } = await update();
      expectSame('metadata', JSON.stringify(metadata), JSON.stringify({ order: '81', parcel: '7' }));
      return done('metadata merged');
    },
    list: async () => {
      const ids = new Set<string>();
      for await (const { id } of charges.list({ limit: 3 })) ids.add(id);
      // A list of payments shows no authorization, and nothing that came of one without a capture.
      const showsAll = charges.capabilities.list.covers !== 'settled';
      const due = simulator.ledger
        .charges(provider)
        .filter(({ state }) => showsAll || state === 'captured' || state === 'failed');
      expectSame('number of charges', ids.size, due.length);
      return done(`${ids.size} charges`);
    },
    'search for voided': async () => {
      const found: Charge[] = [];
      const search = async (): Promise<void> => {
        for await (const charge of charges.search({ status: 'voided' })) found.push(charge);
      };
      if (!charges.supports('search')) return { kind: 'refused', why: await refusalOf(search()) };
      await search();
      expectSame('number of charges', found.length, 1);
      return done('1 charge');
    },
  };

  const cells = new Map<string, Cell>();
  for (const [name, run] of Object.entries(steps)) {
    try {
      cells.set(name, await run());
    } catch (error) {
      cells.set(name, { kind: 'deviated', why: `${name}: ${String(error)}` });
    }
  }
  return cells;
};

/** Whether every charge in the ledger is what the library says it is. Returns what differs. */
export const compareWithLedger = async (
  simulator: Simulator,
  provider: SimulatedProvider,
  { charges }: Shop,
): Promise<string[]> => {
  const differences: string[] = [];
  for (const truth of simulator.ledger.charges(provider)) {
    const charge = await charges.retrieve(truth.id);
    const told = { ...charge, amountCaptured: charge.amountCaptured ?? truth.amountCaptured };
    const isSame =
      told.status === truth.state &&
      told.currency === truth.currency &&
      (['amount', 'amountCaptured', 'amountRefunded'] as const).every((name) => told[name] === truth[name]);
    if (!isSame)
      differences.push(`${provider} ${truth.id}: ${JSON.stringify(charge)} is ${JSON.stringify(truth)}`);
  }
  return differences;
};
