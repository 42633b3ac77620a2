import { createHash } from 'node:crypto';
import type { Secret } from '../models/secret.js';

/** Keys of writes that are under way in this process, whichever client sends them. */
const underWay = new Set<string>();

/**
 * Whose keys they are: two accounts of one process may use the same key. `secrets` are those that open the account, not those
 * of its webhooks. They themselves are not kept.
 */
export const ownerOfKeys = (baseUrl: string, secrets: readonly Secret[]): string => {
  const hash = createHash('sha256').update(baseUrl);
  for (const secret of secrets) hash.update('\0').update(secret.reveal());
  return hash.digest('base64');
};

/**
 * Takes a key for one write of this process; null while another client of it sends under that key. Each client with the
 * default store has records of its own: made for every request of a shop, two of them would send the same order at once.
 */
export const enterKey = (owner: string, scope: string, key: string): (() => void) | null => {
  // Two namespaces of one account have one key at the provider.
  const name = `${owner} ${scope.slice(scope.indexOf('/'))} ${key}`;
  if (underWay.has(name)) return null;
  underWay.add(name);
  return () => {
    underWay.delete(name);
  };
};
