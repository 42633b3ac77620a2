import { Hono, type Context } from 'hono';
import { ChargesError, type OperationStore } from 'unicharge';
import { amountText, readAmount } from './amounts.js';
import type { Database } from './database.js';
import { countIn, textIn, type Form } from './forms.js';
import {
  loginPage,
  officeOrderPage,
  openPage,
  ordersPage,
  refundableOf,
  type OfficeOrder,
} from './office-pages.js';
import { openOperations } from './open-operations.js';
import type { Order, Orders } from './orders.js';
import { problemPage } from './layout.js';
import type { Payments } from './payments.js';
import type { Refunds } from './refunds.js';
import { formToken, hashOf, isSame, newToken, passwordCheck, tokenCookie } from './session.js';
import { officeWords } from './words.js';

/** What the back office is made of. */
export interface OfficeOptions {
  readonly password: string;
  readonly currency: string;
  readonly database: Database;
  readonly operations: OperationStore;
  readonly orders: Orders;
  readonly refunds: Refunds;
  readonly payments: Payments;
  readonly isSecure: boolean;
  /** The token of the visitor's own session, for the login form. */
  readonly visitorToken: (context: Context) => string;
}

const sessionHours = 8;
/** Wrong passwords in a minute, from everybody together; sessions that are open go on. Behind a proxy, limit by address there, too. */
const mostWrongTries = 10;

const meanwhile = 'Another refund was asked for in the meantime. Look at it first.';

/** Where goods and money leave: nothing here is shown or done without a session of the office. */
export const createOffice = (options: OfficeOptions) => {
  const { database, orders, refunds, payments, visitorToken } = options;
  const isPassword = passwordCheck(options.password);
  const cookie = tokenCookie({
    name: 'office',
    path: '/office',
    sameSite: 'Strict',
    maxAgeSeconds: sessionHours * 3600,
    isSecure: options.isSecure,
  });
  const office = new Hono<{ Variables: { csrf: string } }>();
  let wrongTries: number[] = [];

  office.post('/login', async (context) => {
    const token = visitorToken(context);
    const form = await context.req.parseBody();
    if (!isSame(textIn(form, 'csrf'), formToken(token))) {
      return context.html(loginPage(formToken(token), 'This form is too old. Please try once more.'), 403);
    }
    wrongTries = wrongTries.filter((at) => at > Date.now() - 60_000);
    if (wrongTries.length >= mostWrongTries) {
      return context.html(loginPage(formToken(token), 'Too many tries. Please wait a minute.'), 429);
    }
    // Counted before the answer, so that many tries at once are no way around it.
    const now = Date.now();
    wrongTries.push(now);
    if (!(await isPassword(textIn(form, 'password')))) {
      return context.html(loginPage(formToken(token), 'This is not the password.'), 401);
    }
    wrongTries.splice(wrongTries.indexOf(now), 1);
    // A new token with every login: none that somebody has set before is ever one of the office.
    const fresh = newToken();
    await database.query('delete from office_sessions where expires_at < now()', []);
    await database.query(
      `insert into office_sessions (hash, expires_at) values ($1, now() + interval '${sessionHours} hours')`,
      [hashOf(fresh)],
    );
    cookie.write(context, fresh);
    return context.redirect('/office', 303);
  });

  office.use(async (context, next) => {
    const token = cookie.read(context);
    const known =
      token === undefined
        ? []
        : (
            await database.query('select 1 from office_sessions where hash = $1 and expires_at > now()', [
              hashOf(token),
            ])
          ).rows;
    if (token === undefined || known.length === 0) {
      return context.html(loginPage(formToken(visitorToken(context)), null), 401);
    }
    const csrf = formToken(token);
    if (context.req.method === 'POST' && !isSame(textIn(await context.req.parseBody(), 'csrf'), csrf)) {
      return context.html(problemPage('Not done', 'This form is too old. Please load the page again.'), 403);
    }
    context.set('csrf', csrf);
    return next();
  });

  office.post('/logout', async (context) => {
    await database.query('delete from office_sessions where hash = $1', [hashOf(cookie.read(context) ?? '')]);
    cookie.clear(context);
    return context.redirect('/office', 303);
  });

  office.get('/', async (context) => context.html(ordersPage(await orders.newest(), context.get('csrf'))));

  office.get('/open', async (context) =>
    context.html(openPage(await openOperations(options.operations, options.currency), context.get('csrf'))),
  );

  office.post('/settle', async (context) => {
    await payments.settle();
    return context.redirect('/office/open', 303);
  });

  const shown = async (
    context: Context<{ Variables: { csrf: string } }>,
    order: Order,
    status: 200 | 400 | 409 | 502,
    more: Pick<OfficeOrder, 'words' | 'slip'> = {},
  ): Promise<Response> => {
    const [attempts, wishes] = [await orders.attemptsOf(order.id), await refunds.of(order.id)];
    const facts = { csrf: context.get('csrf'), attempts, refunds: wishes, ...more };
    return context.html(officeOrderPage(order, facts), status);
  };

  /** Does something with the attempt that the form names, and tells how it ended in words about the money. */
  const act = async (
    context: Context<{ Variables: { csrf: string } }>,
    run: (order: Order, form: Form) => Promise<Response | null>,
  ): Promise<Response> => {
    const form = await context.req.parseBody();
    const attempt = countIn(form, 'attempt');
    const order = attempt === null ? null : await orders.find(context.req.param('id') ?? '', attempt);
    if (order === null) return context.html(problemPage('Not found', 'There is no such order.'), 404);
    try {
      return (await run(order, form)) ?? context.redirect(`/office/orders/${order.id}`, 303);
    } catch (error) {
      if (!(error instanceof ChargesError)) throw error;
      const status = error.outcome === 'unknown' ? 502 : 409;
      return shown(context, order, status, { words: officeWords(error) });
    }
  };

  office.get('/orders/:id', async (context) => {
    const order = await orders.find(context.req.param('id'));
    if (order === null) return context.html(problemPage('Not found', 'There is no such order.'), 404);
    return shown(context, order, 200);
  });

  office.post('/orders/:id/ship', (context) =>
    act(context, async (order) => {
      await payments.ship(order);
      return null;
    }),
  );

  office.post('/orders/:id/refund', (context) =>
    act(context, async (order, form) => {
      const { id, attempt, currency } = order;
      const typed = textIn(form, 'amount');
      const number = countIn(form, 'request');
      const known = (await refunds.of(id)).filter((wish) => wish.attempt === attempt);
      const same = known.find((wish) => wish.number === number);
      const refuse = (problem: string): Promise<Response> =>
        shown(context, order, 400, { slip: { attempt, typed, problem } });

      const amount = readAmount(typed, currency);
      if (amount === null) return refuse(`Type an amount such as 45.90, in ${currency}.`);
      const left = refundableOf(order);
      if (same === undefined && amount > left)
        return refuse(`At most ${amountText(left, currency)} can be refunded.`);
      // Somebody else has asked for a refund since this page was shown: that one comes first.
      const isNext = number === known.length + 1 && known.every(({ outcome }) => outcome !== null);
      if (number === null || (same === undefined && !isNext)) return refuse(meanwhile);
      const wish = await refunds.wish({ orderId: id, attempt, number, amount });
      if (wish.amount !== amount) return refuse(meanwhile);
      await payments.refund(order, wish);
      return null;
    }),
  );

  return office;
};
