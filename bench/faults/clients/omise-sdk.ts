import http from 'node:http';
import type { JobClient, MerchantSetup, WriteOrder } from '../messages.js';
import { jobWithoutLookup } from './without-lookup.js';

const statuses: Readonly<Record<string, number>> = {
  authentication_failure: 401,
  not_found: 404,
  internal_error: 500,
};

/** The official `omise`: no retries, no time-out, no keys. */
export const createOmiseJob = async (_setup: MerchantSetup): Promise<JobClient> => {
  // The package itself is the function, which its types do not say.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const { default: omise } = (await import('omise')) as any;

  const send = (order: WriteOrder): Promise<{ id: string }> => {
    const { baseUrl, settings } = order.place;
    const { hostname, port } = new URL(baseUrl);
    const { charges } = omise({
      host: hostname,
      vaultHost: hostname,
      scheme: 'http',
      secretKey: settings['secretKey'],
      omiseVersion: '2019-05-29',
    });
    // The client has no port option, but asks the global agent for the default one as it opens a request.
    Object.assign(http.globalAgent, { defaultPort: Number(port) });
    const { amount, kind, key } = order;
    switch (kind) {
      case 'create':
      case 'authorize':
        return charges.create({
          amount,
          currency: 'thb',
          customer: (order.source as { customer: string }).customer,
          capture: kind === 'create',
          metadata: { order: key },
        });
      case 'capture':
        return charges.capture(order.target);
      case 'void':
        return charges.reverse(order.target);
      case 'refund':
        return charges.createRefund(order.target, { amount });
      case 'partial_refund':
        return charges.createRefund(order.target, { amount: amount / 4 });
    }
  };

  return jobWithoutLookup(send, (error) => {
    // Its refusals are plain objects of the provider.
    const refusal = error as { object?: string; code?: string; message?: string };
    const isRefusal = refusal?.object === 'error';
    return {
      name: isRefusal ? (refusal.code ?? 'error') : error instanceof Error ? error.name : 'unknown',
      message: String(refusal?.message ?? error).slice(0, 200),
      status: isRefusal ? (statuses[refusal.code ?? ''] ?? 400) : null,
    };
  });
};
