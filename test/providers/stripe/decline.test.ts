import { describe, expect, it } from 'vitest';
import { declineCodes as normalizedCodes } from '../../../src/models/decline.js';
import { declineCodes, errorCodes, walletDeclineCodes } from '../../fixtures/stripe/decline-tables.js';
import { readDecline, toCharge } from './reading.js';
import { scriptedCall } from './scripted-call.js';
import { wireCharge, wireIntent } from './wire-objects.js';

describe('a decline', () => {
  it.each([...declineCodes, ...walletDeclineCodes])(
    'with decline code %s is %s, %s',
    async (word, code, advice) => {
      const failure = await readDecline({ code: 'card_declined', decline_code: word });
      expect(failure).toMatchObject({ code, advice, providerCode: 'card_declined', declineCode: word });
      expect(normalizedCodes).toContain(failure.code);
    },
  );

  it.each(errorCodes)('with error code %s is %s, %s', async (word, code, advice) => {
    const failure = await readDecline({ code: word });
    expect(failure).toMatchObject({ code, advice, providerCode: word, declineCode: null });
  });

  it.each([
    ['highest_risk_level', 'blocked', 'suspected_fraud', 'do_not_retry'],
    ['elevated_risk_level', 'issuer_declined', 'suspected_fraud', 'do_not_retry'],
    ['rule', 'blocked', 'suspected_fraud', 'do_not_retry'],
    ['low_probability_of_authorization', 'blocked', 'generic_decline', 'use_other_card'],
    [null, 'blocked', 'suspected_fraud', 'do_not_retry'],
    ['a_reason_of_tomorrow', 'blocked', 'suspected_fraud', 'do_not_retry'],
    [null, 'issuer_declined', 'generic_decline', 'use_other_card'],
    [null, 'invalid', 'generic_decline', 'use_other_card'],
    ['lost_card', 'issuer_declined', 'lost_or_stolen_card', 'do_not_retry'],
  ])('of a charge with outcome reason %s and type %s is %s, %s', async (reason, type, code, advice) => {
    const wire = wireCharge({
      status: 'failed',
      captured: true,
      failure_code: 'card_declined',
      failure_message: 'Your card was declined.',
      outcome: { type, reason },
    });
    const { failure, status } = await toCharge(wire, scriptedCall());
    expect(status).toBe('failed');
    expect(failure).toMatchObject({
      code,
      advice,
      message: 'Your card was declined.',
      providerCode: 'card_declined',
    });
  });

  it('keeps the decline code that a charge hides in its outcome', async () => {
    const wire = wireCharge({
      status: 'failed',
      failure_code: 'card_declined',
      outcome: { reason: 'stolen_card' },
    });
    expect((await toCharge(wire, scriptedCall())).failure?.declineCode).toBe('stolen_card');
  });

  it('prefers the decline code, then the error code, then the outcome', async () => {
    const outcome = { reason: 'highest_risk_level', type: 'blocked' };
    const read = async (words: object) => (await readDecline({ ...words, outcome })).code;
    expect(await read({ code: 'expired_card', decline_code: 'insufficient_funds' })).toBe(
      'insufficient_funds',
    );
    expect(await read({ code: 'expired_card', decline_code: 'a_word_of_tomorrow' })).toBe('expired_card');
    expect(await read({ code: 'card_declined' })).toBe('suspected_fraud');
  });

  it.each([
    ['confirm_card_data', 'fix_details'],
    ['do_not_try_again', 'do_not_retry'],
    ['try_again_later', 'retry_later'],
    ['a_word_of_tomorrow', 'use_other_card'],
  ])('follows the advice %s of Stripe itself: %s', async (adviceCode, advice) => {
    const told = await readDecline({ decline_code: 'do_not_honor', advice_code: adviceCode });
    expect(told.advice).toBe(advice);
    const outcome = { reason: 'do_not_honor', advice_code: adviceCode };
    expect((await readDecline({ code: 'card_declined', outcome })).advice).toBe(advice);
  });

  it('keeps the code of the network', async () => {
    const told = await readDecline({ network_decline_code: '51', network_advice_code: '02' });
    expect(told.networkCode).toBe('51');
    expect((await readDecline({ outcome: { network_advice_code: '02' } })).networkCode).toBe('02');
  });

  it('is generic and reported where a word is unknown', async () => {
    expect(await readDecline({ code: 'card_declined', decline_code: 'a_word_of_tomorrow' })).toMatchObject({
      code: 'generic_decline',
      advice: 'use_other_card',
      declineCode: 'a_word_of_tomorrow',
      drifts: ['failure.declineCode unknown_value'],
    });
    const generic = { code: 'generic_decline', declineCode: null };
    expect(await readDecline({ code: 'a_code_of_tomorrow' })).toMatchObject({
      ...generic,
      drifts: ['failure.providerCode unknown_value'],
    });
    expect(await readDecline({ code: 'card_declined' })).toMatchObject({ ...generic, drifts: [] });
    expect(await readDecline({})).toMatchObject({ ...generic, drifts: [] });
  });

  it('is read in any letter case, and never from a word that every object has', async () => {
    expect((await readDecline({ decline_code: ' Insufficient_Funds ' })).code).toBe('insufficient_funds');
    for (const word of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(await readDecline({ code: word, decline_code: word, advice_code: word })).toMatchObject({
        code: 'generic_decline',
        advice: 'use_other_card',
      });
    }
  });

  it('of an intent uses the outcome of its charge where the error says nothing', async () => {
    const wire = wireIntent({
      status: 'requires_payment_method',
      last_payment_error: { code: 'card_declined', message: 'Blocked.' },
      latest_charge: wireCharge({
        status: 'failed',
        outcome: { type: 'blocked', reason: 'highest_risk_level' },
      }),
    });
    expect((await toCharge(wire, scriptedCall())).failure).toMatchObject({
      code: 'suspected_fraud',
      message: 'Blocked.',
    });
  });
});
