import { createHash } from 'node:crypto';
import type { Runtime } from '../runtime.js';
import type { SimulatedProvider } from './faces.js';
import type { SimulatedProviders } from './simulated-providers.js';
import { checkFunction, checkObject, checkSurplus, checkWhole, checkWord, shown } from './check-values.js';
import { checkMembers } from './nearest-name.js';
import type { OutgoingWebhook } from './webhooks-outgoing.js';
import { postOnce } from './webhooks-post.js';

/** What became of one notification. */
export interface SimulatedDelivery {
  /** The name of the simulated provider, such as `stripe`. */
  readonly provider: string;
  /** The provider's name of the event. */
  readonly event: string;
  /** The charge that it is about. */
  readonly chargeId: string;
  /** The address that it is sent to. */
  readonly url: string;
  /** `held` until `release()`; `given_up` after the last attempt. */
  readonly state: 'held' | 'waiting' | 'accepted' | 'given_up' | 'dropped';
  /** The status of every attempt so far; 0 where no answer came. */
  readonly statuses: readonly number[];
}

/** How held notifications are let go. */
export interface Disorder {
  /** As they happened unless told. `shuffled` follows the simulator's seed. */
  order?: 'reversed' | 'shuffled' | undefined;
  /** How often each is sent; 1 unless told. */
  copies?: number | undefined;
  /** Which of them get lost for good; none unless told. */
  drop?: ((delivery: SimulatedDelivery, index: number) => boolean) | undefined;
}

/** Signed notifications over real HTTP. */
export interface SimulatedWebhooks {
  /**
   * From now on the provider's notifications go to this address, signed with this secret, one after the other. Every answer
   * but 2xx is tried again, up to five times with short waits, signed anew. The returned function ends it for what comes later.
   */
  deliverTo(provider: SimulatedProvider, url: string, secret: string): () => void;
  /** Keeps notifications back until `release()`. */
  hold(): void;
  /** Sends what was held, in disorder if wanted, and what comes from now on at once. Resolves like `flush`. */
  release(disorder?: Disorder): Promise<void>;
  /** Resolves when nothing is under way any more, what was caused by deliveries included. What is held stays held. */
  flush(): Promise<void>;
  /** Everything that was to be delivered since the start, in the order in which it happened. */
  deliveries(): readonly SimulatedDelivery[];
}

const mostAttempts = 5;
const firstWaitMs = 20;

interface Endpoint {
  readonly provider: SimulatedProvider;
  readonly url: string;
  readonly secret: string;
}

interface Parcel {
  readonly webhook: OutgoingWebhook;
  readonly endpoint: Endpoint;
  state: SimulatedDelivery['state'];
  statuses: number[];
}

const reportOf = ({ webhook, endpoint, state, statuses }: Parcel): SimulatedDelivery => ({
  provider: webhook.provider,
  event: webhook.name,
  chargeId: webhook.chargeId,
  url: endpoint.url,
  state,
  statuses: [...statuses],
});

const isWebAddress = (url: unknown): boolean =>
  typeof url === 'string' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);

const checkDisorder = (disorder: Disorder): void => {
  checkObject('The disorder of a release', disorder, "{ order: 'shuffled' }");
  checkMembers('The disorder of a release', disorder, ['order', 'copies', 'drop']);
  const { order, copies, drop } = disorder;
  if (order !== undefined) checkWord('The order of a release', order, ['reversed', 'shuffled']);
  if (copies !== undefined) checkWhole('The copies of a release', copies, 1);
  if (drop !== undefined) checkFunction("The 'drop' of a release", drop);
};

