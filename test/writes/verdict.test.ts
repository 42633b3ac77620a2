import { describe, expect, it } from 'vitest';
import {
  AuthenticationError,
  CardError,
  ConflictError,
  ConnectionError,
  IntegrityError,
  RateLimitError,
  type ChargesError,
} from '../../src/errors.js';
import {
  doubtsOf,
  lookupFor,
  verdictOf,
  type FailedAttempt,
  type LookupAfterFailure,
} from '../../src/writes/verdict.js';

const decline = new CardError({ message: 'declined', outcome: 'rejected', chargeId: 'ch_2' });
const conflict = new ConflictError({ message: 'already captured', outcome: 'rejected' });
const lost = new ConnectionError({ message: 'lost', outcome: 'unknown' });
const unsent = new ConnectionError({ message: 'refused', outcome: 'not_sent' });
const badKey = new AuthenticationError({ message: 'bad key', outcome: 'rejected' });
const busy = new RateLimitError({ message: 'slow down', outcome: 'rejected' });

const attemptOf = (error: ChargesError, more: Partial<FailedAttempt> = {}): FailedAttempt => ({
  error,
  isEchoOfSuccess: false,
  isRepeat: false,
  earlierIsOpen: false,
  withoutProviderKeys: true,
  effectBelongsTo: 'ours',
  ...more,
});

const happened: LookupAfterFailure<string> = { seen: 'happened', output: 'ch_1', refundId: null };
const nothing: LookupAfterFailure<string> = { seen: 'nothing' };
const integrity = new IntegrityError({ message: 'two', outcome: 'unknown' });

const verdictFor = (attempt: FailedAttempt, shown: LookupAfterFailure<string>) =>
  verdictOf(attempt, doubtsOf(attempt), shown);

describe('the lookup that a failure asks for', () => {
  const echo = { isEchoOfSuccess: true };
  it.each<[string, FailedAttempt, 'none' | 'brief' | 'full']>([
    ['none after what never left', attemptOf(unsent, { ...echo, earlierIsOpen: true }), 'none'],
    ['none after a plain refusal', attemptOf(badKey), 'none'],
    ['none after a first lost response, which only time can settle', attemptOf(lost), 'none'],
    [
      'none after a decline where the provider keeps keys',
      attemptOf(decline, { withoutProviderKeys: false }),
      'none',
    ],
    ['a brief one after a decline without keys', attemptOf(decline), 'brief'],
    [
      'a full one after a decline while an earlier request is open',
      attemptOf(decline, { earlierIsOpen: true }),
      'full',
    ],
    ['a full one where an earlier request is open', attemptOf(lost, { earlierIsOpen: true }), 'full'],
    [
      'a full one where a repeat is refused as if it had succeeded',
      attemptOf(conflict, { ...echo, isRepeat: true }),
      'full',
    ],
    ['a full one where the only request may have come twice', attemptOf(conflict, echo), 'full'],
    [
      'none where the effect would be that of somebody else',
      attemptOf(conflict, { ...echo, effectBelongsTo: 'somebody_elses' }),
      'none',
    ],
  ])('is %s', (_, attempt, kind) => {
    expect(lookupFor(attempt, doubtsOf(attempt))).toBe(kind);
  });
});

describe('the verdict on a failed attempt', () => {
  const repeated = attemptOf(conflict, { isEchoOfSuccess: true, isRepeat: true });

  it('1: succeeded, where the effect is there and ours, or its request may have been', () => {
    const mine = { is: 'succeeded', output: 'ch_1' };
    expect(verdictFor(repeated, happened)).toMatchObject(mine);
    expect(verdictFor(attemptOf(decline), happened)).toMatchObject(mine);
    expect(
      verdictFor(attemptOf(lost, { earlierIsOpen: true, effectBelongsTo: 'unclear' }), happened),
    ).toMatchObject(mine);
  });

  it('2: the declined charge of the key, in the words of the decline that was given', () => {
    const other = new CardError({ message: 'found', outcome: 'rejected', chargeId: 'ch_1' });
    const found: LookupAfterFailure<string> = { seen: 'refused', error: other };
    expect(verdictFor(attemptOf(decline), found)).toEqual({ is: 'declined', error: decline });
    expect(verdictFor(attemptOf(lost, { earlierIsOpen: true }), found)).toEqual({
      is: 'declined',
      error: other,
    });
  });

  it('3: unknown, where two are there, or after a decline one that is not what was asked', () => {
    const two: LookupAfterFailure<string> = { seen: 'several', count: 2, error: integrity };
    const other: LookupAfterFailure<string> = { seen: 'several', count: 1, error: integrity };
    expect(verdictFor(repeated, two)).toEqual({ is: 'unknown', error: integrity });
    expect(verdictFor(attemptOf(decline), other)).toEqual({ is: 'unknown', error: integrity });
    const first = attemptOf(conflict, { isEchoOfSuccess: true });
    expect(verdictFor(first, other)).toEqual({ is: 'rejected', error: conflict });
  });

  it('4: unknown, where the failure itself does not know', () => {
    expect(verdictFor(attemptOf(lost), { seen: 'not_looked' })).toEqual({ is: 'unknown', error: lost });
    expect(verdictFor(attemptOf(lost, { earlierIsOpen: true }), nothing)).toEqual({
      is: 'unknown',
      error: lost,
    });
  });

  it('5: unknown, where an earlier request is open, but for a decline', () => {
    for (const error of [badKey, unsent, conflict])
      expect(verdictFor(attemptOf(error, { earlierIsOpen: true }), { seen: 'not_looked' }).is).toBe(
        'unknown',
      );
    expect(verdictFor(attemptOf(decline, { earlierIsOpen: true }), nothing).is).toBe('rejected');
  });

  it('6: unknown, where it may be the response to our own success', () => {
    expect(verdictFor(repeated, nothing).is).toBe('unknown');
    expect(verdictFor(repeated, { seen: 'not_looked' }).is).toBe('unknown');
  });

  it('7: unknown, where the lookup could not tell', () => {
    const first = attemptOf(conflict, { isEchoOfSuccess: true });
    const foreign = attemptOf(conflict, { isEchoOfSuccess: true, effectBelongsTo: 'unclear' });
    expect(verdictFor(foreign, happened).is).toBe('unknown');
    expect(verdictFor(first, { seen: 'failed_full' }).is).toBe('unknown');
    expect(verdictFor(first, { seen: 'unclear', candidates: [] }).is).toBe('unknown');
    expect(verdictFor(attemptOf(decline), { seen: 'unclear', candidates: ['ch_1'] }).is).toBe('unknown');
    expect(verdictFor(attemptOf(decline), { seen: 'mixed_up' }).is).toBe('unknown');
    expect(verdictFor(attemptOf(decline), { seen: 'cut_short' }).is).toBe('unknown');
  });

  it('8: rejected, where it was refused for good: a decline also where the quick lookup told nothing', () => {
    expect(verdictFor(attemptOf(decline), nothing)).toEqual({ is: 'rejected', error: decline });
    expect(verdictFor(attemptOf(decline), { seen: 'failed_brief' }).is).toBe('rejected');
    expect(verdictFor(attemptOf(decline), { seen: 'unclear', candidates: [] }).is).toBe('rejected');
    expect(verdictFor(attemptOf(conflict), { seen: 'not_looked' }).is).toBe('rejected');
  });

  it('9: did_not_happen, where it never left or was refused for what can be cured', () => {
    for (const error of [unsent, badKey, busy])
      expect(verdictFor(attemptOf(error), { seen: 'not_looked' })).toEqual({ is: 'did_not_happen', error });
  });
});
