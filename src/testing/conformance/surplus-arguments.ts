import type { ChargesClient } from '../../charges-client.js';
import { InvalidRequestError } from '../../errors.js';
import type { ConformanceCase } from './bench.js';

/** A method as code without types calls it. */
type Method = 'create' | 'void';
type LooseMethod = (this: ChargesClient, ...given: unknown[]) => Promise<unknown>;

const call = (client: ChargesClient, method: Method, ...given: unknown[]): Promise<unknown> => {
  const loose: unknown = client[method];
  return (loose as LooseMethod).apply(client, given);
};

/** An argument in a place where none is looked for: the key in it would be lost, and the repeat would be another write. */
export const surplusArguments: readonly ConformanceCase[] = [
  {
    name: 'a key behind the options of create is refused unsent',
    needs: ['create'],
    run: async ({ params, key, refusesUnsent }) => {
      const options = { idempotencyKey: key() };
      await refusesUnsent(
        (client) => call(client, 'create', params(), undefined, options),
        InvalidRequestError,
      );
    },
  },
  {
    name: 'a key behind the options of void is refused unsent',
    needs: ['create', 'capture', 'void'],
    run: async ({ authorize, key, refusesUnsent }) => {
      const { id } = await authorize();
      const options = { idempotencyKey: key() };
      await refusesUnsent((client) => call(client, 'void', id, {}, options), InvalidRequestError);
    },
  },
];
