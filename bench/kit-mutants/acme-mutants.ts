import { attach } from '../../src/models/attachments.js';
import { body, capability, charge, failure, page, row, unchecked } from './changes.js';
import type { Mutant } from './mutants.js';
import { acmeSecretKey } from './subject.js';

/** Faults of an adapter whose provider keeps no idempotency keys and counts in main units. */
export const acmeMutants: readonly Mutant[] = [
  {
    name: 'keys are promised that the provider ignores',
    change: (spec) => ({
      ...spec,
      writeSafety: { kind: 'provider-key', header: 'idempotency-key', keyLifetimeMs: 86_400_000 },
    }),
  },
  {
    name: 'every currency has cents',
    change: body('create', (json) => ({ ...json, amount: (Number(json['amount']) / 100).toFixed(2) })),
  },
  {
    name: 'amounts go out in minor units',
    change: body('create', (json) => ({ ...json, amount: String(json['amount']).replace('.', '') })),
  },
  {
    name: 'a refund rounds to whole units',
    change: body('refund', (json) => ({ ...json, amount: String(Math.round(Number(json['amount']))) })),
  },
  { name: 'create loses the stamp', change: body('create', (json) => ({ ...json, labels: {} })) },
  {
    name: 'the list does not read the stamp',
    change: page((old) => ({ ...old, data: old.data.map((each) => attach({ ...each }, { raw: each.raw })) })),
  },
  {
    name: 'the list shows settled money only',
    change: page((old) => ({ ...old, data: old.data.filter(({ status }) => status !== 'authorized') })),
  },
  { name: 'the list ends after one page', change: page((old) => ({ ...old, nextCursor: null })) },
  {
    name: 'the offset of the list counts pages',
    change: page((old, { cursor }) => ({
      ...old,
      nextCursor: old.nextCursor === null ? null : String(Number(cursor ?? 0) + 1),
    })),
  },
  {
    name: 'a 5xx is reported as rejected',
    change: failure(({ kind }) => (kind === 'provider' ? { outcome: 'rejected' } : {})),
  },
  { name: 'nothing is a reason for doubt', change: failure(() => ({ outcome: 'rejected' })) },
  {
    name: 'the key of the account stands in a field of charges',
    change: charge(() => ({ providerStatus: `paid with ${acmeSecretKey}` })),
  },
  {
    name: 'a partial capture takes everything',
    change: row('capture', (old) => ({ ...old, prepare: undefined })),
  },
  { name: 'a partial capture is promised', change: capability('capture', { partial: true }) },
  { name: 'refunds are said to carry metadata', change: capability('refund', { metadata: true }) },
  {
    name: 'a released payment reads as paid',
    change: charge(({ status, amount }) =>
      status === 'voided' ? { status: 'captured', amountCaptured: amount } : {},
    ),
  },
  {
    name: 'an authorization reads as paid',
    change: charge(({ status, amount }) =>
      status === 'authorized' ? { status: 'captured', amountCaptured: amount } : {},
    ),
  },
  { name: 'nothing is checked before sending', change: unchecked('create') },
  {
    name: 'a decline forgets its charge and its class',
    change: failure(({ kind }) => (kind === 'card' ? { kind: 'conflict', chargeId: null } : {})),
  },
];
