import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { ChargesError, OperationInProgressError, WebhookSignatureError, type PaymentSource } from 'unicharge';
import type { Acquirers, Sources } from './acquirers.js';
import { cardForm, cardFormScript, tokenField, type TokenMaker } from './card-form.js';
import type { Storage } from './database.js';
import { countIn, textIn, type Form } from './forms.js';
import type { Html } from './html.js';
import { problemPage } from './layout.js';
import { createOffice } from './office.js';
import { createOrders, statusOf, type Order } from './orders.js';
import { checkoutPage, lookAgainScript, orderPage, sourceField } from './pages.js';
import { createPayments } from './payments.js';
import { createRefunds } from './refunds.js';
import { formToken, hashOf, isOwnOrigin, isSame, newToken, tokenCookie } from './session.js';
import { styleSheet } from './style.js';

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
  readonly officePassword: string;
  /** Where the page makes tokens at several providers, in place of their own forms. */
  readonly tokenMakers?: readonly TokenMaker[] | undefined;
  /** Test cards of the simulator, in place of the one provider's own form. */
  readonly testSources?: readonly TestSource[] | undefined;
  readonly afterCharge?: (() => Promise<void>) | undefined;
}

const price = 45_900;
const aMonth = 30 * 24 * 3600;

/** A shop with one article: checkout, 3-D Secure, webhooks, a back office that ships and refunds. */
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
  const { origin, protocol } = new URL(publicUrl);
  const isSecure = protocol === 'https:';
  const orders = createOrders(storage.database);
  const refunds = createRefunds(storage.database);
  const payments = createPayments({ acquirers, orders, refunds, publicUrl, afterCharge });
  const app = new Hono();

  const visitorCookie = tokenCookie({
    name: 'visitor',
    path: '/',
    // The bank sends the payer back by a link from its own site.
    sameSite: 'Lax',
    maxAgeSeconds: aMonth,
    isSecure,
  });
  /** The token of the visitor's session, which begins here where there is none. */
  const visitorToken = (context: Context): string => {
    const token = visitorCookie.read(context) ?? newToken();
    visitorCookie.write(context, token);
    return token;
  };

  const notFound = (context: Context): Response | Promise<Response> =>
    context.html(problemPage('Not found', 'There is no such page, or it is not yours.'), 404);

  /** An order of this visitor. Somebody else's is no different from one that does not exist. */
  const ownOrder = async (context: Context, id: string): Promise<Order | null> => {
    const token = visitorCookie.read(context);
    const order = token === undefined ? null : await orders.find(id);
    return order !== null && token !== undefined && isSame(order.owner, hashOf(token)) ? order : null;
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
  const sourcesIn = (form: Form, orderId: string): Sources | null => {
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

  const payForm = (token: string, orderId: string, attempt: number) => ({
    orderId,
    attempt,
    csrf: formToken(token),
    fields: ((): Html =>
      hasOneRoute
        ? sourceField(testSources)
        : cardForm(acquirers.routes, tokenMakers, returnUrlOf(orderId)))(),
    scripts: hasOneRoute ? [] : ['/card-form.js'],
  });

  /** Which attempt a form may begin: the first, or the next one after an attempt that was refused for good. */
  const nextAttempt = (order: Order): number | null =>
    statusOf(order) === 'failed' || order.attempt === 0 ? order.attempt + 1 : null;

  const policy = [
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
    `connect-src ${["'self'", ...tokenMakers.map(({ url }) => new URL(url).origin)].join(' ')}`,
  ].join('; ');

  app.use(async (context, next) => {
    await next();
    // A form of the checkout is followed to the page of a bank, which nobody knows beforehand; one of the office is not.
    const isOffice = context.req.path.startsWith('/office');
    context.header('content-security-policy', isOffice ? `${policy}; form-action 'self'` : policy);
    context.header('x-frame-options', 'DENY');
    context.header('x-content-type-options', 'nosniff');
    context.header('referrer-policy', 'same-origin');
    if (isSecure) context.header('strict-transport-security', 'max-age=31536000');
    if (isOffice || context.req.path.startsWith('/orders'))
      context.header('cache-control', 'private, no-store');
  });
  app.use(bodyLimit({ maxSize: 1_000_000 }));

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
  // A webhook does not say whose it is: every route has an address of its own. Its signature proves who sent it.
  for (const route of acquirers.routes) app.post(`/webhooks/${route}`, hearAt(route));
  if (hasOneRoute) app.post('/webhooks', hearAt(onlyRoute));

  // No page of another site pays, ships or refunds in the name of whoever looks at it.
  app.use(async (context, next) => {
    if (context.req.method !== 'POST' || isOwnOrigin(context, origin)) return next();
    return context.html(problemPage('Not done', 'This form came from another site.'), 403);
  });
  app.route(
    '/office',
    createOffice({
      password: options.officePassword,
      currency,
      database: storage.database,
      operations: storage.operations,
      orders,
      refunds,
      payments,
      isSecure,
      visitorToken,
    }),
  );

  app.get('/style.css', (context) =>
    context.body(styleSheet, 200, { 'content-type': 'text/css; charset=utf-8' }),
  );
  const script = { 'content-type': 'text/javascript; charset=utf-8' };
  app.get('/card-form.js', (context) => context.body(cardFormScript, 200, script));
  app.get('/look-again.js', (context) => context.body(lookAgainScript, 200, script));

  app.get('/', async (context) => {
    const token = visitorToken(context);
    const id = await orders.begin({ owner: hashOf(token), amount: price, currency });
    // A fresh visit gets a fresh order; the way back shows the page that was sent already.
    context.header('cache-control', 'private, no-cache');
    return context.html(checkoutPage(payForm(token, id, 1), price, currency));
  });

  app.post('/orders', async (context) => {
    const form = await context.req.parseBody();
    if (!isSame(textIn(form, 'csrf'), formToken(visitorCookie.read(context) ?? newToken()))) {
      const text = 'This form is too old, or your browser keeps no cookies. Nothing was charged.';
      return context.html(problemPage('Not paid', text), 403);
    }
    const begun = await ownOrder(context, textIn(form, 'order'));
    const attempt = countIn(form, 'attempt');
    if (begun === null || attempt === null) return notFound(context);
    const { id } = begun;
    if (attempt === nextAttempt(begun)) {
      const sources = sourcesIn(form, id);
      if (sources === null) {
        return context.html(problemPage('Not paid', 'This cannot be paid with. Nothing was charged.'), 400);
      }
      await orders.place(id, attempt, { sources, capturesAtOnce: form['reserve'] === undefined });
    }
    const order = await orders.find(id);
    // The form of an attempt that has ended, or of one that is not due.
    if (order?.attempt !== attempt) return context.redirect(back(id), 303);
    if (!['pending', 'waiting', 'not sent'].includes(statusOf(order))) return context.redirect(back(id), 303);
    try {
      const { goTo } = await payments.pay(order);
      return context.redirect(goTo ?? back(id), 303);
    } catch (error) {
      // The first of two clicks is still under way: the page of the order tells how it ends.
      if (error instanceof OperationInProgressError) return context.redirect(back(id), 303);
      // Money may have moved: nobody pays this order anew. Its page says so, and looks again by itself.
      if (error instanceof ChargesError) return context.redirect(back(id), 303);
      throw error;
    }
  });

  app.get('/orders/:id', async (context) => {
    const order = await ownOrder(context, context.req.param('id'));
    if (order === null) return notFound(context);
    const token = visitorToken(context);
    const again = order.attempt > 0 ? nextAttempt(order) : null;
    return context.html(
      orderPage(order, formToken(token), again === null ? null : payForm(token, order.id, again)),
    );
  });

  app.get('/orders/:id/return', async (context) => {
    const order = await ownOrder(context, context.req.param('id'));
    if (order === null) return notFound(context);
    try {
      // Only Pin sends one. Nothing else of the address is used: an order knows its charge itself.
      await payments.payerReturned(order, context.req.query('session_token'));
    } catch (error) {
      // Not known yet. The page of the order offers to go on, which asks the provider once more.
      if (!(error instanceof ChargesError)) throw error;
      console.error(error);
    }
    return context.redirect(back(order.id), 303);
  });

  app.notFound(notFound);
  app.onError((error, context) => {
    console.error(error);
    // For a webhook it means: send it again. For the payer: nothing is lost, the same order can be asked for again.
    return context.html(
      problemPage('Not settled yet', 'We do not know yet what became of this. Please look again.'),
      500,
    );
  });

  return { app, settle: payments.settle };
};
