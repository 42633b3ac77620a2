import { attach, stampOf } from '../../src/models/attachments.js';
import { capability, charge, rebuiltCharge, refund, unchecked, body } from './changes.js';
import type { Mutant } from './mutants.js';

const toCamelCase = (key: string): string =>
  key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Faults about what a charge looks like, and about what the capability table promises. */
export const shapeMutants: readonly Mutant[] = [
  {
    name: 'metadata keys are renamed',
    change: charge(({ metadata }) => ({
      metadata: Object.fromEntries(Object.entries(metadata).map(([key, value]) => [toCamelCase(key), value])),
    })),
  },
  {
    name: 'metadata loses what is not ASCII',
    change: charge(({ metadata }) => ({
      metadata: Object.fromEntries(
        Object.entries(metadata).map(([key, value]) => [key, value.replace(/[^ -~]/g, '?')]),
      ),
    })),
  },
  { name: 'metadata is not sent', change: body('create', (json) => ({ ...json, metadata: undefined })) },
  { name: 'metadata does not come back', change: charge(() => ({ metadata: {} })) },
  {
    name: 'test and live are swapped',
    change: charge(({ livemode }) => ({ livemode: livemode === null ? null : !livemode })),
  },
  { name: 'retrieve does not know test from live', change: charge(() => ({ livemode: null }), ['retrieve']) },
  { name: 'the provider has another name', change: charge(() => ({ provider: 'other' })) },
  {
    name: 'raw is enumerable',
    change: rebuiltCharge((each) =>
      Object.assign(
        attach({ ...each }, { stamp: stampOf(each) }),
        Object.defineProperty({}, 'raw', { value: each.raw, enumerable: true }),
      ),
    ),
  },
  { name: 'raw is missing', change: rebuiltCharge((each) => attach({ ...each }, { stamp: stampOf(each) })) },
  {
    name: 'a refund has no raw',
    change: refund((each) => {
      attach(each, { stamp: stampOf(each) });
      return {};
    }),
  },
  {
    name: 'dates are seconds',
    change: charge(({ createdAt }) => ({
      createdAt: String(Math.floor(Date.parse(createdAt ?? '') / 1000)),
    })),
  },
  {
    name: 'dates are in 1970',
    change: charge(({ createdAt }) => ({
      createdAt: new Date(Date.parse(createdAt ?? '') / 1000).toISOString(),
    })),
  },
  {
    name: 'dates are an hour late',
    change: charge(({ createdAt }) => ({
      createdAt: new Date(Date.parse(createdAt ?? '') + 3_600_000).toISOString(),
    })),
  },
  { name: 'a charge has no date', change: charge(() => ({ createdAt: null })) },
  { name: 'a paid charge expires', change: charge(({ createdAt }) => ({ expiresAt: createdAt })) },
  {
    name: 'an authorization has a date of capture',
    change: charge(({ createdAt }) => ({ capturedAt: createdAt })),
  },
  {
    name: 'a paid charge has a failure',
    change: charge(() => ({
      failure: {
        code: 'generic_decline',
        message: null,
        providerCode: null,
        declineCode: null,
        networkCode: null,
        advice: 'use_other_card',
      },
    })),
  },
  {
    name: 'the description is dropped',
    change: body('create', (json) => ({ ...json, description: undefined })),
  },
  {
    name: 'the e-mail is cut',
    change: charge(({ email }) => ({ email: email === null ? null : email.slice(0, 3) })),
  },
  {
    name: 'an unknown status reads as paid',
    change: charge(({ status, amount }) =>
      status === 'unknown' ? { status: 'captured', amountCaptured: amount } : {},
    ),
  },
  {
    name: 'an unknown status reads as failed',
    change: charge(({ status }) => (status === 'unknown' ? { status: 'failed' } : {})),
  },
  {
    name: 'an unknown status reads as pending',
    change: charge(({ status }) => (status === 'unknown' ? { status: 'pending' } : {})),
  },
  {
    name: 'an unknown refund reads as succeeded',
    change: refund(({ status }) => (status === 'unknown' ? { status: 'succeeded' } : {})),
  },
  {
    name: 'an unknown refund reads as failed',
    change: refund(({ status }) => (status === 'unknown' ? { status: 'failed' } : {})),
  },
  { name: 'partial capture is denied', change: capability('capture', { partial: false }) },
  { name: 'void of captured money is promised', change: capability('void', { captured: true }) },
  {
    name: 'currencies are promised but not checked',
    change: capability('create', { currencies: ['EUR', 'JPY'] }),
  },
  { name: 'refused fields are promised but sent', change: capability('create', { refuses: ['expiresAt'] }) },
  { name: 'raw cards are sent', change: unchecked('create') },
  {
    name: 'newest first is promised for an oldest-first list',
    change: capability('list', { order: 'newest_first' }),
    way: (handle) => (incoming) => {
      const answer = handle(incoming);
      if (incoming.path !== '/v1/charges' || incoming.method !== 'GET') return answer;
      const { data, next } = answer.body as { data: unknown[]; next: unknown };
      return { ...answer, body: { data: [...data].reverse(), next } };
    },
  },
];
