import { stampMetadataKey, stampOf, attach } from '../../src/models/attachments.js';
import type { Charge } from '../../src/models/charge.js';
import type { Refund } from '../../src/models/refund.js';
import type { WireHandler } from '../../src/testing/in-memory-exchange.js';
import { body, changed, charge, failure, page, query, rebuiltCharge, request, row } from './changes.js';
import type { Mutant } from './mutants.js';

/** The idempotency key does not arrive with requests to paths that end so. */
const withoutKey =
  (fits: (path: string) => boolean) =>
  (handle: WireHandler): WireHandler =>
  (incoming) => {
    if (!fits(incoming.path)) return handle(incoming);
    const { 'idempotency-key': _, ...headers } = incoming.headers;
    return handle({ ...incoming, headers });
  };

const withoutStamp = (json: Record<string, unknown>): object => {
  const { [stampMetadataKey]: _, ...metadata } = (json['metadata'] ?? {}) as Record<string, string>;
  return { ...json, metadata };
};

/** Writes the charge that was asked into whatever was answered: an answer about another one can no longer be told. */
const answersAsAsked = (name: 'retrieve' | 'capture' | 'void' | 'refund') =>
  row(name, (old) => ({
    ...old,
    output: async (...[answered, call, input]: Parameters<typeof old.output>) => {
      const made = (await old.output(answered, call, input)) as Charge | Refund;
      const { id } = input as { readonly id: string };
      return changed(made, name === 'refund' ? { chargeId: id } : { id });
    },
  }));

