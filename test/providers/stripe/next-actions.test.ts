import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClientEvent } from '../../../src/index.js';
import { chargeSchema } from '../../../src/models/charge.js';
import { financialAddressSamples, nextActionSamples } from '../../fixtures/stripe/next-actions.js';
import { scriptReplies } from '../../scripted-replies.js';
import { stripeProvider } from '../../../src/providers/stripe/provider.js';
import { officialFile } from './official-types.js';
import { toCharge } from './reading.js';
import { scriptedCall } from './scripted-call.js';
import { wireIntent } from './wire-objects.js';

/** What the page about Stripe says of each kind of action. It is generated from the adapter's own table. */
const page = readFileSync(new URL('../../../docs/providers/stripe.md', import.meta.url), 'utf8');
const nextActions: Readonly<Record<string, { readonly gives: string | null; readonly from: string }>> =
  Object.fromEntries(
    [...page.matchAll(/^\| `(\w+)` \| (?:null|`(redirect|display_code)`) \| (.+) \|$/gm)].map(
      ([, type = '', gives = null, from = '']) => [type, { gives, from }],
    ),
  );

const intents = officialFile('PaymentIntents');
const membersOf = (type: string): string[] => (intents.get(type) ?? []).map(({ name }) => name);

const read = async (type: unknown, details?: unknown) => {
  const call = scriptedCall();
  const next_action = {
    type,
    ...(typeof type === 'string' && details !== undefined ? { [type]: details } : {}),
  };
  const wire = wireIntent({
    status: 'requires_action',
    amount_received: 0,
    latest_charge: null,
    next_action,
  });
  const charge = await toCharge(wire, call);
  expect(charge.status).toBe('requires_action');
  chargeSchema.parse(charge);
  return { action: charge.nextAction, drifts: call.drifts.map(([path, kind]) => `${path} ${kind}`), charge };
};

describe("every action of Stripe's own types", () => {
  const official = membersOf('PaymentIntent.NextAction').filter((name) => name !== 'type');

  it('is known, and nothing else is', () => {
    expect(official.length).toBeGreaterThan(20);
    expect(Object.keys(nextActions).toSorted()).toEqual(official.toSorted());
    expect(Object.keys(nextActionSamples).toSorted()).toEqual(official.toSorted());
  });

  it.each(official)('%s says what the payer gets, or why nothing', async (type) => {
    const [details, expected] = nextActionSamples[type] ?? [{}, null];
    const { action, drifts } = await read(type, details);
    expect(action).toEqual(expected);
    expect(drifts).toEqual([]);
    expect(action?.type ?? null).toBe(nextActions[type]?.gives);
    expect(nextActions[type]?.from).toMatch(/\w/);
  });

  it.each(official)('%s has all its members in the sample', (type) => {
    const interfaceName = type.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const members = membersOf(`PaymentIntent.NextAction.${interfaceName}`);
    expect(Object.keys(nextActionSamples[type]?.[0] ?? {})).toEqual(expect.arrayContaining(members));
  });

  it.each(official.filter((type) => nextActions[type]?.gives !== null))(
    '%s without anything to do is reported',
    async (type) => {
      for (const details of [{}, null, 'x', undefined, []]) {
        expect(await read(type, details)).toMatchObject({
          action: null,
          drifts: [`next_action.${type} missing`],
        });
      }
    },
  );
});

