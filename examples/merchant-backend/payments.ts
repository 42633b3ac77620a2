import { CardError, OperationInProgressError, type ChargeEvent, type ChargesClient } from 'unicharge';
import type { Acquirers } from './acquirers.js';
import type { Order, Orders } from './orders.js';

/** What payments need besides the orders. */
export interface PaymentOptions {
  readonly acquirers: Acquirers;
  readonly orders: Orders;
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

/** What the shop does with money. Every write has the id of its order in its idempotency key, so it can always be repeated. */
export const createPayments = ({ acquirers, orders, publicUrl, afterCharge }: PaymentOptions) => {
  /** Where the payment of an order lives, and the client that everything after the charge goes to. */
  const paymentOf = ({ id, route, payment }: Order): PlacedPayment => {
    if (route === null || payment === null) throw new Error(`Order ${id} has no payment.`);
    return { route, chargeId: payment.chargeId, client: acquirers.at(route) };
  };

  /** A decline is news of the charge where there is one, else a reason why there is none. */
  const declined = async (order: Order, error: unknown): Promise<Order> => {
    if (!(error instanceof CardError)) throw error;
    const at = new Date().toISOString();
    // With several routes, a payment that was declined everywhere lives nowhere.
    const route = order.route ?? (acquirers.routes.length === 1 ? acquirers.routes[0] : undefined);
    const chargeId = order.payment?.chargeId;
    if (route !== undefined) {
      const known =
        error.charge ?? (chargeId === undefined ? null : await acquirers.at(route).retrieve(chargeId));
      if (known !== null) await orders.hear(order.id, route, known, at);
    }
    return orders.refuse(order.id, error.message);
  };

  /** Charges an order. Safe to call again, also from another process and after a crash: it never charges twice. */
  const pay = async (order: Order): Promise<{ order: Order; goTo: string | null }> => {
    if (order.sources === null) throw new Error(`Order ${order.id} was never placed.`);
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
          metadata: { order: order.id },
        },
        order.sources,
        order.id,
      );
      await afterCharge?.();
      return {
        order: await orders.hear(order.id, route, charge),
        goTo: charge.nextAction?.type === 'redirect' ? charge.nextAction.url : null,
      };
    } catch (error) {
      return { order: await declined(order, error), goTo: null };
    }
  };

  /** The payer came back. What the browser brings is compared with the order, never trusted. */
  const payerReturned = async (order: Order, sessionToken: string | undefined): Promise<Order> => {
    if (order.sources === null) return order;
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
      return await orders.hear(order.id, route, charge, at);
    } catch (error) {
      return declined(asked, error);
    }
  };

  /** The goods leave: what was reserved is taken. */
  const ship = async (order: Order): Promise<Order> => {
    const { route, chargeId, client } = paymentOf(order);
    const charge = await client.capture(chargeId, {}, { idempotencyKey: `${order.id}-capture` });
    return orders.hear(order.id, route, charge);
  };

  /** Gives money back. `request` names one wish to refund: sent twice, it is done once. */
  const refund = async (order: Order, amount: number, request: string): Promise<Order> => {
    const { route, chargeId, client } = paymentOf(order);
    const made = await client.refund(
      chargeId,
      { amount },
      { idempotencyKey: `${order.id}-refund-${request}` },
    );
    return orders.hear(order.id, route, made);
  };

  /** A verified event of a route. The charge may be unknown here still: then its metadata tell the order. */
  const hear = async (route: string, event: ChargeEvent): Promise<Order | null> => {
    if (event.chargeId === null) return null;
    const named = event.charge?.metadata['order'];
    const order =
      (await orders.ofCharge(route, event.chargeId)) ??
      (named === undefined ? null : await orders.find(named));
    if (order === null) return null;
    // Somebody else's charge in the same account, or an order that has another charge.
    if (order.payment !== null && (order.route !== route || order.payment.chargeId !== event.chargeId))
      return null;
    // With several routes a decline may be followed by a payment elsewhere: only the answer tells where the order lives.
    const mayMove = order.payment === null && acquirers.routes.length > 1;
    if (mayMove && event.charge?.status === 'failed') return null;
    return orders.hear(order.id, route, event);
  };

  /**
   * Finds out what became of orders of which nothing was written down: after a start, and again and again while the shop is open.
   * The same is asked again with the same key, so it goes to the route where the payment lives, and is never paid twice.
   */
  const settle = async (): Promise<number> => {
    let settled = 0;
    for (const order of await orders.unanswered()) {
      try {
        await pay(order);
        settled += 1;
      } catch (error) {
        // The provider is away still, or a payer's click is under way: the next round asks again.
        if (!(error instanceof OperationInProgressError)) console.error(error);
      }
    }
    return settled;
  };

  return { pay, payerReturned, ship, refund, hear, settle };
};
