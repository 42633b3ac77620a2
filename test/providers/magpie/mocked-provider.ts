import nock from 'nock';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { createMagpie, type MagpieClient, type MagpieSettings } from '../../../src/providers/magpie/index.js';
import { wireCharge, type Fields } from './wire-charges.js';

export const secretKey = 'sk_test_c4n4ry';

/** A client that looks again at once and tries nothing twice. */
export const client = (settings: MagpieSettings = {}): MagpieClient =>
  createMagpie({
    secretKey,
    platform: 'magpie',
    settleMs: 1,
    abandonedMs: 1,
    maxRetries: 0,
    ...settings,
  });

/** Only requests with the right authorization are answered. */
export const provider = (origin = 'https://api.magpie.im') =>
  nock(origin).matchHeader('authorization', 'Basic c2tfdGVzdF9jNG40cnk6');

/** Nothing goes to the network, and what a test announces must be asked. */
export const mockProvider = (): void => {
  beforeAll(() => {
    nock.disableNetConnect();
  });
  afterEach(() => {
    const pending = nock.pendingMocks();
    nock.cleanAll();
    expect(pending).toEqual([]);
  });
  afterAll(() => {
    nock.restore();
  });
};

export const key = { idempotencyKey: 'order-80' };

/** The captured card charge of the fixtures before anything of it was refunded. */
export const fresh = (change: Fields = {}) => wireCharge({ amount_refunded: 0, refunds: [], ...change });

export const manual = { order: '80', unicharge_capture: 'manual', unicharge_key: 'order-80' };
/** What makes it an authorization. */
export const held = { authorized: true, captured: false, status: 'pending', metadata: manual };
