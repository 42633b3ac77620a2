import {
  CardError,
  ChargesError,
  OperationInProgressError,
  type ChargeEvent,
  type ChargesClient,
} from 'unicharge';
import type { Acquirers } from './acquirers.js';
import type { Ending, Order, Orders } from './orders.js';
import type { Refunds, RefundWish } from './refunds.js';

/** What payments need besides the orders. */
export interface PaymentOptions {
  readonly acquirers: Acquirers;
  readonly orders: Orders;
  readonly refunds: Refunds;
  /** Where the payer's browser finds the shop. */
  readonly publicUrl: string;
  /** Called when the provider has answered and nothing is written down yet: a test ends the process here. */
  readonly afterCharge?: (() => Promise<void>) | undefined;
}

interface PlacedPayment {
  readonly route: string;
  readonly chargeId: string;
  readonly client: Omit<ChargesClient, 'create'>;
}

/** The idempotency keys of an attempt: every write can be repeated, and the next attempt has keys of its own. */
export const keysOf = ({ id, attempt }: Pick<Order, 'id' | 'attempt'>) => ({
  charge: `${id}/${attempt}`,
  capture: `${id}/${attempt}/capture`,
  refund: (number: number) => `${id}/${attempt}/refund-${number}`,
});

/** What the shop does with money. */
export const createPayments = ({ acquirers, orders, refunds, publicUrl, afterCharge }: PaymentOptions) => {
  /** Where the payment of an order lives, and the client that everything after the charge goes to. */
  const paymentOf = ({ id, route, payment }: Order): PlacedPayment => {
    if (route === null || payment === null) throw new Error(`Order ${id} has no payment.`);
    return { route, chargeId: payment.chargeId, client: acquirers.at(route) };
  };

  /** Writes down that nothing was taken, where that is certain. Everything else stays open, and is thrown. */
  const ended = async (order: Order, error: unknown): Promise<Order> => {
    if (!(error instanceof ChargesError) || error.outcome === 'unknown') throw error;
    const { outcome, isRetryable } = error;
    const ending: Ending = {
      outcome,
      advice: error instanceof CardError ? error.advice : null,
      isRetryable,
    };
    // A decline is news of the charge where there is one.
    const at = new Date().toISOString();
    // With several routes, a payment that was declined everywhere lives nowhere.
    const route = order.route ?? (acquirers.routes.length === 1 ? acquirers.routes[0] : undefined);
    const chargeId = order.payment?.chargeId;
    if (error instanceof CardError && route !== undefined) {
      const known =
        error.charge ?? (chargeId === undefined ? null : await acquirers.at(route).retrieve(chargeId));
      if (known !== null) await orders.hear(order, route, known, at);
    }
    return orders.end(order, ending);
  };

  /** Charges an attempt. Safe to call again, also from another process and after a crash: it never charges twice. */
  const pay = async (placed: Order): Promise<{ order: Order; goTo: string | null }> => {
    if (placed.sources === null) throw new Error(`Order ${placed.id} was never placed.`);
    const order = await orders.ask(placed);
    try {
      const { charge, route } = await acquirers.charge(
        {
          amount: order.amount,
          currency: order.currency,
          capture: order.capturesAtOnce,
          description: `Order ${order.id}`,
          statementDescriptor: 'CORNER-SHOP',
          email: 'payer@shop.example',
          ip: '198.51.100.7',
          returnUrl: `${publicUrl}/orders/${order.id}/return`,
          metadata: { order: order.id, attempt: String(order.attempt) },
        },
        placed.sources,
        keysOf(order).charge,
      );
      await afterCharge?.();
      return {
        order: await orders.hear(order, route, charge),
        goTo: charge.nextAction?.type === 'redirect' ? charge.nextAction.url : null,
      };
    } catch (error) {
      return { order: await ended(order, error), goTo: null };
    }
  };

  /** The payer came back. What the browser brings is compared with the order, never trusted. */
  const payerReturned = async (order: Order, sessionToken: string | undefined): Promise<Order> => {
    if (order.attempt === 0) return order;
    const asked = order.payment === null ? (await pay(order)).order : order;
    if (asked.payment === null) return asked;
    const { route, chargeId, client } = paymentOf(asked);
    const { amount, currency } = order;
    const at = new Date().toISOString();
    try {
      const charge = await client.verify3DS({
        chargeId,
        sessionToken,
        expected: { chargeId, amount, currency },
      });
      return await orders.hear(asked, route, charge, at);
    } catch (error) {
      // That this question was not sent says nothing about the payment. A decline does.
      if (!(error instanceof CardError)) throw error;
      return ended(asked, error);
    }
  };

  /** The goods leave: what was reserved is taken. */
  const ship = async (order: Order): Promise<Order> => {
    const { route, chargeId, client } = paymentOf(order);
    const charge = await client.capture(chargeId, {}, { idempotencyKey: keysOf(order).capture });
    return orders.hear(order, route, charge);
  };

  /** Gives money back as it was wished. Sent twice it is done once, because a wish has one key for good. */
  const refund = async (order: Order, wish: RefundWish): Promise<Order> => {
    if (wish.outcome !== null) return order;
    const { route, chargeId, client } = paymentOf(order);
    try {
      const made = await client.refund(
        chargeId,
        { amount: wish.amount },
        { idempotencyKey: keysOf(order).refund(wish.number) },
      );
      const heard = await orders.hear(order, route, made);
      await refunds.end(wish, 'done');
      return heard;
    } catch (error) {
      const isCertain = error instanceof ChargesError && !(error instanceof OperationInProgressError);
      if (isCertain && error.outcome !== 'unknown') await refunds.end(wish, error.outcome);
      throw error;
    }
  };

  /** A verified event of a route. The charge may be unknown here still: then its metadata tell the attempt. */
  const hear = async (route: string, event: ChargeEvent): Promise<Order | null> => {
    if (event.chargeId === null) return null;
    const { order: id, attempt } = event.charge?.metadata ?? {};
    const order =
      (await orders.ofCharge(route, event.chargeId)) ??
      (id === undefined || !/^\d{1,9}$/.test(attempt ?? '') ? null : await orders.find(id, Number(attempt)));
    if (order === null) return null;
    // Somebody else's charge in the same account, or an attempt that has another charge.
    if (order.payment !== null && (order.route !== route || order.payment.chargeId !== event.chargeId))
      return null;
    // With several routes a decline may be followed by a payment elsewhere: only the answer tells where the order lives.
    const mayMove = order.payment === null && acquirers.routes.length > 1;
    if (mayMove && event.charge?.status === 'failed') return null;
    return orders.hear(order, route, event);
  };

  /** Asks once more for each of these. One that is open still is left to the next round. */
  const each = async <Item>(
    items: readonly Item[],
    ask: (item: Item) => Promise<unknown>,
  ): Promise<number> => {
    let settled = 0;
    for (const item of items) {
      try {
        await ask(item);
        settled += 1;
      } catch (error) {
        // The provider is away still, or a click is under way: the next round asks again.
        if (!(error instanceof OperationInProgressError)) console.error(error);
      }
    }
    return settled;
  };

  /**
   * Finds out what became of payments and refunds of which nothing was written down: after a start, and again and again while the
   * shop is open. The same is asked again with the same key, so it goes to the route where the payment lives, and is never done twice.
   */
  const settle = async (): Promise<number> => {
    const paid = await each(await orders.unanswered(), pay);
    const refunded = await each(await refunds.open(), async (wish) => {
      const order = await orders.find(wish.orderId, wish.attempt);
      if (order !== null) await refund(order, wish);
    });
    return paid + refunded;
  };

  return { pay, payerReturned, ship, refund, hear, settle };
};

export type Payments = ReturnType<typeof createPayments>;
