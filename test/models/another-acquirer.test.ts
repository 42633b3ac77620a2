import { describe, expect, it } from 'vitest';
import { CardError } from '../../src/errors.js';
import { isNeverTriedAgain } from '../../src/models/another-acquirer.js';

describe('isNeverTriedAgain', () => {
  it('takes a decline, a CardError, and the failure of a charge', () => {
    const decline = { advice: 'use_other_card', networkCode: '04', card: null } as const;
    expect(isNeverTriedAgain(decline)).toBe(true);
    expect(isNeverTriedAgain({ ...decline, networkCode: null })).toBe(false);
    expect(isNeverTriedAgain({ advice: 'do_not_retry' } as never)).toBe(true);
    const error = new CardError({ message: 'declined', outcome: 'rejected', networkCode: '43' });
    expect(isNeverTriedAgain(error as never)).toBe(true);
  });

  it.each([
    undefined,
    null,
    'do_not_retry',
    { status: 'failed', failure: { advice: 'do_not_retry' } },
    { advice: 'use_other_card' },
    { advice: 'use_other_card', networkCode: 51, card: null },
  ])('refuses what is no decline: %j', (given) => {
    const ask = () => isNeverTriedAgain(given as never);
    expect(ask).toThrow(TypeError);
    expect(ask).toThrow('isNeverTriedAgain: this is no decline such as { advice, networkCode, card }');
  });
});
