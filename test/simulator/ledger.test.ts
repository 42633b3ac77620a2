import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ledger, type LedgerChange, LedgerViolation } from '../../src/simulator/ledger.js';

const start = () => {
  const ledger = new Ledger(() => Date.UTC(2026, 10, 21));
  const book = ledger.forProvider('stripe');
  book.open({ id: 'pi_1', amount: 1000, currency: 'EUR', state: 'pending', metadata: { order: '81' } });
  const charge = () => ledger.find('stripe', 'pi_1')!;
  return { ledger, book, charge };
};

describe('a charge in the ledger', () => {
  it('starts with nothing taken', () => {
    expect(start().charge()).toEqual({
      provider: 'stripe',
      id: 'pi_1',
      account: null,
      amount: 1000,
      currency: 'EUR',
      amountCaptured: 0,
      amountRefunded: 0,
      state: 'pending',
      metadata: { order: '81' },
      createdAt: '2026-11-21T00:00:00.000Z',
      refunds: [],
    });
  });

  it('is read as a copy', () => {
    const { ledger, book, charge } = start();
    book.move('pi_1', 'authorized');
    book.capture('pi_1', 1000);
    book.refund('pi_1', { id: 're_1', amount: 1, status: 'pending', metadata: { a: 'b' } });
    const [read] = ledger.charges();
    read!.state = 'failed';
    read!.metadata['order'] = '82';
    read!.refunds[0]!.metadata['a'] = 'c';
    read!.refunds.pop();
    expect(charge()).toMatchObject({
      state: 'captured',
      metadata: { order: '81' },
      refunds: [{ metadata: { a: 'b' } }],
    });
  });

  it('exists once, has a currency and a positive whole amount', () => {
    const { book } = start();
    const open = (id: string, amount: number, currency: string) => () =>
      book.open({ id, amount, currency, state: 'pending' });
    expect(open('pi_1', 1000, 'EUR')).toThrow(LedgerViolation);
    expect(open('pi_2', 1000, 'eur')).toThrow(LedgerViolation);
    for (const amount of [0, -1, 1.5, Number.NaN, 2 ** 60])
      expect(open('pi_2', amount, 'EUR')).toThrow(LedgerViolation);
  });

  it('belongs to one provider', () => {
    const { ledger, book } = start();
    ledger.forProvider('pin').open({ id: 'pi_1', amount: 5, currency: 'AUD', state: 'pending' });
    expect(ledger.charges('pin')).toHaveLength(1);
    expect(() => ledger.forProvider('omise').move('pi_1', 'failed')).toThrow(LedgerViolation);
    expect(book.stateOf('pi_1')).toBe('pending');
  });
});

describe('money', () => {
  it('is captured once, from an authorization, and never beyond it', () => {
    const { book, charge } = start();
    expect(() => book.capture('pi_1', 1000)).toThrow(LedgerViolation);
    book.move('pi_1', 'authorized');
    expect(() => book.capture('pi_1', 1001)).toThrow(LedgerViolation);
    book.capture('pi_1', 400);
    expect(() => book.capture('pi_1', 400)).toThrow(LedgerViolation);
    expect(charge()).toMatchObject({ state: 'captured', amountCaptured: 400 });
  });

  it('is refunded up to what was captured', () => {
    const { book, charge } = start();
    const refund = (id: string, amount: number) => () =>
      book.refund('pi_1', { id, amount, status: 'succeeded' });
    expect(refund('re_0', 1)).toThrow(LedgerViolation);
    book.move('pi_1', 'authorized');
    expect(refund('re_0', 1)).toThrow(LedgerViolation);
    book.capture('pi_1', 400);
    refund('re_1', 300)();
    expect(refund('re_2', 101)).toThrow(LedgerViolation);
    refund('re_2', 100)();
    expect(charge()).toMatchObject({ amountRefunded: 400, state: 'captured' });
  });

  it('comes back to the merchant when a refund fails', () => {
    const { book, charge } = start();
    book.move('pi_1', 'authorized');
    book.capture('pi_1', 1000);
    book.refund('pi_1', { id: 're_1', amount: 1000, status: 'pending' });
    book.changeRefund('pi_1', 're_1', { status: 'failed' });
    book.refund('pi_1', { id: 're_2', amount: 1000, status: 'succeeded' });
    expect(() => book.changeRefund('pi_1', 're_1', { status: 'succeeded' })).toThrow(LedgerViolation);
    expect(charge()).toMatchObject({
      amountRefunded: 1000,
      refunds: [{ status: 'failed' }, { status: 'succeeded' }],
    });
  });

  it('that was captured is undone only while nothing of it was refunded', () => {
    const { book, charge } = start();
    book.move('pi_1', 'authorized');
    expect(() => book.undoCapture('pi_1', 'voided')).toThrow(LedgerViolation);
    book.capture('pi_1', 1000);
    book.refund('pi_1', { id: 're_1', amount: 1, status: 'pending' });
    expect(() => book.undoCapture('pi_1', 'voided')).toThrow(LedgerViolation);
    book.changeRefund('pi_1', 're_1', { status: 'canceled' });
    book.undoCapture('pi_1', 'voided');
    expect(charge()).toMatchObject({ state: 'voided', amountCaptured: 0 });
  });

  it('that is held is not renamed', () => {
    const { book, charge } = start();
    book.changeAmount('pi_1', 1200, 'USD');
    book.move('pi_1', 'authorized');
    expect(() => book.changeAmount('pi_1', 1, 'USD')).toThrow(LedgerViolation);
    expect(charge()).toMatchObject({ amount: 1200, currency: 'USD' });
  });
});

