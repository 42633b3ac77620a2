import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceCharge, type ChargeProgress } from '../../src/models/charge-progress.js';
import { isFinal, isPaid, type Charge } from '../../src/models/charge.js';
import type { ChargeEventType, ReportedEvent } from '../../src/models/event.js';
import type { Refund } from '../../src/models/refund.js';

const at = (second: number): string => new Date(Date.UTC(2026, 2, 1, 12, 0, second)).toISOString();

type Changes = Partial<Record<keyof Charge, unknown>>;

const charge = (changes: Changes = {}): Charge =>
  ({
    provider: 'acme',
    id: 'ch_1',
    status: 'pending',
    providerStatus: 'x',
    amount: 4590,
    amountCaptured: changes.status === 'captured' ? 4590 : 0,
    amountRefunded: 0,
    currency: 'EUR',
    refundStatus: 'none',
    disputed: false,
    livemode: false,
    description: null,
    statementDescriptor: null,
    customer: null,
    email: null,
    metadata: {},
    paymentMethod: null,
    nextAction: null,
    threeDS: null,
    failure: null,
    fee: null,
    refunds: null,
    disputes: null,
    createdAt: at(0),
    updatedAt: null,
    capturedAt: null,
    expiresAt: null,
    ...changes,
  }) as Charge;

const refund = (changes: Partial<Refund> = {}): Refund => ({
  provider: 'acme',
  id: 're_1',
  chargeId: 'ch_1',
  amount: 500,
  currency: 'EUR',
  status: 'pending',
  reason: null,
  providerReason: null,
  failure: null,
  createdAt: at(0),
  metadata: {},
  ...changes,
});

let serial = 0;
const event = (type: ChargeEventType, second: number, parts: Partial<ReportedEvent> = {}): ReportedEvent => {
  serial += 1;
  return {
    id: `evt_${String(serial)}`,
    provider: 'acme',
    type,
    chargeId: 'ch_1',
    charge: null,
    refund: null,
    dispute: null,
    createdAt: at(second),
    livemode: false,
    dedupeKey: `acme:evt_${String(serial)}`,
    stateKey: `acme:${String(serial)}`,
    ...parts,
  };
};
const reached = (status: Charge['status'], second: number, changes: Changes = {}): ReportedEvent =>
  event('charge.updated', second, { charge: charge({ status, ...changes }) });
const refunded = (status: Refund['status'], second: number, changes: Partial<Refund> = {}): ReportedEvent =>
  event('refund.updated', second, { refund: refund({ status, ...changes }) });

const permutations = <Item>(items: readonly Item[]): Item[][] =>
  items.length < 2
    ? [[...items]]
    : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));

const after = (news: readonly ReportedEvent[]): ChargeProgress => {
  const progress = news.reduce<ChargeProgress | null>((current, each) => advanceCharge(current, each), null);
  if (progress === null) throw new Error('Nothing was heard.');
  return progress;
};

/** The one result of every order of arrival, each piece of news also twice. */
const always = (news: readonly ReportedEvent[]): ChargeProgress => {
  const results = permutations(news).map((order) => after([...order, ...order.toReversed()]));
  for (const each of [...results, ...permutations(news).map(after)]) expect(each).toEqual(results[0]);
  return results[0]!;
};

const debit = { type: 'bank_account', id: null };
const card = { type: 'card', id: null };

