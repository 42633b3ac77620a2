import { describe, expect, it } from 'vitest';
import { InvalidResponseError } from '../../../src/errors.js';
import * as operations from '../../../src/providers/magpie/operations.js';
import { magpieProvider } from '../../../src/providers/magpie/provider.js';
import { wireChargeListSchema } from '../../../src/providers/magpie/wire.js';
import listed from '../../fixtures/magpie/list.json' with { type: 'json' };
import { answerOf, recordedCall } from './call.js';
import { wireCharge } from './wire-charges.js';

describe('the operations', () => {
  it('are those that the provider has', () => {
    expect(Object.keys(magpieProvider.operations).toSorted()).toEqual(
      [
        ...['capture', 'create', 'list', 'listRefunds', 'refund', 'retrieve', 'retrieveRefund'],
        ...['search', 'verify3DS', 'void'],
      ].toSorted(),
    );
  });

  it('claim nothing that is not known', () => {
    const { list, refund, capture } = magpieProvider.operations;
    expect(list.capability).toEqual({ order: 'unspecified', pushedDown: [] });
    expect(refund.capability).toEqual({ partial: true, metadata: false });
    expect(capture.capability).toEqual({ partial: true });
    expect(magpieProvider.operations.void.capability).toEqual({ captured: true });
    expect(magpieProvider.writeSafety).toEqual({ kind: 'lookup' });
    expect(magpieProvider.rateLimitMeansNotExecuted).toBe(false);
  });
});

describe('capture', () => {
  it('reads the amount where none is given, and sends it', async () => {
    const input = { id: 'ch_1cc1', params: {} };
    const { call, sent } = recordedCall({ bodies: [wireCharge()] });
    const prepared = await operations.capture.prepare(input, call);
    expect(sent).toEqual([{ method: 'GET', route: '/v2/charges/{id}', ids: { id: 'ch_1cc1' } }]);
    expect(operations.capture.request(input, recordedCall({ prepared }).call).json).toEqual({
      amount: 50000,
    });
  });

  it('reads nothing where the amount is given', async () => {
    const input = { id: 'ch_1cc1', params: { amount: 400 } };
    const { call, sent } = recordedCall();
    const prepared = await operations.capture.prepare(input, call);
    expect(sent).toEqual([]);
    expect(operations.capture.request(input, recordedCall({ prepared }).call).json).toEqual({ amount: 400 });
  });

  it('shows the amount that was sent', () => {
    const wire = wireCharge({ metadata: { unicharge_capture: 'manual' }, amount_refunded: 0, refunds: [] });
    const { call } = recordedCall({ prepared: { amount: 400 } });
    const charge = operations.capture.output({ wire, answer: answerOf(200, wire) }, call);
    expect(charge).toMatchObject({ status: 'captured', amount: 50000, amountCaptured: 400 });
  });
});

describe('verify3DS', () => {
  const { prepare, request } = operations.verify3DS;
  const read = { method: 'GET', route: '/v2/charges/{id}', ids: { id: 'ch_1cc1' } };
  const otp = { confirmationId: 'conf_123', code: '000111' };
  const open = { status: 'pending', authorized: false, captured: false };

  it('reads the charge, once', async () => {
    const { call, sent } = recordedCall();
    const prepared = await prepare({ params: { chargeId: 'ch_1cc1' } }, call);
    expect(sent).toEqual([]);
    expect(request({ params: { chargeId: 'ch_1cc1' } }, recordedCall({ prepared }).call)).toEqual(read);
  });

  it('sends a one-time password to a charge that waits for it', async () => {
    const { call, sent } = recordedCall({ bodies: [wireCharge(open)] });
    const prepared = await prepare({ params: { chargeId: 'ch_1cc1', otp } }, call);
    expect(sent).toEqual([read]);
    expect(request({ params: { chargeId: 'ch_1cc1', otp } }, recordedCall({ prepared }).call)).toEqual({
      method: 'POST',
      route: '/v2/charges/{id}/verify',
      ids: { id: 'ch_1cc1' },
      json: { confirmation_id: 'conf_123', otp: '000111' },
    });
  });

  it.each(['succeeded', 'failed', 'voided', 'expired'])(
    'sends none to a charge that is through: %s',
    async (status) => {
      const { call } = recordedCall({ bodies: [wireCharge({ status })] });
      const prepared = await prepare({ params: { chargeId: 'ch_1cc1', otp } }, call);
      expect(request({ params: { chargeId: 'ch_1cc1', otp } }, recordedCall({ prepared }).call)).toEqual(
        read,
      );
    },
  );
});

describe('a page of the list', () => {
  const page = (change: object, limit?: number) => {
    const wire = wireChargeListSchema.parse({ ...listed, ...change });
    const { call } = recordedCall();
    const params = limit === undefined ? {} : { limit };
    return operations.list.output({ wire, answer: answerOf(200, wire) }, call, { params, cursor: null });
  };

  it('has every charge and the cursor of the next page', async () => {
    const { data, nextCursor } = await page({});
    expect(data.map(({ id }) => id)).toEqual(['ch_0aa1', 'ch_0aa2']);
    expect(nextCursor).toBe('ch_0aa2');
  });

  it.each([null, '', undefined])('is the last where next is %j', async (next) => {
    expect((await page({ next })).nextCursor).toBeNull();
  });

  it('is cut to a smaller limit, and goes on behind the last charge that it shows', async () => {
    const { data, nextCursor } = await page({ next: null }, 1);
    expect(data.map(({ id }) => id)).toEqual(['ch_0aa1']);
    expect(nextCursor).toBe('ch_0aa1');
    expect((await page({ next: null }, 2)).nextCursor).toBeNull();
    expect(await page({ data: [], next: null }, 1)).toEqual({ data: [], nextCursor: null });
  });

  it('is refused where nobody can tell whether it is the last', async () => {
    await expect(page({ next: 7 })).rejects.toThrow(InvalidResponseError);
    await expect(page({ next: '/v2/charges/?page=2' })).rejects.toThrow(InvalidResponseError);
  });
});

describe('the connection', () => {
  const settings = (key: string, platform?: 'magpie' | 'zip') =>
    ({ secretKey: magpieProvider.settings.secretKey.parse(key), platform, defaults: undefined }) as const;

  it('goes to the company that was chosen, and nowhere without a choice', () => {
    expect(magpieProvider.connect(settings('sk_test_1', 'magpie')).origin).toBe('https://api.magpie.im');
    expect(magpieProvider.connect(settings('sk_test_1', 'zip')).origin).toBe('https://api.zip.ph');
    expect(magpieProvider.connect(settings('sk_test_1')).origin).toBeNull();
  });

  it('knows test and live by the key', () => {
    expect(magpieProvider.connect(settings('sk_test_1')).livemode).toBe(false);
    expect(magpieProvider.connect(settings('sk_live_1')).livemode).toBe(true);
    expect(magpieProvider.connect(settings('sk_1')).livemode).toBeNull();
  });

  it.each(['pk_test_1', 'pk_live_1', 'whsec_1', 'SK_test_1'])(
    'refuses a key that is no secret key: %s',
    (key) => {
      const parsed = magpieProvider.settings.secretKey.safeParse(key);
      expect(parsed.success).toBe(false);
      expect(JSON.stringify(parsed.error?.issues)).not.toContain(key);
    },
  );
});
