import type { OperationStore } from '../../src/models/operation-store.js';
import type { ProviderSpec } from '../../src/provider.js';

/** A bug planted by hand: the simulation has to find it, or it proves nothing. */
export interface Plant {
  readonly name: string;
  readonly what: string;
  /** Only where the provider has no keys, because keys would hide the bug. */
  readonly lookupProvidersOnly: boolean;
  spec?(spec: ProviderSpec): ProviderSpec;
  store?(store: OperationStore): OperationStore;
  tamper?(body: string): string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

const neverAgain = 10 ** 15;

/** A store that knows a write only once it has ended: what a crash leaves behind is nothing. */
const recordAfterSend = (store: OperationStore): OperationStore => {
  const pending = new Map<string, Awaited<ReturnType<OperationStore['begin']>>>();
  return {
    ...store,
    begin: async (operation) => {
      const id = `${operation.scope} ${operation.key} ${operation.owner}`;
      const known = await store.get(operation.scope, operation.key);
      if (known !== null && known.record.state !== 'started') return { status: 'exists', ...known };
      const begun = await store.begin(operation);
      if (begun.status === 'locked') return begun;
      const { record } = begun;
      const own = {
        ...record,
        owner: operation.owner,
        attempt: 1,
        prepared: false,
        openSend: null,
        sentAt: null,
      };
      const answer = { status: 'made' as const, record: own, now: begun.now };
      pending.set(id, answer);
      return answer;
    },
    prepare: () => Promise.resolve(true),
    release: () => Promise.resolve(true),
  };
};

/** A store whose leases never end: nobody takes over what a dead process left behind. */
const endlessLease = (store: OperationStore): OperationStore => ({
  ...store,
  begin: (operation) => store.begin({ ...operation, leaseMs: neverAgain }),
  claim: (operation) => store.claim({ ...operation, leaseMs: neverAgain }),
});

export const plants: readonly Plant[] = [
  {
    name: 'resend-without-lookup',
    what: 'a provider without keys is treated as if it had them: repeats are sent, not looked up',
    lookupProvidersOnly: true,
    spec: (spec) => ({
      ...spec,
      writeSafety: { kind: 'provider-key', header: 'x-ignored', keyLifetimeMs: neverAgain },
    }),
  },
  {
    name: 'record-after-send',
    what: 'a write is recorded only when it has ended',
    lookupProvidersOnly: true,
    store: recordAfterSend,
  },
  {
    name: 'endless-lease',
    what: 'the lease of a dead process never ends',
    lookupProvidersOnly: false,
    store: endlessLease,
  },
  {
    name: 'one-look',
    what: 'a look-up that sees nothing is believed at once',
    lookupProvidersOnly: true,
    settings: { settleMs: 1, abandonedMs: 1 },
  },
  {
    name: 'no-stamp',
    what: 'the key is not kept with the charge',
    lookupProvidersOnly: true,
    tamper: (body) => body.replaceAll('unicharge_key', 'some_other_key'),
  },
];
