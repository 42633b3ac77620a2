import { describe, expect, it, vi } from 'vitest';
import {
  AuthenticationError,
  CardError,
  ConflictError,
  IdempotencyConflictError,
  OperationInProgressError,
  OutcomeUnknownError,
  TimeoutError,
} from '../../src/errors.js';
import type { Charge } from '../../src/models/charge.js';
import type { OperationStore } from '../../src/models/operation-store.js';
import { fingerprintOf } from '../../src/writes/fingerprint.js';
import { memoryStore } from '../../src/stores/memory.js';
import type { LookupResult } from '../../src/writes/protocol.js';
import { markEchoOfSuccess } from '../../src/calls/echo-of-success.js';
import { createVirtualTime, settlePromises } from '../virtual-time.js';
import {
  abandonedMs,
  callMs,
  createLedger,
  key,
  lostAnswer,
  made,
  openShop,
  scope,
  settleMs,
} from './a-write.js';

const never = () => new Promise<never>(() => undefined);

describe('a repeated write', () => {
  it('gets the first answer without sending again', async () => {
    const shop = openShop();
    const ledger = createLedger();
    await shop.write({ send: ledger.send() });
    await expect(shop.write({ send: ledger.send() })).resolves.toEqual({ id: 'ch_1' });
    expect(ledger.charges).toEqual(['ch_1']);
  });

  it('gets the first decline again without sending', async () => {
    const shop = openShop();
    const decline = new CardError({
      message: 'declined',
      outcome: 'rejected',
      declineCode: 'insufficient_funds',
    });
    await expect(shop.write({ send: () => Promise.reject(decline) })).rejects.toBe(decline);
    const send = vi.fn();
    await expect(shop.write({ send })).rejects.toMatchObject({
      name: 'CardError',
      declineCode: 'insufficient_funds',
    });
    expect(send).not.toHaveBeenCalled();
  });

  it('of other params is a conflict', async () => {
    const shop = openShop();
    await shop.write();
    const fingerprint = fingerprintOf({
      operation: 'create',
      target: null,
      amount: 1,
      currency: 'EUR',
      params: {},
    });
    await expect(shop.write({ fingerprint })).rejects.toBeInstanceOf(IdempotencyConflictError);
  });

  // Another version may have recorded it.
  it.each([
    ['nothing', null],
    ['no charge', { kind: 'charge', value: { id: 'ch_1' } }],
    ['no refund', { kind: 'refund', value: { id: 're_1' } }],
    ['an error', { kind: 'error', value: {} }],
  ] as const)(
    'of other params is a conflict that leaves the outcome open, also where %s is recorded of a success',
    async (_, result) => {
      const time = createVirtualTime();
      const inner = memoryStore({ runtime: time.runtime });
      const store: OperationStore = {
        ...inner,
        settle: (owner, end) => inner.settle(owner, { ...end, result }),
      };
      const shop = openShop({ time, store });
      await shop.write();
      const fingerprint = { ...(await shop.record()).fingerprint, hash: 'of other params' };
      await expect(shop.write({ fingerprint })).rejects.toMatchObject({
        name: 'IdempotencyConflictError',
        outcome: 'unknown',
        charge: null,
        refund: null,
        message: expect.stringContaining('which took effect: look at that') as string,
      });
    },
  );

  it('may be sent again after a refusal that can be cured, such as a wrong key of the account', async () => {
    const shop = openShop();
    const refusal = new AuthenticationError({ message: 'wrong key', outcome: 'rejected' });
    await expect(shop.write({ send: () => Promise.reject(refusal) })).rejects.toBe(refusal);
    await expect(shop.write()).resolves.toEqual({ id: 'ch_1' });
  });

  it('may be sent again when its preparation failed, and leaves no record behind', async () => {
    const shop = openShop();
    await expect(shop.write({ prepare: () => Promise.reject(lostAnswer()) })).rejects.toMatchObject({
      outcome: 'not_sent',
    });
    await expect(shop.store.get(scope, key)).resolves.toBeNull();
  });
});

