import { money } from 'unicharge';
import { escape } from './html.js';
import { statusOf, type Order } from './orders.js';

const page = (title: string, body: string, head = ''): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">${head}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 3rem auto; padding: 0 1rem }
label, button { display: block; margin: .75rem 0 } button { font: inherit; padding: .5rem 1rem }</style>
</head>
<body><main><h1>${escape(title)}</h1>
${body}
</main></body>
</html>`;

/** An amount as the payer reads it. */
const shown = (amount: number, currency: string): string =>
  `${currency} ${money.toDecimal(amount, currency)}`;

/** On the test page of one provider the payer chooses a source; the provider's own form puts a token into the field instead. */
export const sourceField = (
  sources: readonly { readonly value: string; readonly label: string }[],
): string => `<label>Pay with <select name="source">
${sources.map(({ value, label }) => `<option value="${escape(value)}">${escape(label)}</option>`).join('\n')}
</select></label>`;

/** The checkout. The form names its order: pressed twice, or again after the way back, it is the same order. */
export const checkoutPage = (orderId: string, amount: number, currency: string, fields: string): string =>
  page(
    'Checkout',
    `<p>One teapot, ${shown(amount, currency)}</p>
<form method="post" action="/orders">
<input type="hidden" name="order" value="${escape(orderId)}">
${fields}
<label><input type="checkbox" name="reserve"> Charge when it is shipped</label>
<button type="submit">Pay</button>
</form>`,
  );

/** How an order stands. */
const summary = (order: Order): string => {
  const { payment } = order;
  const where = order.route === null ? '' : `, at <span id="route">${escape(order.route)}</span>`;
  return `<p>Status: <strong id="status">${statusOf(order)}</strong>${where}</p>
<p>${shown(order.amount, order.currency)}${payment !== null && payment.amountRefunded > 0 ? `, refunded ${shown(payment.amountRefunded, order.currency)}` : ''}</p>`;
};

/** An order as its payer sees it. */
export const orderPage = (order: Order): string => {
  const status = statusOf(order);
  const isAsked = status === 'pending';
  return page(
    `Order ${order.id}`,
    `${summary(order)}
${isAsked ? '<p>We have asked for your payment, and do not know yet what became of it. This page looks again by itself; you need not pay again.</p>' : ''}
${status === 'failed' ? `<p role="alert">The payment failed. No money was taken.</p>` : ''}
${
  status === 'waiting'
    ? `<form method="post" action="/orders"><input type="hidden" name="order" value="${escape(order.id)}"><button type="submit">Go on to the payment</button></form>`
    : ''
}
<p><a href="/">Another order</a></p>`,
    isAsked ? '\n<meta http-equiv="refresh" content="2">' : '',
  );
};

/** An order as those see it who ship and refund, with what can be done. */
export const operatorPage = (order: Order): string => {
  const status = statusOf(order);
  const { payment } = order;
  const button = (action: string, label: string, fields = ''): string =>
    `<form method="post" action="/orders/${escape(order.id)}/${action}">${fields}<button type="submit">${label}</button></form>`;
  const refunds = Object.keys(payment?.refunds ?? {}).length;
  const left = (payment?.amountCaptured ?? order.amount) - (payment?.amountRefunded ?? 0);
  return page(
    `Order ${order.id}`,
    `${summary(order)}
${status === 'reserved' ? button('ship', 'Ship and charge') : ''}
${
  status === 'paid' || status === 'partly refunded'
    ? button(
        'refund',
        'Refund',
        `<input type="hidden" name="request" value="${refunds + 1}">` +
          `<label>Amount in minor units <input name="amount" inputmode="numeric" value="${left}"></label>`,
      )
    : ''
}
<p><a href="/operator">All orders</a></p>`,
  );
};

/** The newest orders, for those who ship and refund. */
export const operatorListPage = (orders: readonly Order[]): string =>
  page(
    'Orders',
    `<ul>${orders
      .map(
        (order) =>
          `<li><a href="/orders/${escape(order.id)}/operator">${escape(order.id)}</a>: ${statusOf(order)}, ${shown(order.amount, order.currency)}</li>`,
      )
      .join('\n')}</ul>`,
  );

/** Something that is not there, or went wrong. */
export const problemPage = (title: string, text: string): string => page(title, `<p>${escape(text)}</p>`);
