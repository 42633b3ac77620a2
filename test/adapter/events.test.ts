import { describe, expect, it } from 'vitest';
import { eventsOf, type EventSubject } from '../../src/adapter/events.js';
import { fieldsOf, textOf } from '../../src/adapter/fields.js';
import { recordedCall } from '../providers/pin/call.js';
import { backs, pays } from './penny.js';

const pay = { id: 'pay_1', state: 'done', amount: 500, currency: 'EUR', back: 0 };
const names: Readonly<Record<string, EventSubject>> = {
  pay: 'charge',
  back: 'refund',
  quarrel: 'dispute.opened',
};
const facts = {
  provider: 'penny',
  charge: pays,
  refund: backs,
  read: (payload: unknown) => {
    const fields = fieldsOf(payload);
    const shop = textOf(fields['shop']);
    return {
      id: 'event_1',
      name: textOf(fields['name']) ?? '',
      createdAt: null,
      data: fields['data'],
      ...('live' in fields ? { livemode: null } : {}),
      ...(shop === null ? {} : { headers: { 'x-shop': shop } }),
    };
  },
  names,
  dispute: () => ({ dispute: null, chargeId: 'pay_1' }),
};
const event = eventsOf(facts);
const strict = eventsOf({ ...facts, holdsNone: { charge: 'holds no pay', refund: 'holds no back' } });

describe('what is read for an event', () => {
  it('is read with the headers that the event asks for, and with none where it asks for none', async () => {
    const data = { id: 'pay_1', amount: 'soon' };
    for (const [payload, headers] of [
      [{ name: 'pay', data, shop: 's_2' }, { 'x-shop': 's_2' }],
      [{ name: 'pay', data }, undefined],
    ] as const) {
      const call = recordedCall({ answers: [pay] });
      expect(await event(payload, call)).toMatchObject({ type: 'charge.captured', chargeId: 'pay_1' });
      expect(call.sent.map((request) => request.headers)).toEqual([headers]);
    }
  });
});

describe('an event without its object', () => {
  it('is told without it and reported, or refused where the provider says so', async () => {
    const call = recordedCall();
    expect(await event({ name: 'pay', data: null }, call)).toMatchObject({
      type: 'charge.updated',
      charge: null,
    });
    expect(call.drifts).toEqual([['data', 'wrong_type']]);
    for (const [name, message] of [
      ['pay', 'penny: holds no pay'],
      ['back', 'penny: holds no back'],
    ]) {
      await expect(strict({ name, data: null }, recordedCall())).rejects.toMatchObject({
        name: 'InvalidRequestError',
        message,
      });
    }
  });

  it('names the charge of a dispute that it only speaks of', async () => {
    expect(await event({ name: 'quarrel', data: {} }, recordedCall())).toMatchObject({
      type: 'dispute.opened',
      chargeId: 'pay_1',
      dispute: null,
      stateKey: 'penny:event_1',
    });
  });
});

describe('an adapter without refunds and disputes', () => {
  const { refund: _, dispute: __, ...charges } = facts;
  it('tells events about them without their object, and those about charges as ever', async () => {
    const ofCharges = eventsOf(charges);
    expect(await ofCharges({ name: 'pay', data: pay }, recordedCall())).toMatchObject({
      type: 'charge.captured',
      chargeId: 'pay_1',
    });
    const back = await ofCharges({ name: 'back', data: { id: 'back_1' } }, recordedCall());
    expect(back).toMatchObject({ type: 'refund.updated', refund: null, chargeId: null });
    const quarrel = await ofCharges({ name: 'quarrel', data: {} }, recordedCall());
    expect(quarrel).toMatchObject({ type: 'dispute.opened', dispute: null, chargeId: null });
  });
});

describe('the mode of an event', () => {
  it('is that of the key, unless the event has a say and says nothing', async () => {
    const call = recordedCall({ livemode: true });
    expect((await event({ name: 'pay', data: pay }, call)).livemode).toBe(true);
    expect((await event({ name: 'pay', data: pay, live: null }, call)).livemode).toBeNull();
  });
});
