import { createAnswerChecks } from '../../../src/calls/whole-answers.js';
import type { Call, DriftKind, WireRequest } from '../../../src/provider.js';

/** The two ways to charge. */
export type StripeApi = 'payment_intents' | 'charges';

/** A call whose requests are answered from a table of routes, with everything that was asked and reported. */
export interface ScriptedCall extends Call {
  readonly requests: WireRequest[];
  readonly drifts: (readonly [path: string, kind: DriftKind])[];
}

/** Bodies by address; a function is asked anew each time. */
type Script = Readonly<Record<string, unknown>>;

/** The key of a script: method and path with its ids filled in, without the query. */
const addressOf = (request: WireRequest): string =>
  `${request.method} ${request.route.replace(/\{(\w+)\}/g, (_, name: string) => request.ids?.[name] ?? '?')}`;

export const scriptedCall = (
  script: Script = {},
  facts: {
    readonly api?: StripeApi;
    readonly idempotencyKey?: string | null;
    readonly prepared?: unknown;
  } = {},
): ScriptedCall => {
  const requests: WireRequest[] = [];
  const drifts: (readonly [string, DriftKind])[] = [];
  return {
    settings: { api: facts.api },
    livemode: false,
    account: null,
    include: new Set(),
    idempotencyKey: facts.idempotencyKey === undefined ? 'order-81' : facts.idempotencyKey,
    prepared: facts.prepared ?? null,
    requests,
    drifts,
    drift: (path, kind) => {
      drifts.push([path, kind]);
    },
    ...createAnswerChecks({ provider: 'stripe' }),
    now: () => 1_795_000_000_000,
    sleep: async () => undefined,
    send: async (request, response) => {
      requests.push(request);
      const address = addressOf(request);
      if (!Object.hasOwn(script, address)) throw new Error(`nobody expected ${address}`);
      const scripted = script[address];
      const body: unknown =
        typeof scripted === 'function' ? (scripted as (asked: WireRequest) => unknown)(request) : scripted;
      response.parse(body);
      const answer = { status: 200, headers: {}, body, requestId: 'req_1' };
      return { wire: body as never, answer };
    },
  };
};
