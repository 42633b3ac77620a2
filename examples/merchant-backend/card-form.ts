import { jsonIn, markup, type Html } from './html.js';

/** What the page needs to make a token at one provider. The key is publishable: it makes tokens, and charges nothing. */
export interface TokenMaker {
  readonly route: string;
  readonly url: string;
  readonly publishableKey: string;
}

/** Fields of which a phone shows its digits. */
const numeric: ReadonlySet<string> = new Set(['cc-number', 'cc-csc']);

/** The form's field for the token of a route. */
export const tokenField = (route: string): string => `token-${route}`;

/**
 * The card of the payer, for several providers. Its fields have no names, so a browser does not send them to the shop: the script
 * sends the card to each provider, and the form carries the tokens that come back. Against the simulator this is all. In
 * production the providers' own forms (Stripe's Elements, Omise.js) fill the same hidden fields: they do not let a page of yours
 * touch the card, and each has fields of its own. Whoever wants one card form for both needs a vault that serves both.
 */
export const cardForm = (
  routes: readonly string[],
  makers: readonly TokenMaker[],
  returnUrl: string,
): Html => {
  const field = (id: string, label: string, complete: string, value: string): Html =>
    markup`<div class="field"><label for="${id}">${label}</label>
<input id="${id}" autocomplete="${complete}"${numeric.has(complete) && markup` inputmode="numeric"`} required value="${value}"></div>`;
  // The simulator's good card, so that whoever looks around need not type one.
  return markup`${field('number', 'Card number', 'cc-number', '4242 4242 4242 4242')}
<div class="pair">${field('expiry', 'Valid until', 'cc-exp', '12/2099')}
${field('code', 'Security code', 'cc-csc', '123')}</div>
${field('name', 'Name on the card', 'cc-name', 'A Payer')}
${routes.map((route) => markup`<input type="hidden" name="${tokenField(route)}" id="${tokenField(route)}">`)}
<script type="application/json" id="makers">${jsonIn({ makers, returnUrl })}</script>`;
};

/** The script of the form. */
export const cardFormScript = `
const { makers, returnUrl } = JSON.parse(document.getElementById('makers').textContent);
const field = (id) => document.getElementById(id).value.trim();
const basic = (key) => 'Basic ' + btoa(key + ':');

// How each provider documents it.
const requests = {
  stripe: (key, card) => ['/v1/payment_methods', 'Bearer ' + key, new URLSearchParams({
    type: 'card', 'card[number]': card.number, 'card[exp_month]': card.month, 'card[exp_year]': card.year, 'card[cvc]': card.code,
  })],
  omise: (key, card) => ['/tokens', basic(key), new URLSearchParams({
    'card[number]': card.number, 'card[expiration_month]': card.month, 'card[expiration_year]': card.year,
    'card[security_code]': card.code, 'card[name]': card.name,
  })],
  pin: (key, card) => ['/1/cards', basic(key), new URLSearchParams({
    number: card.number, expiry_month: card.month, expiry_year: card.year, cvc: card.code, name: card.name,
    address_line1: '1 High Street', address_city: 'Perth', address_country: 'AU',
  })],
  magpie: (key, card) => ['/v2/sources/', basic(key), JSON.stringify({
    type: 'card', redirect: { success: returnUrl, fail: returnUrl },
    card: { name: card.name, number: card.number, exp_month: card.month, exp_year: card.year, cvc: card.code },
  })],
};

/** A token, or nothing where the provider is away or refuses the card: then the order is paid at another route, or not at all. */
const tokenOf = async ({ route, url, publishableKey }, card) => {
  try {
    const [path, authorization, body] = requests[route](publishableKey, card);
    const type = typeof body === 'string' ? { 'content-type': 'application/json' } : {};
    const answer = await fetch(url + path, { method: 'POST', headers: { authorization, ...type }, body });
    const made = await answer.json();
    return answer.ok ? (made.response?.token ?? made.id) : '';
  } catch {
    return '';
  }
};

const { form } = document.getElementById('number');
let isAsking = false;
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (isAsking) return;
  isAsking = true;
  const [month, year] = field('expiry').split('/');
  const card = { number: field('number').replaceAll(' ', ''), month, year, code: field('code'), name: field('name') };
  await Promise.all(makers.map(async (maker) => {
    document.getElementById('token-' + maker.route).value = await tokenOf(maker, card);
  }));
  form.submit();
});
// The way back shows this page again: the same form may be sent once more, and is the same order.
addEventListener('pageshow', () => (isAsking = false));
`;
