import { describe, expect, it } from 'vitest';
import type { FaultType } from '../../src/simulator/index.js';
import { openShop, settleMs } from './simulated-shop.js';

const first = { idempotencyKey: 'refund-1' };
const second = { idempotencyKey: 'refund-2' };
const part = { amount: 2_500 };

describe.each(['pin', 'magpie'] as const)(
  'expensive mistake 4: two equal refunds, one answer lost (%s)',
  (provider) => {
    const open = async (fault: FaultType) => {
      const shop = openShop(provider);
      // Two processes over one store.
      const store = shop.store();
      const [here, there] = [shop.client({ store }), shop.client({ store })];
      const { id } = await here.create((await shop.params(10_000)) as never);
      shop.providers.inject({ operation: 'refund', fault });
      await expect(here.refund(id, part, first)).rejects.toMatchObject({ outcome: 'unknown' });
      const refunds = (): string[] =>
        (shop.providers.ledger.charges(provider).find((charge) => charge.id === id)?.refunds ?? []).map(
          (refund) => refund.id,
        );
      return { shop, here, there, id, refunds };
    };

    it.each(['cut_after_commit', 'cut_before_commit'] as const)('%s: each is booked once', async (fault) => {
      const { shop, here, there, id, refunds } = await open(fault);
      await expect(there.refund(id, part, second)).rejects.toMatchObject({
        name: 'OperationInProgressError',
        outcome: 'not_sent',
      });
      shop.pass(settleMs);
      const one = await here.refund(id, part, first);
      const other = await there.refund(id, part, second);
      expect([one.id, other.id].sort()).toEqual(refunds().sort());
      expect(refunds().length).toBe(2);
    });

    it('takes no refund that another key has booked', async () => {
      const { shop, here, there, id, refunds } = await open('cut_before_commit');
      shop.pass(settleMs);
      await expect(here.reconcile('refund-1')).resolves.toMatchObject({ outcome: 'did_not_happen' });
      const other = await there.refund(id, part, second);
      // Where an answer shows all refunds of the charge and not which one is new, a look settles it.
      await here.refund(id, part, first).catch((error: unknown) => {
        expect(error).toMatchObject({ outcome: 'unknown' });
      });
      shop.pass(settleMs);
      const found = await here.reconcile('refund-1');
      const one = found.outcome === 'happened' ? found.refund : null;
      expect([one?.id, other.id].sort()).toEqual(refunds().sort());
      expect(refunds().length).toBe(2);
    });
  },
);