describe('lease over the call', () => {
  it('keeps everybody else out while the owner may still send', async () => {
    const shop = openShop();
    void shop.write({ send: never });
    await settlePromises();
    await shop.time.advance(callMs - 1);
    const send = vi.fn();
    await expect(shop.write({ send })).rejects.toBeInstanceOf(OperationInProgressError);
    expect(send).not.toHaveBeenCalled();
  });

  it('runs out some time after the deadline of the call', async () => {
    const shop = openShop();
    void shop.write({ send: never });
    await settlePromises();
    await shop.time.advance(callMs + 30_000 + abandonedMs + 1);
    await expect(shop.write()).resolves.toEqual({ id: 'ch_1' });
  });
});

describe('assertLease check', () => {
  it('stops a write whose process slept past its lease directly before the first byte', async () => {
    const shop = openShop();
    const ledger = createLedger();
    const send = ledger.send();
    const frozen = shop.write({
      send: async (resolved, assertLease) => {
        await shop.time.runtime.sleep(callMs + 30_000);
        return send(resolved, assertLease);
      },
    });
    frozen.catch(() => undefined);
    await settlePromises();
    await shop.time.advance(callMs + 30_000);
    await expect(frozen).rejects.toBeInstanceOf(TimeoutError);
    await expect(frozen).rejects.toMatchObject({ outcome: 'not_sent' });
    expect(ledger.charges).toEqual([]);
  });

  it('goes by the monotonic clock: setting the wall clock back does not stretch a lease', async () => {
    const shop = openShop();
    const frozen = shop.write({
      send: async (_resolved, assertLease) => {
        await shop.time.runtime.sleep(callMs + 30_000);
        assertLease();
        return made('ch_late');
      },
    });
    frozen.catch(() => undefined);
    await settlePromises();
    shop.time.jumpWallClock(-24 * 60 * 60_000);
    await shop.time.advance(callMs + 30_000);
    await expect(frozen).rejects.toBeInstanceOf(TimeoutError);
  });

  it('refuses in the store, too, when another owner took the write over during the preparation', async () => {
    const shop = openShop();
    const ledger = createLedger();
    const slow = shop.write({
      prepare: () => shop.time.runtime.sleep(callMs + 40_000),
      send: ledger.send(),
    });
    slow.catch(() => undefined);
    await settlePromises();
    await shop.time.advance(callMs + 31_000);
    await expect(shop.write({ send: ledger.send() })).resolves.toEqual({ id: 'ch_1' });
    await shop.time.advance(callMs);
    await expect(slow).rejects.toBeInstanceOf(OperationInProgressError);
    expect(ledger.charges).toEqual(['ch_1']);
  });
});

