// One merchant process: does what the laboratory orders, and may be killed at any moment.
import type { JobClient, MerchantSetup, Order, RouteJob } from './messages.js';

/** Loaded on demand: a process that is killed often has to start fast. */
const createJob = async (setup: MerchantSetup): Promise<Partial<JobClient & RouteJob>> => {
  switch (setup.client) {
    case 'unicharge':
      return (await import('./clients/unicharge.js')).createUnichargeJob(setup);
    case 'naive':
      return (await import('./clients/naive.js')).createNaiveJob(setup);
    case 'stripe-sdk':
      return (await import('./clients/stripe-sdk.js')).createStripeJob(setup);
    case 'omise-sdk':
      return (await import('./clients/omise-sdk.js')).createOmiseJob(setup);
    case 'justifi-sdk':
      return (await import('./clients/justifi-sdk.js')).createJustifiJob(setup);
    case 'router':
      return (await import('./clients/router.js')).createRouterJob(setup);
    case 'failover':
      return (await import('./clients/failover.js')).createFailoverJob(setup);
  }
};

const setup = JSON.parse(process.argv[2] ?? '') as MerchantSetup;
const job = await createJob(setup);

const run = (order: Order): Promise<unknown> => {
  const work = (job[order.type] as ((order: Order) => Promise<unknown>) | undefined)?.(order);
  return work ?? Promise.reject(new Error(`${setup.client} does no ${order.type}`));
};

process.on('message', ({ id, order }: { id: number; order: Order }) => {
  run(order).then(
    (report) => process.send?.({ id, report }),
    (error: unknown) => process.send?.({ id, fault: error instanceof Error ? error.stack : String(error) }),
  );
});
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });
