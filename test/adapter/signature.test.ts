import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { headerPair, timedHeader } from '../../src/adapter/signature.js';
import { backs, pays } from './penny.js';
import { recordedCall } from '../providers/pin/call.js';
import { eventsOf } from '../../src/adapter/events.js';

const body = Buffer.from('{"id":"evt_1"}');
const secret = Buffer.from('the key').toString('base64');
const now = 1_700_000_000_000;
const signatureOf = (time: string, key: string | Buffer) =>
  createHmac('sha256', key).update(`${time}.`).update(body).digest('hex');
const delivery = (headers: Record<string, string>) => ({
  body,
  headers,
  secrets: [secret],
  toleranceMs: 300_000,
  now,
});

const bySeconds = headerPair({
  provider: 'penny',
  signatures: 'penny-signature',
  timestamp: 'penny-time',
  secretPlace: 'the secret',
  key: (text) => (/^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null),
});

describe('a signature in two headers', () => {
  const time = String(now / 1000);

  it('is checked with the key behind the secret, and one of several is enough', () => {
    const good = signatureOf(time, 'the key');
    const verify =
      (signature: string, at = time) =>
      () => {
        bySeconds(delivery({ 'penny-signature': signature, 'penny-time': at }), {});
      };
    expect(verify(good)).not.toThrow();
    expect(verify(`${'0'.repeat(64)}, ${good}`, ` ${time} `)).not.toThrow();
    expect(verify(signatureOf(time, secret))).toThrow('no signature fits');
    expect(verify('zz')).toThrow('no hexadecimal signature');
    expect(verify(good, 'now')).toThrow('no number of seconds');
    const late = String(now / 1000 - 301);
    expect(verify(signatureOf(late, 'the key'), late)).toThrow('too far from now');
  });

  it('is over the text of the time as it came, where only its provider reads that text', () => {
    const byText = headerPair({
      provider: 'penny',
      signatures: 'penny-signature',
      timestamp: 'penny-time',
      secretPlace: 'the secret',
      moment: (text) => Date.parse(text),
    });
    const text = ` ${new Date(now).toISOString()}`;
    const headers = { 'penny-signature': signatureOf(text, secret), 'penny-time': text };
    expect(() => byText(delivery(headers), {})).not.toThrow();
    expect(() =>
      byText(delivery({ ...headers, 'penny-signature': signatureOf(text.trim(), secret) }), {}),
    ).toThrow('no signature fits');
  });
});

describe('a signature in one header', () => {
  const time = String(now / 1000);
  const good = signatureOf(time, secret);
  const verify =
    (header: string, schemes?: (settings: { readonly live: boolean }) => readonly string[]) => () => {
      timedHeader<{ readonly live: boolean }>({
        provider: 'penny',
        header: 'Penny-Signature',
        secretPlace: 'the secret',
        ...(schemes === undefined ? {} : { schemes }),
      })(delivery({ 'penny-signature': header }), { live: true });
    };

  it('stands under v1, or under the names that the provider gives it', () => {
    expect(verify(`t=${time},v1=${good}`)).not.toThrow();
    expect(verify(`t=${time},te=,li=${good}`)).toThrow('no time or no v1 signature');
    expect(verify(`t=${time},te=,li=${good}`, ({ live }) => [live ? 'li' : 'te'])).not.toThrow();
    expect(verify(`t=${time},te=${good},li=`, ({ live }) => [live ? 'li' : 'te'])).toThrow(
      'no time or no li signature',
    );
    expect(verify(`t=${time},te=${'0'.repeat(64)},li=${good}`, () => ['te', 'li'])).not.toThrow();
  });
});

describe('an event', () => {
  const read = eventsOf({
    provider: 'penny',
    charge: pays,
    refund: backs,
    read: (payload) => {
      const { id, name, data } = payload as { id: string; name: string; data: unknown };
      return { id, name, createdAt: null, livemode: true, data };
    },
    names: { 'pay.made': 'new_charge', 'pay.done': 'charge', 'back.made': 'new_refund' },
    dispute: () => null,
  });

  it('whose object is named by two ids is fetched by both', async () => {
    const back = { id: 'back_1', pay: 'pay_1', amount: 200, state: 'done' };
    const call = recordedCall({ answers: [back] });
    const event = await read({ id: 'e', name: 'back.made', data: { id: 'back_1', pay: 'pay_1' } }, call);
    expect(event).toMatchObject({ type: 'refund.succeeded', chargeId: 'pay_1', livemode: true });
    expect(call.sent).toEqual([
      { method: 'GET', route: '/pays/{id}/backs/{backId}', ids: { id: 'pay_1', backId: 'back_1' } },
    ]);
    const other = recordedCall({ answers: [{ ...back, id: 'back_2' }] });
    await expect(
      read({ id: 'e', name: 'back.made', data: { id: 'back_1', pay: 'pay_1' } }, other),
    ).rejects.toMatchObject({ code: 'crossed_answers' });
  });

  it('that names one of two ids is reported and claims nothing', async () => {
    const call = recordedCall();
    expect(await read({ id: 'e', name: 'back.made', data: { id: 'back_1' } }, call)).toMatchObject({
      type: 'refund.updated',
      refund: null,
    });
    expect(call.drifts).toEqual([['data', 'wrong_type']]);
  });
});