/** Faults about keys, errors, outcomes, lists and 3-D Secure. */
export const protocolMutants: readonly Mutant[] = [
  { name: 'create drops the key', way: withoutKey((path) => path.endsWith('/charges')) },
  { name: 'capture drops the key', way: withoutKey((path) => path.endsWith('/capture')) },
  { name: 'refund drops the key', way: withoutKey((path) => path.endsWith('/refunds')) },
  { name: 'void drops the key', way: withoutKey((path) => path.endsWith('/void')) },
  {
    name: 'the key goes out under another header',
    change: (spec) => ({
      ...spec,
      writeSafety: { kind: 'provider-key', header: 'x-request-key', keyLifetimeMs: 86_400_000 },
    }),
  },
  {
    name: 'every request gets a key of its own',
    way: (handle) => {
      let count = 0;
      return (incoming) =>
        handle({ ...incoming, headers: { ...incoming.headers, 'idempotency-key': `own-${(count += 1)}` } });
    },
  },
  { name: 'create loses the stamp', change: body('create', withoutStamp) },
  { name: 'refund loses the stamp', change: body('refund', withoutStamp) },
  {
    name: 'the list does not read the stamp',
    change: page((old) => ({ ...old, data: old.data.map((each) => attach({ ...each }, { raw: each.raw })) })),
  },
  {
    name: 'update wipes metadata',
    change: row('update', (old) => ({
      ...old,
      prepare: (input: { params: { metadata?: object } }) =>
        Promise.resolve({ metadata: input.params.metadata }),
    })),
  },
  {
    name: 'update keeps the metadata but loses the stamp',
    change: body('update', (json) => (json['metadata'] === undefined ? json : withoutStamp(json))),
  },
  {
    name: 'update does not remove a key that is null',
    change: row('update', (old) => ({
      ...old,
      prepare: async (input: never, call: never) => {
        const prepared = (await old.prepare?.(input, call)) as { metadata?: object } | undefined;
        return prepared?.metadata === undefined
          ? {}
          : { metadata: { gone: 'soon', order: '81', ...prepared.metadata } };
      },
    })),
  },
  {
    name: 'update forgets the description',
    change: body('update', (json) => ({ ...json, description: undefined })),
  },
  {
    name: 'the stamp shows in metadata',
    change: charge((each) => ({ metadata: { ...each.metadata, [stampMetadataKey]: stampOf(each) ?? '' } })),
  },
  {
    name: 'a 5xx is reported as rejected',
    change: failure(({ kind }) => (kind === 'provider' ? { outcome: 'rejected' } : {})),
  },
  {
    name: 'a 5xx is read as a wrong request',
    change: failure(({ kind }) => (kind === 'provider' ? { kind: 'invalid_request' } : {})),
  },
  {
    name: 'a decline leaves the outcome open',
    change: failure(({ kind }) => (kind === 'card' ? { outcome: 'unknown' } : {})),
  },
  {
    name: 'a decline is read as a wrong request',
    change: failure(({ kind }) => (kind === 'card' ? { kind: 'invalid_request' } : {})),
  },
  { name: 'a decline has no code', change: failure(() => ({ declineCode: null })) },
  {
    name: 'every decline is a lost card',
    change: failure(({ kind }) => (kind === 'card' ? { declineCode: 'lost_or_stolen_card' } : {})),
  },
  {
    name: 'insufficient funds are a generic decline',
    change: failure(({ kind }) => (kind === 'card' ? { declineCode: 'generic_decline' } : {})),
  },
  {
    name: 'a declined create resolves',
    change: charge(({ status }) => (status === 'failed' ? { status: 'pending', failure: null } : {})),
    way: (handle) => (incoming) => {
      const answer = handle(incoming);
      const id = (answer.body as { error?: { charge?: string } }).error?.charge;
      if (answer.status !== 402 || id === undefined) return answer;
      return {
        ...handle({ ...incoming, headers: {}, method: 'GET', path: `/v1/charges/${id}` }),
        status: 201,
      };
    },
  },
  {
    name: 'a failed charge reads as pending',
    change: charge(({ status }) => (status === 'failed' ? { status: 'pending', failure: null } : {})),
  },
  { name: 'a failed charge has no failure', change: charge(() => ({ failure: null })) },
  {
    name: 'a missing charge is a wrong request',
    change: failure(({ kind }) => (kind === 'not_found' ? { kind: 'invalid_request' } : {})),
  },
  {
    name: 'a state refusal is a wrong request',
    change: failure(({ kind }) => (kind === 'conflict' ? { kind: 'invalid_request' } : {})),
  },
  {
    name: 'a state refusal leaves the outcome open',
    change: failure(({ kind }) => (kind === 'conflict' ? { outcome: 'unknown' } : {})),
  },
  {
    name: 'a key conflict is a state refusal',
    change: failure(({ kind }) => (kind === 'idempotency_conflict' ? { kind: 'conflict' } : {})),
  },
  {
    name: 'a 429 is read as a failing provider',
    change: failure(({ kind }) => (kind === 'rate_limit' ? { kind: 'provider' } : {})),
  },
  {
    name: 'a 429 is read as a request in progress',
    change: failure(({ kind }) => (kind === 'rate_limit' ? { kind: 'in_progress' } : {})),
  },
  { name: 'errors have no message', change: failure(() => ({ message: '' })) },
  {
    name: 'the list skips the last of every page',
    change: page((old) => ({ ...old, data: old.data.slice(0, -1) }), ['list']),
  },
  {
    name: 'the list skips the first of every further page',
    change: page(
      (old, { cursor }) => ({ ...old, data: cursor === null ? old.data : old.data.slice(1) }),
      ['list'],
    ),
  },
  {
    name: 'the list gives every charge twice',
    change: page((old) => ({ ...old, data: old.data.flatMap((each) => [each, each]) }), ['list']),
  },
  { name: 'the list ends after one page', change: page((old) => ({ ...old, nextCursor: null }), ['list']) },
  {
    name: 'the search ends after one page',
    change: page((old) => ({ ...old, nextCursor: null }), ['search']),
  },
  {
    name: 'the list repeats its cursor',
    change: page(
      (old, { cursor }) => ({
        ...old,
        nextCursor: old.nextCursor === null ? null : (cursor ?? old.nextCursor),
      }),
      ['list'],
    ),
  },
  {
    name: 'the list never ends',
    change: page((old) => ({ ...old, nextCursor: old.nextCursor ?? 'end' }), ['list']),
  },
  {
    name: 'the list is oldest first',
    change: page((old) => ({ ...old, data: [...old.data].reverse() }), ['list']),
  },
  { name: 'the list ignores its limit', change: query('list', (old) => ({ ...old, limit: undefined })) },
  { name: 'the list ignores its cursor', change: query('list', (old) => ({ ...old, cursor: undefined })) },
  {
    name: 'createdAfter is exclusive',
    change: query('list', (old) => ({
      ...old,
      ...(old['created_after'] === undefined
        ? {}
        : { created_after: new Date(Date.parse(old['created_after'] as string) + 1).toISOString() }),
    })),
  },
  {
    name: 'the bounds of time are swapped',
    change: query('list', (old) => ({
      ...old,
      created_after: old['created_before'],
      created_before: old['created_after'],
    })),
  },
  {
    name: 'search by metadata asks for another key',
    change: query('search', (old) => ({
      ...old,
      ...(old['metadata'] === undefined ? {} : { metadata: { unheard: 'of' } }),
    })),
  },
  { name: 'search finds nothing', change: page(() => ({ data: [], nextCursor: null }), ['search']) },
  { name: 'a payer who has to act gets no address', change: charge(() => ({ nextAction: null })) },
  {
    name: 'a payer who has to act reads as pending',
    change: charge(({ status }) => (status === 'requires_action' ? { status: 'pending' } : {})),
  },
  {
    name: 'verify3DS resolves what failed',
    change: charge(
      ({ status }) => (status === 'failed' ? { status: 'requires_action', failure: null } : {}),
      ['verify3DS'],
    ),
  },
  {
    name: 'verify3DS reads another charge',
    change: request('verify3DS', (sent) => ({ ...sent, ids: { id: 'ch_00000001' } })),
  },
  {
    name: 'verify3DS believes the payer',
    change: charge(
      ({ amount }) => ({ status: 'captured', amountCaptured: amount, failure: null, nextAction: null }),
      ['verify3DS'],
    ),
  },
  {
    name: 'expire voids',
    change: request('expire', (sent) => ({ ...sent, route: '/v1/charges/{id}/void' })),
  },
  {
    name: 'routes name charges',
    change: request('retrieve', (sent, { id }) => ({ method: sent.method, route: `/v1/charges/${id}` })),
  },
  {
    name: 'a capture answers for another charge',
    change: charge(() => ({ id: 'ch_00000001' }), ['capture']),
  },
  {
    name: 'retrieve reads the newest charge',
    change: rebuiltCharge((each) => each, []),
    way: (handle) => (incoming) => {
      const single = /^\/v1\/charges\/ch_\d+$/.test(incoming.path) && incoming.method === 'GET';
      if (!single) return handle(incoming);
      const newest = handle({ ...incoming, path: '/v1/charges', query: new URLSearchParams({ limit: '1' }) });
      return { status: 200, body: (newest.body as { data: unknown[] }).data[0] };
    },
  },
  { name: 'retrieve takes any charge for the one that was asked', change: answersAsAsked('retrieve') },
  { name: 'capture takes any charge for the one that was asked', change: answersAsAsked('capture') },
  { name: 'void takes any charge for the one that was asked', change: answersAsAsked('void') },
  { name: 'refund takes any charge for the one that was asked', change: answersAsAsked('refund') },
  {
    name: 'every currency goes out as euro',
    change: body('create', (json) => ({ ...json, currency: 'eur' })),
  },
];
