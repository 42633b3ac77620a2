/** Somebody with a browser's cookies and without its pages: asks, posts forms, and follows no redirect. */
export interface Visitor {
  /** Takes a path of the shop, or a whole address. */
  get(address: string): Promise<Response>;
  /** Posts a form as a page of the shop does: from its origin, with the token of the page that was seen last. */
  post(address: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  /** The text of a page. */
  read(address: string): Promise<string>;
}

/** A new visitor of the shop at this address. */
export const newVisitor = (url: string): Visitor => {
  const cookies = new Map<string, { value: string; path: string }>();
  let csrf: string | undefined;

  const ask = async (address: string, init: RequestInit): Promise<Response> => {
    const target = new URL(address, url);
    const sent = [...cookies].filter(([, { path }]) => target.pathname.startsWith(path));
    const headers = new Headers(init.headers);
    headers.set('cookie', sent.map(([name, { value }]) => `${name}=${value}`).join('; '));
    const answer = await fetch(target, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, { value, path: /; Path=([^;]*)/i.exec(line)?.[1] ?? '/' });
    }
    csrf = /name="csrf" value="([^"]+)"/.exec(await answer.clone().text())?.[1] ?? csrf;
    return answer;
  };

  const get = (address: string): Promise<Response> => ask(address, {});
  return {
    get,
    read: async (address) => (await get(address)).text(),
    post: (address, form, headers = {}) =>
      ask(address, {
        method: 'POST',
        body: new URLSearchParams({ ...(csrf === undefined ? {} : { csrf }), ...form }),
        headers: { origin: new URL(url).origin, ...headers },
      }),
  };
};

/** The order that a fresh checkout page has begun for this visitor. */
export const beginOrder = async (payer: Visitor): Promise<string> => {
  const id = /name="order" value="([^"]+)"/.exec(await payer.read('/'))?.[1];
  if (id === undefined) throw new Error('The checkout page names no order.');
  return id;
};

/** The status that the page of an order shows to its payer. */
export const shownStatus = async (payer: Visitor, order: string): Promise<string | undefined> =>
  /<strong id="status">([^<]*)<\/strong>/.exec(await payer.read(`/orders/${order}`))?.[1];

/** Somebody who knows the password of the office, and has logged in. */
export const logIn = async (url: string, password: string): Promise<Visitor> => {
  const office = newVisitor(url);
  await office.get('/office');
  await office.post('/office/login', { password });
  const answer = await office.get('/office');
  if (answer.status !== 200) throw new Error(`The office answers ${answer.status}.`);
  return office;
};

/** A payer at the checkout: the page of the provider, or of the order. */
export const checkOut = async (
  { url, payer }: { readonly url: string; readonly payer: Visitor },
  form: Record<string, string>,
): Promise<{ goTo: string; order: string; orderUrl: string }> => {
  const order = await beginOrder(payer);
  const answer = await payer.post('/orders', { ...form, order, attempt: '1' });
  const location = answer.headers.get('location');
  if (answer.status !== 303 || location === null) throw new Error(`The shop answers ${answer.status}.`);
  const goTo = new URL(location, url).href;
  return { goTo, order, orderUrl: `${url}/orders/${order}` };
};
