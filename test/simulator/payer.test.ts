import { describe, expect, it } from 'vitest';
import { createIds } from '../../src/simulator/ids.js';
import { createPayerDesk, type PayerDecision, type PayerSession } from '../../src/simulator/payer.js';

const open = (session: Partial<PayerSession> = {}) => {
  const desk = createPayerDesk(createIds(1));
  const decisions: PayerDecision[] = [];
  const url = desk.open({
    origin: 'http://127.0.0.1:4242',
    merchant: 'Shop',
    amount: 'EUR 45.90',
    cardEnding: '3220',
    decide: (decision) => {
      decisions.push(decision);
      return `https://shop.test/${decision}`;
    },
    ...session,
  });
  const send = (method: string, suffix = '') =>
    desk.handle({ method, path: `${new URL(url).pathname}${suffix}`, query: '', headers: {}, body: '' });
  return { desk, url, decisions, send };
};

describe('a payer page', () => {
  it('asks the face once, whoever decides and however often', () => {
    const { desk, url, decisions, send } = open();
    expect(desk.decide(url, 'decline')).toBe('https://shop.test/decline');
    expect(desk.decide(url, 'approve')).toBe('https://shop.test/decline');
    expect(send('POST', '/approve')).toMatchObject({
      status: 303,
      headers: { location: 'https://shop.test/decline' },
    });
    expect(decisions).toEqual(['decline']);
  });

  it('keeps the payer where the merchant gave no address', () => {
    const { desk, url } = open({ decide: () => null });
    expect(desk.decide(url, 'approve')).toBe(url);
    expect(desk.decide(url, 'approve')).toBe(url);
  });

  it('shows no card where there is none, and takes names as text', () => {
    const { send } = open({ merchant: `<b>"Sam's" & Co</b>`, cardEnding: null });
    const html = send('GET')?.body ?? '';
    expect(html).toContain('&lt;b&gt;&quot;Sam&#39;s&quot; &amp; Co&lt;/b&gt;');
    expect(html).not.toContain('Card ending');
  });

  it('leaves all other paths to the provider', () => {
    const { desk } = open();
    expect(
      desk.handle({ method: 'GET', path: '/v1/charges', query: '', headers: {}, body: '' }),
    ).toBeUndefined();
  });
});