/** Makes the delivery of notifications for a running simulator; `stop` ends it at once. */
export const createWebhookDelivery = (
  simulated: Pick<SimulatedProviders, 'subscribeToWebhooks' | 'signWebhook'>,
  runtime: Runtime,
  seed: number,
): SimulatedWebhooks & { stop(): void } => {
  const endpoints = new Set<Endpoint>();
  const parcels: Parcel[] = [];
  const stopped = new AbortController();
  let shuffles = 0;
  let held: Parcel[] | null = null;
  let queue: Promise<void> = Promise.resolve();
  let unsubscribe: (() => void) | undefined;

  const attempt = async (parcel: Parcel): Promise<boolean> => {
    const { webhook, endpoint } = parcel;
    const headers = simulated.signWebhook(endpoint.provider, webhook.body, endpoint.secret);
    const status = await postOnce(endpoint.url, webhook.body, headers, runtime, stopped.signal);
    parcel.statuses.push(status);
    return status >= 200 && status < 300;
  };

  const deliver = async (parcel: Parcel): Promise<void> => {
    for (let count = 0; count < mostAttempts && !stopped.signal.aborted; count += 1) {
      if (count > 0)
        await runtime.sleep(firstWaitMs * 2 ** (count - 1), stopped.signal).catch(() => undefined);
      if (await attempt(parcel)) {
        parcel.state = 'accepted';
        return;
      }
    }
    parcel.state = 'given_up';
  };

  const enqueue = (parcel: Parcel): void => {
    parcel.state = 'waiting';
    const deliverOnce = (): Promise<void> =>
      deliver(parcel).catch(() => {
        parcel.state = 'given_up';
      });
    queue = queue.then(deliverOnce);
  };

  const accept = (webhook: OutgoingWebhook): void => {
    for (const endpoint of endpoints) {
      if (endpoint.provider !== webhook.provider) continue;
      const parcel: Parcel = { webhook, endpoint, state: 'held', statuses: [] };
      parcels.push(parcel);
      if (held === null) enqueue(parcel);
      else held.push(parcel);
    }
  };

  const flush = async (): Promise<void> => {
    // What a delivery causes stands in the queue before it ends.
    for (let seen: Promise<void> | undefined; seen !== queue;) {
      seen = queue;
      await seen;
    }
  };

  return {
    deliverTo: (provider, url, secret, ...more: unknown[]) => {
      checkSurplus('deliverTo', more, 'it takes a provider, an address and a secret.');
      if (!isWebAddress(url))
        throw new RangeError('deliverTo: the address must be a URL such as http://127.0.0.1:3000/webhooks.');
      if (typeof secret !== 'string' || secret === '')
        throw new RangeError('deliverTo: the secret must be a text, the webhookSecret of your client.');
      // Refuses a provider that this simulator runs without, and a secret that it cannot sign with.
      simulated.signWebhook(provider, '', secret);
      const endpoint: Endpoint = { provider, url, secret };
      endpoints.add(endpoint);
      unsubscribe ??= simulated.subscribeToWebhooks(accept);
      return () => {
        endpoints.delete(endpoint);
      };
    },
    hold: () => {
      held ??= [];
    },
    release: (disorder = {}) => {
      checkDisorder(disorder);
      const { order, copies = 1, drop } = disorder;
      const waiting = held ?? [];
      const lost = waiting.filter((parcel, index) => {
        const isLost: unknown = drop?.(reportOf(parcel), index) ?? false;
        if (typeof isLost !== 'boolean')
          throw new TypeError(`The 'drop' of a release must answer true or false, not ${shown(isLost)}.`);
        return isLost;
      });
      held = null;
      for (const parcel of lost) parcel.state = 'dropped';
      const kept = waiting.filter(({ state }) => state !== 'dropped');
      const all = kept.flatMap((parcel) => Array.from({ length: copies }, () => parcel));
      if (order === 'reversed') all.reverse();
      const sent =
        order === 'shuffled'
          ? all
              .map((parcel) => ({
                parcel,
                rank: createHash('sha256')
                  .update(`${seed}:${(shuffles += 1)}`)
                  .digest('hex'),
              }))
              .sort((left, right) => (left.rank < right.rank ? -1 : 1))
              .map(({ parcel }) => parcel)
          : all;
      sent.forEach(enqueue);
      return flush();
    },
    flush,
    deliveries: (...given: unknown[]) => {
      checkSurplus('deliveries', given, 'it gives those of every provider; filter them.');
      return parcels.map(reportOf);
    },
    stop: () => {
      unsubscribe?.();
      endpoints.clear();
      stopped.abort(new Error('The simulator was stopped.'));
    },
  };
};
