import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import oldCharge from '../../fixtures/stripe/charge-2020-08-27.json' with { type: 'json' };
import { toCharge, toRefund } from './reading.js';
import { scriptedCall } from './scripted-call.js';
import { capturedCharge, paidIntent, wireCharge, wireIntent, wireList, wireRefund } from './wire-objects.js';

/** What Stripe books when 900 were authorized and 500 captured, in versions that count the release. */
const release = wireRefund({
  id: 're_release',
  amount: 400,
  balance_transaction: null,
  metadata: {},
  reason: null,
  destination_details: { type: 'card', card: { type: 'reversal' } },
});
const refundOf = (amount: number, fields: Record<string, unknown> = {}) =>
  wireRefund({ id: `re_${amount}`, amount, balance_transaction: `txn_${amount}`, ...fields });

const partial = (amountRefunded: number, fields: Record<string, unknown> = {}) =>
  paidIntent(
    { amount: 900, amount_captured: 500, amount_refunded: amountRefunded, ...fields },
    { amount: 900, amount_received: 500 },
  );

describe('captured and refunded amounts', () => {
  it('are those of the charge where everything was captured', async () => {
    const charge = await toCharge(paidIntent({ amount_refunded: 500 }), scriptedCall());
    expect(charge).toMatchObject({
      amount: 4590,
      amountCaptured: 4590,
      amountRefunded: 500,
      refundStatus: 'partial',
    });
  });

  it('say full only when everything that was captured went back', async () => {
    const charge = await toCharge(paidIntent({ amount_refunded: 4590, refunded: true }), scriptedCall());
    expect(charge).toMatchObject({ status: 'captured', amountRefunded: 4590, refundStatus: 'full' });
  });

  it('of a partial capture need no further read where nothing counts as refunded', async () => {
    const charge = await toCharge(partial(0), scriptedCall());
    expect(charge).toMatchObject({
      amount: 900,
      amountCaptured: 500,
      amountRefunded: 0,
      refundStatus: 'none',
    });
  });

  it('of a partial capture need no further read where less counts than was released', async () => {
    const charge = await toCharge(partial(100), scriptedCall());
    expect(charge).toMatchObject({ amountCaptured: 500, amountRefunded: 100, refundStatus: 'partial' });
  });

  it('leave the released remainder out, in versions that count it as refunded', async () => {
    const call = scriptedCall({ 'GET /v1/refunds': wireList([refundOf(100), release]) });
    const charge = await toCharge(partial(500), call);
    expect(charge).toMatchObject({ amountCaptured: 500, amountRefunded: 100, refundStatus: 'partial' });
    expect(call.requests).toHaveLength(1);
  });

  it('count everything in versions that do not', async () => {
    const call = scriptedCall({ 'GET /v1/refunds': wireList([refundOf(500)]) });
    expect(await toCharge(partial(500), call)).toMatchObject({ amountRefunded: 500, refundStatus: 'full' });
  });

  it('take only one entry for the release, the oldest', async () => {
    const twin = { ...release, id: 're_twin' };
    const call = scriptedCall({ 'GET /v1/refunds': wireList([twin, release]) });
    expect(await toCharge(partial(800), call)).toMatchObject({
      amountRefunded: 400,
      refundStatus: 'partial',
    });
  });

  it('never take a refund of ours for the release', async () => {
    const own = { ...release, id: 're_own', metadata: { unicharge_key: 'refund-1' } };
    const call = scriptedCall({ 'GET /v1/refunds': wireList([own]) });
    expect(await toCharge(partial(400), call)).toMatchObject({ amountRefunded: 400 });
  });

  it('count refunds that are under way, and none that failed', async () => {
    const refunds = [
      refundOf(10, { status: 'failed' }),
      refundOf(20, { status: 'canceled' }),
      refundOf(30, { status: 'pending' }),
      refundOf(40, { status: 'requires_action' }),
      refundOf(50),
      release,
    ];
    const call = scriptedCall({ 'GET /v1/refunds': wireList(refunds) });
    expect((await toCharge(partial(520), call)).amountRefunded).toBe(120);
  });

  it('read every page of the refunds', async () => {
    const pages = [wireList([refundOf(30)], true), wireList([refundOf(20), release])];
    const call = scriptedCall({ 'GET /v1/refunds': () => pages.shift() });
    expect((await toCharge(partial(450), call)).amountRefunded).toBe(50);
    expect(call.requests.map(({ query }) => query?.['starting_after'])).toEqual([undefined, 're_30']);
  });

  it('are not told where a server repeats a page although it says that there is more', async () => {
    const call = scriptedCall({ 'GET /v1/refunds': () => wireList([refundOf(30), release], true) });
    await expect(toCharge(partial(430), call)).rejects.toMatchObject({ code: 'incomplete_list' });
    expect(call.requests).toHaveLength(2);
  });

  it.each([
    ['that is pending', { status: 'pending' }, 400],
    ['that waits for the payer', { status: 'requires_action' }, 400],
    ['made long after any authorization has lapsed', { created: 1_795_000_000 + 40 * 86_400 }, 400],
    ['that failed', { status: 'failed' }, 0],
    ['that was cancelled', { status: 'canceled' }, 0],
  ])('never take a refund of the same amount %s for the release', async (_, fields, refunded) => {
    const entry = { ...release, ...fields };
    const call = scriptedCall({ 'GET /v1/refunds': wireList([entry]) });
    const wire = partial(400, { created: 1_795_000_000 });
    expect(await toCharge(wire, call)).toMatchObject({ amountCaptured: 500, amountRefunded: refunded });
  });

  it('never take an entry for the release that came after a refund: nothing is refunded before the capture', async () => {
    const created = 1_795_000_000;
    const later = { ...release, created: created + 7200 };
    const first = refundOf(100, { created: created + 3600 });
    const call = scriptedCall({ 'GET /v1/refunds': wireList([later, first]) });
    expect(await toCharge(partial(500, { created }), call)).toMatchObject({ amountRefunded: 500 });
  });

  it('show a half that went back and is still on its way, where the other half was never taken', async () => {
    const half = { ...release, amount: 500, status: 'pending' };
    const wire = paidIntent(
      { amount: 1000, amount_captured: 500, amount_refunded: 500 },
      { amount: 1000, amount_received: 500 },
    );
    const charge = await toCharge(wire, scriptedCall({ 'GET /v1/refunds': wireList([half]) }));
    expect(charge).toMatchObject({ amountCaptured: 500, amountRefunded: 500, refundStatus: 'full' });
  });

  it('use the refunds inside the charge only where they say that they are all', async () => {
    const { has_more: _hasMore, ...silent } = wireList([refundOf(100)]) as Record<string, unknown>;
    const call = scriptedCall({ 'GET /v1/refunds': wireList([refundOf(60), refundOf(40), release]) });
    expect((await toCharge(partial(500, { refunds: silent }), call)).amountRefunded).toBe(100);
    expect(call.requests).toHaveLength(1);
  });

  it('use the refunds inside the charge only when they are all there', async () => {
    const all = { refunds: wireList([refundOf(100), release]) };
    expect((await toCharge(partial(500, all), scriptedCall())).amountRefunded).toBe(100);
    const some = { refunds: wireList([refundOf(100)], true) };
    const call = scriptedCall({ 'GET /v1/refunds': wireList([refundOf(60), refundOf(40), release]) });
    expect((await toCharge(partial(500, some), call)).amountRefunded).toBe(100);
    expect(call.requests).toHaveLength(1);
  });

  it('take a booked entry for the release only in versions that always list it: those bring refunds along unasked', async () => {
    const booked = { ...release, balance_transaction: 'txn_release' };
    const old = await toCharge(partial(400, { refunds: wireList([booked]) }), scriptedCall());
    expect(old).toMatchObject({ amountCaptured: 500, amountRefunded: 0, refunds: [] });
    const call = scriptedCall({ 'GET /v1/refunds': wireList([booked]) });
    expect(await toCharge(partial(400), call)).toMatchObject({ amountCaptured: 500, amountRefunded: 400 });
  });

  it('of several captures are what was received so far, the rest still held', async () => {
    const charge = wireCharge({ captured: true, amount_captured: 100, payment_intent: 'pi_demoA1' });
    const wire = wireIntent({ status: 'requires_capture', amount_received: 100, latest_charge: charge });
    expect(await toCharge(wire, scriptedCall())).toMatchObject({
      status: 'captured',
      amountCaptured: 100,
      amountRefunded: 0,
    });
  });

  it('of the shape of 2020 take the amount for the captured one', async () => {
    const charge = await toCharge(oldCharge, scriptedCall({}, { api: 'charges' }));
    expect(charge).toMatchObject({
      id: 'ch_demoOld1',
      status: 'captured',
      amount: 2000,
      amountCaptured: 2000,
      amountRefunded: 0,
      currency: 'USD',
      email: null,
      refunds: [],
      paymentMethod: {
        type: 'card',
        id: 'card_demoOld1',
        card: { brand: 'visa', last4: '4242', holderName: null },
      },
    });
    const authorized = { ...oldCharge, captured: false };
    expect(await toCharge(authorized as never, scriptedCall())).toMatchObject({
      status: 'authorized',
      amountCaptured: 0,
    });
  });

  it('of the shape of 2020 sum the refunds inside', async () => {
    const refunds = wireList([refundOf(300), refundOf(200, { status: 'failed' })]);
    const charge = await toCharge({ ...oldCharge, amount_refunded: 500, refunds }, scriptedCall());
    expect(charge).toMatchObject({ amountCaptured: 2000, amountRefunded: 300 });
  });

  it('are null where a damaged answer does not say what was captured', async () => {
    const wire = capturedCharge({ amount_captured: null });
    expect(await toCharge(wire, scriptedCall())).toMatchObject({ amountCaptured: null, amountRefunded: 0 });
  });

  it('report more refunded than captured', async () => {
    const call = scriptedCall();
    await toCharge(capturedCharge({ amount_refunded: 5000 }), call);
    expect(call.drifts).toEqual([['amountRefunded', 'inconsistent']]);
  });

  it('agree with what was booked, whether a version counts releases or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 1_000_000 }).chain((amount) =>
          fc.record({
            amount: fc.constant(amount),
            captured: fc.integer({ min: 1, max: amount }),
            parts: fc.array(fc.integer({ min: 1, max: amount }), { maxLength: 4 }),
            countsRelease: fc.boolean(),
          }),
        ),
        async ({ amount, captured, parts, countsRelease }) => {
          const given: number[] = [];
          for (const part of parts) {
            if (given.reduce((sum, each) => sum + each, 0) + part <= captured) given.push(part);
          }
          const total = given.reduce((sum, each) => sum + each, 0);
          const remainder = amount - captured;
          const booked = given.map((part, index) => refundOf(part, { id: `re_${index}` })).reverse();
          const releases = remainder > 0 && countsRelease ? [{ ...release, amount: remainder }] : [];
          const wire = wireCharge({
            captured: true,
            amount,
            amount_captured: captured,
            amount_refunded: total + (releases.length > 0 ? remainder : 0),
          });
          const call = scriptedCall({ 'GET /v1/refunds': wireList([...booked, ...releases]) });
          const charge = await toCharge(wire, call);
          expect([charge.amountCaptured, charge.amountRefunded]).toEqual([captured, total]);
          // Only a number that may hold the remainder makes the list of refunds worth a request.
          const counted = total + (releases.length > 0 ? remainder : 0);
          const isAmbiguous = remainder > 0 && counted > 0 && counted >= remainder;
          expect(call.requests.length).toBe(isAmbiguous ? 1 : 0);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the fee', () => {
  const booking = { id: 'txn_1', fee: 163, currency: 'eur' };

  it('is that of the booking, where it came along', async () => {
    const charge = await toCharge(paidIntent({ balance_transaction: booking }), scriptedCall());
    expect(charge.fee).toEqual({ amount: 163, currency: 'EUR' });
  });

  it('is in the unit of its own currency', async () => {
    const wire = paidIntent({ balance_transaction: { ...booking, fee: 16300, currency: 'ugx' } });
    expect((await toCharge(wire, scriptedCall())).fee).toEqual({ amount: 163, currency: 'UGX' });
  });

  it('is null where only the id came, and where nothing was captured', async () => {
    expect((await toCharge(paidIntent(), scriptedCall())).fee).toBeNull();
    const authorized = wireCharge({ balance_transaction: booking });
    expect((await toCharge(authorized, scriptedCall())).fee).toBeNull();
  });
});

describe('amounts of currencies that Stripe counts differently', () => {
  it.each([
    ['isk', 500, 5],
    ['ugx', 120_000, 1200],
    ['mga', 45, 4500],
    ['jpy', 4590, 4590],
    ['kwd', 7320, 7320],
  ])('%s: %i on the wire is %i', async (currency, wire, amount) => {
    const charge = await toCharge(
      paidIntent(
        { currency, amount: wire, amount_captured: wire, amount_refunded: wire },
        { currency, amount: wire },
      ),
      scriptedCall(),
    );
    expect(charge).toMatchObject({
      amount,
      amountCaptured: amount,
      amountRefunded: amount,
      refundStatus: 'full',
    });
    expect(toRefund({ amount: wire, currency }).refund.amount).toBe(amount);
  });
});
