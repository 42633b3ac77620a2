import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pinProvider } from '../../../src/providers/pin/index.js';
import { fillRoute } from '../../../src/transport/encode.js';
import authorized from '../../fixtures/pin/charge-authorized.json' with { type: 'json' };
import captured from '../../fixtures/pin/charge-captured.json' with { type: 'json' };
import pending from '../../fixtures/pin/charge-pending-3ds.json' with { type: 'json' };
import { outputOf, requestOf } from '../seam.js';
import { recordedCall, type RecordedCall } from './call.js';
import { client, useHost } from './host.js';
import type { Wire } from './reading.js';

const id = authorized.response.token;
const late = { response: { ...authorized.response, captured: true, status_message: 'Success' } };
const marked: Wire = {
  ...authorized.response,
  metadata: { unicharge_capture: 'manual', unicharge_key: 'k' },
};

const verify = (
  response: Wire,
  call: RecordedCall,
  params: { chargeId?: string; sessionToken?: string } = { sessionToken: 'se_1' },
) => outputOf(pinProvider, 'verify3DS', { body: { response } }, call, { params });

describe('a charge after 3-D Secure', () => {
  it('that is captured is read once', async () => {
    const call = recordedCall();
    expect(await verify(captured.response, call)).toMatchObject({
      status: 'captured',
      threeDS: { status: 'unknown' },
    });
    expect([call.sent, call.slept]).toEqual([[], []]);
  });

  it('that reads authorized for a moment is read again until it is captured', async () => {
    const call = recordedCall({ answers: [authorized, authorized, late] });
    expect(await verify(authorized.response, call)).toMatchObject({
      status: 'captured',
      threeDS: { status: 'unknown' },
    });
    expect(call.slept).toEqual([250, 500, 1000]);
    expect(call.sent).toEqual(
      Array.from({ length: 3 }, () => ({ method: 'GET', route: '/1/charges/{id}', ids: { id } })),
    );
  });

  it('is read for five seconds at most, and then is what it says', async () => {
    const call = recordedCall({ answers: Array.from({ length: 9 }, () => authorized) });
    expect(await verify(authorized.response, call)).toMatchObject({ status: 'authorized' });
    expect(call.slept.reduce((sum, wait) => sum + wait, 0)).toBe(5000);
  });

  it('whose wait is aborted is what was answered: never an error, and never "not sent"', async () => {
    const call: RecordedCall = {
      ...recordedCall(),
      sleep: () => Promise.reject(new DOMException('stop', 'AbortError')),
    };
    expect(await verify(authorized.response, call)).toMatchObject({ id, status: 'authorized' });
  });

  it('is not taken from an answer about another charge', async () => {
    const other = { response: { ...late.response, token: 'ch_other' } };
    const call = recordedCall({ answers: [other] });
    expect(await verify(authorized.response, call)).toMatchObject({ id, status: 'authorized' });
  });

  it('that was created to be captured later is not waited for', async () => {
    const call = recordedCall();
    expect(await verify(marked, call)).toMatchObject({ status: 'authorized', metadata: {} });
    expect(call.sent).toEqual([]);
  });

  it('stays what the verify said where reading again fails, because the payment has been answered', async () => {
    const call = recordedCall({ answers: [authorized, new Error('connection lost')] });
    expect(await verify(authorized.response, call)).toMatchObject({ status: 'authorized' });
    expect(call.sent).toHaveLength(2);
  });

  it('that is still open resolves as open', async () => {
    expect(await verify(pending.response, recordedCall())).toMatchObject({
      status: 'requires_action',
      threeDS: { status: 'required' },
    });
  });

  it('of another order is refused', () => {
    expect(() => verify(captured.response, recordedCall(), { sessionToken: 'se_1', chargeId: id })).toThrow(
      expect.objectContaining({
        name: 'IntegrityError',
        code: 'unexpected_charge',
        chargeId: captured.response.token,
      }),
    );
  });
});