describe('in every order of arrival, also twice', () => {
  it.each<[string, ReportedEvent[], Partial<ChargeProgress>]>([
    [
      'a 3-D Secure payment is captured',
      [reached('requires_action', 1), reached('authorized', 2), reached('captured', 3)],
      { status: 'captured', amountCaptured: 4590 },
    ],
    [
      'a failed attempt is paid all the same',
      [reached('requires_action', 1), reached('failed', 2), reached('captured', 3)],
      { status: 'captured' },
    ],
    [
      'of failed, tried again and failed again the newer time counts',
      [reached('failed', 1), reached('requires_action', 2), reached('failed', 3), reached('pending', 0)],
      { status: 'failed' },
    ],
    [
      'a second try is open',
      [reached('failed', 1), reached('requires_action', 2)],
      { status: 'requires_action' },
    ],
    [
      'within one second failed beats requires_action',
      [reached('failed', 1), reached('requires_action', 1)],
      { status: 'failed' },
    ],
    ['a void ends an authorization', [reached('authorized', 1), reached('voided', 2)], { status: 'voided' }],
    [
      'a lapse ends an authorization',
      [reached('authorized', 1), reached('expired', 2)],
      { status: 'expired' },
    ],
    [
      'a bank debit comes back',
      [
        reached('pending', 1),
        reached('captured', 2, { paymentMethod: debit }),
        reached('failed', 3, { paymentMethod: debit }),
      ],
      { status: 'failed', amountCaptured: 0 },
    ],
    [
      'a card payment does not come back so',
      [reached('captured', 2, { paymentMethod: card }), reached('failed', 3, { paymentMethod: card })],
      { status: 'captured' },
    ],
    [
      'captured money is voided before settlement',
      [reached('captured', 2), reached('voided', 3)],
      { status: 'voided', amountCaptured: 0, amountRefunded: 0 },
    ],
    [
      'refunds are summed per id',
      [
        reached('captured', 1),
        refunded('pending', 2),
        refunded('succeeded', 3),
        refunded('succeeded', 4, { id: 're_2', amount: 700 }),
      ],
      { amountRefunded: 1200, refundStatus: 'partial' },
    ],
    [
      'a refund that fails goes down again',
      [reached('captured', 1), refunded('pending', 2), refunded('succeeded', 3), refunded('failed', 4)],
      { amountRefunded: 0, refundStatus: 'none' },
    ],
    [
      'refunds that a charge tells and events repeat count once',
      [
        reached('captured', 1),
        reached('captured', 3, { amountRefunded: 500 }),
        refunded('succeeded', 3),
        reached('captured', 5, { amountRefunded: 4590 }),
      ],
      { amountRefunded: 4590, refundStatus: 'full' },
    ],
    [
      'the list of refunds in a charge counts as news of each',
      [
        reached('captured', 4, {
          amountRefunded: 500,
          refunds: [refund({ status: 'succeeded' }), refund({ id: 're_2', status: 'failed' })],
          disputes: null,
        }),
        refunded('pending', 2, { id: 're_2' }),
      ],
      { amountRefunded: 500 },
    ],
    [
      'a dispute stays after it was opened',
      [reached('captured', 1), event('dispute.opened', 5), reached('captured', 4)],
      { disputed: true, status: 'captured' },
    ],
    [
      'an unknown status takes nothing back',
      [reached('captured', 1), reached('unknown', 2)],
      { status: 'captured' },
    ],
  ])('%s', (_, news, expected) => {
    expect(always(news)).toMatchObject(expected);
  });
});

describe('progress', () => {
  it('begins with whatever comes first, a refund or a hint included', () => {
    expect(after([refunded('succeeded', 2)])).toMatchObject({ status: 'unknown', amountRefunded: 0 });
    expect(after([event('charge.updated', 1)])).toMatchObject({ status: 'unknown', chargeId: 'ch_1' });
    expect(advanceCharge(null, event('unknown', 1, { chargeId: null }))).toBeNull();
  });

  it('takes a charge that was just read, with the moment before it was asked', () => {
    const webhook = after([reached('failed', 5)]);
    expect(advanceCharge(webhook, charge({ status: 'requires_action' })).status).toBe('requires_action');
    const read = advanceCharge(webhook, charge({ status: 'requires_action' }), at(9));
    expect(advanceCharge(read, reached('failed', 8)).status).toBe('requires_action');
    expect(advanceCharge(read, reached('failed', 10)).status).toBe('failed');
  });

  it('takes a refund that was just made', () => {
    const paid = advanceCharge(null, charge({ status: 'captured' }));
    expect(advanceCharge(paid, refund({ status: 'pending' })).amountRefunded).toBe(500);
    expect(() => advanceCharge(paid, refund({ chargeId: 'ch_2' }))).toThrow(RangeError);
  });

  it('keeps the captured amount that a provider no longer tells', () => {
    const partly = after([reached('captured', 1, { amountCaptured: 4000 })]);
    expect(advanceCharge(partly, reached('captured', 2, { amountCaptured: null })).amountCaptured).toBe(4000);
  });

  it('is what isPaid and isFinal take', () => {
    const paid = after([reached('captured', 1)]);
    expect([isPaid(paid), isFinal(paid)]).toEqual([true, true]);
    const back = advanceCharge(paid, refunded('succeeded', 2, { amount: 4590 }));
    expect([isPaid(back), back.refundStatus]).toEqual([false, 'full']);
  });

  it('is plain JSON and is not changed in place', () => {
    const paid = Object.freeze(after([reached('captured', 1), refunded('pending', 2)]));
    expect(JSON.parse(JSON.stringify(paid))).toEqual(paid);
    const copy = structuredClone(paid);
    advanceCharge(paid, refunded('failed', 3));
    expect(paid).toEqual(copy);
  });

  it('refuses news about another charge', () => {
    const paid = after([reached('captured', 1)]);
    expect(() => advanceCharge(paid, event('charge.updated', 1, { chargeId: 'ch_2' }))).toThrow(RangeError);
    expect(() => advanceCharge(paid, charge({ provider: 'other' }))).toThrow(RangeError);
  });

  it('takes the moment of a read as a Date or as text', () => {
    const at = new Date('2026-01-02T03:04:05.678Z');
    const byDate = advanceCharge(null, charge({ status: 'captured' }), at);
    expect(byDate.statusAt).toBe('2026-01-02T03:04:05.678Z');
    expect(advanceCharge(null, charge({ status: 'captured' }), at.toISOString())).toEqual(byDate);
  });

  it.each([new Date('x'), 'soon', '2026-01-02', '2026-01-02T03:04:05', 1767323045678, '', null])(
    'refuses %s as a moment, whatever the news are about',
    (at) => {
      const ofNoCharge = event('unknown', 1, { chargeId: null, charge: null });
      for (const news of [charge({ status: 'captured' }), ofNoCharge])
        expect(() => advanceCharge(null, news, at as never)).toThrow(
          new RangeError('at must be a valid Date or ISO 8601 text with a zone'),
        );
    },
  );

  it('is not fooled by a refund that is named like a property of every object', () => {
    const odd = after([reached('captured', 1), refunded('succeeded', 2, { id: 'constructor' })]);
    expect(odd.amountRefunded).toBe(500);
  });
});

