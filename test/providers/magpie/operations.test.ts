import { describe, expect, it } from 'vitest';
import { InvalidResponseError } from '../../../src/errors.js';
import { capabilitiesOf } from '../../../src/calls/capabilities.js';
import type { Operation } from '../../../src/charges-client.js';
import type { Call, OperationInputs } from '../../../src/provider.js';
import { magpieProvider } from '../../../src/providers/magpie/index.js';
import { fits, outputOf, requestOf, rowIn } from '../seam.js';
import listed from '../../fixtures/magpie/list.json' with { type: 'json' };
import { recordedCall } from './call.js';
import { readCaptured, wireCharge } from './wire-charges.js';

const prepareOf = <Name extends Operation>(name: Name, input: OperationInputs[Name], call: Call) =>
  rowIn(magpieProvider, name).prepare?.(input, call);

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
    const {
      list,
      search,
      refund,
      capture,
      void: release,
      verify3DS,
      create,
    } = capabilitiesOf(magpieProvider);
    expect(create).toEqual({
      supported: true,
      sources: ['token'],
      requires: ['description', 'statementDescriptor'],
      refuses: ['customer', 'expiresAt'],
      leavesOut: ['email', 'ip', 'billing', 'shipping'],
      currencies: ['PHP'],
    });
    expect(list).toEqual({ supported: true, order: 'unspecified', pushedDown: [] });
    expect(search).toMatchObject({ maxPages: 20, pushedDown: [] });
    expect(refund).toEqual({ supported: true, partial: true, metadata: false });
    expect(capture).toEqual({ supported: true, partial: true });
    expect(release).toEqual({ supported: true, captured: true });
    expect(verify3DS).toEqual({ supported: true, by: ['chargeId', 'otp'] });
    expect(magpieProvider.operations.verify3DS.isWrite).toBe(true);
    expect(magpieProvider.writeSafety).toEqual({ kind: 'lookup' });
    expect(magpieProvider.rateLimitMeansNotExecuted).toBe(false);
  });
});

describe('capture', () => {
  const jsonOf = (input: OperationInputs['capture'], prepared: unknown) =>
    requestOf(magpieProvider, 'capture', input, recordedCall({ prepared }).call).json;

  it('reads the amount where none is given, and sends it', async () => {
    const input = { id: 'ch_1cc1', params: {} };
    const { call, sent } = recordedCall({ bodies: [wireCharge()] });
    const prepared = await prepareOf('capture', input, call);
    expect(prepared).toEqual({ amount: 50000 });
    expect(sent).toEqual([{ method: 'GET', route: '/v2/charges/{id}', ids: { id: 'ch_1cc1' } }]);
    expect(jsonOf(input, prepared)).toEqual({ amount: 50000 });
  });

  it('reads nothing where the amount is given', async () => {
    const input = { id: 'ch_1cc1', params: { amount: 400 } };
    const { call, sent } = recordedCall();
    const prepared = await prepareOf('capture', input, call);
    expect(sent).toEqual([]);
    expect(jsonOf(input, prepared)).toEqual({ amount: 400 });
  });

  it('sends nothing from a record that it cannot have written', () => {
    const input = { id: 'ch_1cc1', params: {} };
    for (const prepared of [null, {}, { amount: null }, { amount: '400' }])
      expect(() => jsonOf(input, prepared)).toThrow();
  });

  it('shows the amount that was sent', () => {
    const change = { metadata: { unicharge_capture: 'manual' }, amount_refunded: 0, refunds: [] };
    const { charge } = readCaptured(change, 400);
    expect(charge).toMatchObject({ status: 'captured', amount: 50000, amountCaptured: 400 });
  });
});

describe('verify3DS', () => {
  const read = { method: 'GET', route: '/v2/charges/{id}', ids: { id: 'ch_1cc1' } };
  const otp = { confirmationId: 'conf_123', code: '000111' };
  const open = { status: 'pending', authorized: false, captured: false };
  const request = (input: OperationInputs['verify3DS'], prepared: unknown) =>
    requestOf(magpieProvider, 'verify3DS', input, recordedCall({ prepared }).call);

  it('reads the charge, once', async () => {
    const input = { params: { chargeId: 'ch_1cc1' } };
    const { call, sent } = recordedCall();
    const prepared = await prepareOf('verify3DS', input, call);
    expect(sent).toEqual([]);
    expect(request(input, prepared)).toEqual(read);
  });

  it('sends a one-time password to a charge that waits for it', async () => {
    const input = { params: { chargeId: 'ch_1cc1', otp } };
    const { call, sent } = recordedCall({ bodies: [wireCharge(open)] });
    const prepared = await prepareOf('verify3DS', input, call);
    expect(sent).toEqual([read]);
    expect(request(input, prepared)).toEqual({
      method: 'POST',
      route: '/v2/charges/{id}/verify',
      ids: { id: 'ch_1cc1' },
      json: { confirmation_id: 'conf_123', otp: '000111' },
    });
  });

  it.each(['succeeded', 'failed', 'voided', 'expired'])(
    'sends none to a charge that is through: %s',
    async (status) => {
      const input = { params: { chargeId: 'ch_1cc1', otp } };
      const { call, drifts } = recordedCall({ bodies: [wireCharge({ status, amount_refunded: undefined })] });
      expect(request(input, await prepareOf('verify3DS', input, call))).toEqual(read);
      // The answer of the operation itself reports what deviates.
      expect(drifts).toEqual([]);
    },
  );
});

describe('a page of the list', () => {
  const page = (change: object, limit?: number) => {
    const body = { ...listed, ...change };
    expect(fits(magpieProvider, 'list', body)).toBe(true);
    const { call } = recordedCall();
    const params = limit === undefined ? {} : { limit };
    return Promise.resolve(outputOf(magpieProvider, 'list', { body }, call, { params, cursor: null }));
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
    await expect(Promise.resolve().then(() => page({ next: 7 }))).rejects.toThrow(InvalidResponseError);
    await expect(Promise.resolve().then(() => page({ next: '/v2/charges/?page=2' }))).rejects.toThrow(
      InvalidResponseError,
    );
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
