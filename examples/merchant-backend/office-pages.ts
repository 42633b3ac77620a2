import { money } from 'unicharge';
import { amountText } from './amounts.js';
import { markup, type Html } from './html.js';
import { hidden, page, type PageParts } from './layout.js';
import type { OpenOperation } from './open-operations.js';
import { statusOf, type Order } from './orders.js';
import { badge, referenceOf } from './pages.js';
import type { RefundWish } from './refunds.js';
import { sentence, type Words } from './words.js';

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
const timeOf = (at: Date): Html =>
  markup`<time class="quiet" datetime="${at.toISOString()}">${moment.format(at)} UTC</time>`;

type Place = 'orders' | 'open' | 'order';

const officePage = (place: Place, csrf: string, { title, main }: PageParts): string => {
  const link = (to: Place, path: string, text: string): Html =>
    markup`<a href="${path}"${to === place && markup` aria-current="page"`}>${text}</a>`;
  return page({
    title,
    nav: markup`<nav aria-label="Back office">${link('orders', '/office', 'Orders')}
${link('open', '/office/open', 'Open operations')}
<form method="post" action="/office/logout">${hidden({ csrf })}<button class="plain" type="submit">Log out</button></form></nav>`,
    main,
  });
};

/** Where the office logs in. */
export const loginPage = (csrf: string, problem: string | null): string =>
  page({
    title: 'Back office',
    main: markup`<div class="narrow"><section class="card"><h1>Back office</h1>
${problem !== null && markup`<p class="notice bad" role="alert" id="problem">${problem}</p>`}
<form method="post" action="/office/login">${hidden({ csrf })}
<div class="field"><label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${
      problem !== null && markup` aria-invalid="true" aria-describedby="problem"`
    }></div>
<button type="submit">Log in</button></form></section></div>`,
  });

/** The newest orders, for those who ship and refund. */
export const ordersPage = (orders: readonly Order[], csrf: string): string =>
  officePage('orders', csrf, {
    title: 'Orders',
    main: markup`<h1>Orders</h1>
${
  orders.length === 0
    ? markup`<p class="card">Nobody has ordered yet.</p>`
    : markup`<ul class="rows orders">
${orders.map(
  (order) => markup`<li><a href="/office/orders/${order.id}">${referenceOf(order)}</a>
${badge(statusOf(order))}
<span class="amount">${amountText(order.amount, order.currency)}</span>
${timeOf(order.createdAt)}</li>`,
)}
</ul>`
}`,
  });

/** What the office typed into the refund form, and why that could not be done. */
export interface RefundSlip {
  readonly attempt: number;
  readonly typed: string;
  readonly problem: string;
}

/** What the page of one order in the office shows. */
export interface OfficeOrder {
  readonly csrf: string;
  /** Every attempt at the order, the latest first. */
  readonly attempts: readonly Order[];
  readonly refunds: readonly RefundWish[];
  /** How the last operation ended, if it did not succeed. */
  readonly words?: Words | null;
  readonly slip?: RefundSlip | null;
}

const hasMoney = (order: Order): boolean => ['paid', 'partly refunded', 'reserved'].includes(statusOf(order));

/** What is left to give back of a payment, in minor units. */
export const refundableOf = ({ amount, payment }: Order): number =>
  (payment?.amountCaptured ?? amount) - (payment?.amountRefunded ?? 0);

const refundForm = (order: Order, { csrf, refunds, slip = null }: OfficeOrder): Html => {
  const { id, attempt, currency } = order;
  const wishes = refunds.filter((wish) => wish.attempt === attempt);
  const open = wishes.find(({ outcome }) => outcome === null);
  const action = `/office/orders/${id}/refund`;
  if (open !== undefined) {
    const amount = money.toDecimal(open.amount, currency);
    return markup`<form method="post" action="${action}">${hidden({ csrf, attempt, request: open.number, amount })}
<p class="notice wait">It is not known yet whether the refund of ${amountText(open.amount, currency)} was made. The shop asks again by itself.</p>
<button type="submit">Ask again for this refund</button></form>`;
  }
  const isWrong = slip?.attempt === attempt;
  const left = money.toDecimal(refundableOf(order), currency);
  return markup`<form method="post" action="${action}">${hidden({ csrf, attempt, request: wishes.length + 1 })}
<div class="field"><label for="amount-${attempt}">Amount in ${currency}</label>
<input id="amount-${attempt}" name="amount" inputmode="decimal" autocomplete="off" required value="${isWrong ? slip.typed : left}"
 aria-describedby="hint-${attempt}"${isWrong && markup` aria-invalid="true"`}>
<p class="hint" id="hint-${attempt}"${isWrong && markup` role="alert"`}>${isWrong ? slip.problem : `At most ${left}.`}</p></div>
<button type="submit">Refund</button></form>`;
};

