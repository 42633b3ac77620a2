import { money } from 'unicharge';
import { statusOf, type Order } from './orders.js';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
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

/** What the payer chooses from on the test page: the provider's own form makes a token instead. */
export const checkoutPage = (
  amount: number,
  currency: string,
  sources: readonly { readonly value: string; readonly label: string }[],
): string =>
  page(
    'Checkout',
    `<p>One teapot, ${shown(amount, currency)}</p>
<form method="post" action="/orders">
<label>Pay with <select name="source">
${sources.map(({ value, label }) => `<option value="${escape(value)}">${escape(label)}</option>`).join('\n')}
</select></label>
<label><input type="checkbox" name="reserve"> Charge when it is shipped</label>
<button type="submit">Pay</button>
</form>`,
  );

/** An order, and what can be done with it. */
export const orderPage = (order: Order): string => {
  const status = statusOf(order);
  const { payment, problem } = order;
  const button = (action: string, label: string, fields = ''): string =>
    `<form method="post" action="/orders/${escape(order.id)}/${action}">${fields}<button type="submit">${label}</button></form>`;
  const refunds = Object.keys(payment?.refunds ?? {}).length;
  const left = (payment?.amountCaptured ?? order.amount) - (payment?.amountRefunded ?? 0);
  return page(
    `Order ${order.id}`,
    `<p>Status: <strong id="status">${status}</strong></p>
<p>${shown(order.amount, order.currency)}${payment !== null && payment.amountRefunded > 0 ? `, refunded ${shown(payment.amountRefunded, order.currency)}` : ''}</p>
${status === 'failed' && problem !== null ? `<p role="alert">The payment failed. No money was taken.</p>` : ''}
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
<p><a href="/">Another order</a></p>`,
  );
};

/** Something that is not there, or went wrong. */
export const problemPage = (title: string, text: string): string => page(title, `<p>${escape(text)}</p>`);
