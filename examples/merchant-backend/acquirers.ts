import type { Charge, ChargesClient, CreateParams, PaymentSource } from 'unicharge';
import type { Router } from 'unicharge/router';

/** What is charged at which route. Tokens do not travel: one that Stripe made means nothing to Omise. */
export type Sources = Readonly<Record<string, PaymentSource>>;

/** Where the shop charges: at one provider, or at the first of several that can. The rest of the shop does not know which. */
export interface Acquirers {
  readonly routes: readonly string[];
  /** Charges once for a key, however often it is called, and tells where. */
  charge(
    params: Omit<CreateParams, 'source'>,
    sources: Sources,
    idempotencyKey: string,
  ): Promise<{ readonly charge: Charge; readonly route: string }>;
  /** Everything after the charge: it goes where the charge lives. */
  at(route: string): Omit<ChargesClient, 'create'>;
}

/** One provider. */
export const oneAcquirer = (route: string, client: ChargesClient): Acquirers => ({
  routes: [route],
  charge: async (params, sources, idempotencyKey) => {
    const source = sources[route];
    if (source === undefined) throw new Error(`There is no source for ${route}.`);
    return { charge: await client.create({ ...params, source }, { idempotencyKey }), route };
  },
  at: () => client,
});

/** Several: the router leaves a route only after a definite end there, so that no order is paid at two. */
export const severalAcquirers = (routes: readonly string[], router: Router): Acquirers => ({
  routes,
  charge: async (params, sources, idempotencyKey) => {
    const charge = await router.create({ ...params, sources }, { idempotencyKey });
    return { charge, route: charge.route };
  },
  at: (route) => router.for(route),
});
