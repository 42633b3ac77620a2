import type { Simulator } from '../../../src/simulator/simulator.js';

/** A customer with a saved card at the simulated Omise: a source that a second charge would not be refused for. */
export const savedCustomer = async (simulator: Simulator): Promise<string> => {
  const { secretKey, baseUrl } = simulator.settings('omise');
  const card = simulator.source('omise', 'approved') as string;
  const response = await fetch(`${baseUrl}/customers`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${secretKey}:`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ card }),
  });
  const customer = (await response.json()) as { id?: string };
  if (customer.id === undefined) throw new Error(`no customer was made: ${response.status}`);
  return customer.id;
};
