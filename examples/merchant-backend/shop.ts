import { Hono } from 'hono';
import { randomUUID } from 'node:crypto';
import { WebhookSignatureError, type ChargesClient, type PaymentSource } from 'unicharge';
import type { Storage } from './database.js';
import { createOrders, type Order } from './orders.js';
import { checkoutPage, orderPage, problemPage } from './pages.js';
import { createPayments } from './payments.js';

/** What a payer may choose on the checkout page, and the source that it stands for. */
export interface TestSource {
  readonly value: string;
  readonly label: string;
  /** Makes a fresh source, for a payer who is sent back to this address. */
  make(returnUrl: string): PaymentSource;
}

/** What a shop is made of. */
export interface ShopOptions {
  readonly charges: ChargesClient;
  readonly storage: Storage;
  readonly publicUrl: string;
  readonly currency: string;
  /** Test cards of the simulator. Without them the form brings a token of the provider's own form in the browser. */
  readonly testSources?: readonly TestSource[] | undefined;
  readonly afterCharge?: (() => Promise<void>) | undefined;
}

const price = 45_900;

/** A field of a form as text; a file is none. */
const textIn = (form: Readonly<Record<string, unknown>>, name: string): string => {
  const value = form[name];
  return typeof value === 'string' ? value : '';
};

/** A shop with one article: checkout, 3-D Secure, webhooks, shipping, refunds. */
export const createShop = (options: ShopOptions) => {
  const { charges, storage, publicUrl, currency, testSources = [], afterCharge } = options;
  const orders = createOrders(storage.database);
  const payments = createPayments({ charges, orders, publicUrl, afterCharge });
  const app = new Hono();

  const orderNamed = async (id: string): Promise<Order> => {
    const order = await orders.find(id);
    if (order === null) throw new Error(`There is no order ${id}.`);
    return order;
  };
  const back = (id: string): string => `/orders/${id}`;

  app.get('/', (context) => context.html(checkoutPage(price, currency, testSources)));

  app.post('/orders', async (context) => {
    const form = await context.req.parseBody();
    const chosen = textIn(form, 'source');
    // A form that is sent twice names its order, and is one order.
    const named = textIn(form, 'order');
    const id = /^[\w-]{8,40}$/.test(named) ? named : `order-${randomUUID()}`;
    if ((await orders.find(id)) === null) {
      const source = testSources.find(({ value }) => value === chosen);
      await orders.add({
        id,
        amount: price,
        currency,
        source: source === undefined ? chosen : source.make(`${publicUrl}/orders/${id}/return`),
        capturesAtOnce: form['reserve'] === undefined,
      });
    }
    const { goTo } = await payments.pay(await orderNamed(id));
    return context.redirect(goTo ?? back(id), 303);
  });

  app.get('/orders/:id', async (context) =>
    context.html(orderPage(await orderNamed(context.req.param('id')))),
  );

  app.get('/orders/:id/return', async (context) => {
    const order = await orderNamed(context.req.param('id'));
    // Only Pin sends one. Nothing else of the address is used: an order knows its charge itself.
    await payments.payerReturned(order, context.req.query('session_token'));
    return context.redirect(back(order.id), 303);
  });

  app.post('/orders/:id/ship', async (context) => {
    const order = await payments.ship(await orderNamed(context.req.param('id')));
    return context.redirect(back(order.id), 303);
  });

  app.post('/orders/:id/refund', async (context) => {
    const form = await context.req.parseBody();
    const order = await orderNamed(context.req.param('id'));
    await payments.refund(order, Number(textIn(form, 'amount')), textIn(form, 'request'));
    return context.redirect(back(order.id), 303);
  });

  app.post('/webhooks', async (context) => {
    // The raw text: a body that was parsed and written anew cannot be verified.
    const rawBody = await context.req.text();
    try {
      const event = await charges.parseWebhook(rawBody, context.req.raw.headers);
      await payments.hear(event);
      return context.text('heard');
    } catch (error) {
      if (!(error instanceof WebhookSignatureError)) throw error;
      return context.text(error.code, 400);
    }
  });

  app.onError((error, context) => {
    console.error(error);
    // For a webhook it means: send it again. For the payer: nothing is lost, the same order can be asked for again.
    return context.html(
      problemPage('Not settled yet', 'We do not know yet what became of this. Please look again.'),
      500,
    );
  });

  return { app, recover: payments.recover };
};