const attemptCard = (order: Order, isLatest: boolean, facts: OfficeOrder): Html => {
  const status = statusOf(order);
  const { id, attempt, payment } = order;
  const refunded = payment?.amountRefunded ?? 0;
  return markup`<section class="card" aria-labelledby="attempt-${attempt}">
<div class="heading"><h2 id="attempt-${attempt}">Attempt ${attempt}</h2>${badge(status, isLatest ? 'status' : null)}</div>
<dl><dt>Amount</dt><dd>${amountText(order.amount, order.currency)}</dd>
${refunded > 0 && markup`<dt>Refunded</dt><dd>${amountText(refunded, order.currency)}</dd>`}
${order.route !== null && markup`<dt>Provider</dt><dd${isLatest && markup` id="route"`}>${order.route}</dd>`}
${payment !== null && markup`<dt>Charge</dt><dd><code>${payment.chargeId}</code></dd>`}</dl>
${
  status === 'reserved' &&
  markup`<form method="post" action="/office/orders/${id}/ship">${hidden({ csrf: facts.csrf, attempt })}<button type="submit">Ship and charge</button></form>`
}
${(status === 'paid' || status === 'partly refunded') && refundForm(order, facts)}
</section>`;
};

/** An order as those see it who ship and refund, with what can be done. */
export const officeOrderPage = (order: Order, facts: OfficeOrder): string => {
  const { attempts, csrf, words = null } = facts;
  const title = `Order ${referenceOf(order)}`;
  return officePage('order', csrf, {
    title,
    main: markup`<div class="narrow"><h1>${title}</h1>
${words !== null && markup`<p class="notice bad" role="alert"><strong>${words.title}</strong>${words.text}</p>`}
${
  attempts.filter(hasMoney).length > 1 &&
  markup`<p class="notice bad" role="alert"><strong>Two attempts took money.</strong>A payment that had failed was made after all. Refund one of them.</p>`
}
${attempts.length === 0 && markup`<p class="card">Nobody has tried to pay this order.</p>`}
${attempts.map((attempt, index) => attemptCard(attempt, index === 0, facts))}
<p><a href="/office">All orders</a></p></div>`,
  });
};

const operationItem = (open: OpenOperation): Html => {
  const { amount, currency, orderId } = open;
  const name = open.operation === 'create' ? 'Charge' : sentence(open.operation);
  const what = amount === null ? name : `${name} of ${amountText(amount, currency)}`;
  return markup`<li>
<div class="heading"><h2>${what}</h2><p class="badge ${open.state === 'under way' ? '' : 'wait'}"><strong>${open.state}</strong></p></div>
<p>${open.advice}</p>
<dl>${orderId !== null && markup`<dt>Order</dt><dd><a href="/office/orders/${orderId}">${referenceOf({ id: orderId })}</a></dd>`}
<dt>Since</dt><dd>${timeOf(open.startedAt)}</dd>
<dt>Key</dt><dd><code>${open.key}</code></dd>
<dt>Scope</dt><dd><code>${open.scope}</code></dd></dl></li>`;
};

/** What is under way or lost its answer, and what to do about it. */
export const openPage = (open: readonly OpenOperation[] | null, csrf: string): string =>
  officePage('open', csrf, {
    title: 'Open operations',
    main: markup`<h1>Open operations</h1>
${
  open === null
    ? markup`<p class="card">This store cannot list what is open: see <code>npx unicharge pending --scope</code>.</p>`
    : open.length === 0
      ? markup`<p class="card">Nothing is open. Every charge, capture and refund has ended, and how is recorded.</p>`
      : markup`<p>The answers to these are missing, so money may have moved. Asking again is safe: nothing is done twice.</p>
<ul class="rows">${open.map(operationItem)}</ul>`
}
<form method="post" action="/office/settle">${hidden({ csrf })}<button type="submit">Ask again now</button></form>`,
  });