describe('states', () => {
  it('that are final stay', () => {
    for (const final of ['voided', 'expired'] as const) {
      const { book } = start();
      book.move('pi_1', final);
      for (const next of ['pending', 'authorized', 'failed', 'voided', 'expired'] as const) {
        expect(() => book.move('pi_1', next)).toThrow(LedgerViolation);
      }
    }
  });

  it('of a failed attempt allow another one', () => {
    const { book, charge } = start();
    book.move('pi_1', 'failed');
    book.move('pi_1', 'requires_action');
    book.move('pi_1', 'authorized');
    book.capture('pi_1', 1000);
    expect(charge().state).toBe('captured');
  });
});

describe('subscribers', () => {
  it('hear of every change once the step is complete, and nothing of what they did not wait for', () => {
    const { ledger, book } = start();
    const heard: LedgerChange[] = [];
    const end = ledger.subscribe((change) => heard.push(change));
    book.move('pi_1', 'authorized');
    book.capture('pi_1', 1000);
    book.refund('pi_1', { id: 're_1', amount: 10, status: 'pending' });
    book.changeRefund('pi_1', 're_1', { status: 'succeeded' });
    expect(heard).toEqual([]);
    ledger.flush();
    ledger.flush();
    expect(heard.map((change) => [change.type, change.refundId])).toEqual([
      ['charge.changed', null],
      ['charge.changed', null],
      ['refund.created', 're_1'],
      ['refund.changed', 're_1'],
    ]);
    expect(heard.at(-1)?.charge).toMatchObject({ amountRefunded: 10, state: 'captured' });
    end();
    book.setMetadata('pi_1', {});
    ledger.flush();
    expect(heard).toHaveLength(4);
  });
});

describe('whatever a face does', () => {
  const step = fc.oneof(
    fc.record({
      does: fc.constant('move' as const),
      state: fc.constantFrom('pending', 'requires_action', 'authorized', 'voided', 'expired', 'failed'),
    }),
    fc.record({ does: fc.constant('capture' as const), amount: fc.integer({ min: -10, max: 1500 }) }),
    fc.record({
      does: fc.constant('refund' as const),
      amount: fc.integer({ min: -10, max: 1500 }),
      status: fc.constantFrom('pending', 'succeeded', 'failed', 'canceled'),
    }),
    fc.record({
      does: fc.constant('settle' as const),
      index: fc.nat(5),
      status: fc.constantFrom('succeeded', 'failed', 'canceled', 'pending'),
    }),
    fc.record({ does: fc.constant('undo' as const), state: fc.constantFrom('voided', 'failed') }),
  );

  it('money is conserved: refunded <= captured <= authorized, and only captured money is there', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { book, charge } = start();
        steps.forEach((each, index) => {
          const before = charge();
          try {
            if (each.does === 'move') book.move('pi_1', each.state);
            else if (each.does === 'capture') book.capture('pi_1', each.amount);
            else if (each.does === 'undo') book.undoCapture('pi_1', each.state);
            else if (each.does === 'settle')
              book.changeRefund('pi_1', `re_${each.index}`, { status: each.status });
            else book.refund('pi_1', { id: `re_${index}`, amount: each.amount, status: each.status });
          } catch (error) {
            expect(error).toBeInstanceOf(LedgerViolation);
            expect(charge()).toEqual(before);
          }
          const { amount, amountCaptured, amountRefunded, state, refunds } = charge();
          const counted = refunds.filter(({ status }) => status === 'pending' || status === 'succeeded');
          expect(amountRefunded).toBe(counted.reduce((sum, refund) => sum + refund.amount, 0));
          expect(amountRefunded).toBeLessThanOrEqual(amountCaptured);
          expect(amountCaptured).toBeLessThanOrEqual(amount);
          expect(amountCaptured > 0).toBe(state === 'captured');
        });
      }),
      { numRuns: 500 },
    );
  });
});
