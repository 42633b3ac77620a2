import { describe, expect, it } from 'vitest';
import { ConflictError, IntegrityError, InvalidResponseError, NotFoundError } from '../../../src/errors.js';
import failed from '../../fixtures/magpie/charge-failed.json' with { type: 'json' };
import { client, fresh, held, key, manual, mockProvider, provider } from './mocked-provider.js';
import { wireCharge } from './wire-charges.js';

mockProvider();

describe('capture', () => {
  it('reads the amount and sends it where none is given', async () => {
    provider().get('/v2/charges/ch_1cc1').twice().reply(200, fresh(held));
    provider()
      .post('/v2/charges/ch_1cc1/capture', { amount: 50000 })
      .reply(200, fresh({ metadata: manual }));
    await expect(client().capture('ch_1cc1', {}, key)).resolves.toMatchObject({
      status: 'captured',
      amountCaptured: 50000,
    });
  });

  it.each([50000, 40000])(
    'of a part shows the part, whether the amount shrinks or not (%i)',
    async (amount) => {
      provider().get('/v2/charges/ch_1cc1').reply(200, fresh(held));
      provider()
        .post('/v2/charges/ch_1cc1/capture', { amount: 40000 })
        .reply(200, fresh({ amount, metadata: manual }));
      const charge = await client().capture('ch_1cc1', { amount: 40000 }, key);
      expect(charge).toMatchObject({ status: 'captured', amountCaptured: 40000 });
    },
  );

  it('whose answer still shows an authorization is no success', async () => {
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh(held));
    provider().post('/v2/charges/ch_1cc1/capture').reply(200, fresh(held));
    await expect(client().capture('ch_1cc1', { amount: 50000 }, key)).rejects.toMatchObject({
      name: 'InvalidResponseError',
      outcome: 'unknown',
    });
  });

  it('whose answer is lost is read off the charge', async () => {
    const charges = client();
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh(held));
    provider().post('/v2/charges/ch_1cc1/capture').reply(500, { detail: 'Oops.' });
    await expect(charges.capture('ch_1cc1', { amount: 40000 }, key)).rejects.toMatchObject({
      outcome: 'unknown',
    });
    provider()
      .get('/v2/charges/ch_1cc1')
      .reply(200, fresh({ metadata: manual }));
    await expect(charges.capture('ch_1cc1', { amount: 40000 }, key)).resolves.toMatchObject({
      status: 'captured',
      amountCaptured: null,
    });
  });

  it('of a captured charge is a conflict', async () => {
    provider().get('/v2/charges/ch_1cc1').twice().reply(200, fresh(held));
    provider().post('/v2/charges/ch_1cc1/capture').reply(409, { detail: 'Already captured.' });
    await expect(client().capture('ch_1cc1', { amount: 1 }, key)).rejects.toMatchObject({
      name: 'ConflictError',
      outcome: 'rejected',
    });
  });
});

describe('void', () => {
  it.each(['voided', 'canceled'])('posts without a body and reads %s', async (status) => {
    let body: unknown;
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh(held));
    provider()
      .post('/v2/charges/ch_1cc1/void', (sent: unknown) => {
        body = sent;
        return true;
      })
      .reply(200, fresh({ status, captured: false }));
    const charge = await client().reverse('ch_1cc1', key);
    expect(charge).toMatchObject({ status: 'voided', amountCaptured: 0, amountRefunded: 0 });
    expect(body).toBe('');
  });

  it.each(['failed', 'succeeded', 'undone'])('whose answer says %s is no success', async (status) => {
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh(held));
    provider().post('/v2/charges/ch_1cc1/void').reply(200, fresh({ status }));
    await expect(client().void('ch_1cc1', key)).rejects.toMatchObject({ outcome: 'unknown' });
  });
});

describe('refund', () => {
  const entry = {
    id: 're_2',
    amount: 500,
    currency: 'PHP',
    reason: 'duplicate',
    status: 'pending',
    created_at: '2025-02-06T09:00:00+08:00',
  };
  const old = wireCharge().refunds ?? [];

  it('is the new entry of the charge that answers', async () => {
    provider().get('/v2/charges/ch_1cc1').twice().reply(200, wireCharge());
    provider()
      .post('/v2/charges/ch_1cc1/refund', { amount: 500, reason: 'duplicate' })
      .reply(200, wireCharge({ amount_refunded: 12500, refunds: [...old, entry] }));
    const refund = await client().refund('ch_1cc1', { amount: 500, reason: 'duplicate' }, key);
    expect(refund).toMatchObject({
      id: 're_2',
      chargeId: 'ch_1cc1',
      amount: 500,
      status: 'pending',
      reason: 'duplicate',
    });
  });

  it('of everything sends an empty object', async () => {
    let body: unknown;
    provider().get('/v2/charges/ch_1cc1').twice().reply(200, fresh());
    provider()
      .post('/v2/charges/ch_1cc1/refund', (sent: unknown) => {
        body = sent;
        return true;
      })
      .reply(
        200,
        fresh({ status: 'refunded', amount_refunded: 50000, refunds: [{ ...entry, amount: 50000 }] }),
      );
    await expect(client().refund('ch_1cc1', {}, key)).resolves.toMatchObject({ amount: 50000 });
    expect(body).toEqual({});
  });

  it('whose answer is lost is found among the refunds that were not there before', async () => {
    const charges = client();
    provider().get('/v2/charges/ch_1cc1').twice().reply(200, wireCharge());
    provider().post('/v2/charges/ch_1cc1/refund').reply(504, '');
    await expect(charges.refund('ch_1cc1', { amount: 500 }, key)).rejects.toMatchObject({
      outcome: 'unknown',
    });
    provider()
      .get('/v2/charges/ch_1cc1')
      .reply(200, wireCharge({ refunds: [entry, ...old] }));
    await expect(charges.refund('ch_1cc1', { amount: 500 }, key)).resolves.toMatchObject({ id: 're_2' });
  });

  it('of another amount than was asked is no success', async () => {
    provider().get('/v2/charges/ch_1cc1').twice().reply(200, fresh());
    provider()
      .post('/v2/charges/ch_1cc1/refund')
      .reply(200, fresh({ amount_refunded: 50000, refunds: [{ ...entry, amount: 50000 }] }));
    await expect(client().refund('ch_1cc1', { amount: 500 }, key)).rejects.toMatchObject({
      name: 'IntegrityError',
      outcome: 'unknown',
    });
  });

  it('that the merchant cannot pay is a conflict, no decline', async () => {
    provider().get('/v2/charges/ch_1cc1').twice().reply(200, fresh());
    provider().post('/v2/charges/ch_1cc1/refund').reply(402, { detail: 'Balance too low.' });
    const error = await client()
      .refund('ch_1cc1', { amount: 500 }, key)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConflictError);
  });

  it('is listed and read from the charge', async () => {
    provider().get('/v2/charges/ch_1cc1').times(3).reply(200, wireCharge());
    await expect(client().listRefunds('ch_1cc1')).resolves.toMatchObject([{ id: 're_1ff1' }]);
    await expect(client().retrieveRefund('ch_1cc1', 're_1ff1')).resolves.toMatchObject({ amount: 12000 });
    await expect(client().retrieveRefund('ch_1cc1', 're_9')).rejects.toBeInstanceOf(NotFoundError);
  });

  it('is not listed from an answer that could hide some', async () => {
    provider()
      .get('/v2/charges/ch_1cc1')
      .reply(200, wireCharge({ refunds: null }));
    await expect(client().listRefunds('ch_1cc1')).rejects.toBeInstanceOf(InvalidResponseError);
  });
});

