import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CardError } from '../../src/errors.js';
import { advanceCharge, type ChargeProgress } from '../../src/models/charge-progress.js';
import type { Charge } from '../../src/models/charge.js';
import type { ChargeEvent } from '../../src/models/event.js';
import { startSimulator, type SimulatedProvider, type Simulator } from '../../src/testing/index.js';
import { addressFor, merchantOf, type Merchant } from './merchants.js';
import { startReceiver, type Receiver } from './receiver.js';

const day = 86_400_000;

/** What a shop lives through in a week: every way that a payment can go. */
const live = async (simulator: Simulator, { provider, charges, params }: Merchant): Promise<void> => {
  const source = (kind: 'approved' | 'declined' | 'requires_3ds'): unknown =>
    simulator.source(provider, kind, { returnUrl: 'https://shop.example/back' });
  const step = (): void => simulator.clock.advance(7_000);
  const back = { returnUrl: 'https://shop.example/back' };

  await charges.create(params(source('approved')));
  step();
  const authorized = await charges.create(params(source('approved'), { capture: false }));
  const voided = await charges.create(params(source('approved'), { capture: false }));
  await charges.create(params(source('approved'), { capture: false }));
  step();
  await charges.capture(authorized.id);
  await charges.void(voided.id);
  step();
  await charges.refund(authorized.id, { amount: 900 });
  step();
  await charges.refund(authorized.id, { amount: 1_500 });
  const full = await charges.create(params(source('approved')));
  step();
  await charges.refund(full.id);
  await expect(charges.create(params(source('declined')))).rejects.toBeInstanceOf(CardError);
  if (provider !== 'justifi') {
    const approved = await charges.create(params(source('requires_3ds'), back));
    const declined = await charges.create(params(source('requires_3ds'), back));
    const left = await charges.create(params(source('requires_3ds'), back));
    expect(left.status).toBe('requires_action');
    step();
    const returned = new URL(await simulator.payer.approve(addressFor(approved)));
    await simulator.payer.decline(addressFor(declined));
    const sessionToken = returned.searchParams.get('session_token');
    await charges.verify3DS({
      chargeId: approved.id,
      ...(sessionToken === null ? {} : { sessionToken }),
    });
  }
  // Authorizations lapse, pending refunds settle.
  for (let days = 0; days < 9; days += 1) {
    simulator.clock.advance(day);
    simulator.ledger.charges();
  }
};

const expectedOf = (simulator: Simulator, provider: SimulatedProvider): Map<string, Shown> =>
  new Map(
    simulator.ledger.charges(provider).map(({ id, state, amountCaptured, amountRefunded }) => [
      id,
      {
        status: state,
        amountCaptured: state === 'captured' ? amountCaptured : 0,
        amountRefunded,
      },
    ]),
  );

interface Shown {
  readonly status: string;
  readonly amountCaptured: number | null;
  readonly amountRefunded: number;
}

/** Magpie does not say how much a manual capture took: null, and only there. */
const shownOf = (progress: ChargeProgress, expected: Shown): Shown => ({
  status: progress.status,
  amountCaptured:
    progress.amountCaptured === null && progress.provider === 'magpie'
      ? expected.amountCaptured
      : progress.amountCaptured,
  amountRefunded: progress.amountRefunded,
});

const apply = (news: readonly ChargeEvent[]): Map<string, ChargeProgress> => {
  const known = new Map<string, ChargeProgress>();
  for (const event of news) {
    if (event.chargeId === null) continue;
    const progress = advanceCharge(known.get(event.chargeId) ?? null, event);
    if (progress !== null) known.set(event.chargeId, progress);
  }
  return known;
};

describe.each<SimulatedProvider>(['stripe', 'omise', 'justifi', 'pin', 'magpie'])(
  'what %s tells a shop',
  (provider) => {
    let simulator: Simulator;
    let receiver: Receiver;
    let events: ChargeEvent[];
    let reads: Charge[];
    let readAt: string;
    let truth: Map<string, Shown>;

    beforeAll(async () => {
      simulator = await startSimulator({ seed: 11, providers: [provider] });
      receiver = await startReceiver();
      const merchant = merchantOf(simulator, provider);
      simulator.webhooks.deliverTo(provider, receiver.url, merchant.secret);
      await live(simulator, merchant);
      await simulator.webhooks.flush();
      // The simulator has gone ahead by nine days: what it signed is in the future for this machine's clock.
      const patient = {
        ...merchant,
        charges: merchantOf(simulator, provider, { webhookToleranceMs: 30 * day }).charges,
      };
      events = [];
      for (const { body, headers } of receiver.received) {
        events.push(await patient.charges.parseWebhook(body, headers));
      }
      readAt = new Date(simulator.clock.now()).toISOString();
      truth = expectedOf(simulator, provider);
      reads = await Promise.all([...truth.keys()].map((id) => merchant.charges.retrieve(id)));
    });

    afterAll(async () => {
      await Promise.all([simulator.close(), receiver.close()]);
    });

    const chargesOf = (news: readonly ChargeEvent[]): Set<string> =>
      new Set(news.flatMap(({ chargeId }) => chargeId ?? []));

    it('leads to the state of the ledger in every order, doubled or not', () => {
      const complete = apply(events);
      fc.assert(
        fc.property(
          fc.shuffledSubarray([...events, ...events], {
            minLength: events.length * 2,
            maxLength: events.length * 2,
          }),
          (news) => {
            expect(new Map([...apply(news)].sort())).toEqual(new Map([...complete].sort()));
          },
        ),
        { numRuns: 200, seed: 2026 },
      );
      const silent = new Set(
        // Pin tells nothing of a charge that waits, is left, or has lapsed: only a read does.
        provider === 'pin' ? ['requires_action', 'expired'] : [],
      );
      expect(chargesOf(events).size).toBeGreaterThanOrEqual(5);
      for (const [id, expected] of truth) {
        if (silent.has(expected.status)) continue;
        const progress = complete.get(id);
        expect({ id, ...(progress === undefined ? {} : shownOf(progress, expected)) }).toEqual({
          id,
          ...expected,
        });
      }
    });

    it('leads there with deliveries missing, once the charges were read', () => {
      fc.assert(
        fc.property(
          fc.shuffledSubarray([...events, ...events]),
          fc.shuffledSubarray([...events]),
          (before, after) => {
            const known = apply(before);
            for (const charge of reads) {
              known.set(charge.id, advanceCharge(known.get(charge.id) ?? null, charge, readAt));
            }
            for (const event of after) {
              if (event.chargeId === null) continue;
              const current: ChargeProgress = known.get(event.chargeId)!;
              known.set(event.chargeId, advanceCharge(current, event));
            }
            for (const [id, expected] of truth) {
              expect({ id, ...shownOf(known.get(id)!, expected) }).toEqual({ id, ...expected });
            }
          },
        ),
        { numRuns: 200, seed: 2027 },
      );
    });
  },
);