describe('claim before looking', () => {
  it('lets only one of two look and send after a lost answer', async () => {
    const shop = openShop();
    const ledger = createLedger();
    await expect(shop.write({ send: ledger.send('request_lost') })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    await shop.time.advance(settleMs);
    const results = await Promise.allSettled([
      shop.write({ send: ledger.send(), lookUp: ledger.look }),
      shop.write({ send: ledger.send(), lookUp: ledger.look }),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(ledger.charges).toEqual(['ch_1']);
    // Twice by the one that may send, and never by the other.
    expect(ledger.look).toHaveBeenCalledTimes(2);
  });
});

describe('compare by owner and attempt', () => {
  it('lets a stale owner end nothing while its successor is at work', async () => {
    const shop = openShop();
    const late = new ConflictError({ message: 'late', outcome: 'rejected' });
    const stale = shop.write({
      send: async () => {
        await shop.time.runtime.sleep(callMs + 30_000 + abandonedMs + 1_000);
        throw late;
      },
    });
    stale.catch(() => undefined);
    await settlePromises();
    await shop.time.advance(callMs + 30_000 + abandonedMs);
    void shop.write({ send: never });
    await settlePromises();
    await shop.time.advance(1_000);
    await expect(stale).rejects.toBe(late);
    expect(await shop.record()).toMatchObject({ state: 'started', attempt: 2 });
  });

  it('lets a stale owner end nothing', async () => {
    const shop = openShop();
    let release: (() => void) | undefined;
    const stale = shop.write({
      send: () =>
        new Promise((_, reject) => {
          release = () => {
            reject(new ConflictError({ message: 'late', outcome: 'rejected' }));
          };
        }),
    });
    stale.catch(() => undefined);
    await settlePromises();
    await shop.time.advance(callMs + 30_000 + abandonedMs);
    await expect(shop.write()).resolves.toEqual({ id: 'ch_1' });
    release?.();
    await expect(stale).rejects.toBeInstanceOf(ConflictError);
    expect((await shop.record()).state).toBe('succeeded');
  });
});

describe('settle against abandoned wait', () => {
  it('believes a miss settleMs after an owner that reported', async () => {
    const shop = openShop();
    const ledger = createLedger();
    await expect(shop.write({ send: ledger.send('request_lost') })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    // The call's own deadline is shorter than the wait, so that it is left to a later call.
    await shop.time.advance(settleMs - callMs - 1);
    await expect(shop.write({ send: ledger.send(), lookUp: ledger.look })).rejects.toBeInstanceOf(
      OutcomeUnknownError,
    );
    await shop.time.advance(callMs + 1);
    await expect(shop.write({ send: ledger.send(), lookUp: ledger.look })).resolves.toEqual({ id: 'ch_1' });
  });

  it('waits abandonedMs beyond the lease for an owner that never reported', async () => {
    const shop = openShop();
    const ledger = createLedger();
    void shop.write({ send: never });
    await settlePromises();
    await shop.time.advance(callMs + 30_000 + settleMs);
    await expect(shop.write({ send: ledger.send(), lookUp: ledger.look })).rejects.toMatchObject({
      name: 'OutcomeUnknownError',
      retryAfterMs: abandonedMs - settleMs,
    });
    // A look in between does not turn the long wait into the short one.
    await shop.time.advance(settleMs);
    await expect(shop.write({ send: ledger.send(), lookUp: ledger.look })).rejects.toBeInstanceOf(
      OutcomeUnknownError,
    );
    await shop.time.advance(abandonedMs);
    await expect(shop.write({ send: ledger.send(), lookUp: ledger.look })).resolves.toEqual({ id: 'ch_1' });
    expect(ledger.charges).toEqual(['ch_1']);
  });

  it('waits for nothing when the owner died before it was about to send, and looks once', async () => {
    const shop = openShop();
    void shop.write({ prepare: never });
    await settlePromises();
    await shop.time.advance(callMs + 30_001);
    const look = vi.fn(() => Promise.resolve<LookupResult<Charge>>({ seen: 'nothing' }));
    await expect(shop.write({ lookUp: look })).resolves.toEqual({ id: 'ch_1' });
    expect(look).toHaveBeenCalledOnce();
  });

  it('finds what an owner sent whose last word the store lost', async () => {
    const shop = openShop();
    const ledger = createLedger();
    // A store that failed over: it forgot that the owner was about to send.
    void shop.write({ prepare: never });
    await settlePromises();
    ledger.charges.push('ch_1');
    await shop.time.advance(callMs + 30_001);
    await expect(shop.write({ send: ledger.send(), lookUp: ledger.look })).resolves.toEqual({ id: 'ch_1' });
    expect(ledger.charges).toEqual(['ch_1']);
  });

  it('is looked for, too, where the provider knew the key but may have forgotten it', async () => {
    const keyLifetimeMs = 60 * 60_000;
    for (const passed of [callMs + 30_001, keyLifetimeMs]) {
      const shop = openShop({ keyLifetimeMs });
      const ledger = createLedger();
      void shop.write({ prepare: never });
      await settlePromises();
      ledger.charges.push('ch_1');
      await shop.time.advance(passed);
      const send = vi.fn(() => Promise.resolve(made('ch_1')));
      await expect(shop.write({ send, lookUp: ledger.look })).resolves.toEqual({ id: 'ch_1' });
      // The key is answered by the provider while it lives; after that nothing is sent.
      expect(send).toHaveBeenCalledTimes(passed < keyLifetimeMs ? 1 : 0);
    }
  });

  it('is not told as "not sent" by an owner that another one has replaced', async () => {
    for (const write of [
      { prepare: (late: Promise<never>) => late },
      { lookUp: (late: Promise<never>) => late, looksUpFirst: true },
    ]) {
      const shop = openShop();
      let fail: (error: unknown) => void = () => undefined;
      const late = new Promise<never>((_, reject) => (fail = reject));
      const slow = shop.write({
        ...(write.prepare === undefined ? {} : { prepare: () => late }),
        ...(write.lookUp === undefined ? {} : { lookUp: () => late, looksUpFirst: true }),
      });
      await settlePromises();
      await shop.time.advance(callMs + 30_001);
      await expect(shop.write()).resolves.toEqual({ id: 'ch_1' });
      fail(lostAnswer({ outcome: 'not_sent' }));
      await expect(slow).rejects.toMatchObject({ outcome: 'unknown' });
    }
  });

  it('is not told as "not sent" by an owner that another one has replaced when the store fails it', async () => {
    let fail: (error: unknown) => void = () => undefined;
    const late = new Promise<never>((_, reject) => (fail = reject));
    const shop = openShop();
    vi.spyOn(shop.store, 'prepare').mockImplementationOnce(() => late);
    const slow = shop.write();
    await settlePromises();
    await shop.time.advance(callMs + 30_001);
    await expect(shop.write()).resolves.toEqual({ id: 'ch_1' });
    fail(new Error('the store cannot be reached'));
    await expect(slow).rejects.toMatchObject({ code: 'store_unavailable', outcome: 'unknown' });
  });

  it('keeps the record of a dead owner open where the look cannot tell, and looks again the next time', async () => {
    const shop = openShop();
    void shop.write({ prepare: never });
    await settlePromises();
    await shop.time.advance(callMs + 30_001);
    const look = vi.fn(() => Promise.resolve<LookupResult<Charge>>({ seen: 'unclear', candidates: [] }));
    for (let call = 1; call <= 2; call += 1) {
      await expect(shop.write({ lookUp: look, needsClearLookup: true })).rejects.toMatchObject({
        name: 'OutcomeUnknownError',
        outcome: 'unknown',
      });
      expect(look).toHaveBeenCalledTimes(call);
    }
    expect((await shop.record()).state).toBe('unknown');
  });

  it('looks a second time, when what was under way can have arrived', async () => {
    const shop = openShop();
    const ledger = createLedger();
    await expect(shop.write({ send: ledger.send('request_lost') })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    await shop.time.advance(settleMs - 60_000);
    const repeated = shop.write({ send: ledger.send(), lookUp: ledger.look });
    await settlePromises();
    // The first request arrives late, between the two looks.
    ledger.charges.push('ch_late');
    await shop.time.advance(60_000);
    await expect(repeated).resolves.toEqual({ id: 'ch_late' });
    expect(ledger.charges).toEqual(['ch_late']);
  });
});

describe('outcome per key', () => {
  it('stays unknown when a later attempt is refused while the first may have moved money', async () => {
    const shop = openShop({ keyLifetimeMs: 60 * 60_000 });
    await expect(shop.write({ send: () => Promise.reject(lostAnswer()) })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    const refusal = new AuthenticationError({ message: 'key revoked', outcome: 'rejected' });
    await expect(shop.write({ send: () => Promise.reject(refusal) })).rejects.toMatchObject({
      name: 'AuthenticationError',
      outcome: 'unknown',
    });
  });

  it('stays unknown when a later attempt was not sent at all', async () => {
    const shop = openShop({ keyLifetimeMs: 60 * 60_000 });
    await expect(shop.write({ send: () => Promise.reject(lostAnswer()) })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    const refused = lostAnswer({ outcome: 'not_sent' });
    await expect(shop.write({ send: () => Promise.reject(refused) })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    expect((await shop.record()).state).toBe('unknown');
  });

  it.each([
    ['carries the key', 'ours'],
    ['was there before', 'somebody_elses'],
    ['may have been there before', 'unclear'],
  ] as const)(
    'reads an answer that a first success would cause as that success, when what %s is found',
    async (_, whose) => {
      const shop = openShop({ keyLifetimeMs: 60 * 60_000 });
      const ledger = createLedger();
      await expect(shop.write({ send: ledger.send('answer_lost') })).rejects.toMatchObject({
        outcome: 'unknown',
      });
      const used = markEchoOfSuccess(new ConflictError({ message: 'already captured', outcome: 'rejected' }));
      await expect(
        shop.write({ attribution: () => whose, send: () => Promise.reject(used), lookUp: ledger.look }),
      ).resolves.toEqual({ id: 'ch_1' });
    },
  );

  it('never calls it rejected when it is not found', async () => {
    const shop = openShop({ keyLifetimeMs: 60 * 60_000 });
    await expect(shop.write({ send: () => Promise.reject(lostAnswer()) })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    const used = markEchoOfSuccess(new ConflictError({ message: 'already captured', outcome: 'rejected' }));
    await expect(shop.write({ send: () => Promise.reject(used) })).rejects.toMatchObject({
      outcome: 'unknown',
    });
  });
});

describe('a request that the network delivered twice', () => {
  const spent = () =>
    markEchoOfSuccess(new ConflictError({ message: 'token already used', outcome: 'rejected' }));

  it('is found by its stamp when the second answer says that the token is spent', async () => {
    const shop = openShop();
    const ledger = createLedger();
    const send = async (resolved: unknown, assertLease: () => void) => {
      await ledger.send()(resolved, assertLease);
      throw spent();
    };
    await expect(shop.write({ send, lookUp: ledger.look })).resolves.toEqual({ id: 'ch_1' });
  });

  it('stays a refusal when nothing carries the stamp', async () => {
    const shop = openShop();
    await expect(shop.write({ send: () => Promise.reject(spent()) })).rejects.toMatchObject({
      outcome: 'rejected',
    });
  });

  it('is open when the effect is there, and was perhaps there before', async () => {
    const shop = openShop();
    const ledger = createLedger();
    ledger.charges.push('ch_1');
    const write = { attribution: () => 'unclear' as const, lookUp: ledger.look };
    await expect(shop.write({ ...write, send: () => Promise.reject(spent()) })).rejects.toMatchObject({
      name: 'ConflictError',
      outcome: 'unknown',
    });
    await expect(shop.write(write)).resolves.toEqual({ id: 'ch_1' });
  });

  it('is open when nobody could look', async () => {
    const shop = openShop();
    const look = () => Promise.reject(lostAnswer({ outcome: 'not_sent' }));
    await expect(shop.write({ send: () => Promise.reject(spent()), lookUp: look })).rejects.toMatchObject({
      name: 'ConflictError',
      outcome: 'unknown',
    });
    expect((await shop.record()).state).toBe('unknown');
  });

  it('is never one of several that could be it', async () => {
    const shop = openShop();
    const look = () => Promise.resolve({ seen: 'unclear' as const, candidates: ['re_1', 're_2'] });
    await expect(shop.write({ send: () => Promise.reject(spent()), lookUp: look })).rejects.toMatchObject({
      name: 'ConflictError',
      outcome: 'unknown',
    });
  });

  it('leaves a first "already captured" the conflict that it is', async () => {
    const shop = openShop();
    const look = vi.fn();
    await expect(
      shop.write({ attribution: () => 'somebody_elses', send: () => Promise.reject(spent()), lookUp: look }),
    ).rejects.toBeInstanceOf(ConflictError);
    expect(look).not.toHaveBeenCalled();
  });
});

describe('a provider with keys', () => {
  const keyLifetimeMs = 60 * 60_000;

  it('gets the same key again while it remembers it, without a look', async () => {
    const shop = openShop({ keyLifetimeMs });
    const ledger = createLedger();
    await expect(shop.write({ send: ledger.send('request_lost') })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    await expect(shop.write({ send: ledger.send(), lookUp: ledger.look })).resolves.toEqual({ id: 'ch_1' });
    expect(ledger.look).not.toHaveBeenCalled();
  });

  it('is looked at, not replayed, once the key may be forgotten', async () => {
    const shop = openShop({ keyLifetimeMs });
    const ledger = createLedger();
    await expect(shop.write({ send: ledger.send('answer_lost') })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    await shop.time.advance(keyLifetimeMs);
    const send = ledger.send();
    await expect(shop.write({ send, lookUp: ledger.look })).resolves.toEqual({ id: 'ch_1' });
    expect(send).not.toHaveBeenCalled();
    expect(ledger.charges).toEqual(['ch_1']);
  });

  it('is read when it stored a fault as the answer of the key', async () => {
    const shop = openShop({ keyLifetimeMs });
    const ledger = createLedger();
    await expect(shop.write({ send: ledger.send('answer_lost') })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    await expect(
      shop.write({ send: () => Promise.reject(lostAnswer()), lookUp: ledger.look }),
    ).resolves.toEqual({
      id: 'ch_1',
    });
  });
});

describe('resolved inputs reused', () => {
  it('sends a repeat with what was read before the first attempt', async () => {
    const shop = openShop();
    const sent: unknown[] = [];
    const prepare = vi.fn().mockResolvedValueOnce({ left: 500 }).mockResolvedValue({ left: 0 });
    const lose = (resolved: unknown) => {
      sent.push(resolved);
      return Promise.reject(lostAnswer());
    };
    await expect(shop.write({ prepare, send: lose })).rejects.toMatchObject({ outcome: 'unknown' });
    await shop.time.advance(settleMs);
    await shop.write({
      prepare,
      send: (resolved) => {
        sent.push(resolved);
        return Promise.resolve(made('ch_1'));
      },
    });
    expect(sent).toEqual([{ left: 500 }, { left: 500 }]);
    expect(prepare).toHaveBeenCalledTimes(1);
  });
});

describe('miss only from a covering list', () => {
  it('sends nothing while a look could not cover everything', async () => {
    const shop = openShop();
    await expect(shop.write({ send: () => Promise.reject(lostAnswer()) })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    await shop.time.advance(settleMs);
    const send = vi.fn();
    const look = () => Promise.resolve({ seen: 'unclear' as const, candidates: ['ch_9'] });
    await expect(shop.write({ send, lookUp: look })).rejects.toMatchObject({
      name: 'OutcomeUnknownError',
      candidates: ['ch_9'],
    });
    expect(send).not.toHaveBeenCalled();
  });

  it('is checked once more when the key is used again', async () => {
    const shop = openShop();
    const ledger = createLedger();
    await expect(shop.write({ send: ledger.send('request_lost') })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    await shop.time.advance(settleMs);
    const refused = lostAnswer({ outcome: 'not_sent' });
    await expect(shop.write({ send: () => Promise.reject(refused), lookUp: ledger.look })).rejects.toBe(
      refused,
    );
    // What was concluded to be missing appears after all: a pending charge that the list had hidden.
    ledger.charges.push('ch_late');
    await expect(shop.write({ send: ledger.send(), lookUp: ledger.look })).resolves.toEqual({
      id: 'ch_late',
    });
    expect(ledger.charges).toEqual(['ch_late']);
  });
});

describe('refund ids claimed once', () => {
  const refundOf = (id: string) => ({
    operation: 'refund',
    target: 'ch_1',
    refundLock: 'ch_1',
    refundIdOf: () => id,
  });

  it('allows one unresolved refund of a charge at a time', async () => {
    const shop = openShop();
    await expect(
      shop.write({ ...refundOf('re_1'), key: 'refund-1', send: () => Promise.reject(lostAnswer()) }),
    ).rejects.toMatchObject({ outcome: 'unknown' });
    const send = vi.fn();
    await expect(shop.write({ ...refundOf('re_2'), key: 'refund-2', send })).rejects.toMatchObject({
      name: 'OperationInProgressError',
      code: 'refund_in_progress',
      outcome: 'not_sent',
    });
    expect(send).not.toHaveBeenCalled();
  });

  it('never gives the refund of one key to another', async () => {
    const shop = openShop();
    await shop.write({ ...refundOf('re_1'), key: 'refund-1', send: () => Promise.resolve(made('re_1')) });
    await expect(
      shop.write({ ...refundOf('re_1'), key: 'refund-2', send: () => Promise.reject(lostAnswer()) }),
    ).rejects.toMatchObject({ outcome: 'unknown' });
    await shop.time.advance(settleMs);
    const look = () => Promise.resolve({ seen: 'happened' as const, output: made('re_1'), refundId: 're_1' });
    await expect(shop.write({ ...refundOf('re_1'), key: 'refund-2', lookUp: look })).rejects.toMatchObject({
      name: 'OutcomeUnknownError',
      candidates: ['re_1'],
    });
  });
});

describe('store clock', () => {
  it('judges leases by the store, not by the wall clock of this process', async () => {
    const shop = openShop();
    const other = openShop({ store: shop.store });
    void shop.write({ send: never });
    await settlePromises();
    // The second process believes that it is tomorrow.
    other.time.jumpWallClock(24 * 60 * 60_000);
    const send = vi.fn();
    await expect(other.write({ send })).rejects.toBeInstanceOf(OperationInProgressError);
    expect(send).not.toHaveBeenCalled();
  });

  it('judges how long a miss is not believed by the store, too', async () => {
    const shop = openShop();
    await expect(shop.write({ send: () => Promise.reject(lostAnswer()) })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    const other = openShop({ store: shop.store });
    other.time.jumpWallClock(24 * 60 * 60_000);
    const send = vi.fn();
    await expect(other.write({ send })).rejects.toMatchObject({ outcome: 'unknown' });
    expect(send).not.toHaveBeenCalled();
  });
});

describe('a store that fails', () => {
  const broken = () => {
    const shop = openShop();
    return { shop, store: { ...shop.store, begin: () => Promise.reject(new Error('connection refused')) } };
  };

  it('lets nothing out unrecorded', async () => {
    const { store } = broken();
    const send = vi.fn();
    await expect(openShop({ store }).write({ send })).rejects.toMatchObject({
      name: 'ConnectionError',
      code: 'store_unavailable',
      outcome: 'not_sent',
    });
    expect(send).not.toHaveBeenCalled();
  });

  it('lets it out where the settings accept that', async () => {
    const { store } = broken();
    await expect(openShop({ store, sendsWithoutStore: true }).write()).resolves.toEqual({ id: 'ch_1' });
  });

  it('does not lose a charge that happened', async () => {
    const shop = openShop();
    const store = { ...shop.store, settle: () => Promise.reject(new Error('connection refused')) };
    await expect(openShop({ store, time: shop.time }).write()).resolves.toEqual({ id: 'ch_1' });
    expect((await shop.record()).state).toBe('started');
  });
});