describe('verify3DS', () => {
  const otp = { confirmationId: 'conf_123', code: '000111' };
  const open = { status: 'pending', authorized: false, captured: false };

  it('reads the charge after the redirect', async () => {
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh());
    const expected = { chargeId: 'ch_1cc1', amount: 50000, currency: 'PHP' };
    await expect(client().verify3DS({ chargeId: 'ch_1cc1', expected })).resolves.toMatchObject({
      status: 'captured',
    });
  });

  it('rejects the charge of another order', async () => {
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh());
    const expected = { amount: 99900 };
    await expect(client().verify3DS({ chargeId: 'ch_1cc1', expected })).rejects.toBeInstanceOf(
      IntegrityError,
    );
  });

  it('rejects a charge that failed', async () => {
    provider().get('/v2/charges/ch_1cc2').reply(200, failed);
    await expect(client().verify3DS({ chargeId: 'ch_1cc2' })).rejects.toMatchObject({
      name: 'CardError',
      declineCode: 'authentication_required',
    });
  });

  it('sends a one-time password', async () => {
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh(open));
    provider()
      .post('/v2/charges/ch_1cc1/verify', { confirmation_id: 'conf_123', otp: '000111' })
      .reply(200, fresh());
    await expect(client().verify3DS({ chargeId: 'ch_1cc1', otp })).resolves.toMatchObject({
      status: 'captured',
    });
  });

  it('sends it once: where the answer is lost, the charge is read', async () => {
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh(open));
    provider().post('/v2/charges/ch_1cc1/verify').reply(502, '');
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh());
    await expect(client({ maxRetries: 3 }).verify3DS({ chargeId: 'ch_1cc1', otp })).resolves.toMatchObject({
      status: 'captured',
    });
  });

  it('sends none to a charge that is through', async () => {
    provider().get('/v2/charges/ch_1cc1').twice().reply(200, fresh());
    await expect(client().verify3DS({ chargeId: 'ch_1cc1', otp })).resolves.toMatchObject({
      status: 'captured',
    });
  });
});

describe('an answer about another charge', () => {
  const other = fresh({ id: 'ch_other', metadata: {} });
  const unknown = {
    name: 'IntegrityError',
    code: 'crossed_answers',
    outcome: 'unknown',
    chargeId: 'ch_1cc1',
  };

  it('is no success of a capture', async () => {
    provider().post('/v2/charges/ch_1cc1/capture').reply(200, other);
    await expect(client().capture('ch_1cc1', { amount: 50000 })).rejects.toMatchObject(unknown);
  });

  it('is no success of a void', async () => {
    provider()
      .post('/v2/charges/ch_1cc1/void')
      .reply(200, { ...other, status: 'voided' });
    await expect(client().void('ch_1cc1')).rejects.toMatchObject(unknown);
  });

  it('is no success of a refund', async () => {
    provider().get('/v2/charges/ch_1cc1').twice().reply(200, fresh());
    provider()
      .post('/v2/charges/ch_1cc1/refund')
      .reply(200, { ...wireCharge(), id: 'ch_other' });
    await expect(client().refund('ch_1cc1', { amount: 12000 })).rejects.toMatchObject(unknown);
  });

  it('is nothing to refund, and no answer of a read', async () => {
    provider().get('/v2/charges/ch_1cc1').times(4).reply(200, other);
    const crossed = { name: 'IntegrityError', outcome: 'not_sent' };
    await expect(client().refund('ch_1cc1', {})).rejects.toMatchObject(crossed);
    await expect(client().retrieve('ch_1cc1')).rejects.toMatchObject(crossed);
    await expect(client().listRefunds('ch_1cc1')).rejects.toMatchObject(crossed);
    await expect(client().verify3DS({ chargeId: 'ch_1cc1' })).rejects.toMatchObject({
      name: 'IntegrityError',
    });
  });
});
