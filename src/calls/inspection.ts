import type { ChargesClient } from '../charges-client.js';
import { ConfigurationError } from '../errors.js';
import type { EventListener } from '../models/client-event.js';
import type { OperationStore } from '../models/operation-store.js';
import type { Reconciliation } from '../models/reconciliation.js';
import { Secret } from '../models/secret.js';
import { scopeOf, type Context } from './context.js';
import { isObject } from '../models/objects.js';

/** How a client would read a webhook: `refused` where no delivery could ever be verified, with the reason; `missing` where it lacks a secret. */
export type WebhookReadiness =
  | { readonly kind: 'none' }
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'verified' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly reason: string };

/** What `npx unicharge` asks a client of itself. No key and no secret is in it, and nothing here sends a request. */
export interface Inspection {
  readonly provider: string;
  /** Live or test, as far as the key tells it. */
  readonly livemode: boolean | null;
  readonly baseUrl: string;
  /** The version of the provider's API that every request names; null where requests name none. */
  readonly apiVersion: string | null;
  /** The store of the settings; null where none was given and records end with the process. */
  readonly store: OperationStore | null;
  /** Where the client's own writes are recorded. */
  readonly scope: string;
  /** The call headers with which this client reaches the writes of a scope; null where it is another client's. */
  headersFor(scope: string): Readonly<Record<string, string>> | null;
  /** Whether a webhook secret is there and fits. */
  readonly webhooks: WebhookReadiness;
  /** How far the provider's clock is ahead of ours, by the `Date` header of its last answer; null before the first. */
  clockOffsetMs(): number | null;
  /** How far a look for a key goes back where no record tells when its write began. For a router: Infinity, its clients look. */
  readonly looksBackMs: number;
  /** The clients below a router, by the names of their routes; null for the client of one provider. */
  readonly routes: readonly { readonly name: string; readonly client: ChargesClient }[] | null;
  /** Reconciles what is open in one of its scopes, and nothing of the clients below it. */
  reconcilePending(scope: string): AsyncIterable<Reconciliation>;
  /** Receives every event of the client beside the listener of its settings, until the returned function is called. */
  watch(listener: EventListener): () => void;
}

/** Registered, so that a client of another copy of this package can be asked, too: the command and the shop may load two. */
export const inspectionKey: unique symbol = Symbol.for('unicharge.inspection');

const webhookReadiness = ({ spec, common, own, runtime }: Context): WebhookReadiness => {
  const { webhook } = spec;
  if (webhook === undefined) return { kind: 'none' };
  const reveal = (values: readonly unknown[]): string[] =>
    values.filter((value) => value instanceof Secret).map((secret) => secret.reveal());
  const secrets = reveal([common.webhookSecret].flat());
  const apiKeys = reveal(Object.values(own));
  if (secrets.some((secret) => apiKeys.includes(secret)))
    return { kind: 'refused', reason: 'webhookSecret is a key of the API, which signs nothing' };
  try {
    // An empty delivery is never genuine: what it is refused for says whether a genuine one could be verified.
    webhook.verify({
      body: new Uint8Array(),
      headers: {},
      secrets,
      apiKeys,
      toleranceMs: common.webhookToleranceMs ?? webhook.toleranceMs,
      now: runtime.now(),
    });
    return { kind: 'unsigned' };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) return { kind: 'verified' };
    return secrets.length === 0 ? { kind: 'missing' } : { kind: 'refused', reason: error.message };
  }
};

/** Whose account a scope names: null where it belongs to another provider, mode or namespace. */
const accountIn = (context: Context, scope: string): string | null => {
  const common = scopeOf(context, '');
  return scope.startsWith(common) && scope.length > common.length ? scope.slice(common.length) : null;
};

const headersFor = (context: Context, scope: string): Readonly<Record<string, string>> | null => {
  if (scope === scopeOf(context, context.connection.account)) return {};
  const account = accountIn(context, scope);
  // The key's own account has no header that names it: a client that is set to another one cannot go back.
  if (account === null || account === '-') return null;
  const documented = Object.entries(context.spec.callHeaders ?? {});
  const choosing = documented.filter(([, { choosesAccount }]) => choosesAccount).map(([name]) => name);
  const header = context.connection.accountHeader ?? choosing[0];
  return header === undefined ? null : { [header]: account };
};

/** What every client has that can be inspected. */
type Inspectable = Pick<ChargesClient, 'supports' | 'list'>;

/** Lets something be inspected, without a name that a merchant's code would meet. */
export const attachInspection = (to: Inspectable, inspection: Inspection): void => {
  Object.defineProperty(to, inspectionKey, { value: inspection });
};

/** Lets a client be inspected by what it knows of itself. */
export const makeInspectable = (
  client: Inspectable & Pick<ChargesClient, 'reconcilePending'>,
  context: Context,
): void => {
  attachInspection(client, {
    provider: context.spec.provider,
    livemode: context.connection.livemode,
    baseUrl: context.transport.baseUrl,
    apiVersion: context.connection.apiVersion ?? null,
    store: context.common.store ?? null,
    scope: scopeOf(context, context.connection.account),
    headersFor: (scope) => headersFor(context, scope),
    get webhooks() {
      return webhookReadiness(context);
    },
    clockOffsetMs: () => context.observed.clockOffsetMs,
    looksBackMs: Math.max(context.lookbackMs, context.protocol.keyLifetimeMs ?? 0),
    routes: null,
    reconcilePending: (scope) => client.reconcilePending({ headers: headersFor(context, scope) ?? {} }),
    watch: (listener) => {
      context.watchers.add(listener);
      return () => context.watchers.delete(listener);
    },
  });
};

/** Whether something is a client of this library: clients and routers alone are attached an inspection. */
export const isInspectable = (
  client: unknown,
): client is Inspectable & { readonly [inspectionKey]: Inspection } =>
  isObject(client) && inspectionKey in client;

/** What a client says of itself; null for what is no client of this library. */
export const inspectClient = (client: unknown): Inspection | null =>
  isInspectable(client) ? client[inspectionKey] : null;