describe('a create with 3-D Secure that needs no payer', () => {
  const params = { amount: 1250, currency: 'AUD', source: 'card_1', returnUrl: 'https://shop.example/back' };
  const made = (response: Wire, call: RecordedCall, change: object = {}) =>
    outputOf(pinProvider, 'create', { body: { response }, status: 201 }, call, {
      params: { ...params, ...change },
    });

  it('waits for its capture, too', async () => {
    const call = recordedCall({ answers: [late] });
    expect(await made(authorized.response, call)).toMatchObject({
      status: 'captured',
      threeDS: { status: 'unknown' },
    });
  });

  it('does not wait where only an authorization was asked, or no 3-D Secure', async () => {
    const call = recordedCall();
    expect(await made(authorized.response, call, { capture: false })).toMatchObject({ status: 'authorized' });
    expect(await made(authorized.response, call, { returnUrl: undefined })).toMatchObject({
      status: 'authorized',
      threeDS: null,
    });
    expect(call.sent).toEqual([]);
  });
});

describe('a text from outside', () => {
  it('reaches Pin as it is, in one parameter, whatever it holds', () => {
    const readBack = (route: string, name: string) =>
      new URL(route, 'https://pin.example').searchParams.get(name);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const verified = fillRoute(
          requestOf(pinProvider, 'verify3DS', { params: { sessionToken: text } }, recordedCall()),
        );
        expect(new URL(verified, 'https://pin.example').pathname).toBe('/1/charges/verify');
        expect(readBack(verified, 'session_token')).toBe(text);
        const searched = requestOf(
          pinProvider,
          'search',
          { params: { query: text }, cursor: null },
          recordedCall(),
        );
        expect(readBack(fillRoute(searched), 'query')).toBe(text);
      }),
    );
  });
});

