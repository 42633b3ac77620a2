import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientEvent } from '../../src/models/client-event.js';
import { createFakeClient } from '../../src/testing/index.js';

describe('a listener of events', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  const params = { amount: 4590, currency: 'EUR', source: 'approved' };

  beforeEach(() => {
    unhandled.length = 0;
    process.on('unhandledRejection', note);
  });
  afterEach(() => void process.off('unhandledRejection', note));

  it('that throws changes nothing', async () => {
    const charges = createFakeClient({
      onEvent: () => {
        throw new Error('the log is full');
      },
    });
    expect((await charges.create(params)).status).toBe('captured');
  });

  it('that rejects changes nothing, and brings no process down', async () => {
    // A caller in JavaScript, or one whose listener grew an await.
    const onEvent = (() => Promise.reject(new Error('the log is full'))) as (event: ClientEvent) => void;
    const charges = createFakeClient({ onEvent });
    expect((await charges.create(params)).status).toBe('captured');
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  });
});
