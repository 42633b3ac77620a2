import { describe, expect, it } from 'vitest';
import type { ExchangeFailureReason } from '../../src/transport/exchange.js';
import {
  decideRetry,
  parseRetryAfter,
  type AttemptFailure,
  type RetryQuestion,
} from '../../src/transport/retry.js';

const refusal = (
  kind: Extract<AttemptFailure, { type: 'refusal' }>['kind'],
  more: object = {},
): AttemptFailure => ({
  type: 'refusal',
  kind,
  outcome: 'unknown',
  shouldRetry: null,
  retryAfterMs: null,
  definitelyNotExecuted: false,
  ...more,
});
const noAnswer = (
  sent: boolean,
  reason: ExchangeFailureReason = 'connection',
  isPermanent = false,
): AttemptFailure => ({ type: 'no_answer', sent, reason, isPermanent });

const ask = (question: Partial<RetryQuestion> & Pick<RetryQuestion, 'failure'>) =>
  decideRetry({
    repeatability: 'read',
    attempts: 1,
    maxRetries: 2,
    remainingMs: 60_000,
    random: 0.5,
    ...question,
  });

describe('the retry decision', () => {
  const table: readonly [
    what: string,
    failure: AttemptFailure,
    read: boolean,
    withKey: boolean,
    once: boolean,
  ][] = [
    ['nothing was sent', noAnswer(false), true, true, true],
    ['a timeout before anything was sent', noAnswer(false, 'timeout'), true, true, true],
    ['the answer was lost', noAnswer(true), true, true, false],
    ['a timeout after sending', noAnswer(true, 'timeout'), true, true, false],
    ['the answer was cut', noAnswer(true, 'truncated'), true, true, false],
    ['the caller aborted', noAnswer(false, 'aborted'), false, false, false],
    ['the answer was too large', noAnswer(true, 'too_large'), false, false, false],
    ['the way could not start', noAnswer(false, 'cannot_start'), false, false, false],
    ['the certificate is wrong', noAnswer(false, 'connection', true), false, false, false],
    ['a fault of the provider', refusal('provider'), true, true, false],
    ['a rate limit that proves nothing', refusal('rate_limit'), true, true, false],
    [
      'a rate limit that means not executed',
      refusal('rate_limit', { definitelyNotExecuted: true }),
      true,
      true,
      true,
    ],
    ['the same key in flight', refusal('in_progress'), false, true, false],
    ['a decline', refusal('card'), false, false, false],
    ['a wrong field', refusal('invalid_request'), false, false, false],
    ['a wrong key', refusal('authentication'), false, false, false],
    ['a conflict', refusal('conflict'), false, false, false],
    ['the key of another request', refusal('idempotency_conflict'), false, false, false],
    ['nothing of that name', refusal('not_found'), false, false, false],
    [
      'a fault, and the provider advises against it',
      refusal('provider', { shouldRetry: false }),
      false,
      false,
      false,
    ],
    [
      'a conflict that the provider advises to repeat',
      refusal('conflict', { shouldRetry: true }),
      true,
      true,
      false,
    ],
  ];

  it.each(table)('after %s', (_, failure, read, withKey, once) => {
    expect([
      ask({ failure, repeatability: 'read' }).retry,
      ask({ failure, repeatability: 'provider-key' }).retry,
      ask({ failure, repeatability: 'once' }).retry,
    ]).toEqual([read, withKey, once]);
  });

  it('counts attempts: no retries means one attempt', () => {
    expect(ask({ failure: noAnswer(false), maxRetries: 0 }).retry).toBe(false);
    expect(ask({ failure: noAnswer(false), attempts: 3 }).retry).toBe(false);
    expect(ask({ failure: noAnswer(false), attempts: 2 }).retry).toBe(true);
  });

  it('waits for its own attempt in flight beyond the count, but not beyond the deadline', () => {
    const failure = refusal('in_progress');
    expect(ask({ failure, repeatability: 'provider-key', attempts: 9 }).retry).toBe(true);
    expect(ask({ failure, repeatability: 'provider-key', attempts: 9, maxRetries: 0 }).retry).toBe(false);
    expect(ask({ failure, repeatability: 'provider-key', attempts: 9, remainingMs: 10 }).retry).toBe(false);
  });

  it('backs off exponentially with full jitter and a ceiling', () => {
    const delay = (attempts: number, random: number) => {
      const decision = ask({ failure: noAnswer(false), attempts, maxRetries: 20, random });
      return decision.retry ? decision.delayMs : null;
    };
    expect([delay(1, 1), delay(2, 1), delay(3, 1), delay(9, 1)]).toEqual([500, 1000, 2000, 8000]);
    expect(delay(3, 0)).toBe(0);
    expect(delay(3, 0.25)).toBe(500);
  });

  it('waits at least as long as the provider asks', () => {
    const decision = ask({ failure: refusal('rate_limit', { retryAfterMs: 3_000 }) });
    expect(decision).toEqual({ retry: true, delayMs: 3_000 });
  });

  it('gives up when the wait would outlive the deadline', () => {
    expect(ask({ failure: refusal('rate_limit', { retryAfterMs: 90_000 }) }).retry).toBe(false);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  it.each([
    ['3', 3_000],
    ['0.5', 500],
    ['Sat, 21 Nov 2026 12:00:05 GMT', 5_000],
    ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
    ['soon', null],
    [undefined, null],
  ])('%s', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });
});
