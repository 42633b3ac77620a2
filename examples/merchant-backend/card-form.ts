/** What the page needs to make a token at one provider. The key is publishable: it makes tokens, and charges nothing. */
export interface TokenMaker {
  readonly route: string;
  readonly url: string;
  readonly publishableKey: string;
}

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
): string => `
<label>Card number <input id="number" autocomplete="cc-number" inputmode="numeric" value="4242 4242 4242 4242"></label>
<label>Valid until <input id="expiry" autocomplete="cc-exp" value="12/2099"></label>
<label>Security code <input id="code" autocomplete="cc-csc" inputmode="numeric" value="123"></label>
<label>Name <input id="name" autocomplete="cc-name" value="A Payer"></label>
${routes
  .map((route) => `<input type="hidden" name="${tokenField(route)}" id="${tokenField(route)}">`)
  .join('\n')}
<script type="application/json" id="makers">${JSON.stringify({ makers, returnUrl }).replaceAll('<', '\\u003c')}</script>
<script type="module" src="/card-form.js"></script>`;

/** The script of the page. */
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

const form = document.querySelector('form');
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
