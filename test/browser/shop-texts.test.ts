import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { amountText } from '../../examples/merchant-backend/amounts.js';
import { jsonIn, markup } from '../../examples/merchant-backend/html.js';
import { tokenCookie } from '../../examples/merchant-backend/session.js';

describe('a cookie', () => {
  it('is sent over HTTPS alone where the shop is reached by it', async () => {
    const cookie = tokenCookie({
      name: 'x',
      path: '/',
      sameSite: 'Lax',
      maxAgeSeconds: 60,
      isSecure: true,
    });
    const app = new Hono().get('/', (context) => {
      cookie.write(context, 'token');
      return context.text('');
    });
    const [line] = (await app.request('/')).headers.getSetCookie();
    expect(line).toBe('__Secure-x=token; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax');
  });
});

describe('text that a page shows', () => {
  it('is escaped, in text and in attributes', () => {
    const evil = `"><script>alert('1')</script>&`;
    expect(markup`<a title="${evil}">${evil}${[1, evil]}${null}${false}${markup`<b>`}</a>`.text).toBe(
      '<a title="X">X1\nX<b></a>'.replaceAll(
        'X',
        '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;',
      ),
    );
    expect(jsonIn({ a: '</script>' }).text).toBe(String.raw`{"a":"\u003c/script>"}`);
  });
});

describe('an amount', () => {
  it.each([
    [4590, 'EUR', '€45.90'],
    [45_900, 'THB', 'THB\u00a0459.00'],
    [4590, 'JPY', '¥4,590'],
    [4590, 'KWD', 'KWD\u00a04.590'],
    [9_007_199_254_740_991, 'USD', '$90,071,992,547,409.91'],
  ])('of %s %s is shown as %s', (amount, currency, text) => {
    expect(amountText(amount, currency)).toBe(text);
  });
});
