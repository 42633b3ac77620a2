import { describe, expect, it } from 'vitest';
import * as bullmq from '../../examples/queue-bullmq.js';
import * as pgBoss from '../../examples/queue-pg-boss.js';
import { CardError, ConnectionError, InvalidRequestError, RateLimitError } from '../../src/errors.js';

describe.each([
  ['BullMQ', bullmq.mayStillSucceed],
  ['pg-boss', pgBoss.mayStillSucceed],
])('a job of %s', (_, mayStillSucceed) => {
  it.each([
    new Error('the worker lost its database'),
    new ConnectionError({ message: 'no response', outcome: 'unknown' }),
    new ConnectionError({ message: 'refused', outcome: 'not_sent' }),
    new RateLimitError({ message: 'too many requests', outcome: 'rejected' }),
  ])('runs again after %s', (error) => {
    expect(mayStillSucceed(error)).toBe(true);
  });

  it.each([
    new CardError({ message: 'declined', outcome: 'rejected', declineCode: 'insufficient_funds' }),
    new InvalidRequestError({ message: 'amount is wrong', outcome: 'not_sent' }),
  ])('stops after %s', (error) => {
    expect(mayStillSucceed(error)).toBe(false);
  });
});