describe('a bank transfer', () => {
  const transfer = (financial_addresses: unknown, more: object = {}) => ({
    amount_remaining: null,
    currency: null,
    reference: 'REF1',
    hosted_instructions_url: 'https://pay.test/1',
    financial_addresses,
    ...more,
  });
  const readTransfer = async (details: object) =>
    (await read('display_bank_transfer_instructions', details)).action;

  it("knows every kind of account of Stripe's own types", () => {
    const kinds = membersOf('PaymentIntent.NextAction.DisplayBankTransferInstructions.FinancialAddress');
    expect(Object.keys(financialAddressSamples).toSorted()).toEqual(
      kinds.filter((name) => name !== 'type' && name !== 'supported_networks').toSorted(),
    );
  });

  it.each(Object.entries(financialAddressSamples))(
    'to %s tells the account',
    async (type, [account, details]) => {
      expect(await readTransfer(transfer([{ type, [type]: account }]))).toMatchObject({
        type: 'display_code',
        reference: 'REF1',
        pageUrl: 'https://pay.test/1',
        details,
      });
    },
  );

  it('tells several accounts apart', async () => {
    const addresses = ['aba', 'swift'].map((type) => ({ type, [type]: financialAddressSamples[type]?.[0] }));
    expect(await readTransfer(transfer(addresses))).toMatchObject({
      details: { accountNumber: '000123', routingNumber: '110000000', 'swift.swiftCode': 'TESTUS99XXX' },
    });
  });

  it('tells what is left in the minor units of everything else', async () => {
    const addresses = [{ type: 'iban', iban: { iban: 'FR76' } }];
    expect(await readTransfer(transfer(addresses, { amount_remaining: 500, currency: 'isk' }))).toMatchObject(
      {
        details: { amountRemaining: '5', currency: 'ISK' },
      },
    );
  });

  it.each([undefined, null, [], 'none', [null], [{ type: 'iban' }], [{ type: 'iban', iban: { bic: 'X' } }]])(
    'without an account (%j) is its page',
    async (addresses) => {
      expect(await readTransfer(transfer(addresses))).toEqual({
        type: 'redirect',
        url: 'https://pay.test/1',
      });
    },
  );
});

describe('Multibanco', () => {
  it.each([{ reference: '999' }, { entity: '123' }])('with %j alone is its page', async (details) => {
    const { action } = await read('multibanco_display_details', {
      ...details,
      hosted_voucher_url: 'https://pay.test/1',
    });
    expect(action).toEqual({ type: 'redirect', url: 'https://pay.test/1' });
  });

  it('cannot be paid with a part of it and without a page', async () => {
    expect(await read('multibanco_display_details', { reference: '999' })).toMatchObject({
      action: null,
      drifts: ['next_action.multibanco_display_details missing'],
    });
  });
});

describe('an action of tomorrow', () => {
  it.each([
    ['url', 'redirect'],
    ['redirect_url', 'redirect'],
    ['hosted_instructions_url', 'redirect'],
    ['hosted_voucher_url', 'redirect'],
    ['hosted_verification_url', 'redirect'],
    ['mobile_auth_url', 'redirect'],
  ])('with an address in %s is a %s, and reported', async (name, type) => {
    expect(await read('do_something_new', { [name]: 'https://pay.test/1' })).toMatchObject({
      action: { type, url: 'https://pay.test/1' },
      drifts: ['next_action.type unknown_value'],
    });
  });

  it('with a code is the code, and reported', async () => {
    const details = { number: '77', hosted_voucher_url: 'https://pay.test/1' };
    expect(await read('do_something_new', details)).toMatchObject({
      action: { type: 'display_code', reference: '77', pageUrl: 'https://pay.test/1' },
      drifts: ['next_action.type unknown_value'],
    });
  });

  it.each([{}, { url: 'weixin://1' }, { url: 7 }, null])(
    'with %j is nothing, and reported',
    async (details) => {
      expect(await read('do_something_new', details)).toMatchObject({
        action: null,
        drifts: ['next_action.type unknown_value'],
      });
    },
  );

  it.each([null, undefined, '', 'constructor', '__proto__', 'type'])('named %j is reported', async (type) => {
    const { action, drifts } = await read(type);
    expect(action).toBeNull();
    expect(drifts).toHaveLength(1);
  });
});

