import { Hono, type Context } from 'hono';
import { basicAuth } from 'hono/basic-auth';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import { ChargesError, OperationInProgressError, WebhookSignatureError, type PaymentSource } from 'unicharge';
import type { Acquirers, Sources } from './acquirers.js';
import { cardForm, cardFormScript, tokenField, type TokenMaker } from './card-form.js';
import type { Storage } from './database.js';
import { createOrders, statusOf, type Order } from './orders.js';
import {
  checkoutPage,
  operatorListPage,
  operatorPage,
  orderPage,
  problemPage,
  sourceField,
} from './pages.js';
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
  readonly acquirers: Acquirers;
  readonly storage: Storage;
  readonly publicUrl: string;
  readonly currency: string;
  /** By route: what the provider's own form in the browser makes; nothing else is charged. */
  readonly tokens: Readonly<Record<string, RegExp>>;
  /** What whoever ships and refunds has to know. */
  readonly operatorSecret: string;
  /** Where the page makes tokens at several providers, in place of their own forms. */
  readonly tokenMakers?: readonly TokenMaker[] | undefined;
  /** Test cards of the simulator, in place of the one provider's own form. */
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
  const {
    acquirers,
    storage,
    publicUrl,
    currency,
    tokenMakers = [],
    testSources = [],
    afterCharge,
  } = options;
  const [onlyRoute = '', ...otherRoutes] = acquirers.routes;
  const hasOneRoute = otherRoutes.length === 0;
  const orders = createOrders(storage.database);
  const payments = createPayments({ acquirers, orders, publicUrl, afterCharge });
  const app = new Hono();

  const orderNamed = async (id: string): Promise<Order> => {
    const order = await orders.find(id);
    if (order === null) {
      throw new HTTPException(404, { res: new Response('There is no such order.', { status: 404 }) });
    }
    return order;
  };
  const back = (id: string): string => `/orders/${id}`;

  const returnUrlOf = (id: string): string => `${publicUrl}${back(id)}/return`;

  /** What a form may pay with at a route: a test card of the simulator, or a token of the provider's own form. */
  const sourceOf = (route: string, chosen: string, orderId: string): PaymentSource | null => {
    if (testSources.length === 0) return options.tokens[route]?.test(chosen) === true ? chosen : null;
    const source = testSources.find(({ value }) => value === chosen);
    return source?.make(returnUrlOf(orderId)) ?? null;
  };

  /** One source for each route. A route without one is not taken: its provider was away when the page asked for a token. */
  const sourcesIn = (form: Readonly<Record<string, unknown>>, orderId: string): Sources | null => {
    const sources: Record<string, PaymentSource> = {};
    for (const route of acquirers.routes) {
      const chosen = textIn(form, hasOneRoute ? 'source' : tokenField(route));
      if (chosen === '' && !hasOneRoute) continue;
      const source = sourceOf(route, chosen, orderId);
      if (source === null) return null;
      sources[route] = source;
    }
    return Object.keys(sources).length === 0 ? null : sources;
  };

  app.use(async (context, next) => {
    await next();
    context.header('x-frame-options', 'DENY');
  });
  // No page of another site pays, ships or refunds in the name of whoever looks at it.
  app.use('/orders/*', csrf({ origin: new URL(publicUrl).origin }));
  // Whoever has an order may look at it. Goods and money leave with the operator's secret only.
  const operatorOnly = basicAuth({ username: 'operator', password: options.operatorSecret, realm: 'shop' });
  for (const path of ['/operator', '/orders/:id/operator', '/orders/:id/ship', '/orders/:id/refund']) {
    app.use(path, operatorOnly);
  }

  app.get('/', async (context) => {
    const id = await orders.begin({ amount: price, currency });
    // A fresh visit gets a fresh order; the way back shows the page that was sent already.
    context.header('cache-control', 'private, no-cache');
    const fields = hasOneRoute
      ? sourceField(testSources)
      : cardForm(acquirers.routes, tokenMakers, returnUrlOf(id));
    return context.html(checkoutPage(id, price, currency, fields));
  });

  app.get('/card-form.js', (context) =>
    context.body(cardFormScript, 200, { 'content-type': 'text/javascript; charset=utf-8' }),
  );

  app.post('/orders', async (context) => {
    const form = await context.req.parseBody();
    const { id, ...begun } = await orderNamed(textIn(form, 'order'));
    if (begun.sources === null) {
      const sources = sourcesIn(form, id);
      if (sources === null) {
        return context.html(problemPage('Not paid', 'This cannot be paid with. Nothing was charged.'), 400);
      }
      await orders.place(id, { sources, capturesAtOnce: form['reserve'] === undefined });
    }
    const order = await orderNamed(id);
    if (!['open', 'pending', 'waiting'].includes(statusOf(order))) return context.redirect(back(id), 303);
    try {
      const { goTo } = await payments.pay(order);
      return context.redirect(goTo ?? back(id), 303);
    } catch (error) {
      // The first of two clicks is still under way: the page of the order tells how it ends.
      if (error instanceof OperationInProgressError) return context.redirect(back(id), 303);
      // Money may have moved: nobody pays this order anew. Its page says so, and looks again by itself.
      if (error instanceof ChargesError && error.outcome === 'unknown')
        return context.redirect(back(id), 303);
      throw error;
    }
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

  app.get('/operator', async (context) => context.html(operatorListPage(await orders.newest())));

  app.get('/orders/:id/operator', async (context) =>
    context.html(operatorPage(await orderNamed(context.req.param('id')))),
  );

  app.post('/orders/:id/ship', async (context) => {
    const order = await payments.ship(await orderNamed(context.req.param('id')));
    return context.redirect(`${back(order.id)}/operator`, 303);
  });

  app.post('/orders/:id/refund', async (context) => {
    const form = await context.req.parseBody();
    const order = await orderNamed(context.req.param('id'));
    await payments.refund(order, Number(textIn(form, 'amount')), textIn(form, 'request'));
    return context.redirect(`${back(order.id)}/operator`, 303);
  });

  const hearAt = (route: string) => async (context: Context) => {
    // The raw text: a body that was parsed and written anew cannot be verified.
    const rawBody = await context.req.text();
    try {
      const event = await acquirers.at(route).parseWebhook(rawBody, context.req.raw.headers);
      await payments.hear(route, event);
      return context.text('heard');
    } catch (error) {
      if (!(error instanceof WebhookSignatureError)) throw error;
      return context.text(error.code, 400);
    }
  };
  // A webhook does not say whose it is: every route has an address of its own.
  for (const route of acquirers.routes) app.post(`/webhooks/${route}`, hearAt(route));
  if (hasOneRoute) app.post('/webhooks', hearAt(onlyRoute));

  app.onError((error, context) => {
    if (error instanceof HTTPException) return error.getResponse();
    console.error(error);
    // For a webhook it means: send it again. For the payer: nothing is lost, the same order can be asked for again.
    return context.html(
      problemPage('Not settled yet', 'We do not know yet what became of this. Please look again.'),
      500,
    );
  });

  return { app, settle: payments.settle };
};
