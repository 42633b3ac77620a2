import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { omisePublicKey } from '../../../src/simulator/omise/face.js';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.js';

const fixture = fileURLToPath(new URL('sdk-fixture.ts', import.meta.url));

describe('the official omise client against the simulator', () => {
  let simulator: Simulator;
  // What the untyped client resolved to.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  let seen: any;

  beforeAll(async () => {
    simulator = await startSimulator({ providers: ['omise'], seed: 1 });
    const { secretKey } = simulator.settings('omise');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', fixture, simulator.url('omise'), secretKey, omisePublicKey],
      { env: { PATH: process.env['PATH'] } },
    );
    seen = JSON.parse(stdout);
  });
  afterAll(() => simulator.close());

  it('creates, retrieves and updates', () => {
    expect(seen.sale).toMatchObject({
      object: 'charge',
      status: 'successful',
      paid: true,
      amount: 409669,
      currency: 'THB',
      metadata: { order: '77' },
      card: { last_digits: '4242', brand: 'Visa' },
    });
    expect(seen.sale.id).toMatch(/^chrg_test_[0-9a-z]{19}$/);
    expect(seen.retrieved).toEqual(seen.sale);
    expect(seen.updated).toMatchObject({ description: 'new', metadata: { order: '77' } });
  });

  it('refunds in part and finds the refund again', () => {
    expect(seen.partial).toMatchObject({ object: 'refund', amount: 9669, status: 'closed', voided: false });
    expect(seen.refund).toEqual(seen.partial);
    expect(seen.refunds).toMatchObject({ object: 'list', total: 1, data: [seen.partial] });
  });

  it('captures in full and in part, and reverses', () => {
    expect(seen.captured).toMatchObject({ status: 'successful', captured_amount: 50000, capturable: false });
    expect(seen.partlyCaptured).toMatchObject({
      status: 'successful',
      amount: 50000,
      captured_amount: 30000,
      funding_amount: 30000,
      capturable: false,
    });
    expect(seen.reversed).toMatchObject({ status: 'reversed', reversed: true, authorized: true });
  });

  it('resolves a declined charge, because Omise answers 200', () => {
    expect(seen.declined).toMatchObject({
      object: 'charge',
      status: 'failed',
      paid: false,
      failure_code: 'insufficient_fund',
    });
  });

  it('gets a page for a wallet, and expires the charge', () => {
    expect(seen.redirected).toMatchObject({ status: 'pending', authorized: false });
    expect(seen.redirected.authorize_uri).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect(seen.expired).toMatchObject({ status: 'expired', expired: true });
  });

  it('lists pages, and searches in main units', () => {
    expect(seen.list).toMatchObject({ limit: 2, offset: 0, total: 6, order: 'reverse_chronological' });
    expect(seen.list.data[0].id).toBe(seen.redirected.id);
    expect(seen.search).toMatchObject({ object: 'search', total: 1, filters: { amount: '4096.69' } });
    expect(seen.search.data[0].id).toBe(seen.sale.id);
  });

  it('rejects with the codes of the error table', () => {
    expect(seen.refusals).toEqual({
      reversedTwice: 'failed_reverse',
      unknownCharge: 'not_found',
      usedToken: 'used_token',
      badCard: 'invalid_card',
    });
  });

  it('left in the ledger what it was told', () => {
    const charges = simulator.ledger.charges('omise').map((charge) => [charge.state, charge.amountCaptured]);
    expect(charges).toEqual([
      ['captured', 409669],
      ['captured', 50000],
      ['captured', 30000],
      ['voided', 0],
      ['failed', 0],
      ['expired', 0],
      ['captured', 2000],
    ]);
  });
});
