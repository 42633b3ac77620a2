import { CardError, type ChargeEvent, type ChargesClient } from 'unicharge';
import type { Order, Orders } from './orders.js';

/** What payments need besides the orders. */
export interface PaymentOptions {
  readonly charges: ChargesClient;
  readonly orders: Orders;
  /** Where the payer's browser finds the shop. */
  readonly publicUrl: string;
  /** Called when the provider has answered and nothing is written down yet: a test ends the process here. */
  readonly afterCharge?: (() => Promise<void>) | undefined;
}

/** What the shop does with money. Every write has the id of its order in its idempotency key, so it can always be repeated. */
export const createPayments = ({ charges, orders, publicUrl, afterCharge }: PaymentOptions) => {
  /** A decline is news of the charge where there is one, else a reason why there is none. */
  const declined = async (order: Order, error: unknown): Promise<Order> => {
    if (!(error instanceof CardError)) throw error;
    const at = new Date().toISOString();
    const chargeId = order.payment?.chargeId;
    const charge = error.charge ?? (chargeId === undefined ? null : await charges.retrieve(chargeId));
    if (charge !== null) await orders.hear(order.id, charge, at);
    return orders.refuse(order.id, error.message);
  };

  /** Charges an order. Safe to call again, also from another process and after a crash: it never charges twice. */
  const pay = async (order: Order): Promise<{ order: Order; goTo: string | null }> => {
    if (order.source === null) throw new Error(`Order ${order.id} was never placed.`);
    try {
      const charge = await charges.create(
        {
          amount: order.amount,
          currency: order.currency,
          source: order.source,
          capture: order.capturesAtOnce,
          description: `Order ${order.id}`,
          statementDescriptor: 'CORNER-SHOP',
          email: 'payer@shop.example',
          ip: '198.51.100.7',
          returnUrl: `${publicUrl}/orders/${order.id}/return`,
          metadata: { order: order.id },
        },
        { idempotencyKey: order.id },
      );
      await afterCharge?.();
      return {
        order: await orders.hear(order.id, charge),
        goTo: charge.nextAction?.type === 'redirect' ? charge.nextAction.url : null,
      };
    } catch (error) {
      return { order: await declined(order, error), goTo: null };
    }
  };

  /** The payer came back. What the browser brings is compared with the order, never trusted. */
  const payerReturned = async (order: Order, sessionToken: string | undefined): Promise<Order> => {
    if (order.source === null) return order;
    const chargeId = order.payment?.chargeId ?? (await pay(order)).order.payment?.chargeId;
    if (chargeId === undefined) return order;
    const { amount, currency } = order;
    const at = new Date().toISOString();
    try {
      const charge = await charges.verify3DS({
        chargeId,
        sessionToken,
        expected: { chargeId, amount, currency },
      });
      return await orders.hear(order.id, charge, at);
    } catch (error) {
      return declined(order, error);
    }
  };

  const chargeIdOf = (order: Order): string => {
    if (order.payment === null) throw new Error(`Order ${order.id} has no payment.`);
    return order.payment.chargeId;
  };

  /** The goods leave: what was reserved is taken. */
  const ship = async (order: Order): Promise<Order> => {
    const charge = await charges.capture(chargeIdOf(order), {}, { idempotencyKey: `${order.id}-capture` });
    return orders.hear(order.id, charge);
  };

  /** Gives money back. `request` names one wish to refund: sent twice, it is done once. */
  const refund = async (order: Order, amount: number, request: string): Promise<Order> => {
    const made = await charges.refund(
      chargeIdOf(order),
      { amount },
      { idempotencyKey: `${order.id}-refund-${request}` },
    );
    return orders.hear(order.id, made);
  };

  /** A verified event. The charge may be unknown here still: then its metadata tell the order. */
  const hear = async (event: ChargeEvent): Promise<Order | null> => {
    if (event.chargeId === null) return null;
    const named = event.charge?.metadata['order'];
    const order =
      (await orders.ofCharge(event.chargeId)) ?? (named === undefined ? null : await orders.find(named));
    // Somebody else's charge in the same account, or an order that has another charge.
    if (order === null || (order.payment !== null && order.payment.chargeId !== event.chargeId)) return null;
    return orders.hear(order.id, event);
  };

  /** After a start: what was asked of the provider before a crash is asked again, with the same keys. */
  const recover = async (): Promise<number> => {
    const unanswered = await orders.unanswered();
    for (const order of unanswered) await pay(order);
    return unanswered.length;
  };

  return { pay, payerReturned, ship, refund, hear, recover };
};