describe('what nobody knows', () => {
  const paid = (changes: Changes = {}) => charge({ status: 'captured', updatedAt: at(1), ...changes });

  it('a refund of an unknown status leaves the total that the charge told', () => {
    const told = paid({
      amountRefunded: 4590,
      refundStatus: 'full',
      refunds: [refund({ status: 'unknown', amount: 4590 })],
    });
    const known = advanceCharge(null, told);
    expect(known).toMatchObject({ status: 'captured', amountRefunded: 4590, refundStatus: 'full' });
    expect(isPaid(known)).toBe(false);
    // Once it is known what became of it, it counts or it does not, but never twice.
    expect(advanceCharge(known, refund({ status: 'succeeded', amount: 4590 })).amountRefunded).toBe(4590);
    expect(advanceCharge(known, refund({ status: 'failed', amount: 4590 })).amountRefunded).toBe(0);
  });

  it('never lowers a sum, in any order of news', () => {
    const piece = fc.record({
      told: fc.integer({ min: 0, max: 2000 }),
      second: fc.integer({ min: 1, max: 9 }),
      statuses: fc.array(fc.constantFrom('pending' as const, 'succeeded' as const), { maxLength: 3 }),
    });
    const unheard = fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 4 }),
        unheard,
        fc.infiniteStream(fc.nat()),
        (pieces, amounts, picks) => {
          const news = pieces.map(({ told, second, statuses }, index) =>
            paid({
              amountRefunded: told,
              updatedAt: at(second),
              refunds: statuses.map((status, place) =>
                refund({ id: `re_${String(index)}_${String(place)}`, status, amount: 100 }),
              ),
            }),
          );
          const unknowns = amounts.map((amount, index) =>
            refund({ id: `re_unknown_${String(index)}`, status: 'unknown', amount }),
          );
          let known = null as ChargeProgress | null;
          const waiting: (Charge | Refund)[] = [...news, ...unknowns];
          while (waiting.length > 0) {
            const [next] = waiting.splice((picks.next().value ?? 0) % waiting.length, 1);
            const before: number = known?.amountRefunded ?? 0;
            known = advanceCharge(known, next!);
            if ('chargeId' in next!) expect(known?.amountRefunded).toBeGreaterThanOrEqual(before);
          }
          // They change nothing at the end either.
          const without = news.reduce<ChargeProgress | null>(
            (current, each) => advanceCharge(current, each),
            null,
          );
          expect(known?.amountRefunded).toBe(without?.amountRefunded);
        },
      ),
    );
  });

  it('a charge that cannot be read takes back neither status, amounts nor a dispute', () => {
    const known = advanceCharge(null, paid({ disputed: true, amountRefunded: 500, refundStatus: 'partial' }));
    const unread = charge({
      status: 'unknown',
      amount: null,
      currency: null,
      amountCaptured: null,
      amountRefunded: null,
      refundStatus: null,
      updatedAt: at(9),
    });
    expect(advanceCharge(known, unread)).toEqual(known);
    const first = advanceCharge(null, unread);
    expect(first).toMatchObject({ status: 'unknown', amount: null, amountCaptured: null });
    expect(isPaid(first)).toBe(false);
    expect(advanceCharge(first, paid())).toMatchObject({ status: 'captured', amount: 4590, currency: 'EUR' });
  });

  it('a refund that is all that was heard says nothing of what was captured', () => {
    expect(advanceCharge(null, refunded('pending', 1))).toMatchObject({
      status: 'unknown',
      amount: null,
      amountCaptured: null,
    });
  });
});