describe('what the payer pays with', () => {
  it.each(Object.entries(nextActionSamples))(
    'reaches the caller as it is: %s',
    async (type, [details, expected]) => {
      const body = wireIntent({
        status: 'requires_action',
        amount_received: 0,
        latest_charge: null,
        next_action: { type, [type]: details },
      });
      const client = scriptReplies({ body }).client(stripeProvider, {
        secretKey: 'sk_test_a1',
        strictResponses: true,
      });
      expect((await client.retrieve('pi_demoA1')).nextAction).toEqual(expected);
    },
  );

  it.each(['4242424242424242', '002180650612345670', '00020101021226580014br.gov.bcb.pix'])(
    'keeps its digits, whatever they look like: %s',
    async (text) => {
      const iban = { iban: text, bic: 'sk_test_a1' };
      const next_action = {
        type: 'display_bank_transfer_instructions',
        display_bank_transfer_instructions: {
          reference: text,
          financial_addresses: [{ type: 'iban', iban }],
        },
      };
      const body = wireIntent({ status: 'requires_action', latest_charge: null, next_action });
      const client = scriptReplies({ body }).client(stripeProvider, { secretKey: 'sk_test_a1' });
      expect((await client.retrieve('pi_demoA1')).nextAction).toMatchObject({
        reference: text,
        details: { iban: text, bic: '[redacted]' },
      });
    },
  );
});

describe('an address that no browser may be sent to', () => {
  it.each(['javascript:alert(1)', 'weixin://app/1', '/pay', `https://pay.test/${'x'.repeat(9_000)}`])(
    'is left out and reported: %s',
    async (address) => {
      const drifts: string[] = [];
      const told = async (type: string, details: object) => {
        const body = wireIntent({
          status: 'requires_action',
          latest_charge: null,
          next_action: { type, [type]: details },
        });
        const client = scriptReplies({ body }).client(stripeProvider, {
          secretKey: 'sk_test_a1',
          onEvent: (event: ClientEvent) => {
            if (event.type === 'drift') drifts.push(`${event.path} ${event.kind}`);
          },
        });
        return (await client.retrieve('pi_demoA1')).nextAction;
      };
      expect(await told('alipay_handle_redirect', { url: address })).toBeNull();
      expect(
        await told('paynow_display_qr_code', {
          data: 'x',
          image_url_png: address,
          hosted_instructions_url: address,
        }),
      ).toMatchObject({ imageUrl: null, pageUrl: null, details: { qrCodeData: 'x' } });
      expect(drifts).toEqual([
        'nextAction.url unknown_value',
        'nextAction.imageUrl unknown_value',
        'nextAction.pageUrl unknown_value',
      ]);
    },
  );
});

describe('3-D Secure', () => {
  it('is not what the page of a bank asks for', async () => {
    const next_action = { type: 'redirect_to_url', redirect_to_url: { url: 'https://pay.test/1' } };
    const wire = wireIntent({
      status: 'requires_action',
      latest_charge: null,
      next_action,
      payment_method: 'pm_1',
      payment_method_types: ['ideal'],
    });
    expect((await toCharge(wire, scriptedCall())).threeDS).toBeNull();
  });
});

describe('whatever an action holds', () => {
  it('is readable, and sends browsers to web addresses only', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(nextActions), 'new_action'),
        fc.dictionary(
          fc.constantFrom(
            'url',
            'number',
            'reference',
            'entity',
            'stores',
            'financial_addresses',
            'qr_code',
            'data',
            'expires_at',
            'hosted_voucher_url',
            'image_url_png',
            'amount_remaining',
            'currency',
            'pdf',
          ),
          fc.oneof(fc.jsonValue(), fc.webUrl(), fc.constant('eur')),
        ),
        async (type, details) => {
          await read(type, details);
          const body = wireIntent({
            status: 'requires_action',
            latest_charge: null,
            next_action: { type, [type]: details },
          });
          const client = scriptReplies({ body }).client(stripeProvider, { secretKey: 'sk_test_a1' });
          const { nextAction } = await client.retrieve('pi_demoA1');
          if (nextAction?.type === 'redirect') expect(nextAction.url).toMatch(/^https?:/i);
          if (nextAction?.type === 'display_code') {
            for (const url of [nextAction.imageUrl, nextAction.pageUrl])
              expect(url ?? 'https:').toMatch(/^https?:/i);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
