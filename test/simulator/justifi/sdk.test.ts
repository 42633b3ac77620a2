import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.js';

const fixture = fileURLToPath(new URL('sdk-fixture.ts', import.meta.url));

describe('the official justifi client against the simulator', () => {
  let simulator: Simulator;
  // What the client resolved to, in its camel case.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  let seen: any;

  beforeAll(async () => {
    simulator = await startSimulator({ providers: ['justifi'], seed: 1 });
    const { clientId, clientSecret, subAccount } = simulator.settings('justifi');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', fixture, clientId, clientSecret, subAccount],
      { env: { PATH: process.env['PATH'], JUSTIFI_API_URL: simulator.url('justifi') } },
    );
    seen = JSON.parse(stdout);
  });
  afterAll(() => simulator.close());

  it('creates, retrieves and updates', () => {
    expect(seen.sale).toMatchObject({
      type: 'payment',
      pageInfo: null,
      data: {
        status: 'succeeded',
        captured: true,
        amount: 2599,
        currency: 'usd',
        metadata: { order: '77' },
        paymentMethod: { card: { acctLastFour: '4242', brand: 'visa' } },
      },
    });
    expect(seen.sale.id).toMatch(/^py_[0-9A-Za-z]{22}$/);
    expect(seen.retrieved.data.id).toBe(seen.sale.id);
    expect(seen.updated.data).toMatchObject({ description: 'basket 77', metadata: { box: '1' } });
  });

  it('replays a key and refuses it for something else', () => {
    expect(seen.replayed.data).toEqual(seen.sale.data);
    expect(seen.mismatch.message).toContain('idempotency_params_mismatch');
  });

  it('refunds in part, finds the refund and changes its metadata', () => {
    expect(seen.refund.data).toMatchObject({ amount: 599, status: 'succeeded', reason: 'customer_request' });
    expect(seen.refundAgain.data).toEqual(seen.refund.data);
    expect(seen.refundUpdated.data.metadata).toEqual({ note: 'late' });
    expect(seen.refunds.data).toHaveLength(1);
  });

  it('captures what was only authorized, once', () => {
    expect(seen.manual.data).toMatchObject({ status: 'authorized', captured: false });
    expect(seen.captured.data).toMatchObject({ status: 'succeeded', captured: true });
    expect(seen.capturedTwice.message).toContain('payment_already_captured');
  });

  it('is declined, and told what does not exist', () => {
    expect(seen.declined.status).toBe(402);
    expect(seen.declined.message).toContain('insufficient_funds');
    expect(seen.badNumber.message).toContain('card_number_invalid');
    expect(seen.missing.name).toBe('NotFound');
  });

  it('turns the pages of a list, newest first, and reads the movements', () => {
    expect(seen.firstPage[1]).toBe(seen.manual.data.id);
    expect(seen.secondPage).toEqual(['partially_refunded']);
    expect(seen.pageInfo).toMatchObject({ hasNext: false, hasPrevious: true });
    const types = seen.movements.map(
      (movement: { paymentBalanceTxnType: string }) => movement.paymentBalanceTxnType,
    );
    expect(types).toEqual(expect.arrayContaining(['payment', 'refund']));
  });

  it('left in the ledger what it was told', () => {
    const charges = simulator.ledger
      .charges('justifi')
      .map((charge) => [charge.state, charge.amountCaptured, charge.amountRefunded]);
    expect(charges).toEqual([
      ['captured', 2599, 599],
      ['captured', 2599, 0],
      ['failed', 0, 0],
    ]);
  });
});