describe('what is given', () => {
  it('may be nothing for a charge that was not heard of', () => {
    const news = charge({ status: 'captured' });
    expect(advanceCharge(undefined, news)).toEqual(advanceCharge(null, news));
  });

  it.each([{}, 'x', [], { status: 'captured' }, charge()])(
    'is refused in the place of what was known: %j',
    (known) => {
      expect(() => advanceCharge(known as never, charge())).toThrow('must be what it gave before, or null');
    },
  );

  it('may be read back from JSON', () => {
    const known = advanceCharge(null, charge({ status: 'authorized' }));
    const read = JSON.parse(JSON.stringify(known)) as ChargeProgress;
    expect(advanceCharge(read, charge({ status: 'captured' })).status).toBe('captured');
  });

  it('is no progress and no promise in the place of news', () => {
    const known = advanceCharge(null, charge());
    expect(() => advanceCharge(null, known as never)).toThrow('must be an event, a charge or a refund');
    expect(() => advanceCharge(null, Promise.resolve(charge()) as never)).toThrow('await it first');
  });

  it.each([undefined, null, 'ch_1', {}, [], { id: 'evt_1', type: 'charge.succeeded', data: {} }])(
    'is refused where it is no news: %j',
    (news) => {
      expect(() => advanceCharge(null, news as never)).toThrow(TypeError);
      expect(() => advanceCharge(null, news as never)).toThrow('must be an event, a charge or a refund');
    },
  );

  const paid = charge({ status: 'captured' });
  const known = advanceCharge(advanceCharge(null, paid), refund());
  it.each([
    ['text as an amount', null, refund({ amount: '4590' as never }), 'amount'],
    ['no number', null, refund({ amount: NaN }), 'amount'],
    ['a fraction', null, refund({ amount: 45.9 }), 'amount'],
    ['less than nothing', null, refund({ amount: -1 }), 'amount'],
    ['a bigint', null, refund({ amount: 4590n as never }), 'amount'],
    ['no status', null, refund({ status: 'success' as never }), 'status'],
    ['text as an amount', null, { ...paid, amount: '4590' }, 'amount'],
    ['text as what was captured', null, { ...paid, amountCaptured: '4590' }, 'amountCaptured'],
    ['text as what went back', known, { ...paid, amountRefunded: '4590' }, 'amountRefunded'],
    ['no status', null, { ...paid, status: 'paid' }, 'status'],
    [
      'text in a refund',
      null,
      { ...paid, refunds: [refund({ amount: '4590' as never })] },
      'refunds.0.amount',
    ],
    ['no status', { ...known, status: 'paid' }, paid, 'status'],
    ['text as what was captured', { ...known, amountCaptured: '4590' }, paid, 'amountCaptured'],
    ['text in a refund', { ...known, refunds: { re_1: { amount: '1', status: 'pending' } } }, paid, 'amount'],
    [
      'text as what was told',
      { ...known, toldRefunded: { amount: '1', at: null } },
      paid,
      'toldRefunded.amount',
    ],
  ])('is refused where it holds %s: %#', (_what, earlier, news, field) => {
    const advance = () => advanceCharge(earlier as never, news as never);
    expect(advance).toThrow(TypeError);
    expect(advance).toThrow(`${field}: `);
    expect(advance).not.toThrow(/4590|success|paid/);
  });

  it('is refused inside an event, too', () => {
    const news = event('charge.captured', 1, { charge: { ...paid, amount: '4590' } as never });
    expect(() => advanceCharge(null, news)).toThrow('must be an event, a charge or a refund: amount: ');
    const later = event('refund.succeeded', 1, { refund: refund({ status: 'success' as never }) });
    expect(() => advanceCharge(null, later)).toThrow('must be an event, a charge or a refund: status: ');
  });
});
