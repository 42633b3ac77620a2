import { amountText } from './amounts.js';
import { markup, type Html } from './html.js';
import { hidden, page } from './layout.js';
import { statusOf, type Order, type OrderStatus } from './orders.js';
import { wordsOf } from './words.js';

/** An order's id as people say it. */
export const referenceOf = ({ id }: Pick<Order, 'id'>): string => id.slice(0, 8).toUpperCase();

const tones: Readonly<Record<OrderStatus, string>> = {
  open: '',
  pending: 'wait',
  waiting: 'wait',
  reserved: 'good',
  paid: 'good',
  'partly refunded': '',
  refunded: '',
  failed: 'bad',
  'not sent': 'bad',
  canceled: '',
};

/** How an order stands, in one word. */
export const badge = (status: OrderStatus, id: string | null = null): Html =>
  markup`<p class="badge ${tones[status]}"><strong${id === null ? null : markup` id="${id}"`}>${status}</strong></p>`;

const teapot = markup`<svg viewBox="0 0 120 80" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
<path d="M39 33c0-8 9-13 21-13s21 5 21 13"/><circle cx="60" cy="16" r="4"/><path d="M33 33h54c3 22-9 37-27 37S30 55 33 33z"/>
<path d="M34 56C20 52 22 34 11 27l8-3c9 5 7 14 14 18"/><path d="M87 38c19-7 22 17-2 19"/><path d="M46 74h28"/></svg>`;

/** On the test page of one provider the payer chooses a source. */
export const sourceField = (sources: readonly { readonly value: string; readonly label: string }[]): Html =>
  sources.length === 0
    ? // The provider's own form makes the token and fills this field; typed in, the page works without it.
      markup`<div class="field"><label for="source">Payment token</label>
<input id="source" name="source" autocomplete="off" spellcheck="false" required aria-describedby="source-hint">
<p class="hint" id="source-hint">The form of your provider belongs here. It makes a token of the card, and fills this field.</p></div>`
    : markup`<fieldset><legend>Pay with</legend>
${sources.map(
  ({ value, label }, index) =>
    markup`<label class="choice"><input type="radio" name="source" value="${value}"${index === 0 && markup` checked`}> ${label}</label>`,
)}
</fieldset>`;

/** What every form that pays carries: which order, and which attempt at it. Pressed twice, it is the same attempt. */
export interface PayForm {
  readonly orderId: string;
  readonly attempt: number;
  readonly csrf: string;
  readonly fields: Html;
}

const payForm = ({ orderId, attempt, csrf, fields }: PayForm, amount: string): Html =>
  markup`<form method="post" action="/orders">
${hidden({ csrf, order: orderId, attempt })}
${fields}
<label class="choice tick"><input type="checkbox" name="reserve"> Charge when it is shipped</label>
<button class="wide" type="submit">Pay ${amount}</button>
</form>`;

/** Scripts that a pay form needs. */
export interface Scripted {
  readonly scripts: readonly string[];
}

/** The checkout. The form names its order: pressed twice, or again after the way back, it is the same order. */
export const checkoutPage = (form: PayForm & Scripted, amount: number, currency: string): string => {
  const price = amountText(amount, currency);
  return page({
    title: 'Checkout',
    scripts: form.scripts,
    main: markup`<h1>Checkout</h1>
<div class="checkout">
<section class="card product" aria-label="Your order">${teapot}
<div><h2>One teapot</h2><p class="quiet">Stoneware, 1.2 litres, with a lid that stays on. Shipped within two days.</p>
<p class="price">${price}</p></div></section>
<section class="card" aria-labelledby="pay"><h2 id="pay">Payment</h2>
${payForm(form, price)}</section>
</div>`,
  });
};

/** How an order stands. */
const summary = (order: Order): Html => {
  const { payment, currency } = order;
  const refunded = payment?.amountRefunded ?? 0;
  return markup`<dl>
<dt>Order</dt><dd>${referenceOf(order)}</dd>
<dt>Amount</dt><dd>${amountText(order.amount, currency)}</dd>
${refunded > 0 && markup`<dt>Refunded</dt><dd>${amountText(refunded, currency)}</dd>`}
${order.route !== null && statusOf(order) !== 'failed' && markup`<dt>Payment service</dt><dd id="route">${order.route}</dd>`}
</dl>`;
};

/** An order as its payer sees it. `again` is the form for another card, where one may be tried. */
export const orderPage = (order: Order, csrf: string, again: (PayForm & Scripted) | null): string => {
  const status = statusOf(order);
  const { title, text } = wordsOf(order, status);
  const isBad = status === 'failed' || status === 'not sent';
  const mayRepeat = status === 'waiting' || (status === 'not sent' && order.ending?.isRetryable === true);
  return page({
    title,
    scripts: [...(again?.scripts ?? []), ...(status === 'pending' ? ['/look-again.js'] : [])],
    main: markup`<div class="narrow"><section class="card">
${badge(status, 'status')}
<h1>${title}</h1>
<p${isBad && markup` role="alert"`}>${text}</p>
${summary(order)}
${status === 'pending' && markup`<p><a href="/orders/${order.id}">Look again</a></p>`}
${
  mayRepeat &&
  markup`<form method="post" action="/orders">${hidden({ csrf, order: order.id, attempt: order.attempt })}
<button class="wide" type="submit">${status === 'waiting' ? 'Go on to the payment' : 'Try again'}</button></form>`
}
</section>
${
  again !== null &&
  markup`<section class="card" aria-labelledby="again"><h2 id="again">Try another card</h2>
${payForm(again, amountText(order.amount, order.currency))}</section>`
}
<p><a href="/">Another order</a></p></div>`,
  });
};

/** The script of a page whose payment is not known yet: it looks until there is something else to show. */
export const lookAgainScript = `
const statusIn = (page) => page.getElementById('status')?.textContent;
const look = async () => {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (answer.ok && statusIn(page) !== statusIn(document)) return location.reload();
  } catch {
    // The shop is away for a moment: the next look asks again.
  }
  setTimeout(look, 2000);
};
setTimeout(look, 2000);
`;