describe('verify3DS', () => {
  const { received, lines, expectRequest } = useHost();
  const verifyPath = '/1/charges/verify?session_token=se_a%26b%2Fc';
  const params = { sessionToken: 'se_a&b/c' };
  const expected = { chargeId: captured.response.token, amount: 1250, currency: 'AUD' };

  it('sends the session token encoded', async () => {
    expectRequest('GET', verifyPath, { status: 200, body: captured });
    expect(await client().verify3DS({ ...params, expected })).toMatchObject({ status: 'captured' });
    expect(received[0]?.body).toBe('');
  });

  it('is sent once, whatever retries are allowed: it finishes the payment', async () => {
    expectRequest('GET', verifyPath, { status: 503, body: '' });
    await expect(client({ maxRetries: 5 }).verify3DS(params)).rejects.toMatchObject({ outcome: 'unknown' });
    expect(lines()).toHaveLength(1);
  });

  it('whose answer is lost is settled by reading the charge that was named', async () => {
    expectRequest('GET', verifyPath, { status: 502, body: '<html>' });
    expectRequest('GET', `/1/charges/${captured.response.token}`, { status: 200, body: captured });
    const charge = await client().verify3DS({ ...params, chargeId: captured.response.token });
    expect(charge.status).toBe('captured');
  });

  it('of a session that was verified before is settled by reading the charge that was named', async () => {
    expectRequest('GET', verifyPath, { status: 404, body: { error: 'not_found' } });
    expectRequest('GET', `/1/charges/${captured.response.token}`, { status: 200, body: captured });
    const charge = await client().verify3DS({ ...params, chargeId: captured.response.token, expected });
    expect(charge.status).toBe('captured');
  });

  it('of a session that Pin does not know is no rejection where no charge was named', async () => {
    expectRequest('GET', verifyPath, { status: 404, body: { error: 'not_found' } });
    await expect(client().verify3DS(params)).rejects.toMatchObject({
      name: 'NotFoundError',
      outcome: 'unknown',
    });
  });

  it('with a charge alone only reads', async () => {
    expectRequest('GET', `/1/charges/${captured.response.token}`, { status: 200, body: captured });
    await client().verify3DS({ chargeId: captured.response.token, expected });
    expect(lines()).toEqual([`GET /1/charges/${captured.response.token}`]);
  });

  it.each([
    ['charge', { ...expected, chargeId: id }],
    ['amount', { ...expected, amount: 99_999 }],
    ['currency', { ...expected, currency: 'USD' }],
  ])(
    'with the token of another %s is an integrity error: the payer may have pasted a cheaper one',
    async (_, order) => {
      expectRequest('GET', verifyPath, { status: 200, body: captured });
      await expect(client().verify3DS({ ...params, expected: order })).rejects.toMatchObject({
        name: 'IntegrityError',
        chargeId: captured.response.token,
      });
    },
  );

  it('with the token of another charge than the named one is an integrity error, and reads nothing instead', async () => {
    expectRequest('GET', verifyPath, { status: 200, body: captured });
    await expect(client().verify3DS({ ...params, chargeId: id })).rejects.toMatchObject({
      name: 'IntegrityError',
      code: 'unexpected_charge',
      chargeId: captured.response.token,
    });
    expect(lines()).toHaveLength(1);
  });

  it('rejects a decline like create, by an error answer and by a failed charge', async () => {
    const error = {
      error: 'insufficient_funds',
      error_description: 'There are not enough funds',
      charge_token: id,
    };
    expectRequest('GET', verifyPath, { status: 400, body: error });
    await expect(client().verify3DS(params)).rejects.toMatchObject({
      name: 'CardError',
      declineCode: 'insufficient_funds',
      outcome: 'rejected',
      chargeId: id,
    });
    const failed = { ...authorized.response, success: false, error_message: 'Authentication failed' };
    expectRequest('GET', verifyPath, { status: 200, body: { response: failed } });
    await expect(client().verify3DS(params)).rejects.toMatchObject({
      name: 'CardError',
      declineCode: 'generic_decline',
      charge: { status: 'failed', threeDS: { status: 'unknown' } },
    });
  });

  describe('refused with a code that nobody knows, which names the charge,', () => {
    const refused = { error: 'session_completed', error_description: 'It was completed', charge_token: id };
    const failed = { ...authorized.response, success: false, error_message: 'Authentication failed' };

    it('is what the charge says: a second copy of a verification is refused so, too', async () => {
      expectRequest('GET', verifyPath, { status: 400, body: refused });
      expectRequest('GET', `/1/charges/${id}`, { status: 200, body: late });
      expect(await client().verify3DS(params)).toMatchObject({ id, status: 'captured' });
    });

    it('is a decline where the charge failed', async () => {
      expectRequest('GET', verifyPath, { status: 400, body: refused });
      expectRequest('GET', `/1/charges/${id}`, { status: 200, body: { response: failed } });
      await expect(client().verify3DS(params)).rejects.toMatchObject({
        name: 'CardError',
        outcome: 'rejected',
        charge: { id, status: 'failed' },
      });
    });

    it.each([
      ['is open', { status: 200, body: pending }],
      ['cannot be read', { status: 503, body: '' }],
    ])('is unknown where the charge %s', async (_, reply) => {
      const { token } = pending.response;
      expectRequest('GET', verifyPath, { status: 400, body: { ...refused, charge_token: token } });
      expectRequest('GET', `/1/charges/${token}`, reply);
      await expect(client({ maxRetries: 0 }).verify3DS(params)).rejects.toMatchObject({
        name: 'OutcomeUnknownError',
        outcome: 'unknown',
        chargeId: token,
        cause: { name: 'CardError' },
      });
    });
  });

  it('whose answer is lost is settled by reading the charge that the answer names', async () => {
    expectRequest('GET', verifyPath, { status: 502, body: { error: 'gateway_error', charge_token: id } });
    expectRequest('GET', `/1/charges/${id}`, { status: 200, body: late });
    expect(await client().verify3DS(params)).toMatchObject({ id, status: 'captured' });
  });

  it('needs a session token or a charge', async () => {
    await expect(client().verify3DS({})).rejects.toMatchObject({
      name: 'InvalidRequestError',
      outcome: 'not_sent',
    });
  });
});
